"""The demo's figures add up by hand: every page and file says what a count of the rows, one by one, says."""

import sqlite3
import threading
from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from bots import figures as talk
from campaigns import figures, lists, periods, stats
from db import figures_file
from db.tables import deliveries, list_members
from runtime.demo import DEMO_PRICE_VND
from runtime.report import sheets
from runtime.report.summary import HANDED_OVER, LOST, summary
from scheduler import tasks
from tests.web.conftest import NOW
from tests.web.doors import words

STOP = threading.Event()
DECEMBER = periods.month(NOW.date())


def rows_of(rt):
    with rt.db.reading() as c:
        return c.execute(select(deliveries)).all()


def with_receipts(rt) -> None:
    """A day later the simulator has reported what became of the messages."""
    object.__setattr__(rt, "clock", lambda: NOW + timedelta(days=1))
    for task in (tasks.simulate_receipts, tasks.apply_receipts, tasks.finish):
        task(rt, STOP)


def added_up(nested) -> Counter:
    total: Counter = Counter()
    for counts in nested:
        total.update(counts)
    return total


def test_the_demo_adds_up(app, officer, rt, tmp_path):
    with_receipts(rt)
    rows = rows_of(rt)
    by_hand = Counter(row.status for row in rows)
    sent = [row for row in rows if row.status in HANDED_OVER]
    with rt.db.reading() as c:
        yen_thanh = next(row.id for row in lists.all(rt.db) if "Yên Thành" in row.name)
        on_it = select(list_members.c.contact_id).where(list_members.c.list_id == yen_thanh)
        members = c.execute(on_it).scalars().all()
    assert sorted(members) == sorted(row.contact_id for row in rows), "everybody on the list, once"
    assert by_hand["delivered"] > 100
    assert sum(by_hand[status] for status in LOST) > 0

    assert figures.rebuild(rt.db) == {}
    assert talk.rebuild(rt.db) == {}
    assert stats.of_wave(rt.db, 1).counts == dict(by_hand)
    assert added_up(stats.by_area(rt.db, 1).values()) == by_hand
    went = Counter(row.status for row in rows if row.sent_at)
    assert added_up(counts for _hour, counts in figures.wave_hours(rt.db, 1)) == went
    carriers = Counter()
    for stands in figures.wave_carriers(rt.db, 1).values():
        for (status, _reason), n in stands.items():
            carriers[status] += n
    assert carriers == by_hand

    told = summary(rt.db, DECEMBER, rt.clock())
    arrived, lost = by_hand["delivered"], sum(by_hand[status] for status in LOST)
    assert (told.sent, told.arrived, told.lost) == (len(sent), arrived, lost)
    segments = sum(row.segments for row in rows if row.sent_at)
    assert (told.segments, told.vnd) == (segments, segments * DEMO_PRICE_VND)

    figures_file.write(tmp_path / "f.db", sheets.sheets(rt.db, rt.book, "vi", rt.clock()), title="", told="")
    file = sqlite3.connect(tmp_path / "f.db")
    exported = file.execute("SELECT sent, arrived, lost, segments, vnd FROM months").fetchall()
    assert exported == [(len(sent), arrived, lost, segments, segments * DEMO_PRICE_VND)]

    for path in ("/figures", "/figures/report/2026-12", "/figures/waves/1"):
        page = words(officer.get(path))
        assert str(arrived) in page, path
    assert f"Hôm qua {len(sent)} tin đã gửi" in words(officer.get("/"))
