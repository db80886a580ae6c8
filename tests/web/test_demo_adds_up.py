"""The demo's figures add up by hand: what the counters, pages and files say is what a count of the rows, one by one,
says; and parts come to their wholes.

The house is that of tests.web.december, in January, with a third wave that was paused while most of it was still to go:
so that deliveries stand everywhere they may.
"""

import csv
import io
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping

import pytest
from sqlalchemy import select

from bots import figures as talk
from campaigns import figures, periods, programme, stats
from campaigns.figures import funnel
from campaigns.pacing import ZONE
from db import figures_file
from db.tables import campaigns, deliveries, optouts, turns
from runtime.demo import DEMO_PRICE_VND
from runtime.report import sheets
from runtime.report.summary import summary
from tests.web import december
from tests.web.conftest import NOW
from tests.web.doors import signed_in, words

DECEMBER = periods.month(NOW.date())
WAVES = (1, 3, 4)
#: A gateway has them, or had them; they are still to go; it does not want them; they were left out.
SENT, WAITING = ("accepted", "delivered", "undelivered", "unknown"), ("queued", "sending")
FAILED, SKIPPED = "failed", "skipped"


@pytest.fixture(scope="module")
def january(lived_in, tmp_path_factory):
    with december.passed(lived_in, tmp_path_factory.mktemp("january") / "data") as (rt, app):
        with rt.db.reading() as c:
            harvest = c.execute(select(campaigns.c.id).where(campaigns.c.name == december.HARVEST)).scalar_one()
        assert december.begin_a_third_wave(rt, harvest) == WAVES[-1]
        yield rt, signed_in(app, rt, "lan@anlo.example"), harvest


@pytest.fixture
def rt(january):
    return january[0]


@pytest.fixture
def officer(january):
    return january[1]


@pytest.fixture
def harvest(january):
    return january[2]


@pytest.fixture
def rows(rt):
    """All deliveries, by wave."""
    found: dict[int, list] = {wave_id: [] for wave_id in WAVES}
    with rt.db.reading() as c:
        for row in c.execute(select(deliveries)):
            found[row.wave_id].append(row)
    return found


def stands(those: Iterable) -> Counter:
    return Counter(row.status for row in those)


def n_of(those: Iterable, *statuses: str) -> int:
    return sum(row.status in statuses for row in those)


def added_up(parts: Iterable[Mapping[str, int]]) -> Counter:
    total: Counter = Counter()
    for counts in parts:
        total.update(counts)
    return total


def by_status(cells: Mapping[tuple[str, str], int]) -> Counter:
    return added_up({status: n} for (status, _reason), n in cells.items())


def file_of(officer, path: str) -> list[dict[str, str]]:
    lines = officer.get(path).get_data().decode("utf-8-sig").splitlines()
    return list(csv.DictReader(io.StringIO("\n".join(lines[1:]))))


def test_every_stand_is_there(rows):
    assert set(stands(row for those in rows.values() for row in those)) == {*SENT, FAILED, "queued", SKIPPED}


@pytest.mark.parametrize("wave", WAVES)
def test_chosen_are_left_out_sent_refused_or_still_to_go(rt, rows, wave):
    those, counted = rows[wave], stats.of_wave(rt.db, wave)
    assert counted.counts == stands(those)
    found = funnel.of_wave(rt.db, wave)
    assert found.selected == len(those) == (
        n_of(those, SKIPPED) + n_of(those, *SENT) + n_of(those, FAILED) + n_of(those, *WAITING)
    )
    assert found.handed_over.n == n_of(those, *SENT) == sum(row.sent_at is not None for row in those)
    assert found.delivered.n == found.handed_over.n - n_of(those, "undelivered", "accepted", "unknown")
    for status, reasons in counted.reasons.items():
        assert sum(reasons.values()) == n_of(those, status), status


@pytest.mark.parametrize("wave", WAVES)
def test_communes_carriers_and_hours_come_to_the_wave(rt, rows, wave):
    whole = stands(rows[wave])
    by_hand: dict[str, Counter] = {}
    for row in rows[wave]:
        by_hand.setdefault(row.area or "", Counter())[row.status] += 1
    communes = {area: Counter(counts) for area, counts in stats.by_area(rt.db, wave).items()}
    assert communes == by_hand and added_up(communes.values()) == whole
    carriers = {name: by_status(cells) for name, cells in figures.wave_carriers(rt.db, wave).items()}
    assert added_up(carriers.values()) == whole
    assert {name: counts.total() for name, counts in carriers.items()} == Counter(row.carrier for row in rows[wave])
    hours = dict(figures.wave_hours(rt.db, wave))
    assert added_up(hours.values()) == stands(row for row in rows[wave] if row.sent_at)
    assert set(hours) == {row.sent_at.replace(minute=0, second=0, microsecond=0) for row in rows[wave] if row.sent_at}


