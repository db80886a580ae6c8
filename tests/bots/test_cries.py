"""A cry for help is heard whatever stands around it, and a choice or a stop word is never taken for one."""

import pytest

from bots.model import Context, Heard, OptOut


def say(engine, text, **context):
    return engine.respond(Heard(text, context=Context(greeted=True, **context)))


@pytest.mark.parametrize(
    "text",
    [
        "HELP ME", "help em", "🆘", "cuu em voi", "cứu em với",
        "gặp cán bộ em bị nhốt", "gap can bo em bi nhot", "cho em gặp cán bộ em bị nhốt không cho ra",
        "stop no dang danh em",
        "Is this offer real? They pay 3000 and want a deposit. I am already here and they locked me in and hit me",
        "Tuyển gấp lao động đi Đức lương 60 triệu. Bao đậu, không cần tiếng. Em đang bị nhốt trong nhà, cứu em với. "
        "Cọc 30 triệu là bay, ai đi liên hệ Zalo.",
    ],
)
def test_a_cry_is_heard_whatever_stands_around_it(engine, text):
    said = say(engine, text)
    assert said.danger == "red"
    assert any(number in said.reply for number in ("111", "999", "112"))


def test_a_cry_in_the_middle_of_a_pasted_book_is_heard(engine):
    book = "Tôi muốn hỏi thủ tục xin visa Nhật cho cháu. " * 60
    assert say(engine, f"{book} Em đang bị nhốt, cứu em với. {book}").danger == "red"


@pytest.mark.parametrize("text", ["số 2 và số 3", "2", "1", "help", "menu", "cảm ơn", "tạm biệt"])
def test_a_choice_or_a_word_of_thanks_is_no_cry(engine, text):
    offered = ("korea-eps", "agency-check", "deposit")
    assert say(engine, text, offered=offered, topic="korea-eps").danger != "red"


@pytest.mark.parametrize("text", ["stop", "Unsubscribe me please", "từ chối", "TC"])
def test_a_stop_word_is_no_cry_and_holds(engine, text):
    said = say(engine, text)
    assert said.danger != "red"
    assert said.topic == "opt-out"


def test_stop_opts_out(engine):
    assert OptOut() in say(engine, "STOP").effects
