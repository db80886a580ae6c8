"""Invisible characters, letters of other alphabets, shouting, stray spaces."""

import pytest

from messages import lint


def found(text: str, code: str, form: str = "vi") -> list:
    return [one for one in lint.check(**{form: text}) if one.code == code]


@pytest.mark.parametrize(
    "character",
    [
        "\u200b",
        "\u200c",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\u200e",
        "\u200f",
        "\u202e",
        "\u2066",
        "\u061c",
        "\u180e",
        "\u3164",
        "\ufe0f",
        "\x00",
        "\x07",
        "\t",
        "\x7f",
        "\x85",
        "\u034f",
        "\U000e0041",
    ],
)
def test_what_cannot_be_seen_stops_the_message(character):
    (finding,) = found(f"An Lộ: go{character}i 111", "invisible")
    assert (finding.level, finding.at, finding.quote) == ("stop", 9, character)
    assert "▯" in finding.values["shown"] and character not in finding.values["shown"]


@pytest.mark.parametrize(
    "text", ["Gọi\n111", "Gọi\r\n111", "Gọi\u00a0111", "👨‍👩‍👧 gọi 111", "❤️ gọi 111", "“Gọi” – 111…"]
)
def test_line_ends_hard_spaces_and_emoji_are_no_secret(text):
    assert found(text, "invisible") == []


@pytest.mark.parametrize(
    ("text", "quote", "instead"),
    [
        ("Gọi Соng an", "Соng", "Cong"),
        ("gọi cоng an", "cоng", "cong"),
        ("xin vіsa", "vіsa", "visa"),
        ("АВС", "АВС", "ABC"),
        ("gọi １１１", "１１１", "111"),
        ("gọi ١١١", "١١١", None),
        ("ｖisa", "ｖisa", "visa"),
        ("𝐯isa", "𝐯isa", "visa"),
        ("Νghệ An", "Νghệ", "Nghệ"),
    ],
)
def test_letters_of_another_alphabet_stop_the_message(text, quote, instead):
    (finding,) = found(text, "foreign-letter")
    assert (finding.level, finding.quote) == ("stop", quote)
    assert instead is None or finding.values["instead"] == instead


@pytest.mark.parametrize("text", ["Đặng Thị Ước, Nghệ An", "16.489 km²", "Привет", "Café Zürich", "Ω μ", "日本"])
def test_honest_letters_pass(text):
    assert found(text, "foreign-letter") == []


@pytest.mark.parametrize(
    ("text", "shouts"),
    [
        ("ĐỪNG NỘP TIỀN CHO NGƯỜI LẠ, HÃY GỌI NGAY SỐ 111 ĐỂ HỎI", True),
        ("An Lộ: xin bà con TUYỆT ĐỐI CẢNH GIÁC với lời mời ra nước ngoài làm việc nhẹ lương cao.", True),
        ("An Lo: KHONG nop tien. Ngung: TU CHOI.", False),
        ("An Lộ: UBND, COLAB, EPS, IM Japan, IOM.", False),
        ("EPS-TOPIK do COLAB UBND", False),
        ("SOS!", False),
        ("Gọi 111.", False),
    ],
)
def test_shouting_is_told(text, shouts):
    findings = found(text, "shouting")
    assert bool(findings) == shouts
    assert all(one.level == "advice" and one.quote for one in findings)


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("Gọi 111 .", [" ."]),
        ("Gọi , hỏi ; xem", [" ,", " ;"]),
        ("Thật à ?", [" ?"]),
        ("Gọi 111\u00a0!", ["\u00a0!"]),
        ("Gọi 111. Hỏi, xem: đọc; nhớ!", []),
        ("lúc .5 giờ", []),
        ("{% if xa %}Xã {{ xa }}{% endif %}.", []),
        ("{{ ten }} , chào", [" ,"]),
        (" . đầu dòng", []),
    ],
)
def test_a_space_before_a_sign_is_told(text, quotes):
    assert [one.quote for one in found(text, "space-before")] == quotes
