"""A case is found again by what was said in it, whoever writes accents or not; nobody reads words out of the index."""

import threading

import pytest
from sqlalchemy import select, text

from bots.cases import answering, queue, search, work
from db import migrate
from db.engine import Database
from db.seal import Seal
from db.tables import case_words
from tests.bots.cases.people import NUMBER, claimed, handed_over, machine_says, minutes, writes


def found(db, officer, words, **more):
    search.index(db)
    return [case.id for case in search.search(db, officer, words, **more)]


SAID = "Em bị khoá trong tiệm nail ở Birmingham, chủ giữ hộ chiếu. Đói lắm!"


@pytest.mark.parametrize("words, is_found", [
    ("khoá", True), ("khoa", True), ("KHOÁ", True), ("đói", True), ("doi", True), ("DOI", True),
    ("birmingham", True), ("tiem nail", True), ("nail tiệm", True), ("hộ chiếu giữ", True),
    ("nail london", False), ("nai", False), ("casino", False), ("", False), ("  ", False), ("!?", False),
])  # fmt: skip
def test_all_words_in_any_order_with_or_without_accents(db, now, desk, words, is_found):
    case_id = handed_over(db, now, text=SAID)
    handed_over(db, now, who="b", text="Em muốn hỏi về nail ở London")
    assert (case_id in found(db, desk.lan, words)) is is_found


def test_accents_are_forgiven_on_either_side(db, now, desk):
    without = handed_over(db, now, who="a", text="em bi khoa trong nha")
    with_accents = handed_over(db, now + minutes(1), who="b", text="em bị khoá trong nhà".upper())
    assert found(db, desk.lan, "khoá nhà") == [with_accents, without]


def test_notes_closing_words_and_what_staff_wrote_are_found_but_not_what_the_machine_said(db, now, desk, book):
    case = claimed(db, now, desk.lan)
    machine_says(db, case.conversation_id, now, "Gọi đường dây nóng")
    answering.reply(db, case.id, by=desk.lan.id, text="Chị tên Hạnh", seen=99, now=now, silent_hours=8, book=book)
    work.note(db, case.id, by=desk.lan.id, text="dì ở Leeds", now=now)
    work.close(db, case.id, by=desk.lan.id, outcome="helped", version=case.version, now=now, words="về với cha xứ")
    assert [found(db, desk.minh, words) for words in ("hanh", "leeds", "cha xu", "nong")] == [[case.id]] * 3 + [[]]


def test_numbers_in_what_was_said_are_not_in_the_index(db, now, desk):
    case_id = handed_over(db, now, text="hộ chiếu C1234567 gọi 0912345678 hoặc 999")
    for words in ("C1234567", "0912345678", "999"):
        assert found(db, desk.lan, words) == []
    assert found(db, desk.lan, "hộ chiếu") == [case_id]


def test_nothing_of_what_was_said_can_be_read_out_of_the_index(db, now, desk):
    handed_over(db, now, text=SAID)
    search.index(db)
    with db.reading() as c:
        [kept] = c.execute(select(case_words.c.folded)).scalars()
    digests = kept.split()
    assert len(digests) == len({"em", "bi", "khoa", "trong", "tiem", "nail", "birmingham", "chu", "giu", "ho", "chieu",
                                "doi", "lam"})
    assert digests == sorted(digests)
    assert all(len(digest) == 11 for digest in digests)
    assert not set(digests) & set(SAID.lower().split())


@pytest.mark.parametrize("words", ["{n}", "#{n}", " # {n} "])
def test_by_its_number(db, now, desk, words):
    handed_over(db, now, who="a")
    case_id = handed_over(db, now, who="b")
    assert found(db, desk.lan, words.format(n=case_id)) == [case_id]
    assert found(db, desk.lan, "#999") == []


def test_by_phone_number_in_full_for_who_may_see_numbers(db, now, desk):
    case_id = handed_over(db, now, platform="sms", who=NUMBER)
    assert found(db, desk.hoa, "0912 345 678") == found(db, desk.hoa, NUMBER) == [case_id]
    assert found(db, desk.lan, NUMBER) == []
    assert found(db, desk.hoa, "0912 345 679") == []


def test_restricted_cases_are_found_only_by_the_trained(db, now, desk):
    case_id = handed_over(db, now, text=SAID, reason="raped")
    for words in ("birmingham", f"#{case_id}"):
        assert found(db, desk.lan, words) == []
        assert found(db, desk.hoa, words) == [case_id]


