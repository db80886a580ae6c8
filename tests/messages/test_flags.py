"""The signs of danger in offers: what `content check` finds, and guards over those that ship."""

from dataclasses import replace
from datetime import date

import pytest

from bots.offers import patterns
from messages import catalog
from messages.book import Flag
from messages.check import check
from messages.check_flags import LEVELS, flags
from messages.errors import LANGUAGES, Mistake
from sms.segments import count

BOOK = catalog.load(catalog.SHIPPED)
FLAG = BOOK.flags["vi"]["keeps-passport"]
ENGLISH = BOOK.flags["en"]["keeps-passport"]


def with_flags(vi: Flag | None, en: Flag | None):
    told = {"vi": {"own": vi} if vi else {}, "en": {"own": en} if en else {}}
    return replace(BOOK, flags=told)


def codes(book) -> set[str]:
    found = list(flags(book, count))
    assert all(finding.sentence(language) for finding in found for language in LANGUAGES)
    return {finding.code for finding in found}


def test_two_flags_in_order_have_no_findings():
    assert codes(with_flags(FLAG, ENGLISH)) == set()


@pytest.mark.parametrize("alone", ["vi", "en"])
def test_a_flag_without_its_other_language(alone):
    book = with_flags(FLAG if alone == "vi" else None, ENGLISH if alone == "en" else None)
    assert codes(book) == {"check-language-missing"}
    assert "check-language-missing" in {finding.code for finding in check(book, today=date(2026, 11, 22), count=count)}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sources": ()}, "check-flag-source-missing"),
        ({"sources": ("no-such-fact",)}, "check-source-unknown"),
        ({"level": "safe"}, "check-flag-level"),
        ({"reason": "Gọi 0912345678."}, "check-unsourced"),
        ({"ask": "Xem example.com"}, "check-unsourced"),
        ({"sms_unaccented": "a" * 200}, "check-text-too-long"),
        ({"sms_unaccented": "Dung nop tien"}, "check-ambiguous"),
        ({"sms_unaccented": "Khoan nộp tiền"}, "check-accented"),
    ],
)
def test_what_is_wrong_with_a_flag_is_found(changes, code):
    assert code in codes(with_flags(replace(FLAG, **changes), ENGLISH))


def test_the_languages_agree_on_level_and_sources():
    assert codes(with_flags(FLAG, replace(ENGLISH, level="careful"))) == {"check-flags-differ"}


def test_a_folder_need_not_have_flags(tmp_path):
    assert catalog._flags(tmp_path, "vi") == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [("own = 1", "content-field-table"), ('[own]\nlevel = "stop"', "content-field-missing")],
)
def test_a_flag_that_cannot_be_read(tmp_path, text, code):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "flags.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Mistake) as wrong:
        catalog._flags(tmp_path, "en")
    assert wrong.value.code == code


# -- the flags that ship ------------------------------------------------------------------------------------------


def test_every_pattern_has_its_sentences_and_every_sentence_its_pattern():
    names = set(patterns.table()["flags"])
    assert len(names) >= 25
    assert {language: set(BOOK.flags[language]) for language in LANGUAGES} == dict.fromkeys(LANGUAGES, names)


def test_every_pattern_names_sets_and_needs_that_exist():
    table = patterns.table()
    used = " ".join([*table["marks"].values(), *(flag["patterns"] for flag in table["flags"].values())])
    assert {part.strip("<>,") for part in used.split() if part.startswith("<")} <= set(table["sets"])
    assert all(set(flag) <= {"patterns", "needs", "unless", "denied"} for flag in table["flags"].values())
    needs = {need for flag in table["flags"].values() for need in flag.get("needs", ())}
    assert needs <= {"abroad", "uk", "eps", "compound", "offer", "abroad-or-advert", "offer-or-advert"}


@pytest.mark.parametrize("name", BOOK.flags["vi"])
def test_a_flag_reads_well(name):
    for language in LANGUAGES:
        flag = BOOK.flags[language][name]
        assert flag.level in LEVELS
        assert flag.sources and set(flag.sources) <= set(BOOK.facts)
        assert len(flag.reason) <= 260 and len(flag.ask) <= 200
        assert flag.reason.endswith(".") and flag.ask[-1] in ".?)"
        assert not {"{", "}"} & set(flag.reason + flag.ask + flag.sms)
    assert BOOK.flags["vi"][name].sms_unaccented.isascii()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_found_never_says_safe(language):
    said = BOOK.phrase("offer_nothing", language, "chat", signs="")
    assert ("không có nghĩa là an toàn" if language == "vi" else "does not mean it is safe") in said
    assert "dolab" in said and "?" not in said.split("\n")[0]
