"""Ten questions, two clicks each: Figures, then the question; the walk follows exactly those links and finds the
answer.

The house of the tests sent a wave to 235 people on 1 December; a month later somebody asks what came of it.
"""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

import web
from bots import figures as talk
from campaigns import areas, consent, figures
from db.tables import cases, contacts, conversations, deliveries, turns
from tests.house.tree import ROOT
from tests.web.conftest import NOW
from tests.web.doors import signed_in, words
from web.questions import QUESTIONS

A_MONTH_ON = NOW + timedelta(days=35)
#: People of the commune where most opted out, in the next one, and questions by topic.
MOST, NEXT, ASKED = 14, 11, {"deposit": 31, "hotline-uk": 12}
LOST = 21


@pytest.fixture
def month_on(rt, app):
    """What the house's wave came to, and the moment at which somebody asks."""
    _receipts(rt)
    most, next_ = _opted_out(rt)
    _questions(rt)
    _a_case(rt)
    waves_sent = figures.rebuild(rt.db), talk.rebuild(rt.db)
    assert waves_sent
    object.__setattr__(rt, "clock", lambda: A_MONTH_ON)
    return most, next_


def _receipts(rt) -> None:
    """21 of 235 did not arrive, all by one reason; the others did."""
    with rt.db.transaction() as c:
        ids = c.execute(select(deliveries.c.id).where(deliveries.c.wave_id == 1).order_by(deliveries.c.id)).scalars()
        ids = list(ids)
        c.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(status="delivered", done_at=NOW))
        c.execute(update(deliveries).where(deliveries.c.id.in_(ids[:LOST])).values(
            status="undelivered", reason="expired"))  # fmt: skip


def _opted_out(rt) -> list[str]:
    """Through the door that officers use; the names of the two communes."""
    with rt.db.reading() as c:
        people = c.execute(select(contacts.c.area, contacts.c.number_sealed).where(contacts.c.area.is_not(None))).all()
    by_area: dict[str, list[str]] = {}
    for area, sealed in people:
        by_area.setdefault(area, []).append(rt.db.seal.open(sealed, "contacts.number"))
    largest = sorted(by_area, key=lambda area: -len(by_area[area]))[:2]
    with rt.db.transaction() as c:
        for area, n in zip(largest, (MOST, NEXT), strict=True):
            for number in by_area[area][:n]:
                consent.opt_out(c, rt.db.seal.index(number), channel="staff", now=NOW + timedelta(hours=1))
        names = areas.names(c)
    return [names[area] for area in largest]


def _questions(rt) -> None:
    with rt.db.transaction() as c:
        sealed = rt.db.seal.seal("web:a", "conversations.address")
        row = insert(conversations).values(platform="web", person_index=rt.db.seal.index("web:a"),
                                           address_sealed=sealed, created_at=NOW, last_at=NOW)  # fmt: skip
        talker = c.execute(row.returning(conversations.c.id)).scalar_one()
        text = rt.db.seal.seal("x", "turns.text")
        c.execute(insert(turns), [
            {"conversation_id": talker, "direction": "in", "status": "answered", "topic": topic, "language": "vi",
             "danger": "none", "at": A_MONTH_ON - timedelta(days=3), "text_sealed": text, "wave_id": 1}
            for topic, n in ASKED.items() for _ in range(n)
        ])  # fmt: skip


def _a_case(rt) -> None:
    """Somebody asked for a person three days ago and was answered after an hour and a half."""
    opened = A_MONTH_ON - timedelta(days=3)
    with rt.db.transaction() as c:
        talker = c.execute(select(conversations.c.id)).scalars().first()
        c.execute(insert(cases).values(
            conversation_id=talker, danger="none", reason="asked", status="closed", opened_at=opened,
            claimed_at=opened + timedelta(minutes=20), answered_at=opened + timedelta(minutes=90),
            closed_at=opened + timedelta(hours=3), outcome="helped",
        ))  # fmt: skip


def questions_on(page: str) -> list[tuple[str, str]]:
    """(address, question) of the box, in its order."""
    box = re.search(r'<ol class="asked">(.*?)</ol>', page, re.S)[1]
    found = re.findall(r'<a href="([^"]+)">(.*?)</a>', box)
    return [(address.replace("&amp;", "&"), question) for address, question in found]


def answered(browser, address: str) -> str:
    """What stands at the place that the link leads to: the part of the page with that id, else its main part."""
    answer = browser.get(address.partition("#")[0])
    assert answer.status_code == 200, address
    page = answer.get_data(as_text=True)
    part = address.partition("#")[2]
    if part:
        assert f'id="{part}"' in page, address
        page = page[page.index(f'id="{part}"') :]
    return words(Answer(page))


class Answer:
    """A piece of a page as `words` reads it."""

    def __init__(self, text: str):
        self.text = text

    def get_data(self, as_text: bool) -> str:
        return self.text


def test_two_clicks_answer_each(officer, rt, month_on):
    most, next_ = month_on
    home = officer.get("/").get_data(as_text=True)
    assert 'href="/figures"' in home, "the first click"
    links = questions_on(officer.get("/figures?lang=vi").get_data(as_text=True))
    assert len(links) == 10
    found = [answered(officer, address) for address, _question in links]
    wanted = [
        ("235", "214", "91%"),
        (most, str(MOST), next_, str(NEXT)),
        ("Chiến dịch",),
        (str(LOST),),
        ("Đã gửi",),
        (most, next_),
        (str(ASKED["deposit"]), str(ASKED["hotline-uk"])),
        (str(ASKED["deposit"]),),
        ("chưa",),
        ("1 giờ 30 phút",),
    ]
    missing = [
        (question, word)
        for (_, question), text, needed in zip(links, found, wanted, strict=True)
        for word in needed
        if word not in text
    ]
    assert missing == []
    table = found[1]
    assert table.index(most) < table.index(next_), "who opted out most stands first"


@pytest.mark.parametrize("email", ["hoa@anlo.example", "thuy@anlo.example", "quantri@anlo.example"])
def test_whoever_may_read_may_follow_them(app, rt, email):
    browser = signed_in(app, rt, email)
    links = questions_on(browser.get("/figures").get_data(as_text=True))
    assert len(links) == 10
    assert {browser.get(address.partition("#")[0]).status_code for address, _ in links} == {200}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_handbook_lists_the_same_questions(house, lang):
    handbook = (ROOT / "docs" / f"officers.{lang}.md").read_text(encoding="utf-8")
    with web.create_app(house).test_request_context(f"/?lang={lang}"):
        said = [str(question) for question, _ in QUESTIONS]
    rows = re.findall(r"^\| ([^|]+\?) \|", handbook, re.M)
    assert rows == said
