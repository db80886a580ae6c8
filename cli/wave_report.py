"""How the command line tells of a wave: its state as JSON and as lines, the progress bar, why it rests."""

import sys
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from campaigns import halts, waves
from campaigns.model import DeliveryStatus, Figures, Preview
from cli.context import emit, language, say
from messages.errors import sentence
from scheduler.foreground import Ran
from sms.gateway import ERRORS

#: The words of a wave's figures, in the order of a message's life.
COUNTED = ("queued", "accepted", "delivered", "undelivered", "failed", "skipped", "unknown")


def counts(figures: Figures) -> dict[str, int]:
    """Every delivery once. One that another process has in its hands right now still counts as queued."""
    found = {name: figures[name] for name in COUNTED}
    found["queued"] += figures[DeliveryStatus.SENDING]
    return found


def print_state(rt, wave_id: int, as_json: bool) -> None:
    state = _state(rt, wave_id)
    emit(as_json, state, _lines(state))


def _state(rt, wave_id: int) -> dict[str, object]:
    shown = waves.show(rt.db, wave_id)
    wave, zone = shown.wave, rt.settings.zone
    return {
        "wave": wave.id,
        "name": wave.name,
        "status": wave.status,
        "pause_reason": wave.pause_reason,
        "gateway": wave.gateway,
        "starts": iso(wave.starts_at, zone),
        "opened": iso(wave.opened_at, zone),
        "finished": iso(wave.finished_at, zone),
        **counts(shown.figures),
        "reasons": {status: dict(reasons) for status, reasons in shown.figures.reasons.items()},
    }


def _lines(state: dict[str, object]) -> Iterator[str]:
    for key, value in state.items():
        if value not in (None, {}, ""):
            yield f"{key:14} {value}"


def iso(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")


def spoken(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%d/%m/%Y %H:%M")


def say_if_later(preview: Preview, wanted: datetime, zone: ZoneInfo) -> None:
    """A wave that is due at night waits for the morning: said when it is made, not found out."""
    if preview.starts > wanted:
        say(sentence("wave-starts-in-the-morning", language(), at=spoken(preview.starts, zone)))


def say_why(rt, wave_id: int, ran: Ran) -> None:
    """Why a run ended with something left, and what to do."""
    wave = waves.show(rt.db, wave_id).wave
    at = spoken(ran.until, rt.settings.zone) if ran.until else ""
    left = ran.figures.left
    why = _reason(wave.pause_reason) if ran.why != "halted" else _halted(rt)
    say(sentence(f"wave-rests-{ran.why}", language(), id=wave_id, left=left, at=at, reason=why))


def _halted(rt) -> str:
    standing = halts.standing(rt.db)
    return standing.reason.rstrip(".") + "." if standing else ""


def _reason(code: str | None) -> str:
    try:
        return sentence(f"send-{code}" if code in ERRORS else f"pause-{code}", language())
    except KeyError:  # an officer's own words
        return code or ""


class Bar:
    """Progress on standard error: a bar in a terminal, now and then a line elsewhere."""

    def __init__(self):
        self._bar = click.progressbar(length=1, file=sys.stderr, label="", item_show_func=lambda text: text)

    def __enter__(self) -> "Bar":
        self._bar.__enter__()
        return self

    def __exit__(self, *error) -> None:
        self._bar.__exit__(*error)

    def show(self, figures: Figures) -> None:
        settled = figures.total - figures.left
        self._bar.length = max(1, figures.total)
        text = " ".join(f"{name} {n}" for name, n in counts(figures).items() if n)
        self._bar.update(settled - self._bar.pos, text)
