"""A question that names a firm gets what the list says in front of the approved answer, in approved sentences."""

import re

import pytest

from bots.agencies.matching import Directory
from bots.agencies.speaking import Besides, advice, day
from bots.engine import Engine
from bots.model import Context, Heard, phrase_key
from sms import segments
from tests.bots.agencies.firms import directory

QUESTIONS = {
    "cong ty Sovana co phep khong": "licensed",
    "công ty Sovana có giấy phép không ạ": "licensed",
    "is TKC Vietnam licensed": "licensed",
    "cong ty bimisa co phep khong": "revoked",
    "công ty Thiên Mộc Hà có giấy phép không": "suspended",
    "công ty Lam Kinh Việt Nghệ An có giấy phép không": "similar",
    "công ty VINAJOB có giấy phép không": "not-found",
}
GREETED = Context(greeted=True)


@pytest.fixture(scope="module")
def asked(engine, book):
    """The shipped engine with the made-up list."""
    where = directory()
    return Engine(book, engine.router, engine.alarm, Besides(lambda: where))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("channel", ["chat", "sms"])
def test_what_the_list_says_stands_in_the_reply(asked, book, question, channel):
    said = asked.respond(Heard(question, channel, None, GREETED))
    assert said.topic == "agency-check"
    assert said.why[0] == f"agency: {QUESTIONS[question]}"
    assert day("2026-11-15", said.language) in said.reply
    assert "dolab.gov.vn" in said.reply
    if channel == "chat":
        answer = book.answer("agency-check", said.language).chat
        assert said.reply.endswith(answer) and said.reply != answer
        assert "Danh sách bịa" in said.reply
    else:
        assert segments.count(said.reply).segments <= 2
        assert re.search("Danh s[aá]ch b[iị]a", said.reply)


def test_a_similar_name_is_said_to_be_no_match(asked):
    said = asked.respond(Heard("công ty Sovana Nghệ An có giấy phép không", "chat", None, GREETED))
    assert said.why[0] == "agency: similar"
    assert "gần giống" in said.reply and "được cấp phép." not in said.reply.split("\n\n")[0]


def test_a_question_that_names_nobody_is_answered_as_before(asked, engine):
    for text in ("công ty này có giấy phép không", "is this agency licensed", "đi xuồng có nguy hiểm không"):
        heard = Heard(text, "chat", None, GREETED)
        assert asked.respond(heard) == engine.respond(heard)


def test_no_list_is_said_too(engine, book):
    empty = Engine(book, engine.router, engine.alarm, Besides(lambda: Directory(None)))
    said = empty.respond(Heard("công ty VINAJOB có giấy phép không", "chat", None, GREETED))
    assert said.why[0] == "agency: no-list"
    assert said.reply.startswith(book.phrase("agency_no_list", "vi", "chat"))


def test_what_is_not_adopted_is_not_said(asked, book, engine):
    """The phrases are adopted like every other one."""
    heard = Heard("công ty Sovana có giấy phép không", "chat", None, GREETED, may_say=frozenset({"agency-check"}))
    assert asked.respond(heard).reply == engine.respond(heard).reply
    both = heard.may_say | {phrase_key("agency_licensed")}
    heard = Heard(heard.text, "chat", None, GREETED, may_say=both)
    assert "SOVANA" in asked.respond(heard).reply


def test_the_directory_is_asked_only_for_such_questions(engine, book):
    def nobody():
        raise AssertionError("no firm was asked about")

    quiet = Engine(book, engine.router, engine.alarm, Besides(nobody))
    assert quiet.respond(Heard("đi xuồng có nguy hiểm không")).reply


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_verdict_has_its_advice(book, language):
    where = directory()
    told = {advice(book, language, where.find(name)) for name in ("sovana", "bimisa", "Thiên Mộc Hà", "Sovana 2", "qq")}
    told.add(advice(book, language, Directory(None).find("sovana")))
    assert len(told) == 6
    assert all("www.dolab.gov.vn" in text and "{" not in text for text in told)


def test_long_names_fit_an_sms(engine, book):
    where = directory()
    long = [type(one)(one.name * 4, one.also, one.licence, one.address, one.status) for one in where.agencies]
    info = type(where.info)(1, "2026-11-15", "nguồn " * 30, where.info.loaded_at, len(long))
    big = Engine(book, engine.router, engine.alarm, Besides(lambda: Directory(info, long)))
    for text in ("cong ty Sovana co phep khong", "công ty Sovana có giấy phép không", "is TKC Vietnam licensed"):
        said = big.respond(Heard(text, "sms"))
        assert said.why[0] == "agency: licensed"
        assert segments.count(said.reply).segments <= 2
