"""Opening a wave to 1,000,000 people: one statement against the usual loop that looks at one person after the other.

The people are made by another process, so that the memory told here is the opening's own.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, insert, select, update

from campaigns import stats, waves
from db.engine import Database, open_database
from db.migrate import upgrade
from db.seal import Seal
from db.tables import contacts, deliveries, list_members, optouts, wave_tally
from tests import make
from tests.fakes import FakeGateway

SEAL = Seal([b"a key for benchmarks, 32 bytes.."])
WANTED_SECONDS, WANTED_MB = 5.0, 200
#: People for the loop; it would take minutes for all.
SAMPLE = 5_000
AREAS = 130
#: One in so many has opted out.
OUT = 50


def prepare(folder: Path, count: int) -> None:
    """`count` people of 130 communes on one list, some of whom opted out, and an approved wave to them."""
    db = open_db(folder)
    upgrade(db)
    for n in range(AREAS):
        make.area(db, f"commune-{n}")
    number = SEAL.seal(make.number(1), "contacts.number")
    with db.transaction() as c:
        for first in range(0, count, 10_000):
            c.execute(insert(contacts), [_person(n, number, count) for n in range(first, min(count, first + 10_000))])
        out = select(contacts.c.number_index, contacts.c.created_at, contacts.c.source).where(contacts.c.id % OUT == 0)
        c.execute(insert(optouts).from_select(["person_index", "at", "channel"], out))
    list_id = make.a_list(db, "everybody", [])
    with db.transaction() as c:
        members = select(contacts.c.id, contacts.c.created_at, list_id)
        c.execute(insert(list_members).from_select(["contact_id", "joined_at", "list_id"], members))
    make.count_members(db, list_id)
    make.a_wave(db, list_ids=[list_id])
    db.close()


def _person(n: int, number: bytes, count: int) -> dict[str, object]:
    index = SEAL.index(make.number(n))
    area = f"commune-{n * AREAS // count}"
    return {"number_index": index, "number_sealed": number, "source": "x", "area": area, "created_at": make.NOW}


def open_db(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'an-lo.db'}", SEAL)


def opened(db: Database) -> tuple[float, float]:
    """Seconds on the wall, and of the processor (what a busy machine does to the first)."""
    begun, worked = time.perf_counter(), time.process_time()
    gateways = {"fake": FakeGateway()}
    [(wave_id, queued)] = waves.open_due(db, gateways, make.NOW).items()
    while more := waves.open_on(db, gateways, make.NOW):
        queued += more[wave_id]
    seconds = time.perf_counter() - begun, time.process_time() - worked
    assert stats.of_wave(db, wave_id)["queued"] == queued
    return seconds


def one_by_one(db: Database, wave_id: int) -> float:
    """The loop: each person is read, asked about, written and counted, all in one transaction."""
    begun = time.perf_counter()
    with db.transaction() as c:
        for contact_id in _members(c):
            person = c.execute(select(contacts).where(contacts.c.id == contact_id)).one()
            out = c.execute(select(optouts.c.at).where(optouts.c.person_index == person.number_index)).first()
            sent = select(func.count()).where(deliveries.c.contact_id == contact_id, deliveries.c.sent_at > make.NOW)
            enough = c.execute(sent).scalar_one() >= 3
            status = "skipped" if out or enough else "queued"
            row = {"wave_id": wave_id, "contact_id": contact_id, "area": person.area, "status": status}
            c.execute(insert(deliveries).values(row))
            place = (wave_tally.c.wave_id == wave_id, wave_tally.c.area == person.area, wave_tally.c.status == status)
            if not c.execute(update(wave_tally).where(*place).values(n=wave_tally.c.n + 1)).rowcount:
                c.execute(insert(wave_tally).values(wave_id=wave_id, area=person.area, status=status, n=1))
    return time.perf_counter() - begun


def _members(c) -> Iterator[int]:
    return iter(c.execute(select(list_members.c.contact_id).limit(SAMPLE)).scalars().all())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.prepare:
        return prepare(given.prepare, given.people)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.plan", "--prepare", folder, "--people", str(given.people)]
        subprocess.run(command, check=True)
        db = open_db(Path(folder))
        seconds, worked = opened(db)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
        rates = given.people / seconds, SAMPLE / one_by_one(db, make.a_wave(db, list_ids=[1]))
        db.close()
    print(f"{'':>16} {'people':>10} {'seconds':>8} {'rate':>12} {'ratio':>7}")
    print(f"{'one by one':>16} {SAMPLE:>10} {SAMPLE / rates[1]:>8.2f} {rates[1]:>10.0f}/s {1:>7}")
    print(f"{'one statement':>16} {given.people:>10} {seconds:>8.2f} {rates[0]:>10.0f}/s {rates[0] / rates[1]:>7.0f}")
    print(f"processor {worked:.1f} s, memory {memory:.0f} MB; wanted: {WANTED_SECONDS:.0f} s, {WANTED_MB} MB")
    sys.exit(seconds > WANTED_SECONDS or memory > WANTED_MB)


if __name__ == "__main__":
    main()
