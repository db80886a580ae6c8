"""An offer pasted into a conversation: the signs with the person's own words, then the answer about offers."""

from types import SimpleNamespace

import pytest

from bots.model import Context, Heard, phrase_key
from bots.normalise import normalise
from bots.offers.hearing import with_offer
from bots.offers.saying import MOST, flag_key
from bots.triage import Danger
from bots.understanding import Understood
from sms import segments

ADVERT = ("Tuyển gấp 20 nam nữ đi Úc hái quả, lương 90tr/tháng, không cần tiếng, bao đậu visa 100%. "
          "Cọc trước 30 triệu giữ chỗ, ib em nhé")
ENGLISH = ("Please check this: urgent hiring in Canada! Go on a tourist visa first, then we change it to a work "
           "permit. Pay a deposit of 3000 USD to my personal account to keep your place. Only 2 left, decide today.")
GOOD = ("Xem giúp em: Công ty Cổ phần Nhân lực Sông Lam (giấy phép số 123/LĐTBXH-GP) tuyển 20 nữ đơn hàng chế biến "
        "thực phẩm tại Nhật Bản. Lương cơ bản 30 triệu đồng/tháng. Phỏng vấn ngày 12/12 tại trụ sở.")
GREETED = Context(greeted=True)
CHECK = "job-offer-check"


def say(engine, text, channel="chat", may_say=None, context=GREETED):
    return engine.respond(Heard(text, channel, None, context, may_say))


def test_a_pasted_advert_is_answered_with_its_signs(engine):
    said = say(engine, ADVERT)
    flags = engine.book.flags["vi"]
    assert said.topic == CHECK
    assert f"“Cọc trước 30 triệu giữ chỗ”: {flags['deposit-first'].reason} {flags['deposit-first'].ask}" in said.reply
    assert "“lương 90tr”" in said.reply
    assert engine.book.answer(CHECK, "vi").chat in said.reply
    assert said.reply.count("• “") == MOST
    assert "offer: deposit-first" in said.why and "offer: guaranteed" in said.why


def test_the_gravest_sign_stands_first(engine):
    shown = [line for line in say(engine, ADVERT).reply.splitlines() if line.startswith("•")]
    assert "Cọc trước" in shown[0]


def test_an_english_offer_is_answered_in_english(engine):
    said = say(engine, ENGLISH)
    assert (said.topic, said.language) == (CHECK, "en")
    assert engine.book.flags["en"]["tourist-then-work"].reason in said.reply
    assert "“personal account”" in said.reply or "“my personal account”" in said.reply


@pytest.mark.parametrize("text", [ADVERT, ENGLISH, GOOD, ADVERT.replace("ọ", "o")])
def test_by_sms_the_strongest_sign_in_two_segments(engine, text):
    said = say(engine, text, "sms")
    assert said.topic == CHECK
    assert segments.count(said.reply).segments <= 2
    assert said.reply.count('":') <= 1


def test_an_sms_quotes_the_words(engine):
    reply = say(engine, ENGLISH, "sms").reply
    assert engine.book.flags["en"]["tourist-then-work"].sms in reply


def test_nothing_found_is_no_proof(engine):
    said = say(engine, GOOD)
    assert said.topic == CHECK
    assert said.reply.startswith(engine.book.phrase("offer_nothing", "vi", "chat", signs=""))
    assert engine.book.phrase("offer_nothing", "vi", "sms-accented", signs="") == say(engine, GOOD, "sms").reply


@pytest.mark.parametrize("text", ["is this offer ok?", "offer này ổn không ạ", "xem giúp em tin tuyển dụng này với"])
def test_an_offer_that_is_not_shown_is_asked_for(engine, text):
    said = say(engine, text)
    assert said.topic == CHECK
    assert said.reply == engine.book.answer(CHECK, said.language).chat


def test_a_long_advert_is_read_though_it_is_too_long_for_a_question(engine):
    found = with_offer(engine.book, Heard(ADVERT), Understood("long", normalise(ADVERT), "vi", Danger("none")))
    assert (found.intent, found.route.topics[0]) == ("topic", CHECK)
    assert "deposit-first" in {sign.flag for sign in found.offer.signs}


def test_danger_comes_first(engine):
    said = say(engine, "em đang bị nhốt ở Campuchia, họ giữ hộ chiếu, bắt gõ phím trong casino, trừ lương, cứu em với")
    assert said.danger == "red"
    assert said.topic != CHECK
    assert not any(reason.startswith("offer:") for reason in said.why)


def test_amber_warns_before_the_signs(engine):
    said = say(engine, "Ae nào muốn sang Anh đi VIP thì ib t. Đi xe container bao tới nơi, 18k bảng, sang rồi trả")
    warning = engine.book.phrase("amber", "vi", "chat")
    assert said.danger == "amber"
    assert said.reply.startswith(warning)
    assert "“Đi xe container”" in said.reply


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("phí đi Nhật bao nhiêu", None),
        ("em ở Đài Loan chủ giữ hộ chiếu và trừ lương 5 triệu mỗi tháng, em phải làm sao", None),
        ("sang Campuchia làm casino lương 25 triệu", "scam-compounds"),
    ],
)
def test_a_question_stays_a_question(engine, text, topic):
    said = say(engine, text)
    assert not any(reason.startswith(("offer:", "a pasted")) for reason in said.why)
    assert topic in (None, said.topic)


def test_what_is_not_taken_over_here_is_not_said(engine):
    topics = frozenset(engine.book.topics)
    said = say(engine, ADVERT, may_say=topics)
    assert "Cọc trước" not in said.reply
    one = topics | {phrase_key("offer_stop"), phrase_key("offer_careful"), flag_key("deposit-first")}
    said = say(engine, ADVERT, may_say=one)
    assert "Cọc trước 30 triệu giữ chỗ" in said.reply
    assert "lương 90tr" not in said.reply


@pytest.mark.parametrize("intent", ["red", "stop", "control", "empty", "foreign"])
def test_what_comes_before_a_question_comes_before_an_offer(book, intent):
    found = SimpleNamespace(intent=intent)
    assert with_offer(book, Heard(ADVERT), found) is found


def test_a_book_without_that_answer_is_left_alone(small_book):
    found = SimpleNamespace(intent="topic", route=None)
    assert with_offer(small_book, Heard(ADVERT), found) is found
