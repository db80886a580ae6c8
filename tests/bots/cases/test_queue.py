"""What waits, in which order, for whose eyes; marks that tell when to look again."""

import pytest

from bots.cases import answering, queue, work
from messages.errors import Mistake
from staff import audit
from tests.bots.cases.people import change_talk, claimed, handed_over, machine_says, minutes, writes

HOURS = 8


def waiting(db, officer):
    return [case.id for case in queue.to_do(db, officer)]


def answered(db, book, case, officer, now, seen=10_000):
    return answering.reply(
        db, case.id, by=officer.id, text="Bạn đang ở đâu?", seen=seen, now=now, silent_hours=HOURS, book=book
    )


def test_danger_first_then_who_waits_longest(db, now, desk):
    asked = handed_over(db, now - minutes(90), who="a", danger="none", reason="asked for a person")
    later = handed_over(db, now - minutes(1), who="b", danger="red")
    sooner = handed_over(db, now - minutes(20), who="c", danger="red")
    amber = handed_over(db, now - minutes(60), who="d", danger="amber", reason="asked for a person")
    assert waiting(db, desk.lan) == [sooner, later, amber, asked]


def test_who_was_answered_waits_again_with_their_next_words(db, now, desk, book):
    first, second = (claimed(db, now + minutes(n), desk.lan, who=who) for n, who in enumerate("ab"))
    answered(db, book, first, desk.lan, now + minutes(5))
    assert waiting(db, desk.lan) == [second.id, first.id]
    assert queue.show(db, desk.lan, first.id).waiting_since is None
    writes(db, now + minutes(6), "ở Anh", who="a")
    writes(db, now + minutes(7), "trong nhà", who="a")
    assert queue.show(db, desk.lan, first.id).waiting_since == now + minutes(6)
    answered(db, book, second, desk.lan, now + minutes(8))
    assert waiting(db, desk.lan) == [first.id, second.id]


def test_what_the_machine_says_ends_nobodys_waiting(db, now, desk):
    case = claimed(db, now, desk.lan)
    machine_says(db, case.conversation_id, now + minutes(1), "Gọi 111")
    assert queue.show(db, desk.lan, case.id).waiting_since == now


def test_no_more_than_asked_for(db, now, desk):
    for who in "abc":
        handed_over(db, now, who=who)
    assert len(queue.to_do(db, desk.lan, limit=2)) == 2


def test_restricted_cases_do_not_exist_for_who_is_not_trained(db, now, desk):
    case = claimed(db, now, desk.hoa, who="a", reason="raped")
    open_to_all = handed_over(db, now, who="b", reason="confined")
    assert waiting(db, desk.lan) == [open_to_all]
    assert (queue.count(db, desk.lan), queue.count(db, desk.hoa)) == (1, 2)
    assert (queue.hidden(db, desk.lan), queue.hidden(db, desk.hoa)) == (1, 0)
    for look in (queue.show, lambda *given: queue.said(*given, now=now)):
        with pytest.raises(Mistake, match="case-unknown"):
            look(db, desk.lan, case.id)
    before = queue.mark(db, desk.lan)
    work.close(db, case.id, by=desk.hoa.id, outcome="referred", version=case.version, now=now + minutes(1))
    assert queue.mark(db, desk.lan) == before
    assert [closed.id for closed in queue.closed(db, desk.hoa)] == [case.id]
    assert queue.closed(db, desk.lan) == []
    assert queue.hidden(db, desk.lan) == 0


def test_a_case_that_never_was_is_unknown(db, desk):
    with pytest.raises(Mistake, match="case-unknown"):
        queue.show(db, desk.hoa, 99)
    assert queue.case_mark(db, 99) == ""


