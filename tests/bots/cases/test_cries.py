"""What somebody cried stays before the eyes of the staff, whatever they write after it; a new case has its own cry."""

from datetime import timedelta

from bots.cases import talks, work
from bots.model import OpenCase, Said
from tests import make
from tests.bots.fake_engine import Echo
from tests.bots.talking import talk


class InDanger(Echo):
    """Whatever is said, somebody is in danger."""

    def respond(self, heard):
        return Said(topic=None, confidence=1.0, danger="red", language="vi", reply=f"111 ({heard.text})",
                    effects=(OpenCase("red", "cry"),))


def say(db, now, *texts):
    talk(db, now, *texts, engine=InDanger(), platform="zalo", address="u1")


def shown(db):
    [case] = make.open_cases(db)
    return case, talks.cries(db, [case.conversation_id])[case.conversation_id]


def test_the_first_words_are_shown_and_the_newest_help_line(db, now):
    say(db, now, "cứu em với, em bị nhốt", "51.5072, -0.1276", "em ở Svay Riêng")
    _, cry = shown(db)
    assert (cry.words, cry.told) == ("cứu em với, em bị nhốt", "111 (em ở Svay Riêng)")


def test_after_a_case_was_closed_the_new_cry_counts(db, now, desk):
    say(db, now, "cứu em với")
    case, _ = shown(db)
    later = now + timedelta(hours=1)
    work.close(db, case.id, by=desk.hoa.id, outcome="helped", version=case.version, now=later)
    assert talks.cries(db, [case.conversation_id])[case.conversation_id].words == "cứu em với"
    say(db, later + timedelta(minutes=1), "họ lại nhốt em rồi", "em sợ lắm")
    assert shown(db)[1].words == "họ lại nhốt em rồi"
