"""Loading a list of agencies, and asking the one in force.

A list replaces the one before as a whole, in one transaction; old ones stay in the books. The newest by its own date
counts, whenever it was loaded. A list that somebody first looks at (`propose`) is a draft until they `confirm` it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Row

from bots.agencies import files, mentions, store
from bots.agencies.matching import Agency, Directory, Found, ListInfo
from bots.agencies.rows import Reading, Refusal
from bots.letters import fold
from campaigns.model import actor
from campaigns.pacing import ZONE
from db.engine import Database
from messages.errors import Mistake
from staff import audit

#: Bytes of a file; read one more to see that it is larger.
MOST_BYTES = files.MOST_BYTES
MOST_SOURCE = 200
MOST_SHOWN = 20
#: More refused lines than this are counted, not kept.
_MOST_KEPT = 2_000


@dataclass(frozen=True)
class Sheet:
    """A list with what became of its file. `in_force`: it is the one that is asked (or would be, were it loaded)."""

    info: ListInfo
    refused: tuple[Refusal, ...]
    draft: bool
    loaded_by: int | None
    in_force: bool


def load(
    db: Database, content: bytes, *, as_of: date, source: str, encoding: str | None = None, sheet: str | None = None,
    by: int | None, now: datetime,
) -> Sheet:
    """Takes a file in and, if no list is newer by its date, puts it in force.

    Raises Mistake: agencies-source-missing, agencies-source-long, agencies-as-of-future, and what files.read raises.
    """
    _check(as_of, source, now)
    reading = files.read(content, encoding=encoding, sheet=sheet)
    values = _values(reading, as_of, source, by, now)
    with db.transaction() as c:
        list_id = store.add(c, _firms(reading.agencies), status="loaded", **values)
        return _loaded(c, list_id, by, now)


def propose(
    db: Database, content: bytes, *, as_of: date, source: str, encoding: str | None = None, by: int | None,
    now: datetime,
) -> Sheet:
    """As `load`, but only a draft to look at; one a person. Raises the same."""
    _check(as_of, source, now)
    reading = files.read(content, encoding=encoding)
    values = _values(reading, as_of, source, by, now)
    with db.transaction() as c:
        list_id = store.add(c, _firms(reading.agencies), status="draft", **values)
        store.drop_drafts(c, *store.other_drafts(by, list_id))  # last, so that no page of the old one means the new
        return _sheet(store.one(c, list_id), store.in_force(c))


def confirm(db: Database, list_id: int, *, by: int | None, now: datetime) -> Sheet:
    """Loads a draft. Raises Mistake "agency-list-unknown" when there is none (any more)."""
    with db.transaction() as c:
        if not store.settle(c, list_id, loaded_by=by, loaded_at=now):
            raise Mistake("agency-list-unknown")
        return _loaded(c, list_id, by, now)


def drop(db: Database, list_id: int) -> None:
    """Removes a draft. Raises Mistake "agency-list-unknown"."""
    with db.transaction() as c:
        if not store.drop_drafts(c, store.draft(list_id)):
            raise Mistake("agency-list-unknown")


def show(db: Database, list_id: int) -> tuple[Sheet, list[Agency]]:
    """A list, loaded or a draft, and its firms. Raises Mistake "agency-list-unknown"."""
    with db.reading() as c:
        row = store.one(c, list_id)
        if row is None:
            raise Mistake("agency-list-unknown")
        return _sheet(row, store.in_force(c)), [_agency(firm) for firm in store.firms(c, list_id)]


def lists(db: Database, most: int = MOST_SHOWN) -> list[Sheet]:
    """The loaded lists, the one in force first."""
    with db.reading() as c:
        rows = store.loaded(c, most)
    return [_sheet(row, rows[0]) for row in rows]


def directory(db: Database) -> Directory:
    """The list in force, read into memory; one without a list when none was loaded."""
    with db.reading() as c:
        row = store.in_force(c)
        found = store.firms(c, row.id) if row else ()
    return Directory(_info(row) if row else None, [_agency(firm) for firm in found])


def find(db: Database, name: str) -> Found:
    """The firms of the list in force for a name. Raises Mistake "agency-name-missing"."""
    return found_in(directory(db), name)


def found_in(where: Directory, name: str) -> Found:
    """As `find`, in a list that is in memory."""
    if not any(letter.isalnum() for letter in name[:MOST_SOURCE]):
        raise Mistake("agency-name-missing")
    return where.find(name)


def named_in(db: Database, text: str) -> dict | None:
    """The firm a text names: {"named", "verdict", "match" or None, "list" or None}; None when it names none."""
    return mention_in(directory(db), text)


def mention_in(where: Directory, text: str) -> dict | None:
    """As `named_in`, in a list that is in memory."""
    mention = mentions.named(where, text)
    if mention is None:
        return None
    told = told_of(mention.found)
    matches = told["matches"]
    return {"named": mention.text, "verdict": mention.found.verdict, "match": matches[0] if matches else None,
            "list": told["list"]}


def told_of(found: Found) -> dict:
    """`found` as JSON has it: {"list", "matches"}."""
    matches = [
        {"name": match.agency.name, "also": list(match.agency.also), "licence": match.agency.licence,
         "address": match.agency.address, "status": match.agency.status, "score": match.score, "exact": match.exact}
        for match in found.matches
    ]
    return {"list": list_told(found.list) if found.list else None, "matches": matches}


def list_told(info: ListInfo) -> dict:
    return {"as_of": info.as_of, "source": info.source, "loaded_at": info.loaded_at.isoformat(),
            "agencies": info.agencies}


class Standing:
    """The directory of the list in force, kept in memory and read anew when another list is. Call it to have it."""

    def __init__(self, db: Database):
        self._db = db
        self._kept: Directory | None = None

    def __call__(self) -> Directory:
        with self._db.reading() as c:
            row = store.in_force(c)
        kept = self._kept
        if kept is None or (kept.info and kept.info.id) != (row and row.id):
            self._kept = kept = directory(self._db)
        return kept


def _check(as_of: date, source: str, now: datetime) -> None:
    if not source.strip():
        raise Mistake("agencies-source-missing")
    if len(source) > MOST_SOURCE:
        raise Mistake("agencies-source-long", most=MOST_SOURCE)
    if as_of > now.astimezone(ZONE).date():
        raise Mistake("agencies-as-of-future", day=as_of.strftime("%d/%m/%Y"))


def _values(reading: Reading, as_of: date, source: str, by: int | None, now: datetime) -> dict:
    refused = [[one.line, one.code, one.name] for one in reading.refused[:_MOST_KEPT]]
    return {
        "as_of": as_of.isoformat(), "source": " ".join(source.split()), "agencies": len(reading.agencies),
        "refused": json.dumps(refused, ensure_ascii=False), "loaded_by": by, "loaded_at": now,
    }


def _firms(agencies: Sequence[Agency]) -> list[dict]:
    return [
        {"name": one.name, "also": "\n".join(one.also), "licence": one.licence, "address": one.address,
         "status": one.status, "folded": fold(" ".join((one.name, *one.also, one.licence)))}
        for one in agencies
    ]


def _agency(row: Row) -> Agency:
    return Agency(row.name, tuple(row.also.splitlines()), row.licence, row.address, row.status)


def _info(row: Row) -> ListInfo:
    return ListInfo(row.id, row.as_of, row.source, row.loaded_at, row.agencies)


def _sheet(row: Row, newest: Row | None) -> Sheet:
    refused = tuple(Refusal(*one) for one in json.loads(row.refused))
    draft = row.status == "draft"
    in_force = newest is None or (row.as_of >= newest.as_of if draft else row.id == newest.id)
    return Sheet(_info(row), refused, draft, row.loaded_by, in_force)


def _loaded(c: Connection, list_id: int, by: int | None, now: datetime) -> Sheet:
    """Writes down that the list was loaded."""
    row = store.one(c, list_id)
    detail = {"as_of": row.as_of, "source": row.source, "agencies": row.agencies}
    detail["refused"] = len(json.loads(row.refused))
    audit.record(c, at=now, actor=actor(by), action="agencies.load", object=f"agency-list:{list_id}", detail=detail)
    return _sheet(row, store.in_force(c))