def test_closed_cases_stay_readable_those_closed_last_first(db, now, desk):
    first, second = (claimed(db, now, desk.lan, who=who) for who in "ab")
    for n, case in enumerate((second, first)):
        work.close(db, case.id, by=desk.lan.id, outcome="helped", version=case.version, now=now + minutes(n),
                   words="Đã về nhà.")
    assert [case.id for case in queue.closed(db, desk.minh)] == [first.id, second.id]
    assert waiting(db, desk.minh) == []
    assert [turn.text for turn in queue.said(db, desk.minh, first.id, now=now)] == ["cứu em với"]
    assert queue.events(db, first.id)[-1].text == "Đã về nhà."


def test_reading_is_written_down_once_an_hour_for_each_person_and_case(db, now, desk):
    case, other = (handed_over(db, now, who=who) for who in "ab")
    for after, reader, read in [
        (0, desk.lan, case), (1, desk.lan, case), (59, desk.lan, case), (2, desk.minh, case), (3, desk.lan, other),
        (61, desk.lan, case),
    ]:
        queue.said(db, reader, read, now=now + minutes(after))
    read = [(row.actor, row.object) for row in audit.latest(db) if row.action == "cases.read"]
    assert sorted(read) == sorted([
        (desk.lan.actor, f"case:{case}"), (desk.lan.actor, f"case:{case}"),
        (desk.minh.actor, f"case:{case}"), (desk.lan.actor, f"case:{other}"),
    ])


def test_what_was_said_tells_who_wrote_it(db, now, desk, book):
    case = claimed(db, now, desk.lan, text="ảnh đây")
    machine_says(db, case.conversation_id, now, "Máy nghe rồi")
    answered(db, book, case, desk.lan, now + minutes(1))
    said = queue.said(db, desk.lan, case.id, now=now)
    assert [(turn.direction, turn.written_by) for turn in said] == [("in", None), ("out", None), ("out", desk.lan.id)]
    assert [turn.kind for turn in said] == ["text"] * 3
    assert queue.said(db, desk.lan, case.id, now=now, after=said[1].id) == said[2:]


def test_the_queue_has_another_mark_whenever_it_changed(db, now, desk, book):
    marks = [queue.mark(db, desk.lan)]

    def changed():
        marks.append(queue.mark(db, desk.lan))
        assert len(set(marks)) == len(marks)
        assert queue.mark(db, desk.lan) == marks[-1]

    case_id = handed_over(db, now, danger="amber")
    changed()
    work.claim(db, case_id, by=desk.lan.id, version=0, now=now)
    changed()
    answered(db, book, queue.show(db, desk.lan, case_id), desk.lan, now)
    changed()
    handed_over(db, now + minutes(1), danger="red", reason="beaten")
    changed()
    writes(db, now + minutes(2), "alo", who="a")
    changed()
    work.release(db, case_id, by=desk.lan.id, version=1, now=now)
    changed()
    work.close(db, case_id, by=desk.lan.id, outcome="helped", version=2, now=now)
    changed_to_nothing = queue.mark(db, desk.lan)
    assert changed_to_nothing == marks[0]


def test_a_case_has_another_mark_with_each_turn_and_event(db, now, desk, book):
    case = claimed(db, now, desk.lan)
    marks = [queue.case_mark(db, case.id)]
    for act in (
        lambda: writes(db, now, "alo"),
        lambda: machine_says(db, case.conversation_id, now, "Chào bạn"),
        lambda: work.note(db, case.id, by=desk.lan.id, text="gọi lại sau", now=now),
        lambda: answered(db, book, case, desk.lan, now),
        lambda: work.release(db, case.id, by=desk.lan.id, version=case.version, now=now),
    ):
        act()
        marks.append(queue.case_mark(db, case.id))
    assert len(set(marks)) == len(marks)
    writes(db, now, "chuyện khác", who="another")
    assert queue.case_mark(db, case.id) == marks[-1]


def test_a_case_tells_how_its_person_can_be_reached(db, now, desk):
    case = claimed(db, now, desk.lan, platform="telegram", language="en")
    change_talk(db, case, gone_at=now)
    case = queue.show(db, desk.lan, case.id)
    assert (case.platform, case.language, case.heard_at, case.gone_at) == ("telegram", "en", now, now)
