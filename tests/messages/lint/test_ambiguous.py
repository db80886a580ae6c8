"""What words are read as once their accents are gone."""

import pytest

from messages import lint
from messages.folding import flat
from messages.lint.ambiguous import ENTRIES
from sms.unaccent import unaccent

WORDS = [" ".join(entry.word) for entry in ENTRIES]


def told(vi: str, unaccented: str | None = None) -> dict[str, str]:
    """The accented words that are told, with what is proposed instead."""
    findings = lint.check(vi=vi, vi_unaccented=unaccent(vi) if unaccented is None else unaccented)
    found = [one for one in findings if one.code in ("unaccented-ambiguous", "unaccented-rude")]
    assert all((one.level, one.form) == ("advice", "vi-unaccented") for one in found)
    return {one.values["word"]: one.values["say"] for one in found}


def test_the_list_is_long_enough_to_be_of_use():
    assert len(ENTRIES) >= 60
    assert sum(entry.rude for entry in ENTRIES) >= 10
    assert len(set(WORDS)) == len(WORDS)


@pytest.mark.parametrize("entry", ENTRIES, ids=WORDS)
def test_an_entry_is_what_it_says(entry):
    word = " ".join(entry.word)
    readings = entry.read.split(", ")
    assert all(flat(reading) == flat(word) and reading != word for reading in readings), "the same without accents"
    assert len(set(readings)) == len(readings)
    assert not word.isascii() or entry.say != word
    assert all(f" {word} " in f" {' '.join(phrase)} " for phrase in entry.clear)


@pytest.mark.parametrize("entry", ENTRIES, ids=WORDS)
def test_the_word_is_told_and_the_proposal_is_not(entry):
    word = " ".join(entry.word)
    assert word in told(f"Xin {word} nhé")
    assert told(f"Xin {entry.say} nhé") == {}
    assert word not in told(f"Xin {word} nhé", unaccent(f"Xin {entry.say} nhé")), "whoever follows the advice is done"


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.clear], ids=lambda entry: " ".join(entry.word))
def test_a_clear_phrase_is_left_alone(entry):
    for phrase in entry.clear:
        assert " ".join(entry.word) not in told(f"Xin {' '.join(phrase)} nhé"), phrase


@pytest.mark.parametrize(
    ("vi", "unaccented", "words"),
    [
        ("Đừng nộp tiền.", None, ["đừng"]),
        ("Đừng nộp tiền.", "KHONG nop tien.", []),
        ("Tuyển dụng đúng người, dùng tiền", "Tuyen dung dung nguoi, dung tien", ["đúng", "dùng"]),
        ("Đi tù.", None, ["đi tù"]),
        ("Bị phạt tù 5 năm.", None, ["phạt tù"]),
        ("Bị phạt 5 triệu.", None, []),
        ("Phạt 5 triệu.", None, ["phạt"]),
        ("Lên xuồng.", None, ["lên xuồng"]),
        ("Đừng sợ.", "Khong so.", ["sợ"]),
        ("Các anh các chị", None, []),
        ("Các công ty", None, ["các"]),
        ("CÁC CÔNG TY", None, ["các"]),
        ("Bán đất, bán nhà, mua bán", None, ["bán", "đất"]),
        ("Bạn hỏi xã.", None, ["hỏi xã"]),
        # the word stands elsewhere in the unaccented text, so it may be another one
        ("Đừng đi. Hỏi trước.", "Hoi truoc. Noi dung.", []),
        ("Công ty", "Cong ty cac", []),
        # somebody wrote the vulgar word itself: it is none of this rule's business
        ("cu li", "cu li", []),
    ],
)
def test_a_word_is_told_where_it_stands_for_itself(vi, unaccented, words):
    assert sorted(told(vi, unaccented)) == sorted(words)


def test_a_word_is_told_once_with_its_place():
    text = "Cac cong ty, cac noi"
    findings = [
        one for one in lint.check(vi="Các công ty, các nơi", vi_unaccented=text) if one.code == "unaccented-rude"
    ]
    assert [(one.quote, one.at) for one in findings] == [("Cac", 0)]


@pytest.mark.parametrize(
    ("unaccented", "words"),
    [("Dung nop tien", ["đừng"]), ("Noi dung tuyen dung, ai su dung", []), ("Khong nop tien cho cac ben", [])],
)
def test_without_the_accented_text_only_what_is_always_doubtful_is_told(unaccented, words):
    findings = lint.check(vi_unaccented=unaccented)
    assert [one.values["word"] for one in findings if one.code == "unaccented-ambiguous"] == words


def test_accents_alone_are_read_right():
    assert not [one for one in lint.check(vi="Các công ty đừng bán đất.") if one.code.startswith("unaccented")]
