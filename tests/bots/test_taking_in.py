"""What doors brought becomes conversations: in order, once, whatever lies between."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bots import inbox, taking_in
from bots.arrivals import Arrivals
from bots.platform import LONGEST_ADDRESS, Incoming
from db.tables import arrivals, conversations, turns
from tests.bots.fake_engine import Echo
from tests.bots.talking import here


def bring(db, now, *incoming, platform="zalo"):
    Arrivals(db).take(platform, incoming, now)
    return taking_in.drain(db, 100)


def said(db, direction="in") -> list[tuple[str, str]]:
    with db.reading() as c:
        rows = c.execute(select(turns).where(turns.c.direction == direction).order_by(turns.c.id)).all()
    return [(row.kind, db.seal.open(row.text_sealed, "turns.text")) for row in rows]


def the_talk(db):
    with db.reading() as c:
        return c.execute(select(conversations)).one()


def answer_all(db, now):
    for turn_id in inbox.waiting(db, 100):
        inbox.answer(db, Echo(), turn_id, now, here)


def test_messages_of_many_people_are_taken_in_in_order(db, now):
    came = [Incoming(f"{n}", f"u{n % 3}", text=f"câu {n}") for n in range(9)]
    assert bring(db, now, *came) == {"taken": 9, "dropped": 0}
    assert [text for _, text in said(db)] == [f"câu {n}" for n in range(9)]
    with db.reading() as c:
        rows = c.execute(select(conversations)).all()
        assert {row.status for row in c.execute(select(arrivals.c.status, arrivals.c.incoming_sealed))} == {"taken"}
        assert set(c.execute(select(arrivals.c.incoming_sealed)).scalars()) == {None}
    assert sorted(db.seal.open(row.address_sealed, "conversations.address") for row in rows) == ["u0", "u1", "u2"]
    assert taking_in.drain(db, 100) == {"taken": 0, "dropped": 0}


def test_what_was_taken_in_long_ago_is_met_as_a_repeat_all_the_same(db, now):
    bring(db, now, Incoming("m1", "u1", text="một"))
    assert taking_in.forget(db, now + timedelta(days=2)) == 0
    assert taking_in.forget(db, now + timedelta(days=4)) == 1
    bring(db, now + timedelta(days=4), Incoming("m1", "u1", text="một"))
    assert said(db) == [("text", "một")]


@pytest.mark.parametrize(
    "damage",
    [
        lambda seal: b"", lambda seal: b"damaged", lambda seal: None,
        lambda seal: seal.seal("not json", "arrivals.incoming"),
        lambda seal: seal.seal(json.dumps({"provider_id": "1", "address": "u", "kind": "dance"}), "arrivals.incoming"),
        lambda seal: seal.seal(json.dumps({"provider_id": "1", "address": "u" * (LONGEST_ADDRESS + 1)}),
                               "arrivals.incoming"),
    ],
    ids=["empty", "damaged", "nothing", "no json", "unknown kind", "long address"],
)
def test_what_nothing_can_be_made_of_is_dropped_and_keeps_nobody_waiting(db, now, damage):
    with db.transaction() as c:
        c.execute(insert(arrivals).values(platform="zalo", provider_id="zalo:bad", at=now,
                                          incoming_sealed=damage(db.seal)))
    assert bring(db, now, Incoming("m1", "u1", text="một")) == {"taken": 1, "dropped": 1}
    assert said(db) == [("text", "một")]


def test_one_that_breaks_everything_is_dropped_alone(db, now, monkeypatch):
    """Whatever it is: the others are found around it, and stay in order."""
    whole = taking_in._take_in

    def breaks(c, seal, run, counts):
        if any(arrival.incoming.text == "bad" for arrival in run):
            raise RuntimeError
        whole(c, seal, run, counts)

    monkeypatch.setattr(taking_in, "_take_in", breaks)
    Arrivals(db).take("zalo", [Incoming(str(n), "u1", text="bad" if n == 3 else str(n)) for n in range(7)], now)
    while taking_in.drain(db, 8).total():
        pass
    assert [text for _, text in said(db)] == ["0", "1", "2", "4", "5", "6"]


def test_two_that_take_in_at_once_take_everything_once_and_in_order(db, now):
    Arrivals(db).take("zalo", [Incoming(str(n), f"u{n % 5}", text=str(n)) for n in range(60)], now)

    def drain_all():
        while taking_in.drain(db, 7).total():
            pass

    threads = [threading.Thread(target=drain_all) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [text for _, text in said(db)] == [str(n) for n in range(60)]


# -- When ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [(None, 0), (-60, -60), (3600, 0), (-30 * 86400, -7 * 86400)],
    ids=["nobody says", "a minute ago", "a clock that is fast", "weeks ago is not believed"],
)
def test_when_somebody_wrote_is_when_the_provider_says_within_reason(db, now, given, kept):
    bring(db, now, Incoming("m1", "u1", at=None if given is None else now + timedelta(seconds=given)))
    assert the_talk(db).heard_at == now + timedelta(seconds=kept)


def test_whoever_does_something_may_be_written_to_again(db, now):
    bring(db, now, Incoming("m1", "u1", "follow", came_by="xa-dien-chau"))
    with db.transaction() as c:
        c.execute(update(conversations).values(said_since=8, gone_at=now))
    later = now + timedelta(days=3)
    bring(db, later, Incoming("m2", "u1", text="alo", came_by="elsewhere"))
    talk = the_talk(db)
    assert (talk.heard_at, talk.said_since, talk.gone_at, talk.came_by) == (later, 0, None, "xa-dien-chau")


def test_who_leaves_is_gone_and_who_comes_back_is_not(db, now):
    bring(db, now, Incoming("m1", "u1", text="một"), Incoming("m2", "u1", "unfollow"))
    assert the_talk(db).gone_at == now
    assert said(db) == [("text", "một")]
    bring(db, now, Incoming("m3", "u1", "unfollow"), Incoming("m4", "u1", "follow", came_by="poster"))
    assert (the_talk(db).gone_at, the_talk(db).came_by) == (None, "poster")


def test_what_somebody_recorded_and_sends_again_changes_nothing(db, now):
    """A signed event of last week, sent once more, neither silences us nor opens a window that is closed."""
    long_ago, later = now - timedelta(days=5), now + timedelta(days=4)
    left = Incoming("u", "u1", "unfollow", at=long_ago)
    wrote = Incoming("m1", "u1", text="một", at=long_ago)
    bring(db, now, wrote, left, Incoming("m2", "u1", text="hai", at=now))
    with db.transaction() as c:
        c.execute(update(conversations).values(said_since=8))
    taking_in.forget(db, later)
    before = the_talk(db)
    bring(db, later, wrote, left)
    assert the_talk(db) == before
    assert (before.heard_at, before.gone_at, before.said_since) == (now, None, 8)


def test_nobody_becomes_a_conversation_by_leaving(db, now):
    assert bring(db, now, Incoming("m1", "stranger", "unfollow")) == {"taken": 1, "dropped": 0}
    with db.reading() as c:
        assert c.execute(select(conversations)).all() == []


# -- Edits --------------------------------------------------------------------------------------------------------


def test_what_is_changed_before_it_is_answered_is_answered_once_as_it_is_now(db, now):
    bring(db, now, Incoming("m1", "u1", text="phi di Nhạt"), Incoming("m2", "u1", text="alo"),
          Incoming("e1", "u1", "edit", "phí đi Nhật", replaces="m1"))
    assert said(db) == [("text", "phí đi Nhật"), ("text", "alo")]


def test_what_is_changed_after_the_answer_is_answered_anew(db, now):
    bring(db, now, Incoming("m1", "u1", text="một"))
    answer_all(db, now)
    edit = Incoming("e1", "u1", "edit", "hai", replaces="m1")
    bring(db, now, edit)
    bring(db, now, edit)
    answer_all(db, now)
    assert said(db) == [("text", "một"), ("text", "hai")]
    assert [text for _, text in said(db, "out")] == ["chat: một", "chat: hai"]


def test_a_cry_cannot_be_taken_back_by_writing_over_it(db, now):
    bring(db, now, Incoming("m1", "u1", text="cứu em với, em bị nhốt"))
    bring(db, now, Incoming("e1", "u1", "edit", "chào chị", replaces="m1"))
    assert said(db) == [("text", "cứu em với, em bị nhốt"), ("text", "chào chị")]


def test_a_message_made_a_cry_before_it_is_answered_is_a_cry(db, now):
    bring(db, now, Incoming("m1", "u1", text="chào chị"))
    bring(db, now, Incoming("e1", "u1", "edit", "cứu em với", replaces="m1"))
    assert said(db) == [("text", "cứu em với")]


@pytest.mark.parametrize("replaces", ["unknown", None, "m1", "\ud83d\0"], ids=["unknown", "none", "another's", "no id"])
def test_a_change_of_what_we_do_not_know_is_a_message(db, now, replaces):
    bring(db, now, Incoming("m1", "another", text="một"))
    bring(db, now, Incoming("e1", "u1", "edit", "hai", replaces=replaces))
    assert said(db) == [("text", "một"), ("text", "hai")]


def test_a_change_that_changes_nothing_is_nothing(db, now):
    bring(db, now, Incoming("m1", "u1", text="một"))
    answer_all(db, now)
    bring(db, now, Incoming("e1", "u1", "edit", "một", replaces="m1"))
    assert said(db) == [("text", "một")]


# -- Buttons ------------------------------------------------------------------------------------------------------


def answered(db, now, person="u1") -> int:
    """A reply with two buttons to this person."""
    bring(db, now, Incoming(f"q-{person}", person, text="hỏi"))
    answer_all(db, now)
    choices = json.dumps([{"text": "A", "say": "điều A"}, {"text": "B", "say": "điều B"}])
    with db.transaction() as c:
        turn_id = c.execute(select(turns.c.id).order_by(turns.c.id.desc()).limit(1)).scalar_one()
        c.execute(update(turns).where(turns.c.id == turn_id).values(choices=choices))
    return turn_id


def test_a_press_says_what_the_button_stands_for(db, now):
    turn_id = answered(db, now)
    bring(db, now, Incoming("p1", "u1", "press", f"choice:{turn_id}:1"))
    assert said(db)[1:] == [("text", "điều B")]


def test_a_press_of_what_was_not_offered_to_this_person_is_nothing(db, now):
    turn_id = answered(db, now, "another")
    presses = (f"choice:{turn_id}:0", "choice:0:0", f"choice:{turn_id}:9", "choice:x", "", f"helpful:{turn_id}:1",
               f"choice:{10**18 - 1}:0")
    found = bring(db, now, *(Incoming(f"p{n}", "u1", "press", press) for n, press in enumerate(presses)))
    assert found == {"taken": len(presses), "dropped": 0}
    assert said(db) == [("text", "hỏi")]


def test_the_last_word_on_an_answer_counts(db, now):
    turn_id = answered(db, now)
    bring(db, now, Incoming("p1", "u1", "press", f"helpful:{turn_id}:1"))
    bring(db, now, Incoming("p2", "u1", "press", f"helpful:{turn_id}:0"))
    with db.reading() as c:
        assert c.execute(select(turns.c.helpful).where(turns.c.id == turn_id)).scalar_one() is False
    assert said(db)[1:] == [("helpful", ""), ("unhelpful", "")]
