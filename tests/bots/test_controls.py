"""Words that steer a conversation."""

import pytest

from bots.controls import corrects, follows_on, pleasantry, read, without_following
from bots.model import Context

OFFERED = Context(offered=("korea-eps", "deposit", "agency-fees"))
TITLES = {"chuong trinh eps han quoc": "korea-eps"}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("1", "korea-eps"), ("2.", "deposit"), ("số 3", "agency-fees"), ("so 3 nhe", "agency-fees"),
        ("cái thứ hai ạ", "deposit"), ("the first one please", "korea-eps"), ("mục 2", "deposit"),
        ("Chương trình EPS Hàn Quốc", "korea-eps"), ("chương trình eps hàn quốc ạ", "korea-eps"),
        ("gặp cán bộ", "talk-to-human"), ("GAP CAN BO", "talk-to-human"), ("cho tôi gặp cán bộ với ạ", "talk-to-human"),
        ("can i talk to a person please", "talk-to-human"),
    ],
)
def test_a_topic_is_asked_for(text, topic):
    assert read(text, OFFERED, TITLES).topic == topic


@pytest.mark.parametrize(("text", "language"), [("English", "en"), ("tiếng anh", "en"), ("noi tieng viet nhe", "vi")])
def test_a_language_is_asked_for(text, language):
    assert read(text, OFFERED, TITLES).language == language


@pytest.mark.parametrize(
    "text", ["10", "0", "111", "có", "tôi có 2 con", "học tiếng Anh ở đâu", "", "cán bộ xã có giúp không"]
)
def test_no_control(text):
    assert read(text, OFFERED, TITLES) is None


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("2 va 3", ("deposit", "agency-fees")), ("số 1 và số 3", ("korea-eps", "agency-fees")),
        ("1, 2", ("korea-eps", "deposit")),
        ("cả hai", ("korea-eps", "deposit")), ("the first and the third", ("korea-eps", "agency-fees")),
        ("3 3", ("agency-fees", None)), ("so 2", ("deposit", None)),
    ],
)
def test_one_or_two_numbers_of_the_list(text, topics):
    control = read(text, OFFERED, TITLES)
    assert (control.topic, control.also) == topics


@pytest.mark.parametrize("text", ["4", "so 7", "9", "2 va 4"])
def test_a_number_that_is_not_on_the_list_shows_the_list_again(text):
    assert read(text, OFFERED, TITLES).again


@pytest.mark.parametrize("text", ["tiếp", "TIEP", "them nua", "xem thêm ạ", "more", "next please", "go on"])
def test_the_rest_of_a_long_answer(text):
    assert read(text, Context(), {}).more


@pytest.mark.parametrize("text", ["tiếp khách là gì", "thêm giấy tờ gì", "more money needed", "next year",
"tiep tuc nhan tin"])
def test_words_that_only_begin_like_it(text):
    assert read(text, Context(), {}) is None


@pytest.mark.parametrize(
    ("text", "language", "rest"),
    [
        ("english please, how much is it", "en", "how much is it"),
        ("I want to work in Japan. English please", "en", "I want to work in Japan"),
        ("tiếng việt nhé, làm hộ chiếu ở đâu", "vi", "làm hộ chiếu ở đâu"),
    ],
)
def test_a_language_is_asked_for_beside_a_question(text, language, rest):
    control = read(text, Context(), {})
    assert (control.language, control.rest) == (language, rest)


@pytest.mark.parametrize("text", ["em bị lừa mất tiền, cho em gặp cán bộ", "gặp người thật, không nói với máy nữa",
                                  "this is useless, let me talk to a person"])
def test_a_person_is_asked_for_beside_something_else(text):
    assert read(text, Context(), {}).topic == "talk-to-human"


@pytest.mark.parametrize("text", ["công nhân, nhân viên, kỹ sư cần gì", "học tiếng anh, tiếng hàn ở đâu",
                                  "nó nói english, tôi không hiểu gì"])
def test_the_same_words_in_a_story_ask_for_nothing(text):
    assert read(text, Context(), {}) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("chào ad cho em hỏi phí đi Nhật", 5), ("cảm ơn bạn nhiều nhé còn Hàn", 5), ("phí đi Nhật", 0),
        ("hello can you help", 1), ("xin chào", 0), ("chào mừng ngày lễ", 1),
    ],
)
def test_how_much_of_a_message_is_only_polite(text, words):
    assert pleasantry(text.split()) == words


@pytest.mark.parametrize(("text", "weakly", "takes_back"), [
    ("khong phai", False, True), ("khong", False, False), ("khong", True, True), ("nham roi", True, True),
    ("not that one", False, True), ("khong phai dat coc dung khong", False, False),
])
def test_what_takes_the_last_message_back(text, weakly, takes_back):
    assert corrects(text.split(), weakly) is takes_back


@pytest.mark.parametrize(("text", "left"), [
    ("con han quoc thi sao", "han quoc"), ("what about japan then", "japan"), ("the con anh", "anh"), ("anh", "anh"),
])
def test_what_is_left_of_a_follow_up(text, left):
    assert " ".join(without_following(text.split())) == left


def test_yes_takes_the_only_thing_offered():
    assert read("có", Context(offered=("talk-to-human",)), {}).topic == "talk-to-human"
    assert read("yes please", Context(offered=("talk-to-human",)), {}).topic == "talk-to-human"


def test_a_number_without_an_offer_is_no_choice():
    assert read("1", Context(), {}) is None


@pytest.mark.parametrize(("words", "leans"), [(("con", "han", "quoc"), True), (("what", "about", "germany"), True),
                                              (("the", "phi", "bao", "nhieu"), True), (("phi", "bao", "nhieu"), False)])
def test_what_leans_on_the_question_before(words, leans):
    assert follows_on(words) is leans
