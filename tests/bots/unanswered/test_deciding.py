"""What people make of a group: nothing changes what the bot says before another person has approved it."""

import pytest

from bots import engine, learning, tables
from bots.answering import living, versions
from bots.both import BothLanguages
from bots.engine import lesson_of, questions
from bots.outside import lines as outside
from bots.router import OUTSIDE
from bots.unanswered import deciding, showing
from messages.errors import Mistake
from staff import audit
from tests.bots.answering.writing import TODAY, people, shipped
from tests.bots.unanswered.asking import LICENCE, Deaf, ask, collect
from tests.conftest import NOW

DEAF = Deaf(shipped())
TOPIC = "deposit"
LINES = LICENCE[:4]
LATE = LICENCE[4]


@pytest.fixture
def group_id(db):
    for person, text in enumerate(LICENCE):
        ask(db, DEAF, text, person=f"p{person}")
    collect(db, shipped())
    return showing.groups(db, now=NOW)[0].id


@pytest.fixture
def staff(db):
    return people(db)


def group(db, group_id):
    return showing.group(db, group_id, now=NOW)


def example(db, group_id, by, *, topic=TOPIC, lines=LINES):
    return deciding.make_example(db, shipped(), group_id, topic=topic, lines=lines, by=by, today=TODAY, now=NOW)


def approve(db, version_id, by):
    reading = versions.show(db, shipped(), version_id, today=TODAY).reading
    versions.approve(db, shipped(), version_id, digest=reading, today=TODAY, by=by, now=NOW)


def withdraw(db, version_id, by):
    versions.withdraw(db, version_id, note="thử lại", by=by, now=NOW)


def settled(db):
    return deciding.settle(db, living.living(db, shipped()), now=NOW)


def code(call):
    with pytest.raises(Mistake) as caught:
        call()
    return caught.value.code


KNOWN = (TOPIC, "korea-eps", "hotline-vn", "talk-to-human")


def small(book):
    """What the bot would learn of a few topics of `book`, learnt in a moment."""
    lines = [(text, topic) for text, topic in questions(book) if topic in KNOWN]
    outside_lines = [(text, OUTSIDE) for text in (*tables.background()[:300], *book.outside)]
    return BothLanguages.train([*lines, *outside_lines])


def answered(router, text):
    """The topic it is answered with, None when it is refused or asked back."""
    route = router.route(text)
    return route.topics[0] if route.verdict == "answer" else None


def test_five_wordings_become_examples_and_the_bot_answers(db, group_id, staff):
    """The walk: asked by five, one group, an example by one officer, approved by another, then it is understood."""
    author, approver, _ = staff
    assert answered(small(living.living(db, shipped())), LATE) != TOPIC
    version_id = example(db, group_id, author)
    assert living.living(db, shipped()).digest == shipped().digest, "nothing before approval"
    assert group(db, group_id).under_way
    assert code(lambda: approve(db, version_id, author)) == "answer-own"
    assert settled(db) == {}
    approve(db, version_id, approver)
    assert settled(db) == {"done": 1}
    assert group(db, group_id).status == "done"
    book = living.living(db, shipped())
    assert set(LINES) <= set(book.answer(TOPIC, "vi").questions)
    assert answered(small(book), LATE) == TOPIC


def test_asked_again_after_the_change_is_shown(db, group_id, staff):
    author, approver, _ = staff
    approve(db, example(db, group_id, author), approver)
    settled(db)
    assert group(db, group_id).since == 0
    ask(db, DEAF, LICENCE[0], person="again", at=NOW.replace(hour=5))
    collect(db, shipped(), after=NOW.replace(hour=6) - NOW)
    assert (group(db, group_id).since, group(db, group_id).status) == (1, "done")


def test_an_example_given_up_opens_the_group_again(db, group_id, staff):
    version_id = example(db, group_id, staff[0])
    withdraw(db, version_id, staff[0])
    assert settled(db) == {"lapsed": 1}
    assert (group(db, group_id).status, group(db, group_id).decision) == ("open", None)


def test_a_live_example_taken_back_opens_it_too(db, group_id, staff):
    version_id = example(db, group_id, staff[0])
    approve(db, version_id, staff[1])
    settled(db)
    withdraw(db, version_id, staff[1])
    assert settled(db) == {"lapsed": 1}
    assert group(db, group_id).status == "open"


def test_lines_join_the_version_somebody_works_on(db, group_id, staff):
    ask(db, DEAF, "hàng xóm hỏi chuyện khác hẳn về nuôi tôm hùm", person="other")
    collect(db, shipped())
    other = next(each.id for each in showing.groups(db, now=NOW) if each.id != group_id)
    first = example(db, group_id, staff[0])
    assert example(db, other, staff[1], lines="nuôi tôm hùm ở đó ra sao") == first
    shown = versions.show(db, shipped(), first, today=TODAY).version
    assert shown.status == "submitted"
    assert {*LINES, "nuôi tôm hùm ở đó ra sao"} <= set(shown.content.answer.questions)
    assert versions.authors(db, first) == {staff[0], staff[1]}


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ("", "lines-missing"),
        ("gọi … để đi", "line-hidden"),
        ("gọi 0912345678 để đi", "line-personal"),
        ("em tên Hùng hỏi bằng lái", "line-personal"),
        ("x " * 150, "line-too-long"),
        ("\n".join(f"câu hỏi số {n}" for n in range(21)), "lines-too-many"),
        ("12 34", "line-hidden"),
    ],
)
def test_lines_that_are_not_taken(db, group_id, staff, lines, wrong):
    assert code(lambda: example(db, group_id, staff[0], lines=lines)) == wrong
    assert group(db, group_id).decision is None


