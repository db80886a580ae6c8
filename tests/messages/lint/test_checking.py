"""The check as a whole: its order, its words, its speed, and that nothing anybody writes breaks it."""

import re
import string
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages import catalog, lint
from messages.errors import LANGUAGES
from sms.segments import count

GOOD = {
    "vi": "An Lộ: Đừng nộp tiền khi chưa ký hợp đồng. Cần hỏi, gọi 111 (miễn phí). Ngừng: TU CHOI.",
    "vi_unaccented": "An Lo: KHONG nop tien khi chua ky hop dong. Can hoi, goi 111 (mien phi). Ngung: TU CHOI.",
    "en": "An Lo: Do not pay before you sign a contract. To ask, call 111 (free). To stop: STOP.",
}
BAD = {
    "vi": "Bao đậu visa! Gọi 113 , bit.ly/x {ten}",
    "vi_unaccented": "Bao dau visa! Goi 114, cac ban o dau, dung lo, nho hoi buoi toi, cu hoi di, nguoi lon tre nho.",
    "en": "[AD] ｖisa " + "very " * 40,
}
SENTENCES = {
    language: tomllib.loads((catalog.SHIPPED / language / "lint.toml").read_text(encoding="utf-8"))
    for language in LANGUAGES
}


def test_a_message_in_order_has_no_findings():
    assert lint.check(**GOOD, count=count) == []


def test_nothing_written_is_nothing_wrong():
    assert lint.check() == []


def test_what_stops_comes_first_then_form_by_form():
    found = lint.check(**BAD, count=count)
    order = [(one.level != "stop", ("vi", "vi-unaccented", "en").index(one.form), one.at) for one in found]
    assert order == sorted(order)
    assert {one.level for one in found} == {"stop", "advice"}


def test_every_finding_is_said_in_both_languages_and_quotes_the_text():
    found = lint.check(**BAD, advert=True, count=count)
    assert len({one.code for one in found}) >= 12
    for one in found:
        text = BAD[one.form.replace("-", "_")]
        assert one.at == -1 or text[one.at :].startswith(one.quote)
        for language in LANGUAGES:
            said = lint.words(one, language)
            assert one.at == -1 or one.code in ("sentence-long", "advert-unmarked") or one.quote[:8].strip() in said
            assert "{" not in said.replace(one.quote, "").replace("{{", "").replace("}}", "")


def test_an_unknown_language_hears_vietnamese():
    (finding,) = lint.check(en=GOOD["en"])
    assert lint.words(finding, "fr") == lint.words(finding, "vi")


def test_both_languages_have_the_same_sentences_with_the_same_blanks():
    vi, en = SENTENCES["vi"], SENTENCES["en"]
    assert (set(vi["forms"]), set(vi["sentences"])) == (set(en["forms"]), set(en["sentences"]))
    for code in vi["sentences"]:
        blanks = [
            {name for _, name, _, _ in string.Formatter().parse(table["sentences"][code]) if name} - {"quote", "form"}
            for table in (vi, en)
        ]
        assert blanks[0] == blanks[1], code


def test_every_sentence_has_a_rule_and_every_rule_a_sentence():
    rules = Path(lint.__file__).parent.glob("*.py")
    written = " ".join(path.read_text(encoding="utf-8") for path in rules)
    said = set(re.findall(r'finding\(\s*"([a-z-]+)"', written)) | set(
        re.findall(r'"((?:link|unaccented)-[a-z-]+)"', written)
    )
    built = {f"promise-{kind}" for kind in ("visa", "work", "pay", "safety", "no-risk")}
    assert said | built == set(SENTENCES["vi"]["sentences"])


@pytest.mark.parametrize(("n", "told"), [(3, False), (4, True)])
def test_a_message_of_more_than_three_segments_is_told(n, told):
    text = GOOD["en"] + "x" * (153 * n - 10 - len(GOOD["en"]))
    assert any(one.code == "too-long" for one in lint.check(en=text, count=count)) == told
    assert not any(one.code == "too-long" for one in lint.check(en=text))


@settings(deadline=None, max_examples=60)
@given(
    st.text(max_size=200),
    st.text(alphabet=st.sampled_from("{}%[]<> ten0981.+84/:@gov.vnkhôngđừng,111\n"), max_size=120),
    st.booleans(),
)
def test_whatever_is_written_is_judged(one, other, advert):
    for finding in lint.check(vi=one, vi_unaccented=other, en=one + other, advert=advert, count=count):
        assert all(lint.words(finding, language) for language in LANGUAGES)
        assert finding.at == -1 or finding.quote


def test_a_message_is_judged_while_one_types():
    lint.check(**GOOD)
    best = min(_seconds() for _ in range(3))
    assert best < 0.1  # 4 ms on an idle core


def _seconds() -> float:
    started = time.perf_counter()
    lint.check(**BAD, count=count)
    return time.perf_counter() - started


@pytest.mark.parametrize(
    "text", ["a" * 4000, "1 " * 2000, "không " * 700, "a." * 2000, "{{" * 2000, "+84 " * 1000, "đừng lừa " * 500]
)
def test_a_long_text_is_judged_in_time(text):
    started = time.perf_counter()
    lint.check(vi=text, vi_unaccented=text, en=text)
    assert time.perf_counter() - started < 5
