"""What a delivery says and what that costs."""

import json
from collections.abc import Mapping
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


def write(db: Database, script: Script, row, own_link: str | None = None) -> tuple[Outgoing, int]:
    """The message of a delivery (a row with its id, number_sealed, fields_sealed, language) and its segments; with a
    link of the reader's own where the wave follows single people.

    Raises Mistake when a placeholder lacks its value, CannotOpen when the number was sealed under a lost key.
    """
    text, segments = script.write(row.language, lambda: fields_of(db, row.fields_sealed), own_link)
    number = db.seal.open(row.number_sealed, "contacts.number")
    return Outgoing(key=str(row.id), to=number, text=text), segments


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
