"""The page about the bot: its figures are those of what happened, nobody can be told from them, every table a file."""

import csv
import io
import re

import pytest

from bots import inbox
from bots.figures.counting import Counts, Thought
from tests.conftest import NOW
from tests.web.doors import words

FILES = ("topics", "time", "platforms", "areas", "districts", "posters", "waves", "languages", "outcomes", "expiring",
         "desk", "unanswered")  # fmt: skip


@pytest.fixture
def counted(rt):
    """60 messages on the web, 45 of them about deposits, 12 about fees, 3 not understood; 4 by SMS."""
    counts = Counts()
    for day, platform, topic, n in (
        ("2026-11-30", "web", "deposit", 30), ("2026-12-01", "web", "deposit", 15), ("2026-12-01", "web", "fees", 12),
        ("2026-12-01", "web", None, 3), ("2026-12-01", "sms", "deposit", 4), ("2026-10-01", "zalo", "fees", 50),
    ):
        counts.heard(day, platform, "text", n)
        counts.thought(day, platform, Thought("text", topic, "none", 0.5, "vi", "accented", AREAS.get(day)), n)
    counts.judged("2026-12-01", "web", "deposit", True, 40)
    counts.judged("2026-12-01", "web", "deposit", False, 10)
    with rt.db.transaction() as c:
        counts.write(c)


AREAS = {"2026-11-30": "17329"}


def file(browser, table, form="csv", period="30"):
    answer = browser.get(f"/figures/bot?period={period}&table={table}&as={form}")
    assert answer.status_code == 200
    if form != "csv":
        return answer
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))[1:]


def test_before_anybody_wrote(officer):
    page = words(officer.get("/figures/bot"))
    assert "Chưa có ai nhắn trong thời gian này" in page
    assert "Máy trả lời" in page


@pytest.mark.usefixtures("counted")
def test_the_page_tells_what_happened(officer):
    page = words(officer.get("/figures/bot?period=30"))
    assert "64 tin nhắn của bà con" in page
    assert re.search(r"\(3 \w+ 64; 1,6–12,9 ?%\)", page)  # not understood, with its interval
    assert re.search(r"\(40 \w+ 50; 67–89 ?%\)", page)  # helpful
    assert words(officer.get("/figures/bot?period=90")).count("114 tin nhắn của bà con") == 1


@pytest.mark.usefixtures("counted")
def test_few_people_are_hidden_and_cannot_be_reckoned(officer):
    """4 by SMS of 64: with them the smallest other platform is hidden, here the only one."""
    rows = file(officer, "platforms")
    assert len(rows) == 3 and not any(char.isdecimal() for row in rows[1:] for char in row[2])
    topics = dict((row[0], row[1]) for row in file(officer, "topics")[1:])
    assert sorted(topics.values()) == ["12", "49"]


@pytest.mark.usefixtures("counted")
def test_a_month_holds_its_own_days_only(officer):
    assert "50 tin nhắn của bà con" in words(officer.get("/figures/bot?period=2026-10"))
    assert "30 tin nhắn của bà con" in words(officer.get("/figures/bot?period=2026-11"))


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("asked", ["", "0", "-3", "8", "2027-01", "2026-13", "1000000", "x' OR 1=1", "2026-11-30"])
def test_a_period_that_is_not_offered_is_the_usual_one(officer, asked):
    """No free ranges: whoever subtracts one from another would find single days."""
    assert "64 tin nhắn của bà con" in words(officer.get("/figures/bot", query_string={"period": asked}))


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("table", FILES)
def test_every_table_is_a_file(officer, table):
    assert len(file(officer, table)[0]) >= 2
    assert file(officer, table, "xlsx").get_data()[:2] == b"PK"


def test_the_files_are_those_the_page_offers(officer, rt, counted):
    page = officer.get("/figures/bot").get_data(as_text=True)
    offered = set(re.findall(r"table=(\w+)&amp;as=csv", page))
    assert offered and offered <= set(FILES)
    assert officer.get("/figures/bot?table=people&as=csv").status_code == 404


@pytest.mark.usefixtures("counted")
def test_the_place_is_told_where_it_is_known(officer):
    [_head, commune] = file(officer, "areas", period="2026-11")
    assert commune[2] == "30"
    page = words(officer.get("/figures/bot?period=2026-11"))
    assert commune[3] == "Tiền ký quỹ, đặt cọc"
    table = page[page.index("Câu hỏi theo xã") :]
    assert f"{commune[0]} {commune[1]} 30 {commune[3]}" in table


def test_real_messages_reach_the_page(officer, rt):
    """From a question to its figure, and how long its writer waited for a person."""
    for n in range(12):
        turn_id = inbox.receive(rt.db, platform="web", address=f"p{n}", text="công ty đòi đặt cọc có đúng không",
                                provider_id=f"p{n}", now=NOW)
        assert inbox.answer(rt.db, rt.engine, turn_id, NOW, lambda *_: False)
    page = words(officer.get("/figures/bot?period=7"))
    assert "12 tin nhắn của bà con" in page and "12 cuộc trò chuyện" in page
    assert [row[1] for row in file(officer, "topics", period="7")[1:]] == ["12"]


def test_the_old_address_leads_there(officer):
    answer = officer.get("/figures/talk")
    assert (answer.status_code, answer.location) == (302, "/figures/bot")


def test_english_too(officer, rt, counted):
    page = words(officer.get("/figures/bot?period=30&lang=en"))
    assert "64 messages from people" in page and "found the answer helpful" in page
