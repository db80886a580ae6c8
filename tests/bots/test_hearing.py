"""Whatever kind of turn comes, it is answered with sentences of the Book."""

import pytest

from bots import hearing
from bots.hearing import PHRASES, Turn, judgement, think
from bots.model import Context, OpenCase
from sms import segments
from tests.bots.approved import Approved

NOT_TEXT = ("image", "sticker", "voice", "file", "other", "location")


def thought(engine, kind, text="", *, channel="chat", language="vi", may_say=None, **known):
    context = Context(greeted=True, language=language)
    return think(engine, Turn(kind, text, channel, context, may_say, **known))


def test_the_book_has_every_sentence_that_is_said_here(book):
    for language in ("vi", "en"):
        assert set(PHRASES) <= set(book.phrases[language])


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("channel", ["chat", "sms"])
@pytest.mark.parametrize("in_danger", [False, True], ids=["calm", "in danger"])
def test_what_cannot_be_read_is_answered_with_how_to_be_understood_and_whom_to_call(
    engine, book, language, channel, in_danger
):
    approved = Approved(book)
    for kind in NOT_TEXT:
        said = thought(engine, kind, channel=channel, language=language, in_danger=in_danger).said
        assert "111" in said.reply
        assert approved.left_over(said.reply) == ""
        assert channel == "chat" or segments.count(said.reply).segments == 1
        assert said.danger == ("red" if in_danger else "none")


def test_a_place_sent_by_somebody_in_danger_calls_a_person(engine):
    assert thought(engine, "location", "18.67, 105.69", in_danger=True).said.effects == (OpenCase("red", "location"),)
    assert thought(engine, "location", "18.67, 105.69").said.effects == ()
    assert thought(engine, "image", in_danger=True).said.effects == ()


def test_in_danger_it_is_said_whatever_is_adopted_else_not(engine):
    assert thought(engine, "image", may_say=frozenset(), in_danger=True).said.reply
    assert thought(engine, "image", may_say=frozenset()).said.reply == ""


def test_words_that_come_with_a_picture_are_read(engine):
    assert thought(engine, "image", "làm hộ chiếu ở đâu").said.topic == "passport-apply"


@pytest.mark.parametrize(("language", "begins"), [("vi", "chào bạn"), ("en", "hello")])
def test_who_follows_us_is_greeted_in_their_language(engine, language, begins):
    turn = Turn("follow", "", "chat", Context(language=language), None)
    said = think(engine, turn).said
    assert (said.topic, said.language) == ("greeting", language)
    assert begins in said.reply.lower()


def test_nobody_is_called_because_the_greeting_is_not_adopted(engine):
    said = thought(engine, "follow", may_say=frozenset()).said
    assert (said.reply, said.effects, said.context.greeted) == ("", (), True)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("channel", ["chat", "sms"])
def test_who_was_helped_is_thanked_and_who_was_not_hears_what_else_there_is(engine, book, language, channel):
    approved = Approved(book)
    thanks = book.phrase("judged_thanks", language, "chat" if channel == "chat" else "sms")
    assert thought(engine, "helpful", channel=channel, language=language).said.reply == thanks
    said = thought(engine, "unhelpful", channel=channel, language=language).said
    assert said.topic == hearing.NOT_HELPFUL
    assert len(said.reply) > len(thanks)
    assert approved.left_over(said.reply) == ""
    assert channel == "chat" or segments.count(said.reply).segments <= 2


@pytest.mark.parametrize(
    ("text", "helpful"),
    [("Hữu ích!", True), ("huu ich", True), ("Helpful.", True), ("Không hữu ích", False), ("not helpful", False),
     ("ko huu ich", False), ("hữu ích cho ai", None), ("cảm ơn", None), ("không", None),
     ("thông tin này sai rồi", None), ("không hữu ích " * 9, None), ("", None)],
)
def test_words_that_judge(text, helpful):
    assert judgement(text) is helpful


def test_words_judge_only_where_there_is_an_answer_to_judge(engine):
    assert thought(engine, "text", "không hữu ích").judged is None
    assert thought(engine, "text", "không hữu ích", last_answer=7).judged == (7, False)
    assert thought(engine, "text", "hữu ích", last_answer=7).judged == (7, True)
    assert thought(engine, "text", "làm hộ chiếu ở đâu", last_answer=7).judged is None
