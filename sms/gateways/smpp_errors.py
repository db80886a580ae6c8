"""What an SMSC's status means in our words; the table is sms/gateways/smpp_errors.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from smpplib import consts

from sms.gateway import ERRORS, Consequence, Fate, Outcome
from sms.gateways.smpp_window import Answered, PartFate, Unanswered, Unsent

#: Our word for a status after which nobody can tell whether the message exists.
UNKNOWN = "unknown"


@cache
def table() -> Mapping:
    """{"status": {number: our code}, "states": {word: (status, our code)}}"""
    with open(Path(__file__).with_suffix(".toml"), "rb") as file:
        read = tomllib.load(file)
    return {"status": {int(code, 16): ours for code, ours in read["status"].items()}, "states": read["states"]}


def in_words(status: int) -> str:
    """For staff: the number, and what the specification calls it."""
    return f"0x{status:02X} {consts.DESCRIPTIONS.get(status, 'a code of the operator')}"


def own_codes(text: str) -> Mapping[int, str] | None:
    """SMPP_CODES, "0x410=balance, 0xFE=unreachable-now", as a table; None when it cannot be read."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    try:
        found = {int(code.strip(), 0): ours.strip() for code, _, ours in pairs}
    except ValueError:
        return None
    return found if all(ours in ERRORS or ours == UNKNOWN for ours in found.values()) else None


class Codes:
    """The table, with what the operator's own adds or replaces."""

    def __init__(self, own: Mapping[int, str]):
        self._status = {**table()["status"], **own}

    def of(self, status: int) -> str:
        """Our error, or "unknown"."""
        return self._status.get(status, "gateway-trouble")

    def may_try_again(self, fate: PartFate) -> bool:
        """Whether a part surely does not exist, and may in a moment."""
        return self._consequence(fate) in (Consequence.RETRY, Consequence.THROTTLE)

    def is_too_fast(self, fate: PartFate) -> bool:
        return isinstance(fate, Answered) and self._consequence(fate) is Consequence.THROTTLE

    def _consequence(self, fate: PartFate) -> Consequence | None:
        """None of what was accepted, and of what nobody can tell."""
        part = self._part(fate)
        return part.error.consequence if part.fate is Fate.REFUSED else None

    def outcome(self, fates: Sequence[PartFate]) -> Outcome:
        """What became of a message, from what became of its parts.

        Accepted when all parts are. When none went it is refused for the reason of the first. When some went, or nobody
        can tell, it is unknown: sent again, the person would get what was there twice.
        """
        parts = [self._part(fate) for fate in fates]
        if len(parts) == 1 or all(part.fate is Fate.REFUSED for part in parts):
            return parts[0]
        if all(part.fate is Fate.ACCEPTED for part in parts):
            ids = tuple(part.ref for part in parts)
            return Outcome.accepted(",".join(ids), parts=ids)
        return Outcome.unknown("; ".join(f"{n}: {_short(part)}" for n, part in enumerate(parts, start=1))[:300])

    def _part(self, fate: PartFate) -> Outcome:
        if isinstance(fate, Unanswered):
            return Outcome.unknown(fate.why)
        if isinstance(fate, Unsent):
            return Outcome.refused(fate.code, fate.why)
        if not fate.status:
            return Outcome.accepted(fate.id) if fate.id else Outcome.unknown("accepted without an id")
        code = self.of(fate.status)
        words = in_words(fate.status)
        return Outcome.unknown(words) if code == UNKNOWN else Outcome.refused(code, words)


def _short(part: Outcome) -> str:
    return "accepted" if part.error is None else f"{part.error.code} {part.error.raw}"