@pytest.mark.parametrize("wave", WAVES)
def test_what_was_spent_is_segments_times_the_price(rt, rows, wave):
    segments = sum(row.segments for row in rows[wave] if row.sent_at)
    assert segments >= n_of(rows[wave], *SENT) > 0
    assert funnel.of_wave(rt.db, wave).vnd == segments * DEMO_PRICE_VND == sum(
        row.vnd for row in rows[wave] if row.sent_at
    )


def test_a_campaign_is_its_waves(rt, officer, rows, harvest):
    each = funnel.of_waves(rt.db, WAVES)
    whole, everybody = funnel.together(each.values()), [row for those in rows.values() for row in those]
    assert whole.counts == stands(everybody)
    assert whole.vnd == sum(found.vnd for found in each.values())
    listed = next(row for row in programme.all(rt.db) if row.campaign.id == harvest)
    assert (listed.messages, listed.vnd) == (n_of(everybody, *SENT), whole.vnd)
    lines = file_of(officer, f"/figures/campaigns/{harvest}?as=csv")
    assert [sum(int(line[name]) for line in lines) for name in ("Được chọn", "Đã tới máy", "Đã chi")] == [
        len(everybody), n_of(everybody, "delivered"), whole.vnd
    ]  # fmt: skip
    page = words(officer.get(f"/figures/campaigns/{harvest}"))
    assert f"({n_of(everybody, 'delivered')} trong {n_of(everybody, *SENT)};" in page


def test_a_month_is_its_waves_and_its_days(rt, rows):
    sent = [row for those in rows.values() for row in those if row.sent_at]
    told = summary(rt.db, DECEMBER, rt.clock())
    assert (told.waves, told.sent, told.arrived, told.lost) == (
        len(WAVES), len(sent), n_of(sent, "delivered"), n_of(sent, "undelivered")
    )  # fmt: skip
    assert (told.segments, told.vnd) == (sum(row.segments for row in sent), sum(row.vnd for row in sent))
    days = {day: sum(counts.values()) for day, counts in figures.by_day(rt.db, DECEMBER.start, DECEMBER.end)}
    assert {day: n for day, n in days.items() if n} == Counter(row.sent_at.astimezone(ZONE).date() for row in sent)
    gone = figures.optouts(rt.db, DECEMBER.start, DECEMBER.end)
    with rt.db.reading() as c:
        heard = c.execute(select(turns).where(turns.c.direction == "in")).all()
        out = c.execute(select(optouts.c.at)).all()
    assert sum(gone.values()) == len(out) == told.optouts
    assert (told.heard, told.asked, told.understood) == (len(heard), len(heard), sum(bool(row.topic) for row in heard))


@pytest.mark.parametrize("wave", WAVES)
def test_no_cell_that_is_shown_says_anything_else(officer, rows, wave):
    """On the way to pages and files some are hidden; the others stay what they are."""
    those = rows[wave]
    lines = file_of(officer, f"/figures/waves/{wave}?as=csv&table=steps")
    assert [int(line["Số người"]) for line in lines[:4]] == [
        len(those), len(those) - n_of(those, SKIPPED), n_of(those, *SENT), n_of(those, "delivered")
    ]  # fmt: skip
    told = 0
    for line in file_of(officer, f"/figures/waves/{wave}?as=csv&table=carriers"):
        mine = [row for row in those if row.carrier == line["Nhà mạng"]]
        by_hand = {"Đã tới máy": n_of(mine, "delivered"), "Cộng": len(mine) - n_of(mine, SKIPPED)}
        for name, n in by_hand.items():
            assert line[name] in (str(n), "đã ẩn"), (line, name)
            told += line[name] == str(n)
    assert told >= 2


def test_the_file_to_share_says_the_same(rt, rows, tmp_path):
    figures_file.write(tmp_path / "f.db", sheets.sheets(rt.db, rt.book, "vi", rt.clock()), title="", told="")
    file = sqlite3.connect(tmp_path / "f.db")
    columns = "wave, chosen, skipped, waiting, sent, arrived, lost, segments, vnd"
    assert file.execute(f"SELECT {columns} FROM waves").fetchall() == [
        (wave, len(those), n_of(those, SKIPPED), n_of(those, *WAITING), n_of(those, *SENT), n_of(those, "delivered"),
         n_of(those, "undelivered", FAILED), sum(row.segments for row in those if row.sent_at),
         sum(row.vnd for row in those if row.sent_at))
        for wave, those in rows.items()
    ]  # fmt: skip
    [month] = file.execute("SELECT month, sent, arrived, segments, vnd FROM months WHERE sent > 0").fetchall()
    sums = file.execute("SELECT sum(sent), sum(arrived), sum(segments), sum(vnd) FROM waves").fetchone()
    assert month == (DECEMBER.name, *sums)


def test_whoever_counts_anew_finds_nothing(rt):
    assert figures.rebuild(rt.db) == {}
    assert talk.rebuild(rt.db) == {}
