"""A list taken in, from the first byte of the upload to the last person stored, against the usual loop.

The loop reads one row after the other: `csv`, `phonenumbers`, a look-up, an ORM object, a commit every thousand rows.
It seals, indexes and places people as we do, for a table of open numbers would be no comparison. It works through the
first rows of the same file only; its rate is taken to hold for the rest.

Memory is that of all processes together, looked at twenty times a second: on Linux with pages that they share counted
once (PSS), elsewhere resident sizes added up.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import phonenumbers
import psutil
import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session, registry

from campaigns import areas
from db.engine import Database, open_database
from db.migrate import upgrade
from db.seal import Seal
from db.tables import contacts, import_refusals, imports, list_members
from tests import made_lists, make

SEAL = Seal([b"a key for benchmarks, 32 bytes.."])
WANTED_RATE, WANTED_RATIO, WANTED_MB, WANTED_XLSX_SECONDS = 50_000, 10, 300, 20
#: Rows for the loop; it would take minutes for all.
SAMPLE = 20_000
COMMIT_EVERY = 1000
_RSS_UNITS_IN_A_MEGABYTE = 1e3 if sys.platform == "linux" else 1e6


def write_csv(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([made_lists.HEADINGS, *made_lists.people(rows)])


def write_xlsx(path: Path, rows: int) -> None:
    """Numbers without their 0 are numbers there, as a spreadsheet makes them."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["STT", *made_lists.HEADINGS])
    for number, (name, phone, *others) in enumerate(made_lists.people(rows), start=1):
        sheet.write_row(number, 0, [number, name, _as_typed(phone), *others])
    book.close()


def _as_typed(phone: str) -> str | float:
    return float(phone) if phone.isdecimal() and not phone.startswith("0") else phone


def a_database(folder: Path) -> Database:
    db = open_database(f"sqlite:///{folder / 'an-lo.db'}", SEAL)
    upgrade(db)
    return db


@dataclass(frozen=True)
class Taken:
    """What a file came to: `seconds` on the clock, `busy` of the processors, the most megabytes of memory."""

    rows: int
    seconds: float
    busy: float
    memory: float


def taken_in(path: Path, folder: Path) -> Taken:
    """By the command an officer would use, into a database of its own."""
    settings = {"DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'an-lo.db'}"}
    command = [sys.executable, "app.py", "lists", "import", str(path), "--list", "all", "--source", "x", "--json"]
    before, most = _of_children(), [0]
    with subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE, text=True) as process:
        watch = threading.Thread(target=_watch, args=(psutil.Process(process.pid), most))
        watch.start()
        said = process.stdout.read()
        watch.join()
    report = json.loads(said)
    assert report["accepted"] > 0.8 * report["rows"], report
    return Taken(report["rows"], report["seconds"], _of_children() - before, most[0] / 1e6)


def _of_children() -> float:
    """Processor seconds of every process that has ended below this one."""
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def _watch(process: psutil.Process, most: list[int]) -> None:
    """Until it ends."""
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        most[0] = max(most[0], sum(map(_held, _family(process))))
        time.sleep(0.05)


