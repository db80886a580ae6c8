"""The meter under a text: room left, what a cut saves, and the characters that halve the room, named and placed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.meter import NAMES, Saving, meter
from sms.segments import count

FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments", "left"),
    [
        ("", "GSM-7", 0, 1, 160),
        ("a" * 160, "GSM-7", 160, 1, 0),
        ("a" * 161, "GSM-7", 161, 2, 145),
        ("a" * 307, "GSM-7", 307, 3, 152),
        *((char, "GSM-7", 2, 1, 158) for char in "€^{}[]~|\\"),  # the extension table: an escape and the character
        ("€" * 80, "GSM-7", 160, 1, 0),
        ("€" * 81, "GSM-7", 162, 2, 143),  # no pair is torn: 76 fill 152 of 153
        ("đ" * 70, "UCS-2", 70, 1, 0),
        ("đ" * 71, "UCS-2", 71, 2, 63),
        (FAMILY, "UCS-2", 8, 1, 62),
        ("a" * 66 + "😀", "UCS-2", 68, 1, 2),
        ("a" * 66 + "😀" * 3, "UCS-2", 72, 2, 61),  # the first part ends before the pair: 66 of 67
        ("a" * 60 + FAMILY + "a" * 10, "UCS-2", 78, 2, 49),  # nor is a family torn
    ],
)
def test_how_much_room_is_left(text, encoding, units, segments, left):
    shown = meter(text)
    assert (shown.count.encoding, shown.count.units, shown.count.segments, shown.left) == (
        encoding, units, segments, left,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "saving"),
    [
        ("a" * 160, None),
        ("a" * 161, Saving(1, 1)),
        ("a" * 306, Saving(146, 1)),  # the second of two parts saves only at 160
        ("a" * 307, Saving(1, 2)),
        ("ă" * 71, Saving(1, 1)),
        ("ă" * 135, Saving(1, 2)),
        ("€" * 81, Saving(1, 1)),
        ("a" * 160 + "€", Saving(1, 1)),
        ("a" * 66 + "😀" + "a" * 10, Saving(8, 1)),
        ("a" * 68 + FAMILY, Saving(5, 1)),  # a family goes as a whole
        ("a" * 150 + "ê", Saving(1, 1)),  # the only letter that needed UCS-2: two segments less
        ("a" * 150 + "ê" + "a" * 60, Saving(10, 3)),
    ],
)
def test_what_a_cut_saves(text, saving):
    assert meter(text).to_save == saving


@pytest.mark.parametrize(
    ("text", "offending"),
    [
        ("Khong dua tien", []),
        ("à è é ì ò ù", []),  # the accented letters that GSM-7 has
        ("Dung dua tiền đi", [("ề", "accent", 12, 1, "e"), ("đ", "accent", 15, 1, "d")]),
        ("Đi đâu đâu", [("Đ", "accent", 1, 1, "D"), ("đ", "accent", 4, 2, "d"), ("â", "accent", 5, 2, "a")]),
        ("gọi\u00a0111", [("ọ", "accent", 2, 1, "o"), ("\u00a0", "space", 4, 1, " ")]),
        ("“viec” 'o' Anh’", [("“", "quote", 1, 1, '"'), ("”", "quote", 6, 1, '"'), ("’", "quote", 15, 1, "'")]),
        ("a – b … • `", [("–", "dash", 3, 1, "-"), ("…", "dots", 7, 1, "..."), ("•", "bullet", 9, 1, "-"),
                         ("`", "quote", 11, 1, "'")]),
        ("a\u200bb\ufeff\u00ad", [("\u200b", "invisible", 2, 1, ""), ("\ufeff", "invisible", 4, 1, ""),
                                  ("\u00ad", "invisible", 5, 1, "")]),
        (f"hi {FAMILY} {FAMILY}", [(FAMILY, "emoji", 4, 2, None)]),
        ("👍🏽🇻🇳☎\ufe0f", [("👍🏽", "emoji", 1, 1, None), ("🇻🇳", "emoji", 3, 1, None),
                           ("☎\ufe0f", "emoji", 5, 1, None)]),
        ("pаy", [("а", "letter", 2, 1, None)]),  # a Cyrillic а, as in copied fraud
        ("5 × 3 ₫", [("×", "sign", 3, 1, "x"), ("₫", "sign", 7, 1, "d")]),
        ("a\tb", [("\t", "space", 2, 1, " ")]),
    ],
)  # fmt: skip
def test_the_characters_that_halve_the_room(text, offending):
    shown = meter(text)
    assert [(o.char, o.name, o.position, o.times, o.remedy) for o in shown.offending] == offending
    assert all(each.name in NAMES for each in shown.offending)


def test_what_cannot_be_seen_is_told_by_its_code():
    assert [each.codes for each in meter("a\u00a0b").offending] == ["U+00A0"]


@pytest.mark.parametrize(
    ("text", "segments"),
    [("plain", None), ("it’s " * 30, 1), ("ă" * 161, 2), ("ok 😀", None)],
)
def test_what_mending_would_bring(text, segments):
    mended = meter(text).mended
    assert (mended and mended.segments) == segments


def test_decomposed_text_is_measured_as_it_is_sent():
    text = "Đừng đưa tiền cọc"
    assert meter(unicodedata.normalize("NFD", text)) == meter(text)


texts = st.one_of(
    st.text(alphabet="abc €[]^\n", max_size=400),
    st.text(alphabet="aăđ …\u00a0’\u0301", max_size=300),
    st.text(alphabet="a😀👨\u200d👩👧🇻🇳👍🏽", max_size=200),
    st.text(alphabet="€đ", max_size=250),
)


@given(texts)
def test_the_shortest_cut_is_the_shortest(text):
    text = unicodedata.normalize("NFC", text)
    shown = meter(text)
    if shown.to_save is None:
        assert shown.count.segments == 1
        return
    assert count(text[: -shown.to_save.characters]).segments == shown.to_save.segments < shown.count.segments
    saved_by = [k for k in range(1, len(text) + 1) if count(text[:-k]).segments < shown.count.segments]
    assert saved_by[0] <= shown.to_save.characters  # a joined character may take a few more with it


@given(texts)
def test_every_offender_stands_where_it_is_said_to(text):
    text = unicodedata.normalize("NFC", text)
    shown = meter(text)
    assert bool(shown.offending) == (shown.count.encoding == "UCS-2")
    for each in shown.offending:
        assert text[each.position - 1 :].startswith(each.char)