def test_a_hidden_case_takes_no_place_among_those_found(db, now, desk):
    seen = handed_over(db, now, who="a", text=SAID)
    handed_over(db, now + minutes(1), who="b", text=SAID, reason="raped")
    assert found(db, desk.lan, "birmingham", limit=1) == [seen]


def test_newest_first_and_no_more_than_asked_for(db, now, desk):
    cases = [handed_over(db, now + minutes(n), who=str(n), text=SAID) for n in range(3)]
    assert found(db, desk.lan, "birmingham", limit=2) == cases[:0:-1]


def test_the_index_is_brought_up_to_date_with_what_is_new(db, now, desk):
    case_id = handed_over(db, now, text="alo")
    assert (search.index(db), search.index(db)) == (1, 0)
    writes(db, now, "em ở Leeds")
    assert search.search(db, desk.lan, "leeds") == []
    assert (search.index(db), search.index(db)) == (1, 0)
    assert [case.id for case in search.search(db, desk.lan, "leeds alo")] == [case_id]
    work.note(db, case_id, by=desk.lan.id, text="gặp cha", now=now)
    assert (search.index(db), search.index(db)) == (1, 0)


def test_a_long_conversation_comes_in_piece_by_piece(db, now, desk, monkeypatch):
    monkeypatch.setattr(search, "MOST_TURNS", 2)
    case_id = handed_over(db, now, text="một")
    for word in ("hai", "ba", "bốn", "năm"):
        writes(db, now, word)
    assert [search.index(db) for _ in range(4)] == [1, 1, 1, 0]
    assert [case.id for case in search.search(db, desk.lan, "mot hai ba bon nam")] == [case_id]


def test_a_turn_that_cannot_be_opened_keeps_nothing_else_from_being_found(db, now, desk):
    case_id = handed_over(db, now, text=SAID)
    with db.transaction() as c:
        sealed = {"sealed": db.seal.seal("mất", "another.field")}
        c.execute(text("UPDATE turns SET text_sealed = :sealed"), sealed)
    writes(db, now, "em ở Leeds")
    assert found(db, desk.lan, "leeds") == [case_id]


def test_older_words_never_come_over_newer_ones(db, now, desk):
    """Two processes index at once; the one that read first writes last."""
    case_id = handed_over(db, now, text="alo")
    with db.reading() as c:
        [late] = search.found_by.behind(c, 10)
        kept = search._with_news(db, c, late)
    writes(db, now, "em ở Leeds")
    search.index(db)
    with db.transaction() as c:
        search.found_by.keep(c, **kept)
    assert [case.id for case in search.search(db, desk.lan, "leeds")] == [case_id]


def test_many_search_and_index_at_once(db, now, desk):
    cases = [handed_over(db, now + minutes(n), who=str(n), text=SAID) for n in range(4)]
    search._made.discard(db)
    together, wrong = threading.Barrier(4, timeout=20), []

    def look():
        together.wait()
        search._made.discard(db)
        search.index(db)
        ids = [case.id for case in search.search(db, desk.lan, "birmingham")]
        if ids != cases[::-1]:
            wrong.append(ids)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert wrong == []


def test_an_index_that_nothing_keeps_fresh_is_made_again(sqlite_db, now):
    """Such as after a table was rewritten, which takes its triggers away."""
    search.index(sqlite_db)
    with sqlite_db.transaction() as c:
        c.execute(text("DROP TRIGGER case_words_ai"))
    search._made.discard(sqlite_db)
    case_id = handed_over(sqlite_db, now, text=SAID)
    search.index(sqlite_db)
    with sqlite_db.reading() as c:
        digests = search._digests(sqlite_db, "birmingham")
        assert search.found_by.with_words(c, digests, True, 10) == [case_id]


def test_the_schema_is_still_known_as_the_newest_with_the_index_in_place(db, now):
    handed_over(db, now, text=SAID)
    search.index(db)
    assert migrate.upgrade(db) == migrate.newest()


def test_who_has_another_key_cannot_tell_which_word_a_digest_is(sqlite_db):
    another = Database(sqlite_db.engine, Seal([b"another key for tests, thirty-two"]))
    assert search._digests(sqlite_db, "nhà") == search._digests(sqlite_db, "NHA nhả")
    assert search._digests(sqlite_db, "nhà") != search._digests(another, "nhà")


def test_queue_and_search_show_the_same_case(db, now, desk):
    handed_over(db, now, text=SAID)
    search.index(db)
    assert search.search(db, desk.lan, "birmingham") == queue.to_do(db, desk.lan)
