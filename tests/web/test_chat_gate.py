"""Who may begin a conversation: not another site in somebody's name, and not a flood of new ones."""

import re

import pytest
from sqlalchemy import func, select

from bots import desk
from campaigns import links
from db.tables import conversations
from tests.web.doors import words
from web.chat_gate import MOST_AT_ONCE, Gate

STRANGER = {"REMOTE_ADDR": "203.0.113.7"}


def begun(rt) -> int:
    return desk.counts(rt.db).conversations


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),  # an old phone, or a program
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://behind-a-proxy.example"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://other.localhost"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Referer": "http://localhost/chat?lang=vi"}, True),
        ({"Referer": "https://evil.example/http://localhost"}, False),
        ({"Origin": "http://["}, False),
        ({"Origin": "?"}, False),
    ],
    ids=str,
)
@pytest.mark.parametrize("as_json", [True, False])
def test_another_site_cannot_write_in_somebodys_name(visitor, rt, headers, taken, as_json):
    sent = {"json": {"text": "gặp cán bộ"}} if as_json else {"data": {"text": "gặp cán bộ"}}
    answer = visitor.post("/chat/messages", headers=headers, **sent)
    assert answer.status_code == ((200 if as_json else 303) if taken else 403)
    assert begun(rt) == (1 if taken else 0)
    if not taken:
        assert "Set-Cookie" not in answer.headers
        assert "gửi từ một trang khác" in (answer.json["sentence"] if as_json else words(answer))


def test_another_site_cannot_end_a_conversation(visitor):
    visitor.post("/chat/messages", json={"text": "chuyện riêng của tôi"})
    visitor.get("/chat/leave", headers={"Sec-Fetch-Site": "cross-site"})
    assert "chuyện riêng" in words(visitor.get("/chat"))


def test_a_flood_of_new_conversations_from_one_address_is_stopped_kindly(app, rt):
    statuses = [
        app.test_client().post("/chat/messages", json={"text": "gặp cán bộ"}, environ_base=STRANGER).status_code
        for _ in range(3)
    ]
    assert statuses == [200] * 3, "a family on one line is no flood"
    gate = app.extensions["chat_gate"]
    while gate.lets_in(STRANGER["REMOTE_ADDR"]):
        pass
    before = begun(rt)
    refused = app.test_client().post("/chat/messages", json={"text": "cứu em"}, environ_base=STRANGER)
    assert refused.status_code == 429
    assert "111" in refused.json["sentence"]
    assert "+84 981 84 84 84" in refused.json["sentence"]
    page = app.test_client().post("/chat/messages", data={"text": "cứu em"}, environ_base=STRANGER)
    assert page.status_code == 429
    assert 'href="tel:111"' in page.get_data(as_text=True)
    assert "cứu em</textarea>" in page.get_data(as_text=True), "what was typed is still there"
    assert begun(rt) == before


def test_who_talks_already_goes_on_while_newcomers_wait(app, visitor):
    visitor.post("/chat/messages", json={"text": "xin chào"}, environ_base=STRANGER)
    while app.extensions["chat_gate"].lets_in(STRANGER["REMOTE_ADDR"]):
        pass
    assert visitor.post("/chat/messages", json={"text": "xin chào"}, environ_base=STRANGER).status_code == 200


