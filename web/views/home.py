"""Today: three sentences, four numbers, and what needs somebody."""

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from bots import desk
from campaigns import authoring, lists, stats, waves
from campaigns.model import Figures, Wave, WaveStatus
from web.access import access
from web.here import now, rt
from web.language import day, number, percent
from web.live import handed_over

bp = Blueprint("home", __name__)
#: In the order in which somebody should look at them.
NEEDS_SOMEBODY = (
    WaveStatus.PAUSED,
    WaveStatus.SUBMITTED,
    WaveStatus.SENDING,
    WaveStatus.APPROVED,
    WaveStatus.SCHEDULED,
)


@bp.get("/")
@access("read")
def show():
    totals, everybody, planned = (
        stats.totals(rt.db),
        lists.all(rt.db),
        [wave for wave, _figures in waves.all(rt.db, 200)],
    )
    talk = desk.counts(rt.db)
    live = sorted((wave for wave in planned if wave.status in NEEDS_SOMEBODY), key=_urgency)
    return render_template(
        "home/show.html",
        today=day(now()),
        sentences=[_waves(planned), _cases(talk.open_cases), _arrived(totals)],
        figures=totals,
        handed_over=handed_over(totals),
        people=sum(row.people for row in everybody),
        lists=len(everybody),
        understood=talk.understood,
        heard=talk.heard,
        cases=talk.open_cases,
        live=live[:8],
        first_steps=_first_steps(bool(everybody), planned),
    )


def _urgency(wave: Wave) -> int:
    return NEEDS_SOMEBODY.index(WaveStatus(wave.status))


def _waves(planned: list[Wave]) -> str:
    going = sum(wave.status == WaveStatus.SENDING for wave in planned)
    waiting = sum(wave.status == WaveStatus.SUBMITTED for wave in planned)
    if not going and not waiting:
        return _("No wave is going out and none waits for approval.")
    told = [ngettext("%(num)s wave is going out", "%(num)s waves are going out", going)] if going else []
    told += [ngettext("%(num)s wave waits for approval", "%(num)s waves wait for approval", waiting)] if waiting else []
    return _("%(waves)s.", waves=", ".join(told))


def _cases(cases: int) -> str:
    if not cases:
        return _("Nobody is waiting for a person to answer.")
    return ngettext(
        "%(num)s person waits for one of us to answer.", "%(num)s people wait for one of us to answer.", cases
    )


def _arrived(totals: Figures) -> str:
    handed = handed_over(totals)
    if not handed:
        return _("No message has gone out yet.")
    return _(
        "%(n)s messages have arrived so far, %(share)s of those handed over.",
        n=number(totals["delivered"]),
        share=percent(totals["delivered"], handed),
    )


def _first_steps(has_lists: bool, planned: list[Wave]) -> list[tuple[bool, str, str]]:
    """Until the first wave is planned: what to do, in order, each with its link."""
    if planned:
        return []
    return [
        (has_lists, url_for("lists.upload"), _("Upload a list")),
        (bool(authoring.messages(rt.db)), url_for("messages.new"), _("Write a message")),
        (False, url_for("waves.new"), _("Plan a wave and send it for approval")),
    ]
