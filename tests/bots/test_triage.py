"""Danger: the rules alone, and rules and model together. A table, one line a case; none is a line of bots/alarm."""

import pytest

from bots import cues
from bots.normalise import normalise
from bots.tables import alarm_lines
from bots.triage import by_rules, judge
from tests.bots.danger_lines import LOOK_ALIKES, PLAIN_RED

RED = [
    "cứu em với, em bị nhốt trong phòng không cho ra ngoài",
    "cuu toi voi, toi bi nhot o day",
    "họ đang đánh em, cứu với",
    "e bị nó hiếp rồi cứu e",
    "tui bị nhốt, bựa ni hấn nỏ cho ăn",
    "chúng giữ con tôi đòi tiền chuộc",
    "xuồng sắp chìm, nước tràn vào rồi",
    "em không thở được, em đang trong thùng xe",
    "tôi không muốn sống nữa",
    "they locked us in and took our phones, please help",
    "we can't breathe in the back of this lorry",
    "they want a ransom for my brother",
    "I want to kill myself",
    "our boat is sinking help us",
]
AMBER = [
    "mai em đi chui sang Anh, đã đặt cọc rồi",
    "chủ nợ đến nhà đòi nợ, dọa đốt nhà",
    "môi giới đòi nộp hộ chiếu cho họ giữ",
    "I leave tomorrow with a smuggler, no visa",
    "loan sharks came to our house",
]
NONE = [
    "chủ có được phép giữ hộ chiếu không",
    "đi Hàn Quốc cần những gì",
    "mệt muốn chết",
    "phim này có cảnh bị nhốt",
    "tội mua bán người bị phạt mấy năm tù",
    "nếu bị bắt ở Anh thì sao",
    "can the boss keep my passport",
    "how many people drowned last year",
    "this homework is killing me",
    "xin chào",
    "",
]


@pytest.mark.parametrize("text", RED)
def test_rules_alone_hear_plain_danger(text):
    level, reasons = by_rules(normalise(text))
    assert level == "red"
    assert reasons


@pytest.mark.parametrize("text", AMBER)
def test_rules_alone_hear_somebody_about_to_go(text):
    assert by_rules(normalise(text))[0] == "amber"


@pytest.mark.parametrize(
    "text",
    [
        "bị đám đưa đường bỏ rơi, đang ở trại",
        "con tôi bị giam thật, có nên gửi tiền luật sư",
        "điện thoại của tôi vừa rơi xuống nước",
        "đang ở trại, điện thoại rơi xuống nước",
        "how do I find where my brother, a Vietnamese national, is being held",
        "em tôi đang ở nhà, bị giữ ở Pháp rồi thả về",
        "finger print at the visa centre today",
        "công ty xuất khẩu lao động này có đăng ký không",
        "bao lâu mới nộp hồ sơ đi anh",
        "đi đòi nợ bạn bè",
    ],
)
def test_rules_are_not_alarmed_by_neighbouring_words(text):
    assert by_rules(normalise(text))[0] == "none"


@pytest.mark.parametrize(
    "text",
    ["em muốn thắt cổ", "tôi định thắt cổ nên viết thư này", "em rơi xuống nước rồi cứu em", "bị đâm rồi cứu em",
     "em bị giữ ở Pháp, cứu em", "she is being held, help us", "they cut his finger and sent a video today"],
)
def test_rules_still_hear_the_words_themselves(text):
    assert by_rules(normalise(text))[0] == "red"


@pytest.mark.parametrize("text", PLAIN_RED)
def test_rules_alone_hear_danger_in_every_register(text):
    assert by_rules(normalise(text))[0] == "red"


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_rules_never_cry_red_at_a_look_alike(text):
    assert by_rules(normalise(text))[0] != "red"


def test_the_lines_tested_are_not_the_lines_learnt():
    learnt = {line.casefold() for kind in ("red", "amber", "lookalike") for line in alarm_lines(kind)}
    assert not learnt & {line.casefold() for line in (*PLAIN_RED, *LOOK_ALIKES)}


