"""Who is on a list: shown a page at a time with masked numbers, found by number, added and taken off, expired."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row

from campaigns import areas
from campaigns.masking import masked, masked_inside
from campaigns.model import actor
from campaigns.store import consent as consent_store
from campaigns.store import contacts, kinds
from campaigns.store import lists as list_store
from campaigns.store import members as store
from campaigns.typed import checked_words, read_number
from db.engine import Database
from db.seal import CannotOpen
from messages.errors import Mistake
from sms import numbers
from staff import audit

#: Memberships that end in one transaction: some 50 ms.
AT_ONCE = 5_000
#: Where a number says itself that it is from; of others the country they were read for holds.
_COUNTRIES = {"+84": "VN", "+44": "GB"}


@dataclass(frozen=True)
class ListedPerson:
    """`number`, and one in `name`, is masked unless asked for in full; `area` and `former` are names. `until` = when
    the membership ends by itself; `dead_at` None while somebody can be reached there (or nobody wrote since when).
    """

    contact_id: int
    number: str
    name: str
    area: str | None
    former: str | None
    language: str
    carrier: str
    source: str
    consent: str
    made_up: bool
    opted_out: bool
    dead: bool
    joined: datetime
    until: datetime | None
    dead_at: datetime | None
    dead_wave: int | None
    out_at: datetime | None
    out_channel: str | None


@dataclass(frozen=True)
class Membership:
    """One person of a list with what else is known: all lists they are on (id, name), the wave that found them dead."""

    person: ListedPerson
    lists: Sequence[tuple[int, str]]
    dead_wave_name: str | None


def people(
    db: Database, list_id: int, *, after: int = 0, before: int | None = None, size: int = 50, in_full: bool = False
) -> list[ListedPerson]:
    """At most `size` people of a list in the order they came to us: those after a contact's id, or those before one.

    `in_full` shows whole numbers: only for who may see them (`see-numbers`). Raises Mistake: list-unknown.
    """
    with db.reading() as c:
        _list(c, list_id)
        rows = store.after(c, list_id, after, size) if before is None else store.before(c, list_id, before, size)
        names = areas.names(c)
    return [_person(db, row, names, in_full) for row in rows]


def show(db: Database, list_id: int, contact_id: int) -> Membership:
    """Raises Mistake: list-unknown, person-unknown (nobody with that id is on the list)."""
    with db.reading() as c:
        _list(c, list_id)
        row = store.one(c, list_id, contact_id)
        if row is None:
            raise Mistake("person-unknown")
        person = _person(db, row, areas.names(c), False)
        return Membership(person, store.lists_of(c, contact_id), store.wave_name(c, row.dead_wave))


def find(db: Database, list_id: int, written: str, *, country: str = numbers.HOME) -> int:
    """The contact of the list with exactly this number, however it is written.

    Raises Mistake: number-unreadable, number-not-on-list.
    """
    index = db.seal.index(read_number(written, country).e164)
    with db.reading() as c:
        _list(c, list_id)
        contact_id = store.with_index(c, index)
        if contact_id is None or store.one(c, list_id, contact_id) is None:
            raise Mistake("number-not-on-list")
    return contact_id


def add(
    db: Database,
    list_id: int,
    written: str,
    *,
    source: str,
    consent: str = "",
    name: str = "",
    place: str = "",
    language: str = "vi",
    country: str = numbers.HOME,
    until: datetime | None = None,
    by: int | None,
    now: datetime,
) -> int:
    """Puts one person on the list, `until` that moment or for good; the contact's id. Somebody we know stays as they
    are. `place` is the code or name of a commune, ward or former district, or "".

    Raises Mistake: number-unreadable, source-missing, source-too-long, person-opted-out, person-on-list, until-past,
    area-unknown, area-ambiguous, list-unknown.
    """
    number = read_number(written, country)
    row = {**checked_words(source=source, consent=consent, name=name), "language": language}
    if until is not None and until <= now:
        raise Mistake("until-past")
    index = db.seal.index(number.e164)
    with db.transaction() as c:
        contacts.take_turns(c)
        _list(c, list_id)
        if consent_store.out_among(c, [index]):
            raise Mistake("person-opted-out")
        contact_id = store.with_index(c, index) or _add_contact(c, db, number, row, country, place, now)
        if store.one(c, list_id, contact_id) is not None:
            raise Mistake("person-on-list")
        store.put_on(c, list_id, contact_id, now=now, until=until)
        detail = {"source": row["source"], "until": until and until.isoformat()}
        _note(c, "lists.join", list_id, contact_id, detail, by, now)
    return contact_id


def remove(db: Database, list_id: int, contact_id: int, *, by: int | None, now: datetime) -> None:
    """Takes one person off the list; we go on knowing them. Raises Mistake: list-unknown, person-unknown."""
    with db.transaction() as c:
        _list(c, list_id)
        if not store.take_off(c, list_id, [contact_id]):
            raise Mistake("person-unknown")
        _note(c, "lists.leave", list_id, contact_id, {}, by, now)


def stay_until(
    db: Database, list_id: int, contact_id: int, until: datetime | None, *, by: int | None, now: datetime
) -> None:
    """When the membership ends by itself; None = not before somebody ends it. Raises Mistake: until-past,
    person-unknown.
    """
    if until is not None and until <= now:
        raise Mistake("until-past")
    with db.transaction() as c:
        if not store.set_until(c, list_id, contact_id, until):
            raise Mistake("person-unknown")
        kinds.forget_list(c, list_id)
        _note(c, "lists.until", list_id, contact_id, {"until": until and until.isoformat()}, by, now)


def expire(db: Database, now: datetime) -> int:
    """Takes everybody off whose time on a list is over; how many."""
    with db.reading() as c:
        over = store.with_expired(c, now)
    return sum(_expire(db, list_id, now) for list_id in over)


def _expire(db: Database, list_id: int, now: datetime) -> int:
    whole, left = 0, AT_ONCE
    while left == AT_ONCE:
        with db.transaction() as c:
            left = store.take_off(c, list_id, store.expired(c, list_id, now, AT_ONCE))
            if left:
                detail = {"people": left}
                audit.record(c, at=now, actor="system", action="lists.expire", object=f"list:{list_id}", detail=detail)
        whole += left
    return whole


def _add_contact(
    c: Connection, db: Database, number: numbers.Number, row: Mapping[str, str], country: str, place: str, now: datetime
) -> int:
    values = {key: row[key] for key in ("source", "consent", "language")}
    if row["name"]:
        values["fields_sealed"] = db.seal.seal(json.dumps({"name": row["name"]}, ensure_ascii=False), "contacts.fields")
    return store.add_contact(c, {
        **values,
        **areas.home(c, place),
        "number_index": db.seal.index(number.e164),
        "number_sealed": db.seal.seal(number.e164, "contacts.number"),
        "country": _COUNTRIES.get(number.e164[:3], country),
        "carrier": number.carrier or "unknown",
        "created_at": now,
    })


def _list(c: Connection, list_id: int) -> Row:
    row = list_store.row(c, list_id)
    if row is None:
        raise Mistake("list-unknown", name=list_id)
    return row


def _note(c: Connection, action: str, list_id: int, contact_id: int, detail: dict, by: int | None, now: datetime):
    detail = {"contact": contact_id, **detail}
    audit.record(c, at=now, actor=actor(by), action=action, object=f"list:{list_id}", detail=detail)


def _person(db: Database, row: Row, names: Mapping[str, str], in_full: bool) -> ListedPerson:
    number, fields = _opened(db, row)
    return ListedPerson(
        contact_id=row.id,
        number=number if in_full else masked(number),
        name=fields.get("name", "") if in_full else masked_inside(fields.get("name", "")),
        area=names.get(row.area),
        former=names.get(row.former_commune) or names.get(row.former_district),
        opted_out=row.out_at is not None,
        joined=row.joined_at,
        until=row.expires_at,
        **{name: row._mapping[name] for name in _AS_THEY_ARE},
    )


_AS_THEY_ARE = (
    "language", "carrier", "source", "consent", "made_up", "dead", "dead_at", "dead_wave", "out_at", "out_channel",
)  # fmt: skip


def _opened(db: Database, row: Row) -> tuple[str, Mapping[str, str]]:
    """Number and fields; what was sealed under a lost key is a dash."""
    try:
        number = db.seal.open(row.number_sealed, "contacts.number")
        return number, json.loads(db.seal.open(row.fields_sealed, "contacts.fields")) if row.fields_sealed else {}
    except CannotOpen:
        return "–", {}
