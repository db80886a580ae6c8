"""What happened to a wave and what its people will read, told for its page."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from campaigns import waves
from campaigns.model import Texts, Wave, WaveStatus
from staff import accounts, audit
from web.here import rt
from web.language import moment
from web.words import FORMS, STEPS


@dataclass(frozen=True)
class Returned:
    who: str
    note: str


def names() -> Callable[[int | None], str]:
    """From an officer's id to their name; None is whoever runs the server."""
    known = {person.id: person.name for person in accounts.everybody(rt.db)}
    return lambda staff_id: known.get(staff_id) or _("the operator of the server")


def actors() -> Callable[[str], str]:
    """From the audit's actor ("staff:3", "machine", "system") to a name."""
    known = {person.actor: person.name for person in accounts.everybody(rt.db)}
    others = {"machine": _("the operator of the server"), "system": _("by itself")}
    return lambda actor: known.get(actor) or others.get(actor, actor)


def story(wave: Wave) -> list[tuple[str, str, str]]:
    """The wave's timeline for components.timeline: every step taken, then what is still to come."""
    who = actors()
    rows = [row for row in reversed(audit.latest(rt.db, about=f"wave:{wave.id}")) if row.action in STEPS]
    taken = [(str(STEPS[row.action]), f"{who(row.actor)} · {moment(row.at)}", "done") for row in rows]
    return taken + _to_come(wave)


def _to_come(wave: Wave) -> list[tuple[str, str, str]]:
    to_come = {
        WaveStatus.DRAFT: _("Send it for approval"),
        WaveStatus.SUBMITTED: _("Another officer approves it"),
        WaveStatus.APPROVED: _("Schedule it"),
        WaveStatus.SCHEDULED: _("It goes out"),
        WaveStatus.SENDING: _("The last message is handed over"),
        WaveStatus.PAUSED: _("Somebody lets it go on"),
    }.get(WaveStatus(wave.status))
    return [(to_come, "", "now")] if to_come else []


def timing(wave: Wave) -> str:
    """One phrase for when."""
    if wave.finished_at:
        return _("ended %(when)s", when=moment(wave.finished_at))
    if wave.opened_at:
        return _("began %(when)s", when=moment(wave.opened_at))
    return (
        _("begins %(when)s", when=moment(wave.starts_at)) if wave.starts_at else _("begins as soon as it is approved")
    )


def returned(wave: Wave) -> Returned | None:
    """The newest decision on a draft, when it was to return it."""
    decisions = waves.decisions(rt.db, wave.id) if wave.status == WaveStatus.DRAFT else []
    if not decisions or decisions[0]["decision"] != "returned":
        return None
    return Returned(names()(decisions[0]["by"]), decisions[0]["note"])


def bodies(wave: Wave, texts: Texts) -> list[tuple[str, str]]:
    """Whose text and the text itself, exactly as it is handed over, for every text the wave may send."""
    shown = {wave.form: texts.for_reader("vi", wave.form), "en": texts.for_reader("en", wave.form)}
    return [(str(FORMS[form]), text) for form, text in shown.items() if text]
