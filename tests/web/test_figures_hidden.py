"""What one page hides another one does not tell: times that overlap, wordings and control groups, few of one kind."""

import csv
import io
import re

import pytest
from sqlalchemy import delete, insert

from bots.figures.counting import Counts, Thought
from campaigns.comparison import Arm, Difference
from campaigns.figures.intervals import Rate
from campaigns.holding_back import Effect
from campaigns.looks import Look
from campaigns.model import DeliveryStatus as S
from db.tables import optout_days, wave_counts, wave_figures, wave_tally, wave_topics
from tests.conftest import NOW
from tests.web.doors import words
from web import verdicts, wave_comparing

TOO_FEW, HIDDEN = "Too few people to tell by", "hidden"
COMMUNES = ("17329", "17353")


def file(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))


def asked(rt, *, day="2026-12-01", danger="none", **communes):
    """So many questions of each commune ("_17329")."""
    counts = Counts()
    for code, n in communes.items():
        counts.heard(day, "sms", "text", n)
        counts.thought(day, "sms", Thought("text", "deposit", danger, 0.5, "vi", None, code.lstrip("_") or None), n)
    with rt.db.transaction() as c:
        counts.write(c)


def tallied(rt, tally, **counts):
    """The first wave stands so: commune → status → n, and status_reason=n of the whole wave, all of one carrier."""
    with rt.db.transaction() as c:
        for table in (wave_tally, wave_counts, wave_figures):
            c.execute(delete(table).where(table.c.wave_id == 1))
        for area, stands in tally.items():
            for status, n in stands.items():
                c.execute(insert(wave_tally).values(wave_id=1, area=area, status=status, n=n))
        for stand, n in counts.items():
            status, _, reason = stand.partition("_")
            place = {"wave_id": 1, "status": status, "reason": reason.replace("_", "-"), "n": n}
            c.execute(insert(wave_counts).values(**place))
            c.execute(insert(wave_figures).values(**place, by="carrier", which="viettel"))


# -- by commune


@pytest.mark.parametrize("period", ["7", "30", "90"])
def test_times_that_overlap_are_not_told_by_commune(officer, rt, period):
    """25 within 7 days and 28 within 30 would tell three."""
    asked(rt, day="2026-12-01", _17329=25)
    asked(rt, day="2026-11-20", _17329=3)
    for table in ("areas", "districts", "posters"):
        first, _head, *rows = file(officer, f"/figures/bot?period={period}&lang=en&table={table}&as=csv")
        assert rows == [] and "only whole months" in first[0]
    assert "only whole months" in words(officer.get(f"/figures/bot?period={period}&lang=en"))


def test_months_are(officer, rt):
    asked(rt, day="2026-12-01", _17329=25)
    rows = file(officer, "/figures/bot?period=2026-12&lang=en&table=areas&as=csv")
    assert [row[2] for row in rows[2:]] == ["25"]


def test_the_map_offers_months_alone(officer):
    page = officer.get("/figures/map").get_data(as_text=True)
    assert "period=2026-12" in page and "period=2026-11" in page
    assert not re.search(r"period=(7|30|90)\b", page)
    assert "12/2026" in words(officer.get("/figures/map?period=90"))


def test_where_every_commune_is_hidden_one_sentence_stands(officer, rt):
    """2 of 20 in two communes, neither of them nobody: each had one."""
    two = {code: {S.DELIVERED: 1, S.UNDELIVERED: 9} for code in COMMUNES}
    tallied(rt, two, delivered=2, undelivered_expired=18)
    for path in ("/figures/map?wave=1", "/figures/map?wave=1&by=districts", "/figures/map?period=2026-12"):
        page = words(officer.get(f"{path}{'&' if '?' in path else '?'}lang=en"))
        assert TOO_FEW in page, path
        assert "Xã Đô Lương" not in page
    first, _head, *rows = file(officer, "/figures/map?wave=1&table=communes&lang=en&as=csv")
    assert rows == [] and TOO_FEW in first[0]
    assert TOO_FEW in words(officer.get("/figures/report/2026-12?lang=en"))


def test_nor_are_the_communes_of_a_small_wave_named(officer, rt):
    tallied(rt, {code: {S.DELIVERED: 4, S.UNDELIVERED: 2} for code in COMMUNES}, delivered=8, undelivered_expired=4)
    page = words(officer.get("/figures/waves/1?lang=en"))
    assert TOO_FEW in page and "Xã Đô Lương" not in page
    for table in ("communes", "districts"):
        first, _head, *rows = file(officer, f"/figures/waves/1?table={table}&lang=en&as=csv")
        assert rows == [] and TOO_FEW in first[0]


def test_opt_outs_of_few_communes_are_one_sentence_too(officer, rt):
    with rt.db.transaction() as c:
        for code in COMMUNES:
            c.execute(insert(optout_days).values(day="2026-12-01", area=code, channel="sms", n=6))
    page = words(officer.get("/figures/report/2026-12?lang=en"))
    assert TOO_FEW in page
    assert len(file(officer, "/figures/report/2026-12?table=opt-outs&as=csv")) == 2


