"""/stop: from the address in a message to peace, on any phone; nothing for scanners and guessers."""

import re

import pytest
from sqlalchemy import select

from campaigns import consent, stops
from db.tables import contacts, optouts
from tests.conftest import NOW
from tests.web.doors import words
from web.stop_tries import MOST_AT_ONCE, MOST_EVERYWHERE, SECONDS_EACH, SECONDS_EVERYWHERE, Tries
from web.views import stop

UNKNOWN = "This code is not known here."
NOBODYS = "222222222"


@pytest.fixture
def person(rt):
    """(contact, blind index) of somebody of our lists."""
    with rt.db.reading() as c:
        return tuple(c.execute(select(contacts.c.id, contacts.c.number_index).limit(1)).one())


@pytest.fixture
def code(rt, person):
    return stops.for_contacts(rt.db, [person[0]], NOW)[person[0]]


@pytest.fixture(autouse=True)
def forgiven(monkeypatch):
    """Every test begins with a clean slate."""
    monkeypatch.setattr(stop, "_tries", Tries())


def is_out(rt, person) -> bool:
    with rt.db.reading() as c:
        return consent.is_out(c, bytes(person[1]))


def how(rt) -> list[tuple[str, str]]:
    with rt.db.reading() as c:
        return [tuple(row) for row in c.execute(select(optouts.c.channel, optouts.c.reason))]


def test_the_address_in_a_message_stops_by_one_press_and_leads_back(rt, visitor, person, code):
    page = visitor.get(f"/stop/{code}?lang=en")
    assert page.status_code == 200 and "No more messages, please" in words(page)
    assert not is_out(rt, person)
    done = visitor.post("/stop?lang=en", data={"code": code})
    assert done.status_code == 200 and "Done: no more messages" in words(done)
    assert is_out(rt, person) and ("stop-page", "asked") in how(rt)
    back = visitor.post("/stop?lang=en", data={"code": code, "do": "back"})
    assert "Done: messages come again" in words(back) and not is_out(rt, person)


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_stops_nothing(rt, visitor, person, code, method):
    for path in (f"/stop/{code}", f"/stop?c={code}", f"/stop?code={code}&do=stop"):
        getattr(visitor, method)(path)
    assert not is_out(rt, person)


def test_stopping_twice_is_one_stop(rt, visitor, person, code):
    assert {visitor.post("/stop", data={"code": code}).status_code for _ in range(2)} == {200}
    assert is_out(rt, person)


@pytest.mark.parametrize("typed", ["{0}", " {1} ", "{2}", "{3}", "https://anlo.example/stop/{0}"])
def test_a_code_may_be_typed_as_thumbs_type(rt, visitor, person, code, typed):
    spelt = typed.format(code, code.upper(), f"{code[:3]} {code[3:6]} {code[6:]}", f"{code[:5].upper()}-{code[5:]}")
    assert visitor.post("/stop", data={"code": spelt}).status_code == 200
    assert is_out(rt, person)


def test_the_page_names_nobody_and_tells_no_guesser_whether_a_code_exists(rt, visitor, person, code):
    known, unknown = (visitor.get(f"/stop/{each}").get_data(as_text=True) for each in (code, NOBODYS))
    assert known.replace(code, "?") == unknown.replace(NOBODYS, "?")
    with rt.db.reading() as c:
        sealed = c.execute(select(contacts.c.number_sealed).where(contacts.c.id == person[0])).scalar_one()
    number = rt.db.seal.open(sealed, "contacts.number")
    assert number[-3:] not in re.sub(r'(href|content|v)="?[^" >]*|84 84 84', "", known.replace(code, ""))


WRONG = (NOBODYS, "k7m2", "", "0912345678", "+84912345678", "x" * 5000, "l0O1l0O1l", "ký tự lạ", "\0")


@pytest.mark.parametrize("typed", WRONG)
def test_whatever_is_wrong_with_a_code_the_answer_is_one_sentence(rt, visitor, typed):
    before = how(rt)
    answer = visitor.post("/stop?lang=en", data={"code": typed})
    assert answer.status_code == 404 and UNKNOWN in words(answer)
    assert how(rt) == before


def test_without_a_code_it_says_where_the_code_is_and_how_else(visitor):
    page = words(visitor.get("/stop?lang=vi"))
    assert "TU CHOI" in page and "Nhắn cho chúng tôi ở đây" in page and "không nhận số điện thoại" in page
    assert "Zalo" not in page, "no account on Zalo is set up"


def test_guesses_are_slowed_down_and_a_right_code_with_them(rt, visitor, person, code):
    from_there = {"X-Forwarded-For": "203.0.113.7"}
    for _ in range(MOST_AT_ONCE):
        assert visitor.post("/stop", data={"code": NOBODYS}, headers=from_there).status_code == 404
    for guess in (NOBODYS, code):  # nobody learns anything while resting
        assert visitor.post("/stop", data={"code": guess}, headers=from_there).status_code == 429
    assert not is_out(rt, person)
    elsewhere = {"X-Forwarded-For": "203.0.113.8"}
    assert visitor.post("/stop", data={"code": code}, headers=elsewhere).status_code == 200


def test_a_flood_from_everywhere_keeps_no_newcomer_out():
    clock = [0.0]
    tries = Tries(lambda: clock[0])
    for n in range(MOST_EVERYWHERE):
        tries.missed(f"10.0.{n // 250}.{n % 250}")
    assert tries.may_try("192.0.2.1"), "who was never wrong may stop"
    assert not tries.may_try("10.0.0.1"), "who was wrong once rests while others flood"
    clock[0] += SECONDS_EVERYWHERE + SECONDS_EACH
    assert tries.may_try("10.0.0.1")


def test_wrong_codes_are_forgiven_one_by_one():
    clock = [0.0]
    tries = Tries(lambda: clock[0])
    for _ in range(MOST_AT_ONCE):
        tries.missed("a")
    assert not tries.may_try("a")
    clock[0] += SECONDS_EACH
    assert tries.may_try("a")
    tries.missed("a")
    assert not tries.may_try("a")


def test_it_is_light_private_and_asks_for_no_cookie(visitor, code):
    page = visitor.get(f"/stop/{code}")
    assert page.headers["Referrer-Policy"] == "no-referrer" and "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in page.headers
    text = page.get_data(as_text=True)
    assert "<script" not in text
    style = re.search(r'href="(/static/stop\.css[^"]*)"', text)[1]
    assert len(page.data) + len(visitor.get(style, buffered=True).data) < 30 * 1024


def test_in_both_languages_the_next_page_keeps_the_language(visitor, code):
    for language, done in (("vi", "Đã xong: bạn không nhận tin nữa"), ("en", "Done: no more messages")):
        form = visitor.get(f"/stop/{code}?lang={language}").get_data(as_text=True)
        action = re.search(r'action="([^"]+)"', form)[1]
        assert done in words(visitor.post(action, data={"code": code}))