def _family(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:  # it has just ended
        return []


def _held(process: psutil.Process) -> int:
    try:
        held = process.memory_full_info()
    except psutil.Error:
        return 0
    return getattr(held, "pss", held.rss)


class Contact:
    """A row of contacts, as an ORM has it."""


class Member:
    """A row of list_members."""


class Refusal:
    """A row of import_refusals."""


def one_by_one(path: Path, folder: Path) -> Taken:
    """The first SAMPLE rows."""
    mapped = registry()
    for each, table in ((Contact, contacts), (Member, list_members), (Refusal, import_refusals)):
        mapped.map_imperatively(each, table)
    db = a_database(folder)
    list_id, import_id = _a_place_for_them(db)
    with db.reading() as c:
        resolver = areas.resolver(c)
    begun, busy = time.perf_counter(), time.process_time()
    seen: set[str] = set()
    with path.open(encoding="utf-8-sig", newline="") as file, Session(db.engine) as session:
        for line, row in enumerate(islice(csv.DictReader(file, delimiter=";"), SAMPLE), start=2):
            number, code = _judged(row["Số điện thoại"])
            if code:
                sealed = SEAL.seal(json.dumps(list(row.values())), "import_refusals.row")
                session.add(_new(Refusal, import_id=import_id, line=line, code=code, row_sealed=sealed))
            elif number not in seen:
                seen.add(number)
                _take_on(session, list_id, number, row, resolver.resolve(row["Huyện"], row["Xã"]))
            if line % COMMIT_EVERY == 0:
                session.commit()
        session.commit()
    took = time.perf_counter() - begun, time.process_time() - busy
    db.close()
    return Taken(SAMPLE, *took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _RSS_UNITS_IN_A_MEGABYTE)


def _judged(written: str) -> tuple[str, str | None]:
    try:
        number = phonenumbers.parse(written, "VN")
    except phonenumbers.NumberParseException:
        return "", "not-a-number"
    mobile = phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in mobile:
        return "", "invalid"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), None


def _take_on(session: Session, list_id: int, number: str, row: dict, place) -> None:
    index = SEAL.index(number)
    person = session.scalars(select(Contact).where(contacts.c.number_index == index)).one_or_none()
    if person is None:
        person = _new(
            Contact, number_index=index, number_sealed=SEAL.seal(number, "contacts.number"),
            fields_sealed=SEAL.seal(json.dumps({"name": row["Họ và tên"]}), "contacts.fields"),
            language=row["Ngôn ngữ"] or "vi", area=place.area, former_district=place.former_district,
            former_commune=place.former_commune, source="x", created_at=make.NOW,
        )  # fmt: skip
        session.add(person)
        session.flush()
    session.add(_new(Member, list_id=list_id, contact_id=person.id, joined_at=make.NOW))


def _new(kind: type, **values):
    made = kind()
    for name, value in values.items():
        setattr(made, name, value)
    return made


def _a_place_for_them(db: Database) -> tuple[int, int]:
    """The ids of a list and of an import."""
    areas.ensure_loaded(db, now=make.NOW)
    list_id = make.a_list(db, "all", [])
    with db.transaction() as c:
        values = {"list_id": list_id, "filename": "x", "stored_as": "x", "source": "x", "created_at": make.NOW}
        return list_id, c.execute(imports.insert().values(**values)).inserted_primary_key[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--xlsx-rows", type=int, default=300_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text, book = folder / "all.csv", folder / "some.xlsx"
        write_csv(text, given.rows)
        write_xlsx(book, given.xlsx_rows)
        loop = one_by_one(text, folder)
        heading = f"{'':>12} {'rows':>10} {'seconds':>8} {'rate':>11} {'ratio':>7}"
        print(f"{heading}   of the processors: {'rate':>9} {'ratio':>7} {'memory':>9}")
        _say("one by one", loop, loop)
        taken = taken_in(text, folder / "text")
        _say("CSV", taken, loop)
        of_book = taken_in(book, folder / "book")
        _say("XLSX", of_book, loop)
    print(f"wanted: {WANTED_RATE} rows/s, ratio {WANTED_RATIO}, {WANTED_MB} MB; XLSX in {WANTED_XLSX_SECONDS} s")
    rate = taken.rows / taken.seconds
    fast = rate >= WANTED_RATE and rate >= WANTED_RATIO * loop.rows / loop.seconds
    sys.exit(not (fast and taken.memory <= WANTED_MB and of_book.seconds <= WANTED_XLSX_SECONDS))


def _say(name: str, taken: Taken, loop: Taken) -> None:
    rate, slow = taken.rows / taken.seconds, loop.rows / loop.seconds
    of_processors, slow_there = taken.rows / taken.busy, loop.rows / loop.busy
    print(
        f"{name:>12} {taken.rows:>10} {taken.seconds:>8.1f} {rate:>9.0f}/s {rate / slow:>7.1f}"
        f"                    {of_processors:>7.0f}/s {of_processors / slow_there:>7.1f} {taken.memory:>6.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main()
