"""The first step of an upload: the file is sealed, looked through, and waits – to be worked on or asked about."""

import hashlib
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from campaigns import areas, asking, lists, upload, vault
from campaigns.model import actor
from campaigns.reading import Choices, Reading
from campaigns.store import imports as store
from db.engine import Database
from messages.errors import Mistake
from sms import numbers
from staff import audit

_MADE_UP = Path(__file__).with_name("made_up_files.toml")
_NAME_LETTERS = 200


def receive(
    db: Database,
    *,
    folder: Path,
    filename: str,
    content: BinaryIO,
    list_name: str = "",
    source: str = "",
    consent: str = "",
    country: str = numbers.HOME,
    area: str | None = None,
    made_up: bool = False,
    members_until: datetime | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    ask: bool = False,
    by: int | None,
    now: datetime,
) -> int:
    """Seals `content` into `folder` and queues it for the list of that name (made when there is none).

    `country` (ISO code) is how numbers without a prefix are read; `area` a code or name, for rows that name no commune;
    `members_until` when who joins by this file leaves the list; `sheet` and `encoding` as reading.Choices has them;
    `by` the officer, None at the machine's own command line. A published example list is made up whatever is said.
    With `ask` nothing is queued: campaigns.asking goes on from there, and the list is made when somebody confirms.
    Returns the import's id. Raises Mistake for what cannot be read, and keeps nothing of it.
    """
    choices = Choices(sheet=sheet, encoding=encoding)
    if ask:
        add = partial(_add_asking, db, choices=choices, list_name=list_name)
    else:
        values = _checked(source=source, consent=consent, country=country, members_until=members_until, now=now)
        name = lists.checked_name(list_name)
        add = partial(_add_waiting, db, choices=choices, name=name, area=area, made_up=made_up, values=values)
    areas.ensure_loaded(db, now=now)
    return _stored(db, folder, content, Path(filename).name[:_NAME_LETTERS], partial(add, by=by, now=now))


def _stored(db: Database, folder: Path, content: BinaryIO, filename: str, add: Callable) -> int:
    """What `add` returns for the stored file; on a mistake the file is gone again."""
    fingerprint = hashlib.sha256()
    stored, size = _store(db, folder, content, fingerprint)
    try:
        published = fingerprint.hexdigest() in _made_up_files()
        row = {"stored_as": stored, "filename": filename}
        return add(partial(vault.open_stored, folder, db.seal, stored), size, published, row)
    except BaseException:
        vault.remove(folder, stored)
        raise


def _add_waiting(db: Database, open_content, size, published, row, *, choices, name, area, made_up, values, by, now):
    reading = upload.find_reading(open_content, size, choices)
    with db.transaction() as c:
        code = areas.find(c, area).code if area else None
        list_id = lists.find_or_create(c, name, area=code, by=by, now=now)
        values = {**row, **values, "list_id": list_id, "area": code, "made_up": made_up or published}
        return _add(c, reading, by, now, **values)


def _add_asking(db: Database, open_content, size, published, row, *, choices, list_name, by, now):
    look = upload.look(open_content, size, choices)
    with db.reading() as c:
        resolver = areas.resolver(c)
    asked = {"list": list_name, "published": published, "basis": "exercise" if published else ""}
    values = {**row, **asking.drafted(db.seal, look, resolver, asked), "source": "", "status": "asking"}
    with db.transaction() as c:
        import_id = store.add(c, **values, made_up=published, created_at=now, created_by=by)
        detail = {"file": row["filename"], "rows": look.reading.total}
        audit.record(
            c, at=now, actor=actor(by), action="lists.upload-file", object=f"import:{import_id}", detail=detail
        )
        return import_id


def _add(c: Connection, reading: Reading, by: int | None, now: datetime, **values) -> int:
    import_id = store.add(c, reading=reading.to_json(), created_at=now, created_by=by, **values)
    detail = {"list": values["list_id"], "rows": reading.total}
    detail |= {name: values[name] for name in ("source", "consent", "made_up")}
    audit.record(c, at=now, actor=actor(by), action="lists.import", object=f"import:{import_id}", detail=detail)
    return import_id


def _checked(*, source: str, consent: str, country: str, members_until: datetime | None, now: datetime) -> dict:
    if not source.strip():
        raise Mistake("source-missing")
    if members_until and members_until <= now:
        raise Mistake("members-until-past")
    return asking.checked_words(source, consent, country) | {"members_until": members_until}


def _store(db: Database, folder: Path, content: BinaryIO, fingerprint) -> tuple[str, int]:
    size = 0

    def chunks() -> Iterator[bytes]:
        nonlocal size
        for chunk in iter(partial(content.read, vault.CHUNK_BYTES), b""):
            size += len(chunk)
            if size > upload.MOST_BYTES:
                raise Mistake("upload-too-big", most=upload.MOST_BYTES >> 20)
            fingerprint.update(chunk)
            yield chunk

    return vault.store(folder, db.seal, chunks()), size


@cache
def _made_up_files() -> frozenset[str]:
    with _MADE_UP.open("rb") as file:
        return frozenset(tomllib.load(file).values())