def full(app, address: str) -> bool:
    return not app.extensions["chat_gate"].lets_in(address)


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("14.161.0.7", "", "14.161.0.7"),
        ("14.161.0.7", "198.51.100.1", "14.161.0.7"),  # who calls directly says what they like
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),  # our proxy
        ("10.0.0.5", "6.6.6.6, 198.51.100.1", "198.51.100.1"),  # the last one is whom the proxy heard
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),  # a line has billions of addresses
        ("127.0.0.1", "", None),
        ("127.0.0.1", "rubbish", "unknown"),  # the same for all of them: rubbish is no way around
        ("127.0.0.1", "198.51.100.1:50123", "198.51.100.1"),  # with a port, as some proxies write
        ("127.0.0.1", "[2001:db8:1:2::5]:443", "2001:db8:1:2::/64"),
        ("::ffff:14.161.0.7", "", "14.161.0.7"),  # listening on both kinds of addresses
        ("::ffff:127.0.0.1", "", None),
        ("::ffff:10.0.0.5", "::ffff:198.51.100.1", "198.51.100.1"),
        ("", "", None),
        ("unix:", "", None),
    ],
)
def test_whom_a_new_conversation_counts_for(app, peer, forwarded, counted):
    gate, seen = app.extensions["chat_gate"], []
    gate.lets_in = lambda address: seen.append(address) or True
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    sent = {"json": {"text": "xin chào"}, "headers": headers, "environ_base": {"REMOTE_ADDR": peer}}
    app.test_client().post("/chat/messages", **sent)
    assert seen == ([counted] if counted else [])


def test_the_allowance_comes_back_and_nothing_is_remembered_for_ever():
    time = [0.0]
    gate = Gate(clock=lambda: time[0])
    assert sum(gate.lets_in("a") for _ in range(MOST_AT_ONCE * 2)) == MOST_AT_ONCE
    assert gate.lets_in("b")
    time[0] += 10
    assert sum(gate.lets_in("a") for _ in range(MOST_AT_ONCE)) == 10
    time[0] += 2 * MOST_AT_ONCE
    for n in range(11_000):
        gate.lets_in(str(n))
        time[0] += 0.1
    assert len(gate._whole_at) <= 10_001


@pytest.mark.parametrize(
    ("address", "kept"),
    [("/chat/messages?c={commune}", "{commune}"), ("/chat/messages?c=nowhere", None), ("/chat/messages?c=40", None),
     ("/chat/messages?s=nolink", None), ("/chat/messages", None)],
)  # fmt: skip
def test_a_conversation_knows_the_poster_it_began_at(visitor, rt, address, kept):
    commune = "16681"
    visitor.post(address.format(commune=commune), json={"text": "xin chào"})
    visitor.post("/chat/messages?c=16690", json={"text": "cảm ơn"})  # later ones change nothing
    with rt.db.reading() as c:
        [found] = c.execute(select(conversations.c.came_by, func.count()).group_by(conversations.c.came_by)).all()
    assert found == (kept and kept.format(commune=commune), 1)


KEY = re.compile(r'name="key" value="([^"]+)"')


def test_a_first_message_sent_twice_over_a_weak_line_begins_one_conversation(app, rt):
    """The answer, and the cookie with it, never came back; the same words are sent again under the page's own key."""
    key = KEY.search(app.test_client().get("/chat").get_data(as_text=True))[1]
    for _ in range(2):
        app.test_client().post("/chat/messages", data={"text": "phí đi hàn bao nhiêu vậy", "key": key})
    assert (begun(rt), desk.counts(rt.db).heard) == (1, 1)
    others = app.test_client().post("/chat/messages", data={"text": "việc khác", "key": key}, follow_redirects=True)
    assert "phí đi hàn bao nhiêu vậy" not in words(others)
    assert begun(rt) == 2


@pytest.mark.parametrize("key", ["1", "same", "", "IjEi.forged"])
def test_a_key_that_we_did_not_give_out_leads_to_nobody(app, rt, key):
    """Programs count their messages from one: they must not meet in each other's conversation."""
    for _ in range(2):
        app.test_client().post("/chat/messages", json={"text": "xin chào", "key": key})
    assert begun(rt) == 2


def test_a_link_counts_a_first_message_sent_twice_once(app, monkeypatch):
    counted = []
    monkeypatch.setattr(links, "began", lambda _db, code, _now: counted.append(code) or True)
    key = KEY.search(app.test_client().get("/chat?s=k7m2p").get_data(as_text=True))[1]
    for _ in range(2):
        app.test_client().post("/chat/messages?s=k7m2p", data={"text": "xin chào", "key": key})
    assert counted == ["k7m2p"]
