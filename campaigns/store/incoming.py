"""People of an upload on their way into `contacts` and onto a list, thousands in one statement.

What is sealed of them lies in one run of bytes, person after person: blind index, number, other fields. Beside it one
integer a person says where theirs begins, how long the fields are and of which kind the person is (`written`). So the
database takes a batch apart by itself: nobody handles a million people's values one by one, the interpreter's lock is
free while it works, and the same bytes may come from another process.
"""

import json
from collections.abc import Set
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text, update

from db.seal import INDEX_BYTES
from db.tables import lists
from db.types import utc_text

#: Bits of the integer: the kind, then the length of the fields, then where it all begins; 63 in all.
_KIND_BITS, _LENGTH_BITS, _START_BITS = 16, 20, 27
MOST_KINDS, MOST_FIELD_BYTES, MOST_BYTES = 1 << _KIND_BITS, 1 << _LENGTH_BITS, 1 << _START_BITS


class Kind(NamedTuple):
    """What many people share, besides the bytes of their sealed number."""

    number_bytes: int
    language: str
    country: str
    carrier: str
    area: str | None
    former_district: str | None
    former_commune: str | None


class Incoming(NamedTuple):
    """`people` are written by `written`, `kinds` what they refer to, by number."""

    sealed: bytes
    people: list[int]
    kinds: list[Kind]


def written(start: int, fields_length: int, kind: int) -> int:
    """A person's integer; each argument is below its bound above."""
    return (start << _LENGTH_BITS | fields_length) << _KIND_BITS | kind


def kind_of(person: int) -> int:
    """The number of a person's kind."""
    return person & (MOST_KINDS - 1)


def without(incoming: Incoming, people: Set[int]) -> Incoming:
    """Those who are left."""
    return incoming._replace(people=[person for person in incoming.people if person not in people])


def opted_out(c: Connection, incoming: Incoming) -> set[int]:
    """Which of the people have opted out."""
    if not c.exec_driver_sql("SELECT EXISTS (SELECT 1 FROM optouts)").scalar():
        return set()
    statement = f"""{_PEOPLE[c.dialect.name]}
        SELECT written FROM heap CROSS JOIN person CROSS JOIN optouts WHERE person_index = {_INDEX}"""
    return set(c.execute(text(statement), _values(c, incoming)).scalars())


class Added(NamedTuple):
    """How many contacts are new, and, when it is everybody with a larger one, the id they come after."""

    new: int
    after: int | None


def add(c: Connection, incoming: Incoming, *, source: str, consent: str, made_up: bool, now: datetime) -> Added:
    """Adds contacts; who is there already stays as they are."""
    # SQLite has one writer, who gives out the ids one after the other.
    alone = c.dialect.name == "sqlite"
    last = c.exec_driver_sql("SELECT coalesce(max(id), 0) FROM contacts").scalar() if alone else None
    statement = f"""INSERT INTO contacts (number_index, number_sealed, fields_sealed, {", ".join(_SHARED)},
            source, consent, made_up, created_at)
        {_PEOPLE[c.dialect.name]}, {_KINDS[c.dialect.name]}
        SELECT {_INDEX}, substr(sealed, start + {INDEX_BYTES + 1}, number_bytes),
            CASE WHEN length > 0 THEN substr(sealed, start + {INDEX_BYTES + 1} + number_bytes, length) END,
            {", ".join(_SHARED)}, CAST(:source AS text), CAST(:consent AS text), {_boolean(c, made_up)},
            CAST(:at AS text)
        FROM heap CROSS JOIN person CROSS JOIN kind WHERE kind.number = person.kind
        ON CONFLICT DO NOTHING"""
    same = {"source": source, "consent": consent, "at": utc_text(now), "kinds": json.dumps(incoming.kinds)}
    new = c.execute(text(statement), _values(c, incoming) | same).rowcount
    return Added(new, last if new == len(incoming.people) else None)


def join(
    c: Connection, incoming: Incoming, added: Added, list_id: int, *, now: datetime, until: datetime | None
) -> None:
    """Puts all of them on the list, `until` that moment or for good; who is on it stays as they were."""
    those = "contacts WHERE id > :after"
    people, values = "", {"after": added.after}
    if added.after is None:
        those = f"heap CROSS JOIN person CROSS JOIN contacts WHERE number_index = {_INDEX}"
        people, values = _PEOPLE[c.dialect.name], _values(c, incoming)
    statement = f"""INSERT INTO list_members (list_id, contact_id, joined_at, expires_at) {people}
        SELECT CAST(:list AS integer), contacts.id, CAST(:at AS text), CAST(:until AS text) FROM {those}
        ON CONFLICT DO NOTHING"""
    same = {"list": list_id, "at": utc_text(now), "until": utc_text(until) if until else None}
    if new := c.execute(text(statement), values | same).rowcount:
        grown = {"people": lists.c.people + new, "newest_at": now}
        c.execute(update(lists).where(lists.c.id == list_id).values(**grown))


def mark_made_up(c: Connection, incoming: Incoming) -> int:
    """Whoever of them was here before is made up from now on; how many were not until now."""
    statement = f"""UPDATE contacts SET made_up = {_boolean(c, True)}
        WHERE made_up = {_boolean(c, False)} AND number_index IN (
        {_PEOPLE[c.dialect.name]} SELECT {_INDEX} FROM heap CROSS JOIN person)"""
    return c.execute(text(statement), _values(c, incoming)).rowcount


_SHARED = Kind._fields[1:]
_INDEX = f"substr(sealed, start + 1, {INDEX_BYTES})"
_PARTS = f"""{{0}} AS written, {{0}} >> {_KIND_BITS + _LENGTH_BITS} AS start,
    ({{0}} >> {_KIND_BITS}) & {MOST_FIELD_BYTES - 1} AS length, {{0}} & {MOST_KINDS - 1} AS kind"""
_PEOPLE = {
    "sqlite": f"""WITH heap AS (SELECT :sealed AS sealed),
        person AS (SELECT {_PARTS.format("value")} FROM json_each(:people))""",
    "postgresql": f"""WITH heap AS (SELECT CAST(:sealed AS bytea) AS sealed),
        person AS (SELECT written, CAST(start AS integer) AS start, CAST(length AS integer) AS length, kind
            FROM (SELECT {_PARTS.format("value")} FROM unnest(CAST(:people AS bigint[])) AS value) AS parts)""",
}
_KINDS = {
    "sqlite": "kind AS MATERIALIZED (SELECT key AS number, {} FROM json_each(:kinds))".format(
        ", ".join(f"json_extract(value, '$[{at}]') AS {name}" for at, name in enumerate(Kind._fields))
    ),
    "postgresql": "kind AS MATERIALIZED (SELECT place - 1 AS number, {} FROM {} AS kinds (value, place))".format(
        ", ".join(
            f"CAST(value ->> {at} AS {'integer' if name == 'number_bytes' else 'text'}) AS {name}"
            for at, name in enumerate(Kind._fields)
        ),
        "json_array_elements(CAST(:kinds AS json)) WITH ORDINALITY",
    ),
}


def _values(c: Connection, incoming: Incoming) -> dict[str, object]:
    people = json.dumps(incoming.people) if c.dialect.name == "sqlite" else incoming.people
    return {"sealed": incoming.sealed, "people": people}


def _boolean(c: Connection, value: bool) -> str:
    return str(value).upper() if c.dialect.name == "postgresql" else str(int(value))
