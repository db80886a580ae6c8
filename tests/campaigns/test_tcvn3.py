"""TCVN3: every letter, what becomes of capitals, and when a text is taken for it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import tcvn3

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
SMALL = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]
BEYOND_ASCII = [letter for letter in [*SMALL, "đ"] if not letter.isascii()]

#: The code page as glibc's iconv prints it (`iconv -f TCVN`), the bytes of the small letters.
BYTES = """
a8 ă a9 â aa ê ab ô ac ơ ad ư ae đ b5 à b6 ả b7 ã b8 á b9 ạ bb ằ bc ẳ bd ẵ be ắ c6 ặ c7 ầ c8 ẩ c9 ẫ ca ấ cb ậ
cc è ce ẻ cf ẽ d0 é d1 ẹ d2 ề d3 ể d4 ễ d5 ế d6 ệ d7 ì d8 ỉ dc ĩ dd í de ị df ò e1 ỏ e2 õ e3 ó e4 ọ e5 ồ e6 ổ e7 ỗ
e8 ố e9 ộ ea ờ eb ở ec ỡ ed ớ ee ợ ef ù f1 ủ f2 ũ f3 ú f4 ụ f5 ừ f6 ử f7 ữ f8 ứ f9 ự fa ỳ fb ỷ fc ỹ fd ý fe ỵ
""".split()  # noqa: SIM905 - read as the table it is
CODE = dict(zip(BYTES[1::2], (int(byte, 16) for byte in BYTES[0::2]), strict=True))


def typed(text):
    """As an ABC font has it: letters without a small form of their own stay."""
    capitals = dict(zip("ĂÂÊÔƠƯĐ", range(0xA1, 0xA8), strict=True))
    return "".join(chr(CODE.get(letter, capitals.get(letter, ord(letter)))) for letter in text)


def test_every_vietnamese_letter_has_one_byte():
    assert len(BEYOND_ASCII) == 67
    assert sorted(CODE) == sorted(BEYOND_ASCII)
    for letter in BEYOND_ASCII:
        assert tcvn3.decoded(chr(CODE[letter])) == letter
    assert len(set(CODE.values())) == 67


def test_the_seven_capitals():
    assert tcvn3.decoded("\xa1 \xa2 \xa3 \xa4 \xa5 \xa6 \xa7") == "Ă Â Ê Ô Ơ Ư Đ"


@pytest.mark.parametrize("capital", [letter.upper() for letter in SMALL if len(letter) == 1 and not letter.isascii()])
def test_every_capital_is_somewhere_in_the_standard_table_or_raised(capital):
    """A font of capitals has the small letter's byte: in a cell of capitals it is raised."""
    assert tcvn3.decoded(typed(f"TH{capital.lower()}NG")) == f"TH{capital}NG"


def test_a_byte_stands_for_one_letter():
    assert len(set(tcvn3.LETTERS.values())) == len(tcvn3.LETTERS)
    assert min(tcvn3.LETTERS) >= 0x80
    assert max(tcvn3.LETTERS) == 0xFF


@pytest.mark.parametrize(
    ("written", "read"),
    [
        # what every old document begins with
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
        ("Hä vµ tªn;Sè ®iÖn tho¹i;X·, ph\xadêng", "Họ và tên;Số điện thoại;Xã, phường"),
        ("0912345678", "0912345678"),
        # letters beyond Latin-1 were never TCVN3
        ("ViÖt Nam – Đức", "Việt Nam – Đức"),
        ("", ""),
    ],
)
def test_words(written, read):
    assert tcvn3.decoded(written) == read


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NGUYễN VăN TRỗI", "NGUYỄN VĂN TRỖI"),
        ("ĐứC", "ĐỨC"),
        ("DANH SáCH", "DANH SÁCH"),
        # names are not capitals because each begins with one
        ("Lê Hà", "Lê Hà"),
        ("Hà", "Hà"),
        ("Vũ Thị Hồng", "Vũ Thị Hồng"),
        # typed all small in a font of capitals: nobody can tell
        ("nguyễn văn trỗi", "nguyễn văn trỗi"),
        # each cell by itself
        ("NGUYễN Văn,Trần Thị Tý", "NGUYễN Văn,Trần Thị Tý"),
        ("TRầN THị BíCH,Nghệ An", "TRẦN THỊ BÍCH,Nghệ An"),
    ],
)
def test_capitals_follow_their_cell(text, shown):
    assert tcvn3.decoded(typed(text)) == shown


NAMES = ["Nguyễn Thị Đào", "Trần Văn Hùng", "Lê Đức Thắng", "Phạm Hồng Hạnh", "Đỗ Quốc Việt", "Hoàng Thị Yến"]


@given(st.lists(st.sampled_from(NAMES), min_size=3, max_size=20, unique=True))
def test_names_come_back_and_are_taken_for_what_they_are(names):
    text = "\n".join(map(typed, names))
    assert tcvn3.decoded(text) == "\n".join(names)
    assert tcvn3.looks_like(text)


@pytest.mark.parametrize(
    "text",
    [
        "Họ và tên,Số điện thoại,Xã\nNguyễn Thị Đào,0912345678,Đô Thành",
        "Hà,Tú,Lò Vân,Bình,Sáng,Hiền,Quân",
        "Renée Noël,Zoë Façade,José Muñoz,Chloë,Siân,Björk",
        "name,phone\nA,0912345678",
        "Price £5, © 2026 ®, 20°, ½ day, «quoted»",
        # Unicode read as Western European, and Windows-1258 likewise
        "Nguyễn Thị Đào,Trần Văn Hùng,Đỗ Quốc Việt".encode().decode("latin-1"),
        unicodedata.normalize("NFD", "Nguyễn Thị Đào Đỗ Hồng")
        .replace("\u0302", "")
        .encode("cp1258", "replace")
        .decode("latin-1"),
        "",
    ],
)
def test_other_text_is_not_taken_for_it(text):
    assert not tcvn3.looks_like(text)


def test_an_example_shows_both():
    shown = tcvn3.example("STT\nHä tªn\nS§T\nSè ®iÖn tho¹i\n1\n")
    assert shown == ("Hä tªn, S§T, Sè ®iÖn tho¹i", "Họ tên, SĐT, Số điện thoại")
    assert tcvn3.example("name,phone") is None
