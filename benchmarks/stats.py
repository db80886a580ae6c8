"""Every page of the figures after 10,000,000 deliveries and 1,000,000 turns, on SQLite and on PostgreSQL.

A hundred waves over a year, to people of 130 communes; conversations on four platforms. The rows are made by SQL and
the counters by `stats rebuild`; then each page is asked for through the whole WSGI application by a signed-in officer,
in a process of its own whose memory is measured, and the export is written. Told beside it: the same with 100,000
deliveries and 10,000 turns in as many waves, because a page may not slow down as rows grow.
"""

import argparse
import dataclasses
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, text

import web
from bots import figures as talk
from bots.unanswered import recounting, showing
from bots.unanswered.model import week_of
from campaigns import areas, figures, programme
from campaigns.store import areas as area_store
from campaigns.store.bulk import insert_rows
from db import figures_file
from db.engine import Database, open_database
from db.migrate import upgrade
from db.seal import Seal
from db.tables import cases, contacts, conversations, hard_questions, question_groups, turns, waves
from db.types import utc_text
from messages.catalog import SHIPPED, load
from runtime import settings
from runtime.build import build
from runtime.report import sheets
from staff import accounts
from tests import make, postgres

WANTED_MS, WANTED_RATIO, WANTED_EXPORT_S, WANTED_MB = 150.0, 1.5, 30.0, 300.0
SMALL = (100_000, 10_000)
WAVES, DAYS, TIMES = 100, 365, 40
KEY = "a key for benchmarks, 32 bytes.."
CARRIERS = ("viettel", "vinaphone", "mobifone", "vietnamobile", "gmobile")
PLATFORMS = ("sms", "web", "zalo", "telegram")
#: A turn of twenty made by hand for each conversation.
TURNS_EACH = 20
#: Groups of questions that were not answered.
GROUPS = 2_000
#: Address → what must be on it: a page that shows nothing is quick. {campaign} is the campaign of all waves.
PAGES = {
    "/": "Hôm qua", "/figures": "550", "/figures?period=7": "550", "/figures?period=90": "550",
    "/figures?period=2026-11": "550", "/figures/report/2026-11": "550", "/figures/waves": "Wave 100",
    "/figures/waves/100": "Huyện Tương Dương", "/figures/waves/1": "Huyện Tương Dương",
    "/figures/compare?a=100&b=99": "Wave 100", "/figures/campaigns/{campaign}": "Wave 100",
    "/figures/map?period=2026-11": "Xã Tương Dương", "/figures/map?wave=100": "Xã Tương Dương",
    "/figures/map?period=2026-11&by=districts": "Tương Dương", "/figures/bot": "giấy phép",
    "/figures/bot?period=90": "giấy phép", "/figures/bot?period=2026-11": "giấy phép",
    "/figures/waves/100?as=csv": "Đã tới máy", "/figures/report/2026-11?table=districts&as=csv": "Tương Dương",
}  # fmt: skip

#: One wave to everybody: nine in ten get it, of a hundred one was left out.
DELIVERIES = text("""
    INSERT INTO deliveries
        (wave_id, contact_id, area, carrier, status, reason, attempts, segments, vnd, sent_at, done_at)
    SELECT :wave, id, area, carrier,
           CASE WHEN id % 100 < 90 THEN 'delivered' WHEN id % 100 < 95 THEN 'undelivered'
                WHEN id % 100 < 97 THEN 'failed' WHEN id % 100 < 99 THEN 'accepted' ELSE 'skipped' END,
           CASE WHEN id % 100 < 90 THEN NULL WHEN id % 100 < 93 THEN 'expired' WHEN id % 100 < 95 THEN 'unreachable'
                WHEN id % 100 < 97 THEN 'invalid-number' WHEN id % 100 < 99 THEN NULL ELSE 'opted-out' END,
           1, 1, CASE WHEN id % 100 < 99 THEN 500 END,
           CASE WHEN id % 100 < 99 THEN :day || 'T0' || CAST(id % 9 + 1 AS TEXT) || ':00:00.000000Z' END,
           :day || 'T11:00:00.000000Z'
    FROM contacts""")
