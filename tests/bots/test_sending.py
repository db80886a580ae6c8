"""Replies on their way out: each person's in order and one at a time, tried again while that makes sense."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select, text, update

from bots import sending
from db.tables import conversations, turns
from sms.gateway import Outcome
from tests import make
from tests.bots.talking import claimed, sent, talk

OTHER = "+84912345679"
TROUBLE = Outcome.refused("gateway-trouble")


def test_a_claimed_reply_is_in_one_pair_of_hands(db, now):
    for number in range(3):
        talk(db, now, "a", address=make.number(number))
    mine, theirs = sending.claim_replies(db, "me", 2, now), sending.claim_replies(db, "them", 5, now)
    assert (len(mine), len(theirs)) == (2, 1)
    outcomes = [(reply.turn_id, Outcome.accepted("x")) for reply in mine]
    assert sending.record_replies(db, "them", outcomes, now) == {}
    assert sending.record_replies(db, "me", outcomes, now) == {"sent": 2}


@pytest.mark.parametrize(
    ("outcome", "status", "again_after"),
    [
        (Outcome.accepted("SM1"), "sent", None),
        (Outcome.refused("gateway-trouble"), "to-send", timedelta(seconds=15)),
        (Outcome.refused("too-fast", wait=90), "to-send", timedelta(seconds=90)),
        (Outcome.refused("number-invalid"), "failed", None),
        (Outcome.unknown(), "failed", None),
    ],
    ids=["accepted", "trouble is tried again", "as long as asked", "never again", "nobody knows: not sent twice"],
)
def test_what_becomes_of_a_reply(db, now, outcome, status, again_after):
    talk(db, now, "a")
    [reply] = sending.claim_replies(db, "me", 10, now)
    assert sending.record_replies(db, "me", [(reply.turn_id, outcome)], now) == {status: 1}
    assert sending.claim_replies(db, "me", 10, now) == []
    if again_after:
        assert len(sending.claim_replies(db, "me", 10, now + again_after)) == 1


def test_an_answer_to_somebody_in_danger_is_tried_again_even_when_nobody_knows(db, now):
    talk(db, now, "help")
    [reply] = sending.claim_replies(db, "me", 10, now)
    assert sending.record_replies(db, "me", [(reply.turn_id, Outcome.unknown())], now) == {"to-send": 1}


def test_an_answer_that_cannot_be_sent_calls_a_person(db, now):
    talk(db, now, "a")
    [reply] = sending.claim_replies(db, "me", 10, now)
    sending.record_replies(db, "me", [(reply.turn_id, Outcome.refused("number-invalid"))], now)
    assert [case.reason for case in make.open_cases(db)] == [sending.UNSENT]


def test_an_answer_that_cannot_be_opened_does_not_hold_up_the_others(db, now):
    [first], _ = talk(db, now, "a"), talk(db, now, "b", address=OTHER)
    with db.transaction() as c:
        c.execute(update(turns).where(turns.c.id == first.turn_id).values(text_sealed=b"damaged"))
    assert [reply.text for reply in sending.claim_replies(db, "me", 10, now)] == ["sms: b"]
    assert sending.holders(db) == ["me"]
    assert [case.reason for case in make.open_cases(db)] == [sending.UNSENT]


def test_a_platform_away_is_tried_for_a_day_and_then_a_person_is_called(db, now):
    talk(db, now, "a")
    moment, waits = now, []
    while sent(db, moment, Outcome.refused("not-connected")) == {"to-send": 1}:
        with db.reading() as c:
            following = c.execute(select(turns.c.next_try_at).where(turns.c.status == "to-send")).scalar_one()
        waits.append(following - moment)
        moment = following
    assert [wait.total_seconds() for wait in waits[:7]] == [15, 30, 60, 120, 240, 300, 300]
    assert now + timedelta(hours=23, minutes=50) < moment <= now + timedelta(hours=24)
    assert [case.reason for case in make.open_cases(db)] == [sending.UNSENT]


def test_a_wait_that_ends_too_late_is_not_waited_for(db, now):
    talk(db, now, "a")
    assert sent(db, now, Outcome.refused("quota", wait=90_000)) == {"failed": 1}


def test_where_nobody_can_tell_even_help_is_not_sent_for_ever(db, now):
    talk(db, now, "help")
    became = [sent(db, now + timedelta(minutes=20 * n), Outcome.unknown()) for n in range(sending.MOST_TRIES_UNKNOWN)]
    assert became == [{"to-send": 1}] * (sending.MOST_TRIES_UNKNOWN - 1) + [{"failed": 1}]


def test_somebody_in_danger_is_answered_first(db, now):
    talk(db, now, "a")
    talk(db, now, "help", address=OTHER)
    assert [reply.text for reply in sending.claim_replies(db, "me", 1, now)] == ["sms: help"]


def test_replies_in_the_hands_of_the_dead_are_found(db, now):
    talk(db, now, "a"), talk(db, now, "b", address=OTHER)
    sending.claim_replies(db, "dead", 10, now)
    assert sending.holders(db) == ["dead"]
    assert [held.reply.text for held in sending.held_replies(db, ["dead"], 10)] == ["sms: a", "sms: b"]
    assert sending.held_replies(db, ["me"], 10) == []


# -- In order, one at a time ------------------------------------------------------------------------------------------


def test_the_replies_of_one_person_leave_one_after_the_other(db, now):
    talk(db, now, "a", "b")
    assert claimed(db, now) == ["sms: a"]
    assert claimed(db, now, worker="another") == []
    with db.reading() as c:
        [turn_id] = c.execute(select(turns.c.id).where(turns.c.status == "sending")).scalars()
    sending.record_replies(db, "me", [(turn_id, Outcome.accepted("1"))], now)
    assert claimed(db, now, worker="another") == ["sms: b"]


def test_a_later_reply_waits_for_one_that_is_to_be_tried_again_and_not_for_one_that_failed(db, now):
    talk(db, now, "a", "b")
    assert sent(db, now, TROUBLE) == {"to-send": 1}
    assert claimed(db, now + timedelta(seconds=1)) == []
    assert sent(db, now + timedelta(seconds=20), Outcome.refused("content-refused")) == {"failed": 1}
    assert claimed(db, now + timedelta(seconds=20)) == ["sms: b"]


def test_help_in_danger_goes_before_what_waits(db, now):
    talk(db, now, "a", "b", "help")
    assert claimed(db, now) == ["sms: help"]


def test_what_another_person_waits_for_keeps_nobody_else_waiting(db, now):
    talk(db, now, "a", "b")
    sent(db, now, TROUBLE)
    talk(db, now, "c", address=OTHER)
    assert claimed(db, now) == ["sms: c"]


# -- Who is gone ------------------------------------------------------------------------------------------------------


def test_who_blocks_us_gets_nothing_until_they_write_again(db, now):
    talk(db, now, "a", "b", platform="zalo", address="u1")
    assert sent(db, now, Outcome.refused("gone")) == {"failed": 1}
    assert claimed(db, now) == []
    assert make.open_cases(db) == []
    talk(db, now, "c", platform="zalo", address="u1")
    assert claimed(db, now) == ["chat: b"]


def test_who_is_in_danger_and_gone_is_a_case_all_the_same(db, now):
    talk(db, now, "help", platform="zalo", address="u1")
    sent(db, now, Outcome.refused("gone"))
    assert [(case.danger, case.reason) for case in make.open_cases(db)] == [("red", "words")]


def test_what_waits_for_somebody_who_is_gone_is_given_up_after_a_day(db, now):
    talk(db, now, "a", "b", platform="zalo", address="u1")
    sent(db, now, Outcome.refused("gone"))
    assert sending.let_lapse(db, now + timedelta(hours=23)) == 0
    assert sending.let_lapse(db, now + timedelta(hours=25)) == 1


# -- What is written down ---------------------------------------------------------------------------------------------


def test_when_it_left_its_name_there_and_how_many_they_got_since_they_wrote(db, now):
    talk(db, now, "a", "b", platform="zalo", address="u1")
    later = now + timedelta(minutes=1)
    sent(db, later, Outcome.accepted("m1"))
    [reply] = sending.claim_replies(db, "me", 10, later)
    assert (reply.heard_at, reply.said_since, reply.by_staff) == (now, 1, False)
    with db.reading() as c:
        row = c.execute(select(turns).where(turns.c.provider_ref == "m1")).one()
    assert (row.status, row.sent_at) == ("sent", later)


def written_by_staff(db, now, words="Chị Lan đây") -> None:
    with db.transaction() as c:
        talk_id = c.execute(select(conversations.c.id)).scalar_one()
        c.execute(insert(turns).values(conversation_id=talk_id, direction="out", status="to-send", written_by=7, at=now,
                                       text_sealed=db.seal.seal(words, "turns.text")))


def test_what_staff_write_goes_the_same_way(db, now):
    talk(db, now, "a", platform="zalo", address="u1")
    sent(db, now, Outcome.accepted("1"))
    written_by_staff(db, now)
    [reply] = sending.claim_replies(db, "me", 10, now)
    assert (reply.text, reply.by_staff, reply.choices) == ("Chị Lan đây", True, ())
    sending.record_replies(db, "me", [(reply.turn_id, Outcome.refused("window-closed"))], now)
    assert [case.reason for case in make.open_cases(db)] == [sending.UNSENT]


# -- How long it takes ------------------------------------------------------------------------------------------------


def test_claiming_looks_only_at_what_is_open(db, now):
    """Among a hundred thousand turns of years, only those that wait are read."""
    talk(db, now, "a")
    statements = _statements(db, now)
    assert statements
    for statement, values in statements:
        with db.reading() as c:
            explain = "EXPLAIN QUERY PLAN " if db.dialect == "sqlite" else "EXPLAIN "
            if db.dialect == "postgresql":  # with so few rows it would read them all, whatever indexes there are
                c.execute(text("SET LOCAL enable_seqscan = off"))
            plan = "\n".join(" ".join(map(str, row)) for row in c.exec_driver_sql(explain + statement, values))
        assert "ix_turns_open" in plan
        assert "SCAN turns\n" not in plan


def _statements(db, now):
    """The statement of claiming, as the driver gets it."""
    seen = []

    def note(conn, cursor, statement, parameters, context, many):
        if statement.startswith("UPDATE turns"):
            seen.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    claimed(db, now)
    event.remove(db.engine, "before_cursor_execute", note)
    return seen


def test_where_the_door_cannot_be_looked_at_nothing_is_lost(db, now):
    """A database away for a moment: nothing was handed over, so it is no "nobody can tell"."""
    talk(db, now, "a")
    with pytest.raises(ZeroDivisionError):
        sending.claim_replies(db, "me", 10, now, lambda: 1 / 0)
    assert sending.holders(db) == []
    assert len(sending.claim_replies(db, "me", 10, now + timedelta(minutes=1))) == 1
