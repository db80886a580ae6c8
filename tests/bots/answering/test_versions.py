"""An answer is written by one person, approved by another on exactly what they read, and taken back."""

import threading

import pytest

from bots.answering import living, versions
from bots.answering.model import Status
from messages.errors import Mistake
from staff import audit
from tests.bots.answering.writing import TODAY, TOPIC, WORDS, begun, changed, live, now_said, people, shipped, submitted
from tests.conftest import NOW


def code(call):
    with pytest.raises(Mistake) as caught:
        call()
    return caught.value.code


def approve(db, version_id, digest, by):
    versions.approve(db, shipped(), version_id, digest=digest, today=TODAY, by=by, now=NOW)


def edit(db, version_id, by, expected, **parts):
    versions.edit(db, version_id, content=changed(**parts), expected=expected, by=by, now=NOW)


def status(db, version_id):
    return versions.show(db, shipped(), version_id, today=TODAY).version.status


def said(db, topic=TOPIC, language="vi"):
    return living.living(db, shipped()).answer(topic, language).chat


def test_the_walk_of_an_answer(db):
    author, approver, _ = people(db)
    version_id = begun(db, author)
    assert said(db) == now_said().answer.chat
    digest = versions.submit(db, shipped(), version_id, today=TODAY, by=author, now=NOW)
    assert code(lambda: approve(db, version_id, digest, author)) == "answer-own"
    assert code(lambda: approve(db, version_id, digest, None)) == "answer-own"
    before = living.stamp(db)
    approve(db, version_id, digest, approver)
    assert said(db) == WORDS
    assert living.stamp(db) != before
    versions.withdraw(db, version_id, note="Sở báo đổi", by=approver, now=NOW)
    assert said(db) == now_said().answer.chat
    with db.reading() as c:
        done = [action for action, _ in audit.steps(c, f"answer:{version_id}")]
    assert done == ["answers.write", "answers.submit", "answers.approve", "answers.withdraw"]


def test_the_digest_of_the_book_says_what_it_says(db):
    author, approver, _ = people(db)
    assert living.living(db, shipped()).digest == shipped().digest
    version_id = live(db, author, approver)
    assert living.living(db, shipped()).digest != shipped().digest
    versions.withdraw(db, version_id, note="x", by=author, now=NOW)
    assert living.living(db, shipped()).digest == shipped().digest


def test_who_changed_or_submitted_it_does_not_approve_it(db):
    author, second, third = people(db)
    version_id = begun(db, author)
    edit(db, version_id, second, changed().digest, chat="Chỉ COLAB tuyển. Không qua môi giới.")
    digest = versions.submit(db, shipped(), version_id, today=TODAY, by=third, now=NOW)
    assert versions.authors(db, version_id) == {author, second, third}
    for each in (author, second, third):
        assert code(lambda each=each: approve(db, version_id, digest, each)) == "answer-own"


def test_an_edit_after_submitting_asks_to_be_submitted_again(db):
    author, approver, _ = people(db)
    version_id, read = submitted(db, author)
    edit(db, version_id, author, changed().digest, chat="Chỉ COLAB tuyển. Không qua môi giới.")
    assert status(db, version_id) == Status.DRAFT
    assert code(lambda: approve(db, version_id, read, approver)) == "answer-not-submitted"
    versions.submit(db, shipped(), version_id, today=TODAY, by=author, now=NOW)
    assert code(lambda: approve(db, version_id, read, approver)) == "answer-changed-meanwhile"
    assert said(db) == now_said().answer.chat


def test_an_approval_is_of_what_it_replaces_too(db):
    """The approver read the difference from the shipped words; a release brings other ones."""
    author, approver, _ = people(db)
    version_id, read = submitted(db, author)
    newer = living.overlaid(shipped(), {(TOPIC, "vi"): changed(chat="Bản mới của bản phát hành.")})
    refused = code(lambda: versions.approve(db, newer, version_id, digest=read, today=TODAY, by=approver, now=NOW))
    assert refused == "answer-changed-meanwhile"


def test_two_writers_are_told_and_nothing_is_lost(db):
    author, second, _ = people(db)
    version_id = begun(db, author)
    assert code(lambda: begun(db, second)) == "answer-being-written"
    edit(db, version_id, second, changed().digest, chat="Của người thứ hai.")
    late = code(lambda: edit(db, version_id, author, changed().digest, chat="Của người thứ nhất."))
    assert late == "answer-changed-meanwhile"
    assert versions.show(db, shipped(), version_id, today=TODAY).version.content.answer.chat == "Của người thứ hai."


def test_a_draft_of_old_words_is_told(db):
    author, approver, _ = people(db)
    live(db, author, approver)
    base = now_said()
    late = code(lambda: versions.draft(db, shipped(), topic=TOPIC, language="vi", content=changed(chat="Khác"),
                                       base=base.digest, by=author, now=NOW))  # fmt: skip
    assert late == "answer-changed-meanwhile"


def test_what_does_not_differ_is_no_version(db):
    assert code(lambda: begun(db, None, chat=now_said().answer.chat)) == "answer-unchanged"


def test_a_language_we_do_not_have(db):
    with pytest.raises(Mistake) as caught:
        versions.draft(db, shipped(), topic=TOPIC, language="fr", content=changed(), by=None, now=NOW)
    assert "fr" in caught.value.sentence("vi")


@pytest.mark.parametrize("name", ["Korea", "a b", "-x", "new", "due", "x" * 41, "", "hàn"])
def test_a_topic_needs_a_name_for_addresses(db, name):
    begin = {"language": "vi", "content": changed(), "by": None, "now": NOW}
    refused = code(lambda: versions.draft(db, shipped(), topic=name, **begin))
    assert refused == "topic-name-wrong"