SPENDING = text("""
    INSERT INTO spending (wave_id, day, messages, segments, vnd)
    SELECT wave_id, substr(sent_at, 1, 10), count(*), sum(segments), sum(vnd) FROM deliveries
    WHERE wave_id = :wave AND sent_at IS NOT NULL GROUP BY wave_id, substr(sent_at, 1, 10)""")
RESPONSES = text("""
    INSERT INTO responses (wave_id, contact_id, kind, area, at)
    SELECT :wave, id, CASE WHEN id % 3 = 0 THEN 'asked' WHEN id % 3 = 1 THEN 'replied' ELSE 'opted-out' END, area,
           :day || 'T12:00:00.000000Z'
    FROM contacts WHERE id % 50 = :wave % 50""")
OPTOUTS = text("""
    INSERT INTO optouts (person_index, at, channel)
    SELECT number_index, :day || 'T12:00:00.000000Z', 'sms' FROM contacts WHERE id % 150 = :wave AND id % 3 = 2""")


def fill(db: Database, deliveries: int, said: int) -> None:
    """Rows by SQL, then the counters from the rows."""
    upgrade(db)
    areas.load_units(db, now=make.NOW)
    with db.reading() as c:
        units = [unit for unit in area_store.units(c) if unit.level == "commune"]
    _people(db, deliveries // WAVES, units)
    _waves(db)
    _talks(db, said, [unit.code for unit in units])
    begun = time.perf_counter()
    figures.rebuild(db)
    talk.rebuild(db)
    recounting.recount(db)
    print(f"  counted anew in {time.perf_counter() - begun:.1f} s", flush=True)
    with db.transaction() as c:
        c.execute(text("ANALYZE"))


def _people(db: Database, count: int, units: list) -> None:
    with db.transaction() as c:
        for first in range(0, count, 10_000):
            rows = [_person(n, units) for n in range(first, min(count, first + 10_000))]
            insert_rows(c, insert(contacts), rows)


def _person(n: int, units: list) -> dict[str, object]:
    unit = units[n * 7 % len(units)]
    return {
        "number_index": os.urandom(16), "number_sealed": os.urandom(42), "fields_sealed": os.urandom(90),
        "carrier": CARRIERS[n * 7 % 11 % 5], "area": None if n % 25 == 3 else unit.code,
        "former_district": unit.former_district, "source": "benchmark", "created_at": utc_text(make.NOW),
    }  # fmt: skip


def _waves(db: Database) -> None:
    version = make.a_version(db)
    campaign = programme.create(db, name="A year", budget_vnd=20_000_000_000, by=None, now=make.NOW)
    for n in range(1, WAVES + 1):
        sent = make.NOW - timedelta(days=(WAVES - n) * DAYS // WAVES + 1)
        with db.transaction() as c:
            row = {"name": f"Wave {n}", "version_id": version, "audience": '{"lists": [1]}', "gateway": "simulator",
                   "status": "finished", "created_at": sent, "opened_at": sent, "finished_at": sent,
                   "campaign_id": campaign}  # fmt: skip
            wave_id = c.execute(insert(waves).values(row).returning(waves.c.id)).scalar_one()
            for statement in (DELIVERIES, SPENDING, RESPONSES, OPTOUTS):
                c.execute(statement, {"wave": wave_id, "day": sent.date().isoformat()})


def _talks(db: Database, said: int, communes: list[str]) -> None:
    people = max(1, said // TURNS_EACH)
    with db.transaction() as c:
        for first in range(0, people, 10_000):
            insert_rows(c, insert(conversations), [_talker(n) for n in range(first, min(people, first + 10_000))])
        for first in range(0, said, 10_000):
            those = range(first, min(said, first + 10_000))
            insert_rows(c, insert(turns), [_turn(n, said, people, communes) for n in those])
        insert_rows(c, insert(cases), [_case(n) for n in range(min(people, said // 200))])
        _unanswered(db, c, said, communes)


def _unanswered(db: Database, c: Connection, said: int, communes: list[str]) -> None:
    """Every question that was not understood, in groups of which some are large."""
    at, sealed = utc_text(make.NOW), db.seal.seal("cho hỏi việc này", showing.SEALED_AS)
    groups = [{"id": n, "language": "vi", "first_at": at, "last_at": at} for n in range(1, GROUPS + 1)]
    insert_rows(c, insert(question_groups), groups)
    for first in range(4, said, 180_000):  # heard and not known: every eighteenth
        those = range(first, min(said, first + 180_000), 18)
        insert_rows(c, insert(hard_questions), [_hard(n, said, communes, sealed) for n in those])


def _hard(n: int, said: int, communes: list[str], sealed: bytes) -> dict[str, object]:
    at = make.NOW - timedelta(days=n * DAYS // said)
    return {"turn_id": n + 1, "group_id": (n // 18) ** 2 % GROUPS + 1, "why": "abstained", "text_sealed": sealed,
            "area": communes[n % len(communes)] if n % 3 == 0 else None, "week": week_of(at),
            "at": utc_text(at)}  # fmt: skip


def _talker(n: int) -> dict[str, object]:
    at = utc_text(make.NOW - timedelta(days=n % DAYS))
    return {"platform": PLATFORMS[n % 4], "person_index": os.urandom(16), "address_sealed": os.urandom(42),
            "language": "vi", "came_by": f"poster-{n % 40}" if n % 5 == 0 else None, "created_at": at,
            "last_at": at}  # fmt: skip


TOPICS = tuple(load(SHIPPED).topics)


def _turn(n: int, said: int, people: int, communes: list[str]) -> dict[str, object]:
    """In and out in turns, spread over the year; one in nine is not understood, some are of people in danger."""
    heard, known = n % 2 == 0, n % 9 != 4
    return {
        "conversation_id": n // 2 % people + 1, "direction": "in" if heard else "out",
        "status": "answered" if heard else "sent", "text_sealed": b"\0" * 60,
        "topic": TOPICS[n // 2 % len(TOPICS)] if known else None,
        "danger": ("red" if n % 400 == 0 else "amber" if n % 100 == 0 else "none") if heard else None,
        "language": "vi" if n % 7 else "en", "at": utc_text(make.NOW - timedelta(days=n * DAYS // said)),
        "area": communes[n % len(communes)] if heard and n % 3 == 0 else None,
        "wave_id": n // 10 % WAVES + 1 if heard and n % 5 == 0 else None,
        "helpful": None if heard or n % 4 == 1 else n % 8 != 3,
    }  # fmt: skip


def _case(n: int) -> dict[str, object]:
    opened = make.NOW - timedelta(days=n % DAYS)
    return {"conversation_id": n + 1, "danger": "none", "reason": "asked", "status": "closed",
            "opened_at": utc_text(opened), "claimed_at": utc_text(opened + timedelta(minutes=n % 50)),
            "answered_at": utc_text(opened + timedelta(minutes=n % 90)), "outcome": "helped",
            "closed_at": utc_text(opened + timedelta(hours=2))}  # fmt: skip


def measure(url: str, folder: Path) -> dict[str, object]:
    """p95 of each page in ms, the export in seconds, and the most memory of this process in MB."""
    given = {"DATA_DIR": str(folder), "DATABASE_URL": url, "PHONE_KEY": KEY, "SECRET_KEY": "s" * 40, "RUNNER": "off"}
    rt = dataclasses.replace(build(settings.load(given, env_file=None)), clock=lambda: make.NOW)
    browser = _signed_in(rt)
    with rt.db.reading() as c:
        campaign = c.execute(select(func.max(waves.c.campaign_id))).scalar_one()
    pages = {page: _p95(browser, page.format(campaign=campaign), must) for page, must in PAGES.items()}
    begun = time.perf_counter()
    counts = figures_file.write(folder / "figures.db", sheets.sheets(rt.db, rt.book, "en", make.NOW), title="", told="")
    seconds = time.perf_counter() - begun
    rt.close()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return {"pages": pages, "export": seconds, "rows": sum(counts.values()), "mb": most}


def _signed_in(rt):
    app = web.create_app(rt)
    email = f"{os.urandom(4).hex()}@example.vn"
    token = accounts.add(rt.db, email=email, name="B", role="officer", now=make.NOW, actor="machine")
    person = accounts.redeem(rt.db, token=token, now=make.NOW)
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["staff"], session["stamp"] = person.id, person.session_stamp
    return browser


def _p95(browser, page: str, must: str) -> float:
    took = []
    for n in range(TIMES + 2):
        begun = time.perf_counter()
        answer = browser.get(page)
        said = answer.get_data(as_text=True)
        if answer.status_code != 200 or must not in said:
            raise SystemExit(f"{page} answered {answer.status_code} without {must!r}")
        if n >= 2:  # the first builds templates
            took.append((time.perf_counter() - begun) * 1000)
    return sorted(took)[int(len(took) * 0.95) - 1]


def in_its_own_process(url: str, folder: Path) -> dict:
    command = [sys.executable, "-m", "benchmarks.stats", "--measure", url, "--folder", str(folder)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()[-1])


def of_size(url: str, folder: Path, size: tuple[int, int]) -> dict:
    folder.mkdir()
    db = open_database(url, Seal([KEY.encode()]))
    begun = time.perf_counter()
    fill(db, *size)
    db.close()
    print(f"  {size[0]:,} deliveries, {size[1]:,} turns made in {time.perf_counter() - begun:.0f} s", flush=True)
    return in_its_own_process(url, folder)


def show(name: str, small: dict, large: dict) -> bool:
    """Prints a row for each page; whether all is as wanted."""
    print(f"{name:>48} {'small p95':>10} {'large p95':>10} {'ratio':>6}")
    for page, ms in large["pages"].items():
        print(f"{page:>48} {small['pages'][page]:>7.1f} ms {ms:>7.1f} ms {ms / small['pages'][page]:>6.2f}")
    ratio = max(ms / small["pages"][page] for page, ms in large["pages"].items())
    slowest = max(large["pages"].values())
    print(f"slowest {slowest:.0f} ms (wanted {WANTED_MS:.0f}), worst ratio {ratio:.2f} (wanted {WANTED_RATIO}), export"
          f" {large['export']:.1f} s of {large['rows']:,} rows (wanted {WANTED_EXPORT_S:.0f}), memory"
          f" {large['mb']:.0f} MB (wanted {WANTED_MB:.0f})", flush=True)  # fmt: skip
    return (slowest <= WANTED_MS and ratio <= WANTED_RATIO and large["export"] <= WANTED_EXPORT_S
            and large["mb"] <= WANTED_MB)  # fmt: skip


def databases(which: str, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """(name, an address for the small and for the large one)."""
    if which in ("sqlite", "both"):
        yield "SQLite", [f"sqlite:///{folder / size}.db" for size in ("small", "large")]
    if which in ("postgresql", "both"):
        with postgres.server(folder) as server:
            yield "PostgreSQL", [server.create(size) for size in ("small", "large")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deliveries", type=int, default=10_000_000)
    parser.add_argument("--turns", type=int, default=1_000_000)
    parser.add_argument("--on", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--folder", type=Path, help="where to work; else a temporary folder")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.folder)))
        return
    fine = True
    with tempfile.TemporaryDirectory(dir=given.folder, ignore_cleanup_errors=True) as fresh:
        for name, urls in databases(given.on, Path(fresh)):
            sizes = (SMALL, (given.deliveries, given.turns))
            folders = (Path(fresh) / f"{name}-{n}" for n in (1, 2))
            found = [of_size(*each) for each in zip(urls, folders, sizes, strict=True)]
            fine &= show(name, *found)
    sys.exit(not fine)


if __name__ == "__main__":
    main()
