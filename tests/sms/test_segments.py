"""The counter against 2,000 golden texts, made with Twilio's sms-segments-calculator 1.3.0, and its own laws."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.segments import LIMITS, count, split

GOLDEN = [
    json.loads(line)
    for line in Path(__file__).with_name("golden_segments.jsonl").read_text(encoding="utf-8").split("\n")
    if line
]


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_every_golden_text_agrees():
    wrong = []
    for golden in GOLDEN:
        counted = count(golden["text"])
        parts = [utf16(part) for part in split(golden["text"])]
        ours = [counted.encoding, counted.units, counted.segments, counted.left, parts]
        if ours != [golden[key] for key in ("encoding", "units", "segments", "left", "parts")]:
            wrong.append((golden, ours))
    assert len(GOLDEN) == 2000
    assert not wrong


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments", "left"),
    [
        ("", "GSM-7", 0, 1, 160),
        ("a" * 160, "GSM-7", 160, 1, 0),
        ("a" * 161, "GSM-7", 161, 2, 145),
        ("a" * 306, "GSM-7", 306, 2, 0),
        ("a" * 307, "GSM-7", 307, 3, 152),
        ("€" * 80, "GSM-7", 160, 1, 0),
        ("€" * 81, "GSM-7", 162, 2, 143),  # 76 pairs fill 152 of 153
        ("a" * 152 + "€" + "a" * 10, "GSM-7", 164, 2, 141),
        ("ă" * 70, "UCS-2", 70, 1, 0),
        ("ă" * 71, "UCS-2", 71, 2, 63),
        ("ă" * 134, "UCS-2", 134, 2, 0),
        ("ă" * 135, "UCS-2", 135, 3, 66),
        ("😀" * 35, "UCS-2", 70, 1, 0),
        ("a" * 66 + "😀" + "a" * 10, "UCS-2", 78, 2, 55),
        ("à è é ì ò ù É", "GSM-7", 13, 1, 147),  # the only accented letters of Vietnamese in GSM-7
        ("á", "UCS-2", 1, 1, 69),
        ("`", "UCS-2", 1, 1, 69),
    ],
)
def test_limits(text, encoding, units, segments, left):
    counted = count(text)
    assert (counted.encoding, counted.units, counted.segments, counted.left) == (encoding, units, segments, left)


def test_decomposed_vietnamese_counts_as_composed():
    text = "Không đưa tiền cọc cho người lạ"
    assert count(unicodedata.normalize("NFD", text)) == count(text)


def test_offending_characters_come_once_in_order():
    assert count("Đi đâu? Đi đó…").offending == ("Đ", "đ", "â", "ó", "…")
    assert count("Di dau?").offending == ()


def test_a_text_without_end_of_its_marks_is_cut_all_the_same():
    tower = "e" + "\u0301\u0327" * 200
    assert "".join(split(tower)) == unicodedata.normalize("NFC", tower)
    assert all(utf16(part) <= 67 for part in split(tower))


alphabets = st.one_of(
    st.text(alphabet="abc €[]^\n", max_size=400),
    st.text(alphabet="aăâơđ …\u0301\u0309", max_size=250),
    st.text(alphabet="a😀👨\u200d👩👧🇻🇳🇬👍🏽☎\ufe0f", max_size=200),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
)


@given(alphabets)
def test_the_parts_are_the_text_and_fit(text):
    counted, parts = count(text), split(text)
    plain = unicodedata.normalize("NFC", text)
    single, room = LIMITS[counted.encoding]

    def units(part):
        return utf16(part) if counted.encoding == "UCS-2" else len(part) + sum(part.count(c) for c in "\f^{}\\[~]|€")

    assert "".join(parts) == plain
    assert len(parts) == counted.segments
    assert counted.units == units(plain)
    assert all(units(part) <= (single if len(parts) == 1 else room) for part in parts)
    assert counted.left == (single if len(parts) == 1 else room) - units(parts[-1])
    assert (counted.segments == 1) == (counted.units <= single)


@given(alphabets)
def test_no_pair_is_torn(text):
    for part in split(text):
        assert part.encode("utf-16-le").decode("utf-16-le") == part  # half a surrogate pair would raise


@given(alphabets)
def test_an_encoding_is_forced_only_by_what_offends(text):
    counted = count(text)
    assert (counted.encoding == "UCS-2") == bool(counted.offending)