@pytest.mark.parametrize(
    "parts",
    [
        {"sms_unaccented": "x" * 307},
        {"sms_unaccented": "Có dấu"},
        {"sources": ("no-such-fact",)},
        {"chat": "Gọi 0909 123 456 hoặc xem www.la.example"},
        {"expires": TODAY.replace(year=2025)},
        {"questions": ("gọi số nào khi bị lừa đi nước ngoài",)},
        {"chat": ""},
    ],
    ids=lambda parts: next(iter(parts)),
)
def test_what_is_not_in_order_is_kept_but_not_submitted(db, parts):
    version_id = begun(db, None, **parts)
    refused = code(lambda: versions.submit(db, shipped(), version_id, today=TODAY, by=None, now=NOW))
    assert refused == "answer-not-in-order"
    shown = versions.show(db, shipped(), version_id, today=TODAY)
    assert any(remark.blocking for remark in shown.remarks)
    assert all(remark.finding.sentence(language) for remark in shown.remarks for language in ("vi", "en"))


def test_few_questions_are_advice(db):
    version_id, _ = submitted(db, None, questions=now_said().answer.questions[:3])
    shown = versions.show(db, shipped(), version_id, today=TODAY)
    assert [(remark.finding.code, remark.blocking) for remark in shown.remarks] == [("check-few-questions", False)]


def test_what_expired_while_it_waited_is_not_approved(db):
    author, approver, _ = people(db)
    version_id, digest = submitted(db, author)
    later = {"today": now_said().answer.expires.replace(year=2030), "by": approver, "now": NOW}
    refused = code(lambda: versions.approve(db, shipped(), version_id, digest=digest, **later))
    assert refused == "answer-not-in-order"


def test_a_new_topic_is_used_once_both_languages_are_live(db):
    author, approver, _ = people(db)
    for language, used in (("vi", False), ("en", True)):
        parts = {"title": f"Mới {language}", "questions": (f"chu de moi tinh {language}",)}
        content = changed(now_said(language=language), **parts)
        version_id = versions.draft(db, shipped(), topic="new-thing", language=language, content=content, by=author,
                                    now=NOW)  # fmt: skip
        digest = versions.submit(db, shipped(), version_id, today=TODAY, by=author, now=NOW)
        approve(db, version_id, digest, approver)
        assert ("new-thing" in living.living(db, shipped()).topics) is used


def test_two_languages_in_two_groups_are_told(db):
    first = changed(title="Mới", questions=("chu de moi",))
    versions.draft(db, shipped(), topic="new-thing", language="vi", content=first, by=None, now=NOW)
    other = changed(now_said("debt-trouble", "en"), title="New", questions=("brand new topic",))
    second = versions.draft(db, shipped(), topic="new-thing", language="en", content=other, by=None, now=NOW)
    found = versions.show(db, shipped(), second, today=TODAY).remarks
    assert "content-groups-differ" in {remark.finding.code for remark in found if remark.blocking}


def test_returned_with_a_reason_and_written_on(db):
    author, approver, _ = people(db)
    version_id, _ = submitted(db, author)
    assert code(lambda: versions.return_to_author(db, version_id, note=" ", by=approver, now=NOW)) == (
        "answer-reason-missing"
    )
    versions.return_to_author(db, version_id, note="Thiếu giờ gọi", by=approver, now=NOW)
    shown = versions.show(db, shipped(), version_id, today=TODAY).version
    assert (shown.status, shown.note) == (Status.RETURNED, "Thiếu giờ gọi")
    edit(db, version_id, author, changed().digest, chat="Chỉ COLAB tuyển.")
    assert status(db, version_id) == Status.DRAFT


def test_a_second_version_replaces_the_first(db):
    author, approver, _ = people(db)
    first = live(db, author, approver)
    base = versions.show(db, shipped(), first, today=TODAY).version.content
    second = versions.draft(db, shipped(), topic=TOPIC, language="vi", content=changed(base, chat="Lời thứ hai."),
                            base=base.digest, by=author, now=NOW)  # fmt: skip
    digest = versions.submit(db, shipped(), second, today=TODAY, by=author, now=NOW)
    approve(db, second, digest, approver)
    assert [(each.number, each.status) for each in versions.history(db, TOPIC, "vi")] == [(2, "live"), (1, "replaced")]
    assert code(lambda: versions.withdraw(db, first, note="x", by=author, now=NOW)) == "answer-decided"
    assert code(lambda: edit(db, first, author, base.digest, chat="x")) == "answer-decided"


def at_once(*calls):
    """What each raised, or None; all begin together."""
    start, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        start.wait()
        try:
            call()
        except Mistake as mistake:
            results[place] = mistake.code

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_approvals_at_once_count_once(db):
    author, second, third = people(db)
    version_id, digest = submitted(db, author)
    found = at_once(*(lambda by=by: approve(db, version_id, digest, by) for by in (second, third)))
    assert sorted(found, key=str) == [None, "answer-not-submitted"]
    with db.reading() as c:
        done = [action for action, _ in audit.steps(c, f"answer:{version_id}")]
    assert done.count("answers.approve") == 1


def test_an_edit_and_an_approval_at_once(db):
    """Either the words that were read are live, or nothing is."""
    author, approver, third = people(db)
    version_id, digest = submitted(db, author)
    at_once(
        lambda: approve(db, version_id, digest, approver),
        lambda: edit(db, version_id, third, changed().digest, chat="Lời chưa ai đọc."),
    )
    assert said(db) == (WORDS if status(db, version_id) == Status.LIVE else now_said().answer.chat)


def test_two_drafts_at_once_make_one(db):
    found = at_once(*(lambda: begun(db, None) for _ in range(2)))
    assert sorted(found, key=str) == [None, "answer-being-written"]
    assert len(versions.under_way(db)) == 1
