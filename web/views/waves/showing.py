"""Waves to look at: all of them by their status, one with what it would do or how far it is, its communes on a map."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from campaigns import waves
from campaigns.model import WAVE_STEPS, Wave, WaveStatus
from campaigns.waves import browsing
from web.access import access
from web.audiences import told as whom
from web.foresight import foresight
from web.here import now, officer, rt
from web.live import communes, live
from web.story import resting, returned, story, timing, wordings
from web.views.waves.door import bp, done
from web.words import STATUSES

#: The tabs over the list: name in the address → statuses.
TABS = {
    "": (),
    "waiting": (WaveStatus.SUBMITTED,),
    "coming": (WaveStatus.APPROVED, WaveStatus.SCHEDULED),
    "sending": (WaveStatus.SENDING, WaveStatus.PAUSED),
    "draft": (WaveStatus.DRAFT,),
    "over": (WaveStatus.FINISHED, WaveStatus.CANCELLED),
}
#: While a wave stands here its page keeps itself fresh.
MOVING = (WaveStatus.SCHEDULED, WaveStatus.SENDING, WaveStatus.PAUSED)


@bp.get("")
@access("read")
def index():
    tab = request.args.get("status", "")
    page = browsing.page(rt.db, TABS.get(tab, ()), number=request.args.get("page", 1, int))
    return render_template("waves/index.html", page=page, tabs=_tabs(page.counts, tab), address=lambda n: _page(tab, n))


def _tabs(counts: dict, tab: str) -> list[tuple]:
    words = {
        "": _("All"),
        "waiting": STATUSES["submitted"].word,
        "coming": _("To come"),
        "sending": _("On their way"),
        "draft": _("Drafts"),
        "over": _("Over"),
    }
    return [(_page(name), words[name], _sum(counts, TABS[name]), name == tab) for name in TABS]


def _sum(counts: dict, statuses: tuple) -> int:
    return sum(n for status, n in counts.items() if not statuses or status in statuses)


def _page(tab: str, number: int | None = None) -> str:
    return url_for("waves.index", status=tab or None, page=number)


@bp.get("/<int:wave_id>")
@access("read")
def show(wave_id: int):
    shown = waves.show(rt.db, wave_id)
    wave, opened = shown.wave, shown.wave.opened_at is not None
    ahead = None if opened or wave.status == WaveStatus.CANCELLED else foresight(wave, now())
    return render_template(
        "waves/show.html",
        title=wave.name,
        wave=wave,
        figures=shown.figures,
        ahead=ahead,
        story=story(wave),
        lead=_("“%(title)s” to %(whom)s", title=shown.title, whom=whom(wave.audience)),
        live=live(rt.db, wave, shown.figures, now()) if opened else None,
        communes=communes(rt.db, wave.id) if opened else None,
        bodies=wordings(wave, shown.texts),
        skipped=shown.figures.reasons.get("skipped", {}),
        steps=_steps(wave),
        returned=returned(wave),
        timing=timing(wave),
        resting=resting(wave, now()),
        unapproved=_waits_for_another(wave),
        moving=wave.status in MOVING or (wave.status == WaveStatus.FINISHED and shown.figures["accepted"]),
    )


def _steps(wave: Wave) -> set[str]:
    """What this person may do with the wave now."""
    needed = {step: "approve" if step in ("approve", "return", "limits") else "waves" for step in WAVE_STEPS}
    able = {step for step, held in needed.items() if wave.status in WAVE_STEPS[step] and officer.may(held)}
    return able - {"approve", "limits"} if wave.author_id == officer.id else able


def _waits_for_another(wave: Wave) -> bool:
    return wave.status == WaveStatus.SUBMITTED and wave.author_id == officer.id


@bp.get("/<int:wave_id>/progress")
@access("read")
def progress(wave_id: int):
    """The live part, small; says when the page around it is no longer true."""
    shown = waves.show(rt.db, wave_id)
    wave = shown.wave
    over = {} if wave.status == request.args.get("was") else {"X-Finished": "1"}
    told = live(rt.db, wave, shown.figures, now()) if wave.opened_at else None
    part = render_template(
        "waves/progress.html", wave=wave, figures=shown.figures, live=told, resting=resting(wave, now())
    )
    return part, 200, over


@bp.get("/<int:wave_id>/communes")
@access("read")
def communes_part(wave_id: int):
    """The map and its table; larger, so asked for less often."""
    return render_template("waves/communes.html", communes=communes(rt.db, wave_id))


@bp.post("/<int:wave_id>/recount")
@access("waves")
def recount(wave_id: int):
    """Counts again who would get it: some seconds for a million people, so only when somebody asks."""
    waves.preview(rt.db, wave_id, rt.gateways, now())
    return done(wave_id, _("Counted again."))