def test_danger_in_the_middle_of_a_long_story_is_heard_whatever_is_asked_at_its_end():
    before = "tôi ký hợp đồng làm trong bếp một quán ăn, sang tới nơi thì họ đổi việc, tháng đầu còn trả lương đủ, "
    danger = "bây giờ họ nhốt tôi trong kho, lấy hết điện thoại, đánh tôi gãy tay, "
    after = "xin hỏi theo luật lao động thì công ty giữ lại một tháng lương có đúng luật không, nếu kiện thì gửi ai"
    assert by_rules(normalise(before + danger + after))[0] == "red"
    assert by_rules(normalise(before + after))[0] == "none"


def test_a_star_in_a_phrase_stands_for_up_to_three_words():
    assert "confined" in cues.find(normalise("họ không cho hai chị em ra ngoài").folded)["harm"]
    assert "confined" not in cues.find(normalise("không cho tiền nên nó phải đi ra ngoài").folded)["harm"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("tôi muốn chết", True), ("e uống thuốc sâu r", True), ("I am going to kill myself", True),
     ("họ nhốt tôi trong phòng, tôi muốn chết", False), ("cứu em, em bị nhốt trong phòng", False)],
)
def test_who_wants_to_die_is_told_from_who_is_held(text, expected):
    danger = judge(normalise(text))
    assert (danger.level, danger.self_harm) == ("red", expected)


@pytest.mark.parametrize("text", NONE)
def test_alarming_words_alone_are_no_danger(text, engine):
    assert judge(normalise(text), engine.alarm).level == "none"


@pytest.mark.parametrize(
    "text",
    [
        "em ở trong nhà kín toàn cây, cửa luôn có người đứng, không ai được bước ra",
        "đã ba tháng tui chưa thấy mặt trời, cửa lúc mô cũng khóa",
        "con gọi về khóc rồi bị giật máy, nói có bốn chữ: mẹ ơi cứu con",
        "I have not been allowed outside since March and the man keeps the keys",
    ],
)
def test_the_model_hears_what_is_said_sideways(text, engine):
    assert judge(normalise(text), engine.alarm).level == "red"


class Hearing:
    """A model that hears every message alike."""

    def __init__(self, level, chance):
        self._heard = level, chance

    def level(self, plain):
        return self._heard


@pytest.mark.parametrize(
    ("text", "heard", "chance", "level"),
    [
        (RED[0], "none", 0.01, "amber"),  # the words stand there and it hardly sounds like it: a warning, no alarm
        (RED[0], "none", 0.2, "red"),
        (RED[0], "red", 0.9, "red"),
        ("chào em", "red", 0.9, "red"),
        ("chào em", "amber", 0.1, "amber"),
        ("chào em", "none", 0.0, "none"),
    ],
)
def test_rules_and_model_weigh_together(text, heard, chance, level):
    assert judge(normalise(text), Hearing(heard, chance)).level == level


def test_reasons_name_the_cue_and_its_words():
    assert "confined: bi nhot" in judge(normalise("cứu em, em bị nhốt trong nhà")).reasons


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("em bị nhốt ở Anh", "uk"),
        ("locked in a flat in Birmingham", "uk"),
        ("em ở trong cont đi Anh khó thở quá", "unknown"),
        ("we are in the lorry to england no air", "unknown"),
        ("con em ở bên Pháp chờ xuồng qua Anh", "eu"),
        ("sang Anh rồi, đang ở London bị nhốt", "uk"),
        ("đang ở rừng bên Pháp", "eu"),
        ("e o campuchia", "abroad"),
        ("bên Nga", "abroad"),
        ("nhà em ở Vinh", "vn"),
        ("vợ em quê Yên Thành bị đưa sang Trung Quốc", "abroad"),
        ("trong xe từ Pháp sang Anh", "unknown"),
        ("cứu em", "unknown"),
        ("bị đánh", "unknown"),
        ("đi lao động hợp pháp", "unknown"),
        ("visa quá hạn", "unknown"),
    ],
)
def test_whose_help_line_comes_first(text, call):
    assert judge(normalise(text)).help == call
