"""The three sentences the day begins with: what went out yesterday and today, what waits for whoever reads this and
what goes out next, what is wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns import halts, imports, stats, waves
from campaigns.imports import Progress
from campaigns.model import Figures, Wave, WaveStatus
from campaigns.spending import Amount
from campaigns.waves import browsing
from web.here import officer, rt
from web.language import moment, money, number, percent
from web.live import handed_over
from web.yesterday import Yesterday, sentence, yesterday

#: Waves of each kind on the page, and uploads looked at.
SHOWN, UPLOADS = 6, 20


@dataclass(frozen=True)
class Today:
    """What this officer should see first. `to_approve` are other people's waves, for whoever may approve; `failed` and
    `asking` are uploads.
    """

    totals: Figures
    used: Amount
    counts: dict[str, int]
    to_approve: Sequence[Wave]
    returned: Sequence[Wave]
    moving: Sequence[tuple[Wave, Figures]]
    coming: Sequence[Wave]
    failed: Sequence[Progress]
    asking: Sequence[Progress]
    cases: int
    halted: bool
    resting: int
    yesterday: Yesterday

    @property
    def paused(self) -> int:
        return self.counts.get(WaveStatus.PAUSED, 0)


def today(cases: int, now: datetime) -> Today:
    """`cases`: people who wait for one of us."""
    submitted = browsing.page(rt.db, (WaveStatus.SUBMITTED,))
    uploads = imports.latest(rt.db, UPLOADS) if officer.may("lists") else []
    return Today(
        totals=stats.totals(rt.db),
        used=browsing.used_on(rt.db, now),
        counts=dict(submitted.counts),
        to_approve=[wave for wave, _figures in submitted.waves if _is_mine_to_approve(wave)][:SHOWN],
        returned=browsing.returned_to(rt.db, officer.id) if officer.may("waves") else [],
        moving=browsing.page(rt.db, (WaveStatus.SENDING, WaveStatus.PAUSED), size=SHOWN).waves,
        coming=browsing.coming(rt.db, SHOWN),
        failed=[upload for upload in uploads if upload.status == "failed"][:SHOWN],
        asking=[upload for upload in uploads if upload.status == "asking"][:SHOWN],
        cases=cases if officer.may("cases") else 0,
        halted=halts.standing(rt.db) is not None,
        resting=len(waves.stopped_gateways(rt.db, now)),
        yesterday=yesterday(rt.db, now),
    )


def _is_mine_to_approve(wave: Wave) -> bool:
    return officer.may("approve") and wave.author_id != officer.id


def sentences(day: Today) -> list[str]:
    return [_went_out(day), _waits(day), _wrong(day)]


def _went_out(day: Today) -> str:
    n = day.used.messages
    if not n:
        told = _("Nothing has gone out today.")
    elif day.used.vnd:
        spent = money(day.used.vnd)
        told = ngettext(
            "%(n)s message went out today for %(money)s.", "%(n)s messages went out today for %(money)s.", n,
            n=number(n), money=spent,
        )  # fmt: skip
    else:
        told = ngettext("%(n)s message went out today.", "%(n)s messages went out today.", n, n=number(n))
    return " ".join(filter(None, (sentence(day.yesterday), told, _arrived(day.totals))))


def _arrived(totals: Figures) -> str:
    """Nothing before the first receipt."""
    if not totals["delivered"]:
        return ""
    share = percent(totals["delivered"], handed_over(totals))
    return _("Of all so far %(n)s arrived, %(share)s.", n=number(totals["delivered"]), share=share)


def _waits(day: Today) -> str:
    """What waits for whoever reads this."""
    told = [
        _some(len(day.to_approve), _approvals),
        _some(len(day.returned), _came_back),
        _some(len(day.asking), _files),
        _some(day.cases, _people),
    ]
    told = [words for words in told if words]
    waits = _("For you: %(what)s.", what=", ".join(told)) if told else _("Nothing waits for you.")
    return " ".join(filter(None, (waits, _next(day.coming))))


def _next(coming: Sequence[Wave]) -> str:
    """What goes out next, as far as its time is known."""
    known = [wave for wave in coming if wave.starts_at]
    if not known:
        return ""
    return _("Next: “%(wave)s”, %(when)s.", wave=known[0].name, when=moment(known[0].starts_at))


def _some(n: int, words) -> str:
    return words(n) if n else ""


def _approvals(n: int) -> str:
    return ngettext("%(num)s wave to approve", "%(num)s waves to approve", n)


def _came_back(n: int) -> str:
    return ngettext("%(num)s wave of yours that came back", "%(num)s waves of yours that came back", n)


def _files(n: int) -> str:
    return ngettext("%(num)s uploaded file to look at", "%(num)s uploaded files to look at", n)


def _people(n: int) -> str:
    return ngettext("%(num)s person to answer", "%(num)s people to answer", n)


def _wrong(day: Today) -> str:
    told = [
        _("everything is stopped") if day.halted else "",
        _some(day.paused, _paused),
        _some(day.resting, _resting),
        _some(len(day.failed), _unread),
    ]
    told = [words for words in told if words]
    return _("Something is wrong: %(what)s.", what=", ".join(told)) if told else _("Nothing is wrong.")


def _paused(n: int) -> str:
    return ngettext("%(num)s wave is paused", "%(num)s waves are paused", n)


def _resting(n: int) -> str:
    return ngettext("%(num)s gateway does not take messages", "%(num)s gateways do not take messages", n)


def _unread(n: int) -> str:
    return ngettext("%(num)s file could not be read", "%(num)s files could not be read", n)
