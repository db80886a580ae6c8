"""/s/<code>: leads on from any phone, is counted, and is kind where it leads nowhere."""

import pytest

from campaigns import links, waves
from campaigns.store import waves as wave_store
from tests.conftest import NOW
from tests.web.doors import words

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 7) Chrome/70.0 Mobile"}


@pytest.fixture
def wave(rt):
    wave_id = waves.all(rt.db)[0][0].id
    with rt.db.transaction() as c:
        wave_store.change(c, wave_id, link_target="/chat", link_base="http://localhost")
        return wave_store.get(c, wave_id)


@pytest.fixture
def code(rt, wave):
    with rt.db.transaction() as c:
        return links.for_wave(c, wave, 1, NOW)[0]


def opened(rt, wave):
    (found,) = links.opened(rt.db, wave.id)
    return found.people, found.machines, found.conversations


def test_it_leads_to_the_chat_and_counts_the_conversation_once(rt, visitor, wave, code):
    answer = visitor.get(f"/s/{code.upper()}", headers=PHONE)
    assert (answer.status_code, answer.location) == (302, f"/chat?s={code}")
    assert opened(rt, wave) == (1, 0, 0)
    page = visitor.get(answer.location)
    assert f"s={code}" in page.get_data(as_text=True), "the form remembers it without a cookie"
    for text in ("gọi số nào khi bị lừa", "cảm ơn"):
        assert visitor.post(f"/chat/messages?s={code}", json={"text": text}).status_code == 200
    assert opened(rt, wave) == (1, 0, 1)


def test_a_preview_robot_is_led_on_but_no_person(rt, visitor, wave, code):
    assert visitor.get(f"/s/{code}", headers={"User-Agent": "facebookexternalhit/1.1"}).status_code == 302
    assert visitor.head(f"/s/{code}", headers=PHONE).status_code == 302
    assert opened(rt, wave) == (0, 2, 0)


@pytest.mark.parametrize("code", ["zzzzz", "x" * 300, "%00", "đường"])
def test_a_mistyped_code_gets_a_kind_page_with_the_help_line(visitor, code):
    answer = visitor.get(f"/s/{code}", headers=PHONE)
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers


def test_the_kind_page_names_the_chat_and_the_help_line(visitor):
    page = visitor.get("/s/zzzzz", headers=PHONE)
    assert "111" in words(page)
    assert 'href="/chat"' in page.get_data(as_text=True)
