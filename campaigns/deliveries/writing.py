"""What a delivery says and what that costs."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from campaigns import prices
from campaigns.deliveries.script import Script
from db.engine import Database
from db.seal import CannotOpen
from messages.errors import Mistake
from sms.gateway import Outgoing


class Cost(NamedTuple):
    """Segments, and VND at the prices in force; None where it is not known (yet)."""

    segments: int | None = None
    vnd: int | None = None


NO_COST = Cost()


def write(db: Database, script: Script, row, own: Mapping[str, str] | None = None) -> tuple[Outgoing, int]:
    """The message of a delivery (a row with its id, number_sealed, fields_sealed, language) and its segments; `own`
    values as Script.write takes them.

    Raises Mistake when a placeholder lacks its value, CannotOpen when the number was sealed under a lost key.
    """
    text, segments = script.write(row.language, lambda: fields_of(db, row.fields_sealed), own)
    number = db.seal.open(row.number_sealed, "contacts.number")
    return Outgoing(key=str(row.id), to=number, text=text), segments


class Writer:
    """Writes the messages of a claim, at the prices `known`: what is alike for many is worked out once."""

    def __init__(self, db: Database, script_of: Callable[..., Script], known: Mapping[str, int]):
        self._db, self._script_of, self._known = db, script_of, known
        self._alike: dict[tuple, tuple[str, int, int | None]] = {}

    def write(self, row, own: Mapping[str, str] | None, since: datetime) -> tuple[Outgoing, int, int | None]:
        """As `write`, and what the message costs; `since` as in Outgoing."""
        kind = (row.arm, row.language, row.carrier)
        said = None if own else self._alike.get(kind)
        if said is None:
            script = self._script_of(row)
            text, segments = script.write(row.language, lambda: fields_of(self._db, row.fields_sealed), own)
            said = (text, segments, price(row.carrier, segments, self._known))
            if not own and script.same_for_all(row.language) is not None:
                self._alike[kind] = said
        text, segments, vnd = said
        number = self._db.seal.open(row.number_sealed, "contacts.number")
        return Outgoing(str(row.id), number, text, since), segments, vnd


def fields_of(db: Database, sealed: bytes | None) -> Mapping[str, str]:
    """What a list says about a person beside the number: column → text."""
    return json.loads(db.seal.open(sealed, "contacts.fields")) if sealed else {}


def cost(db: Database, script: Script, row, known: Mapping[str, int], *, exactly: bool) -> Cost:
    """What the message of a row takes. Where texts are personal it is written out only to know it `exactly`."""
    segments = script.same_for_all(row.language)
    if segments is None and exactly:
        try:
            segments = script.write(row.language, lambda: fields_of(db, row.fields_sealed)).segments
        except (Mistake, CannotOpen):
            segments = 0  # it will fail and be paid for by nobody
    return Cost(segments, price(row.carrier, segments, known))


def price(carrier: str, segments: int | None, known: Mapping[str, int]) -> int | None:
    """VND for so many segments to `carrier`; None when nobody wrote the price down."""
    each = prices.price_of(carrier, known)
    return None if each is None or segments is None else each * segments
