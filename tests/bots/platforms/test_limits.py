"""What a platform allows: when somebody may be written to, how often for nothing, and how long a text may be."""

from datetime import timedelta

import pytest

from bots import sending
from bots.platforms.limits import QUOTA_WAIT, pieces
from sms.gateway import Fate
from tests.bots.platforms.made import Clock, a_reply, a_zalo
from tests.bots.talking import talk
from tests.servers import zalo
from tests.servers.zalo import Step

PERSON = "700000001"


@pytest.fixture
def server():
    with zalo.serve() as server:
        yield server


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def platform(sqlite_db, server, clock):
    platform = a_zalo(sqlite_db, server, clock)
    yield platform
    platform.close()


@pytest.mark.parametrize(
    ("heard_ago", "said_since", "urgent", "code"),
    [
        (timedelta(minutes=1), 0, False, None),
        (timedelta(minutes=1), 7, False, None),
        (timedelta(minutes=1), 8, False, "quota"),
        (timedelta(minutes=1), 8, True, None),
        (timedelta(hours=48), 0, False, None),
        (timedelta(hours=48, seconds=1), 0, False, "quota"),
        (timedelta(days=6), 20, True, None),
        (timedelta(days=7), 0, True, None),
        (timedelta(days=7, seconds=1), 0, False, "window-closed"),
        (timedelta(days=7, seconds=1), 0, True, "window-closed"),
        (timedelta(days=-1), 0, False, None),
        (None, 50, False, None),
    ],
)
def test_what_may_be_said_when(server, platform, clock, heard_ago, said_since, urgent, code):
    heard_at = clock() - heard_ago if heard_ago is not None else None
    outcome = platform.send(a_reply(PERSON, clock, heard_at=heard_at, said_since=said_since, urgent=urgent))
    assert (outcome.error.code if outcome.error else None) == code
    assert server.fake.calls["/v3.0/oa/message/cs"] == (0 if code else 1), "what is refused here is not even asked"
    assert outcome.wait == (QUOTA_WAIT if code == "quota" else None)


def test_an_answer_to_a_cry_is_urgent_and_others_are_not(sqlite_db, now):
    for address, words in (("+84912345671", "help"), ("+84912345672", "a")):
        talk(sqlite_db, now, words, address=address)
    replies = sending.claim_replies(sqlite_db, "me", 10, now)
    assert {reply.address: reply.urgent for reply in replies} == {"+84912345671": True, "+84912345672": False}


def test_a_reply_in_pieces_needs_room_for_each(server, platform, clock):
    long = "a" * 1500 + "\n\n" + "b" * 1500
    assert platform.send(a_reply(PERSON, clock, long, said_since=7)).error.code == "quota"
    assert platform.send(a_reply(PERSON, clock, long, said_since=6)).fate is Fate.ACCEPTED
    assert server.fake.by_user[PERSON] == ["a" * 1500, "b" * 1500]


@pytest.mark.parametrize(
    ("text", "longest", "found"),
    [
        ("ngắn", 10, ["ngắn"]),
        ("một hai\n\nba bốn", 10, ["một hai", "ba bốn"]),
        ("một\nhai ba bốn", 10, ["một", "hai ba bốn"]),
        ("một hai ba bốn", 10, ["một hai ba", "bốn"]),
        ("x" * 25, 10, ["x" * 10, "x" * 10, "x" * 5]),
        ("😀" * 11, 10, ["😀" * 5, "😀" * 5, "😀"]),
        ("a\n\n" + "b" * 12, 10, ["a\n\nbbbbbbb", "bbbbb"]),
        ("  ", 10, [""]),
    ],
)
def test_a_text_is_cut_where_people_breathe(text, longest, found):
    assert pieces(text, longest) == found


def test_where_a_later_piece_fails_nobody_repeats_the_first(server, platform, clock):
    server.fake.script(PERSON, Step(), Step(error=-213, message=f"about {PERSON}"))
    outcome = platform.send(a_reply(PERSON, clock, "a" * 1500 + "\n\n" + "b" * 1500 + "\n\n" + "c" * 1500))
    assert outcome.fate is Fate.UNKNOWN and "gone" in outcome.error.raw and PERSON not in outcome.error.raw
    assert server.fake.by_user[PERSON] == ["a" * 1500]
