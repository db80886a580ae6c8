"""The overview and the month's report: the same figures in both languages, sensible for any month, ready to print."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from bots.figures.counting import Counts, Thought
from campaigns import periods
from db.tables import campaigns, optout_days, waves
from runtime.report import wording
from runtime.report.summary import summary
from tests.web.conftest import NOW
from tests.web.doors import words
from web import reached
from web.language import lasting

MONTH = "2026-12"


def numbers(text: str) -> list[str]:
    """The figures of a text, however its language groups them."""
    return [found.replace(".", "").replace(",", "") for found in re.findall(r"\d[\d.,]*\d|\d", text)]


def told(rt):
    return summary(rt.db, periods.month(NOW.date()), NOW)


def opt_out(rt, **communes: int) -> None:
    rows = [{"day": "2026-12-01", "area": code.lstrip("_"), "channel": "sms", "n": n} for code, n in communes.items()]
    with rt.db.transaction() as c:
        c.execute(insert(optout_days), rows)


def test_both_languages_say_the_same_figures(rt):
    vi, en = (wording.lines(told(rt), language, rt.book) for language in ("vi", "en"))
    assert len(vi) == len(en) > 2
    assert [numbers(line) for line in vi] == [numbers(line) for line in en]
    assert "235" in numbers(vi[0])


def test_both_pages_say_the_same_figures(officer, rt):
    opt_out(rt, _17530=40, _17531=25)
    found = {}
    for lang in ("vi", "en"):
        page = officer.get(f"/figures/report/{MONTH}?lang={lang}").get_data(as_text=True)
        cells = re.findall(r'<td class="num"[^>]*>(.*?)</td>', page)
        found[lang] = [numbers(cell) for cell in cells]
        assert all(line in page for line in wording.lines(told(rt), lang, rt.book))
    assert found["vi"] == found["en"]
    assert ["40"] in found["vi"]


def test_the_letter_says_what_the_page_says(officer, rt):
    page = words(officer.get(f"/figures/report/{MONTH}?lang=en"))
    letter = wording.letter(told(rt), "en", rt.book, "http://localhost/figures/report/2026-12?lang=en")
    lines = [line.removeprefix("- ") for line in letter.splitlines() if line.startswith("- ")]
    assert len(lines) > 2
    assert all(" ".join(line.split()) in page for line in lines)


def test_the_commune_where_most_opted_out_comes_first_and_small_ones_are_hidden(officer, rt):
    opt_out(rt, _17530=12, _17531=40, _17532=3, _17533=4)
    rows = officer.get(f"/figures/report/{MONTH}?table=opt-outs&as=csv").get_data(as_text=True).splitlines()[2:]
    shown = [row.rpartition(",")[2] for row in rows]
    assert shown[:2] == ["40", "12"]
    assert len(shown) == 4 and not any(map(str.isdecimal, "".join(shown[2:])))
    page = words(officer.get(f"/figures/report/{MONTH}"))
    table = page[page.index("Người từ chối nhận tin theo xã") : page.index("Bà con hỏi về điều gì")]
    assert 0 < table.index(" 40 ") < table.index(" 12 ")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/figures/report", 200, "Báo cáo: Tháng 11/2026"),
        ("/figures/report/2026-11", 200, "Tháng này chưa có gì"),
        ("/figures/report/2026-12", 200, "Tháng này chưa hết"),
        ("/figures/report/2027-01", 200, "Tháng này chưa tới"),
        ("/figures/report/2100-12", 200, "Tháng này chưa tới"),
        ("/figures/report/2020-01", 200, "Tháng này chưa có gì"),
        ("/figures/report/2026-13", 404, ""),
        ("/figures/report/0000-01", 404, ""),
        ("/figures/report/2026-1", 404, ""),
        ("/figures/report/x", 404, ""),
        ("/figures/report/2026-12?as=pdf", 404, ""),
        ("/figures?period=7", 200, "7 ngày qua"),
        ("/figures?period=2026-12", 200, "235"),
        ("/figures?period=3650", 200, "30 ngày qua"),
        ("/figures?period=-5", 200, "30 ngày qua"),
        ("/figures?period=2027-05", 200, "30 ngày qua"),
        ("/figures?start=2026-12-01&end=2016-12-01", 200, "30 ngày qua"),
    ],
)
def test_any_time_asked_for_gets_a_sensible_page(officer, path, status, said):
    answer = officer.get(path)
    assert answer.status_code == status
    assert said in words(answer)


def test_what_is_hidden_is_not_said_to_be_asked_most_and_its_names_stand_together(officer, rt):
    counts, titles = Counts(), {}
    for n, topic in ((45, "deposit"), (30, "korea-eps"), (8, "hotline-uk"), (7, "broker-fee")):
        counts.heard("2026-12-01", "web", "text", n)
        counts.thought("2026-12-01", "web", Thought("text", topic, "none", 0.5, "vi"), n)
        titles[topic] = rt.book.topics[topic].answers["vi"].title
    with rt.db.transaction() as c:
        counts.write(c)
    most = f"Hỏi nhiều nhất: {titles['deposit']} (45), {titles['korea-eps']} (30)."
    assert most in wording.lines(told(rt), "vi", rt.book)
    page = words(officer.get(f"/figures/report/{MONTH}"))
    together = page[page.index("Đã ẩn (2)") :]
    assert titles["hotline-uk"] in together and titles["broker-fee"] in together


def test_tables_come_as_files(officer, rt):
    opt_out(rt, _17530=40, _17531=25)
    for table in ("opt-outs", "topics", "districts"):
        answer = officer.get(f"/figures/report/{MONTH}?table={table}&as=csv")
        assert answer.mimetype == "text/csv"
    opted = officer.get(f"/figures/report/{MONTH}?table=opt-outs&as=csv").get_data(as_text=True)
    assert ",40" in opted
    days = officer.get("/figures?table=days&as=csv").get_data(as_text=True)
    assert "2026-12-01,235" in days


def test_what_was_understood_is_measured_on_questions_everywhere(officer, rt):
    """45 of 48 questions; twelve pictures more are no questions, and one of them is a cry."""
    counts = Counts()
    for n, kind, topic, danger in (
        (45, "text", "deposit", "none"), (3, "text", None, "none"), (12, "image", None, "red")
    ):
        counts.heard("2026-12-01", "web", kind, n)
        counts.thought("2026-12-01", "web", Thought(kind, topic, danger, 0.5, "vi"), n)
    with rt.db.transaction() as c:
        counts.write(c)
    home, bot = (words(officer.get(f"{path}?period=7&lang=en")) for path in ("/figures", "/figures/bot"))
    assert "48 questions asked" in home and "45 of 48" in home
    assert "60 messages from people" in bot and "3 of 48" in bot
    said = wording.lines(told(rt), "en", rt.book)
    assert "People asked 48 questions; the bot understood 45 (94%; 83–98%)." in said
    [danger] = [line for line in said if "in danger" in line]
    assert "12" in danger
    object.__setattr__(rt, "clock", lambda: NOW + timedelta(days=1))
    assert "48 questions, the bot understood 94%" in words(officer.get("/?lang=en"))


def test_a_cry_without_a_question_is_told_all_the_same(rt):
    counts = Counts()
    counts.heard("2026-12-01", "web", "location", 11)
    counts.thought("2026-12-01", "web", Thought("location", None, "red", 1.0, "vi"), 11)
    with rt.db.transaction() as c:
        counts.write(c)
    said = wording.lines(told(rt), "en", rt.book)
    assert "Nobody asked anything." in said
    assert any(line.startswith("Messages of people in danger: 11;") for line in said)


def test_the_days_are_drawn_with_their_numbers(officer, rt):
    page = officer.get("/figures?period=2026-12").get_data(as_text=True)
    drawn = re.findall(r'class="point"[^>]*aria-label="([^"]+)"', page)
    assert len(drawn) == 31 and drawn[0] == "01/12/2026: 235" and drawn[1] == "02/12/2026: 0"


def test_waves_of_a_month_are_told_however_many_were_planned_since(rt):
    """A layout over communes makes hundreds at once."""
    with rt.db.transaction() as c:
        row = dict(c.execute(waves.select().where(waves.c.id == 1)).mappings().one())
        newer = {**row, "status": "draft", "opened_at": None, "finished_at": None}
        c.execute(insert(waves), [{**newer, "id": 1000 + n} for n in range(600)])
    assert [each.wave.id for each in reached.waves_of(rt.db, periods.month(NOW.date()))] == [1]
    assert reached.waves_of(rt.db, periods.month(date(2026, 11, 1))) == []


def test_a_budget_stands_beside_what_was_spent(officer, rt):
    with rt.db.transaction() as c:
        row = insert(campaigns).values(name="Mùa xuân", goal="", budget_vnd=250_000, created_at=NOW)
        campaign_id = c.execute(row.returning(campaigns.c.id)).scalar_one()
        c.execute(update(waves).values(campaign_id=campaign_id))
    page = words(officer.get("/figures"))
    assert "Mùa xuân 94% Đã chi 235.000 ₫ trên 250.000 ₫" in page
    assert "94%" in words(officer.get("/"))


@pytest.mark.parametrize("seconds", [61, 20 * 60, 60 * 60, 99 * 60 + 20, 47 * 3600, 50 * 3600, 9 * 86400])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_report_writes_lengths_of_time_as_the_pages_do(app, seconds, language):
    span = timedelta(seconds=seconds)
    with app.test_request_context(f"/?lang={language}"):
        page = lasting(span)
    short = {" hours": " h", " hour": " h", " minutes": " min", " minute": " min"} if language == "en" else {}
    for whole, brief in short.items():
        page = page.replace(whole, brief)
    assert wording._Form(language).lasting(span) == page