def test_decided_once(db, group_id, staff):
    deciding.ignore(db, group_id, by=staff[0], now=NOW)
    assert group(db, group_id).status == "ignored"
    assert code(lambda: example(db, group_id, staff[0])) == "questions-decided"
    assert code(lambda: deciding.ignore(db, group_id, by=staff[0], now=NOW)) == "questions-decided"
    deciding.reopen(db, group_id, by=staff[0], now=NOW)
    assert group(db, group_id).status == "open"
    assert code(lambda: deciding.reopen(db, group_id, by=staff[0], now=NOW)) == "questions-open"
    assert code(lambda: deciding.ignore(db, 999, by=staff[0], now=NOW)) == "questions-unknown"


def test_who_asks_the_same_joins_what_was_set_aside(db, group_id, staff):
    deciding.ignore(db, group_id, by=staff[0], now=NOW)
    ask(db, DEAF, LICENCE[1], person="again")
    collect(db, shipped())
    assert [each.id for each in showing.groups(db, now=NOW)] == [group_id]
    assert (group(db, group_id).status, group(db, group_id).asked) == ("ignored", 6)


def mark(db, group_id, by, lines=LINES, mind=DEAF):
    deciding.mark_outside(db, mind, group_id, lines=lines, by=by, now=NOW)
    return [line.id for line in outside.waiting(db)]


def test_outside_lines_are_learnt_once_another_person_approved(db, group_id, staff):
    author, approver, _ = staff
    ids = mark(db, group_id, author)
    before, stamp = living.living(db, shipped()), living.stamp(db)
    assert before.outside == ()
    assert code(lambda: deciding.approve_outside(db, DEAF, ids, by=author, now=NOW)) == "outside-line-own"
    deciding.approve_outside(db, DEAF, ids, by=approver, now=NOW)
    after = living.living(db, shipped())
    assert after.outside == LINES
    assert (after.digest, living.stamp(db), lesson_of(after)) != (before.digest, stamp, lesson_of(before))
    assert lesson_of(after) != lesson_of(before), "it is learnt anew"
    assert group(db, group_id).status == "outside"
    assert answered(small(after), LINES[0]) is None
    assert {(text, OUTSIDE) for text in LINES} <= set(engine._lines(after))


def test_outside_lines_withdrawn_are_forgotten(db, group_id, staff):
    ids = mark(db, group_id, staff[0])
    deciding.approve_outside(db, DEAF, ids, by=staff[1], now=NOW)
    assert code(lambda: deciding.reopen(db, group_id, by=staff[0], now=NOW)) == "questions-lines-stand"
    deciding.withdraw_outside(db, ids, by=staff[1], now=NOW)
    assert living.living(db, shipped()).digest == shipped().digest
    assert (group(db, group_id).status, group(db, group_id).decision) == ("open", None)
    assert code(lambda: deciding.withdraw_outside(db, ids, by=staff[1], now=NOW)) == "outside-line-decided"


def test_outside_lines_returned_leave_the_group_open(db, group_id, staff):
    ids = mark(db, group_id, staff[0])
    deciding.return_outside(db, ids, by=staff[1], now=NOW)
    assert living.living(db, shipped()).outside == ()
    assert group(db, group_id).decision is None
    assert code(lambda: deciding.approve_outside(db, DEAF, [*ids, 99], by=staff[1], now=NOW)) == "outside-line-unknown"


def test_what_is_ours_is_never_outside(db, group_id, staff):
    ours = shipped().answer(TOPIC, "vi").questions[0]
    sure = Deaf(shipped(), bằng=TOPIC)
    assert code(lambda: mark(db, group_id, staff[0], [ours.upper()])) == "line-is-example"
    assert code(lambda: mark(db, group_id, staff[0], ["cứu em với"])) == "line-is-danger"
    assert code(lambda: mark(db, group_id, staff[0], LINES, mind=sure)) == "line-is-answered"
    assert outside.waiting(db) == []
    ids = mark(db, group_id, staff[0])
    assert code(lambda: deciding.approve_outside(db, sure, ids, by=staff[1], now=NOW)) == "line-is-answered"


def test_a_new_answer_begun_from_the_group(db, group_id, staff):
    deciding.drafted(db, group_id, topic="uk-driving", by=staff[0], now=NOW)
    assert (group(db, group_id).decision, group(db, group_id).topic) == ("draft", "uk-driving")
    assert settled(db) == {"lapsed": 1}, "nobody wrote it"


def test_every_step_is_in_the_audit(db, group_id, staff):
    approve(db, example(db, group_id, staff[0]), staff[1])
    settled(db)
    deciding.reopen(db, group_id, by=staff[0], now=NOW)
    ids = mark(db, group_id, staff[0], [LATE])
    deciding.approve_outside(db, DEAF, ids, by=staff[1], now=NOW)
    with db.reading() as c:
        steps = [action for action, _ in audit.steps(c, f"questions:{group_id}")]
    assert steps == ["questions.example", "questions.done", "questions.reopen", "outside.submit", "outside.approve"]
    assert not any(LATE in row.detail for row in audit.latest(db))


def test_an_outside_line_never_teaches_the_ear_what_is_harmless(monkeypatch):
    """However many are approved: whoever cries for help in such words is heard as before."""
    monkeypatch.setattr(learning.Alarm, "learn", lambda lesson: lesson.texts)
    ours = [("phí đi hàn bao nhiêu", TOPIC), *((text, OUTSIDE) for text in tables.background()[:9])]
    silencing = [(f"họ giữ em lại không cho về {n}", OUTSIDE) for n in range(8)]
    assert learning.learn_part("alarm", [*ours, *silencing]) == learning.learn_part("alarm", ours)
