"""When the machine holds its tongue: floods, other machines, and while a person of the staff answers."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bots import inbox, silence
from bots.model import Context, OpenCase, OptOut, Said
from bots.silence import MOST_CHAT, MOST_SAME_CHAT, MOST_SMS, Past, is_a_machine, is_a_number, what_is_said
from bots.speech import Voice
from campaigns import consent
from db.tables import conversations, turns
from tests import make
from tests.bots.fake_engine import Echo
from tests.bots.talking import NUMBER, claimed, hear, here, talk

PLAIN = Said("fees", 0.9, "none", "vi", "câu trả lời", context=Context(greeted=True, offered=("boat",), turns=1))
RED = Said("fees", 1.0, "red", "vi", "gọi 111", effects=(OpenCase("red", "words"),), context=PLAIN.context)
STOP = Said("opt-out", 1.0, "none", "vi", "đã ngừng", effects=(OptOut(),), context=PLAIN.context)
MORE = Said("fees", 0.9, "none", "vi", "phần sau", context=Context(told=3, turns=1))
ME = {"address": NUMBER}


class Names:
    """A book whose phrases say their names."""

    def phrase(self, name, language, form, /, **values):
        return name


def reply(said, text="phí bao nhiêu", **past):
    voice = Voice(Names(), "vi", "sms" if "address" in past else "chat", accented=False)
    return what_is_said(voice, said, Context(), text, Past(**past)).reply


@pytest.mark.parametrize(
    ("said", "past", "words"),
    [
        (PLAIN, {}, "câu trả lời"),
        (PLAIN, {"attended": True}, ""),
        (STOP, {"attended": True}, "đã ngừng"),
        (RED, {"attended": True}, "gọi 111"),
        (RED, {"attended": True, "helped": True}, ""),
        (PLAIN, {"kind_answered": True}, ""),
        (PLAIN, {"heard": 12}, "câu trả lời"),
        (PLAIN, {"heard": 13}, "slow_down"),
        (PLAIN, {"heard": 14}, ""),
        (RED, {"heard": 36}, "gọi 111"),
        (RED, {"heard": 37}, "gọi 111"),
        (RED, {"heard": 36, "helped": True}, "gọi 111"),
        (RED, {"heard": 37, "helped": True}, ""),
        (RED, {"kind_answered": True}, "gọi 111"),
        (PLAIN, ME, "câu trả lời"),
        (PLAIN, {"address": "VIETTEL"}, ""),
        (RED, {"address": "9029"}, ""),
        (PLAIN, {**ME, "texts": ("Phi bao nhieu?",)}, "câu trả lời"),
        (PLAIN, {**ME, "texts": ("Phi bao nhieu?", "PHÍ BAO NHIÊU")}, ""),
        (RED, {**ME, "texts": ("phí bao nhiêu", "phí bao nhiêu")}, "gọi 111"),
        (RED, {**ME, "texts": ("phí bao nhiêu", "phí bao nhiêu"), "helped": True}, ""),
        (RED, {"address": "84912345678"}, "gọi 111"),
        (RED, {"address": "0912345678"}, "gọi 111"),
        (RED, {"address": "VIETTEL"}, ""),
        (RED, {"address": "HOTLINE19001234"}, ""),
        (PLAIN, {"texts": ("Phí bao nhiêu",) * (MOST_SAME_CHAT - 1)}, "câu trả lời"),
        (PLAIN, {"texts": ("Phí bao nhiêu",) * MOST_SAME_CHAT}, ""),
        (RED, {"texts": ("Phí bao nhiêu",) * MOST_SAME_CHAT}, "gọi 111"),
        (PLAIN, {"replies": MOST_CHAT}, "sms_enough"),
        (PLAIN, {"replies": MOST_CHAT + 1}, ""),
        (STOP, {"replies": MOST_CHAT + 1}, "đã ngừng"),
        (MORE, {**ME, "texts": ("phí bao nhiêu", "phí bao nhiêu")}, "phần sau"),
        (PLAIN, {**ME, "replies": MOST_SMS - 1}, "câu trả lời"),
        (PLAIN, {**ME, "replies": MOST_SMS}, "sms_enough"),
        (PLAIN, {**ME, "replies": MOST_SMS + 1}, ""),
        (RED, {**ME, "replies": MOST_SMS + 9}, "gọi 111"),
    ],
)
def test_what_is_said(said, past, words):
    assert reply(said, **past) == words


def test_a_number_chosen_from_a_list_again_and_again_is_no_loop():
    assert reply(PLAIN, "1", **ME, texts=("1", "1", "1")) == "câu trả lời"


def test_what_was_not_said_is_not_remembered_as_said():
    voice = Voice(Names(), "vi", "chat")
    after = what_is_said(voice, PLAIN, Context(), "phí", Past(attended=True)).context
    assert after == Context(turns=1)


@pytest.mark.parametrize(
    ("address", "somebody"),
    [("+84912345678", True), ("+447400123456", True), ("+12025550143", True), ("+842438249517", True),
     ("9029", False), ("+849029", False), ("VIETTEL", False), ("", False), ("113", False), ("+0123456789", False),
     ("84912345678", False)],
)
def test_who_may_be_a_person(address, somebody):
    assert is_a_number(address) is somebody


@pytest.mark.parametrize(
    ("text", "machine"),
    [
        ("Đây là tin nhắn tự động, vui lòng không trả lời.", True), ("[Auto-reply] I am out of office today", True),
        ("TIN NHAN TU DONG: thue bao...", True), ("I'm driving with Focus turned on. I'll see it later.", True),
        ("Tin nhan sai cu phap. Soan HD gui 9029", True), ("Tự động trả lời: tôi đang bận", True),
        ("em nhận được tin nhắn tự động bảo trúng thưởng, có phải lừa đảo không", False),
        ("tôi đang lái xe tải ở Đức, họ giữ hộ chiếu", False), ("I am driving a lorry to England", False),
        ("I can't talk right now, he is here", False), ("tự động trừ lương của em", False),
        ("có phải đây là tin nhắn tự động không?", False), ("họ bắt tôi lái xe không lương", False),
        ("is this an automatic reply?", False), ("xin chào", False), ("", False),
        ("tin nhan tu dongg", False),
    ],
)
def test_who_writes_like_a_machine(text, machine):
    assert is_a_machine(text) is machine


# -- With what the conversation holds -----------------------------------------------------------------------------


def replies(db, now, *texts, **who):
    return [answered.said.reply for answered in talk(db, now, *texts, **who)]


def test_another_machine_hears_us_twice(db, now):
    assert replies(db, now, *["Xin chao quy khach"] * 5) == ["sms: Xin chao quy khach"] * 2 + [""] * 3
    assert replies(db, now + timedelta(hours=2), "Xin chao quy khach") == ["sms: Xin chao quy khach"]


def test_a_cry_is_heard_though_the_same_words_were_answered_before(db, now):
    """Who cries the same a third time is no machine: at least every half hour they hear where help is."""
    said = [replies(db, now + timedelta(minutes=n), "help")[0] for n in (0, 10, 20, 31 + 20, 52)]
    assert [bool(words) for words in said] == [True, True, False, True, False]


def test_a_help_line_that_never_arrived_does_not_keep_the_next_one_back(db, now):
    talk(db, now, "help")
    with db.transaction() as c:
        c.execute(update(conversations).values(attended_by=1, attended_until=now + timedelta(hours=1)))
    assert replies(db, now, "help") == [""]
    with db.transaction() as c:
        c.execute(update(turns).where(turns.c.direction == "out").values(status="failed"))
    assert replies(db, now, "help") == ["sms: help"]


def test_two_machines_in_a_chat_come_to_an_end(db, now):
    who = {"platform": "zalo", "address": "u1"}
    assert sum(map(bool, replies(db, now, *["Cam on ban da nhan tin"] * 20, **who))) <= MOST_SAME_CHAT


def test_a_short_code_hears_nothing_and_what_it_wrote_is_kept(db, now):
    assert replies(db, now, "Quy khach da trung thuong", address="9029") == [""]
    with db.reading() as c:
        assert c.execute(select(turns.c.status)).scalars().all() == ["answered"]
    assert claimed(db, now) == []


def test_a_number_gets_thirty_replies_a_day_and_one_sentence_more(db, now):
    said = [replies(db, now + timedelta(minutes=5 * n), f"câu {n}")[0] for n in range(MOST_SMS + 3)]
    assert said[MOST_SMS - 1 :] == [f"sms: câu {MOST_SMS - 1}", "sms_enough vi sms", "", ""]
    assert replies(db, now + timedelta(hours=5), "help") == ["sms: help"]
    assert replies(db, now + timedelta(days=2), "câu mới") == ["sms: câu mới"]


# -- While a person of the staff answers ----------------------------------------------------------------------------


def attend(db, until):
    with db.transaction() as c:
        c.execute(update(conversations).values(attended_by=7, attended_until=until))


def test_the_machine_is_silent_while_a_person_answers_and_then_says_that_it_is_back(db, now):
    talk(db, now, "một", platform="zalo", address="u1")
    attend(db, now + timedelta(hours=1))
    who = {"platform": "zalo", "address": "u1"}
    assert replies(db, now + timedelta(minutes=5), "hai", **who) == [""]
    assert replies(db, now + timedelta(hours=2), "ba", "bốn", **who) == ["bot_back vi chat\n\nchat: ba", "chat: bốn"]
    with db.reading() as c:
        talked = c.execute(select(conversations)).one()
    assert (talked.attended_by, talked.attended_until, talked.bot_returns) == (None, None, False)


def test_what_lapsed_is_cleared_away_and_the_line_is_said_with_the_next_reply(db, now):
    talk(db, now, "một", platform="zalo", address="u1")
    attend(db, now + timedelta(hours=1))
    assert inbox.let_bot_return(db, now) == 0
    assert inbox.let_bot_return(db, now + timedelta(hours=1)) == 1
    assert inbox.let_bot_return(db, now + timedelta(hours=1)) == 0
    who = {"platform": "zalo", "address": "u1"}
    assert replies(db, now + timedelta(hours=1), "hai", **who) == ["bot_back vi chat\n\nchat: hai"]
    attend(db, now + timedelta(hours=1))
    assert replies(db, now + timedelta(hours=2), "help", **who) == ["chat: help\n\nbot_back vi chat"]  # help first


def test_stop_and_danger_are_heard_while_a_person_answers(db, now):
    who = {"platform": "zalo", "address": "u1"}
    talk(db, now, "một", **who)
    attend(db, now + timedelta(hours=9))
    assert replies(db, now, "help", "help", **who) == ["chat: help", ""]
    assert replies(db, now + timedelta(minutes=40), "help", "stop", **who) == ["chat: help", "chat: stop"]
    assert [case.danger for case in make.open_cases(db)] == ["red"]
    with db.reading() as c:
        assert consent.is_out(c, db.seal.index("zalo:u1"))


def test_who_is_taken_over_while_the_machine_thinks_gets_the_person_and_not_the_machine(db, now):
    turn_id = hear(db, now, "một", platform="zalo", address="u1")
    engine = Echo()

    def meanwhile():
        engine.before_reply = lambda: None
        attend(db, now + timedelta(hours=1))

    engine.before_reply = meanwhile
    assert inbox.answer(db, engine, turn_id, now, here).said.reply == ""


# -- What is no text --------------------------------------------------------------------------------------------------


def came(db, now, kind, text=""):
    """Another of these arrives from somebody who wrote before."""
    with db.transaction() as c:
        talk_id = c.execute(select(conversations.c.id)).scalar_one()
        turn_id = c.execute(insert(turns).values(
            conversation_id=talk_id, direction="in", kind=kind, status="waiting", at=now,
            text_sealed=db.seal.seal(text, "turns.text"))).inserted_primary_key[0]
    return inbox.answer(db, Echo(), turn_id, now, here).said.reply


def test_pictures_in_a_row_are_answered_once_and_their_words_always(db, now):
    talk(db, now, "một", platform="zalo", address="u1")
    assert [came(db, now, "image"), came(db, now, "image"), came(db, now, "voice")] == [
        "got_image vi chat", "", "got_voice vi chat"]
    assert came(db, now, "image", "giấy này thật không") == "chat: giấy này thật không"
    assert came(db, now + silence.KIND_WINDOW + timedelta(seconds=1), "image") == "got_image vi chat"


def test_who_follows_us_is_greeted_once_a_day(db, now):
    talk(db, now, "một", platform="zalo", address="u1")
    assert [came(db, now, "follow"), came(db, now + timedelta(hours=3), "follow")] == ["chat: xin chào", ""]
    assert came(db, now + timedelta(days=2), "follow") == "chat: xin chào"