def test_few_questions_are_one_sentence_too(officer, rt):
    asked(rt, _17329=6, _17353=7)
    assert TOO_FEW in words(officer.get("/figures/bot?period=2026-12&lang=en"))
    assert len(file(officer, "/figures/bot?period=2026-12&table=areas&as=csv")) == 2


# -- by reason, by topic, by danger


def test_reasons_of_few_are_hidden_with_another_one(officer, rt):
    tallied(rt, {"": {S.DELIVERED: 100}}, delivered=100, undelivered_expired=40, undelivered_absent=12,
            failed_number_wrong=3, **{"skipped_opted-out": 4, "skipped_dead": 30, "skipped_made-up": 20})  # fmt: skip
    lost = dict(row for row in file(officer, "/figures/waves/1?table=lost&lang=en&as=csv")[2:])
    assert sorted(lost.values()) == ["40", HIDDEN, HIDDEN], "the number of all that were lost stands beside them"
    left_out = dict(row for row in file(officer, "/figures/waves/1?table=left-out&lang=en&as=csv")[2:])
    assert sorted(left_out.values()) == ["30", HIDDEN, HIDDEN]
    page = officer.get("/figures/waves/1?lang=en").get_data(as_text=True)
    assert ": 4</li>" not in page and ": 30</li>" in page, "in the drawing as well"


def test_one_topic_of_few_is_not_told_by_its_sum(officer, rt):
    asked(rt, _17329=25)
    with rt.db.transaction() as c:
        c.execute(insert(wave_topics).values(wave_id=1, topic="deposit", n=3))
    page = officer.get("/figures/bot?lang=en").get_data(as_text=True)
    row = page[page.index('id="waves"') :]
    assert "fewer than 10" in row and not re.search(r">3<", row[: row.index("</section>")])


def test_few_in_danger_are_as_hidden_as_in_the_report(officer, rt):
    asked(rt, danger="red", _17329=3)
    asked(rt, _17353=30)
    page = words(officer.get("/figures/bot?lang=en"))
    assert "fewer than 10 messages of people in danger" in page


def test_what_is_hidden_stands_in_no_order(officer, rt):
    """Who is shown comes first; the busiest of the hidden ones is not the first of them."""
    counts = Counts()
    for platform, n in (("web", 40), ("sms", 30), ("telegram", 2), ("zalo", 9)):
        counts.heard("2026-12-01", platform, "text", n)
    with rt.db.transaction() as c:
        counts.write(c)
    rows = file(officer, "/figures/bot?table=platforms&lang=en&as=csv")[2:]
    assert [row[2] for row in rows] == ["40", "30", HIDDEN, HIDDEN] and rows[2][0] < rows[3][0]


# -- wordings and control groups


def a_look(hits, people=(300, 300), out=(0, 0), said="too-small"):
    arms = tuple(Arm(n, hit) for n, hit in zip(people, hits, strict=True))
    shares = [arm.share for arm in arms]
    found = Difference(0, 1, shares[1] - shares[0], -0.01, 0.05)
    return Look(said, None, True, people, arms, out, (found,))


class Experiment:
    sample = 1000


@pytest.mark.parametrize(
    ("look", "hidden"),
    [
        (a_look((3, 40)), {"hits", "share"}),
        (a_look((20, 40), out=(2, 15)), {"opted_out"}),
        (a_look((0, 0), people=(4, 300)), {"sent", "people", "share"}),
        (a_look((20, 40)), set()),
    ],
)
def test_a_small_number_of_a_wording_is_hidden_with_that_of_the_other(app, look, hidden):
    """The wave's own number stands beside them."""
    with app.test_request_context("/?lang=en"):
        for arm in verdicts.counted(look):
            assert {name for name, n in vars(arm).items() if n is None} == hidden
        said = verdicts.sentences(Experiment, look)
    assert len(said) == (1 if "share" in hidden else 2), "the difference would tell one from the other"


@pytest.mark.parametrize(
    ("got", "held", "hidden"),
    [
        (Rate(300, 1000), Rate(5, 500), True),
        (Rate(997, 1000), Rate(50, 500), True),
        (Rate(300, 1000), Rate(0, 7), True),
        (Rate(300, 1000), Rate(50, 500), False),
    ],
)
def test_few_in_a_control_group_are_hidden_and_so_is_the_difference(app, got, held, hidden):
    with app.test_request_context("/?lang=en"):
        said = " ".join(wave_comparing.of_effect(Effect(got, held, NOW, True), 20))
    assert (HIDDEN in said) == hidden
    assert ("points" in said) != hidden
    assert f"{held.n} of {held.of}" not in said or not hidden or got.n == 997
