"""What happened to a wave and what its people will read, told for its page."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _

from campaigns import authoring, experiments, holidays, waves
from campaigns.model import Texts, Wave, WaveStatus
from staff import accounts, audit
from web.here import reader, rt
from web.language import moment, number
from web.wave_words import MENDING, STEPS, WAITING
from web.words import FORMS, reason, short_reason


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


@dataclass(frozen=True)
class Rest:
    """Why a wave does not go on now. `by_itself`: it goes on when `words` say; else `advice` says what to do."""

    words: str
    by_itself: bool
    advice: str = ""


def resting(wave: Wave, now: datetime) -> Rest | None:
    """None while it goes on, or waits only for an officer's next step."""
    if wave.status == WaveStatus.PAUSED:
        return _paused(wave)
    waiting = waves.waiting_why(rt.db, wave, rt.gateways, now)
    if waiting is None:
        return None
    words = str(WAITING[waiting.code]) % {"until": moment(waiting.until)}
    why = _put_off(wave, waiting.until) if waiting.code == "starts" else ""
    return Rest(f"{why} {words}".lstrip(), by_itself=True)


def _put_off(wave: Wave, until: datetime | None) -> str:
    """The day a wave was set for may be a holiday: then somebody should know before it."""
    meant = wave.starts_at and wave.starts_at.astimezone(rt.settings.zone).date()
    name = holidays.name(meant, language=reader()) if meant else None
    if name is None or wave.on_holidays or until is None or until <= wave.starts_at:
        return ""
    return _("The day it was set for is a public holiday (%(name)s).", name=name)


def _paused(wave: Wave) -> Rest:
    """An officer's words as they stand; what the machinery saw, with its figures and what to do about it."""
    row = next((row for row in audit.latest(rt.db, about=f"wave:{wave.id}") if row.action == "waves.pause"), None)
    seen, who = (json.loads(row.detail), row.actor) if row else ({}, "system")
    if who != "system":
        return Rest(_paused_by(actors()(who), wave.pause_reason or ""), by_itself=False)
    why = _failures(seen) if "of" in seen else f"{reason(wave.pause_reason or '').rstrip('.')}."
    advice = str(MENDING.get(wave.pause_reason, "")) or _("When it is put right, let it go on.")
    return Rest(_("It paused itself: %(why)s", why=why), by_itself=False, advice=advice)


def _paused_by(who: str, why: str) -> str:
    return _("%(who)s paused it: %(why)s", who=who, why=why) if why else _("%(who)s paused it.", who=who)


def _failures(seen: Mapping) -> str:
    told = _(
        "%(n)s of the last %(of)s messages failed: %(percent)s %%, more than the %(limit)s %% of its plan.",
        n=number(seen["failed"]),
        of=number(seen["of"]),
        percent=seen["percent"],
        limit=seen["limit"],
    )
    mostly = _("Mostly: %(why)s.", why=short_reason(seen["code"])) if seen.get("code") else ""
    return f"{told} {mostly}".rstrip()


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


def wordings(wave: Wave, texts: Texts) -> list[tuple[str, str]]:
    """As `bodies`, of every wording that the wave compares."""
    experiment = experiments.show(rt.db, wave.id)
    if experiment is None:
        return bodies(wave, texts)
    found = []
    for letter, (version_id, form) in zip("ABC", experiment.arms, strict=False):
        arm = bodies(replace(wave, form=form), authoring.version(rt.db, version_id).texts)
        found += [(f"{letter} · {words}", text) for words, text in arm]
    return found
