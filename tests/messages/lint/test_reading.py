"""How hard a message is to read."""

import pytest

from messages import lint
from messages.lint.reading import grade
from messages.lint.text import text_of


def found(code: str, **texts: str) -> list:
    findings = [one for one in lint.check(**texts) if one.code == code]
    assert all(one.level == "advice" for one in findings)
    return findings


LONG = "Bà con " + "nhớ hỏi người nhà " * 8 + "trước khi đi"


@pytest.mark.parametrize(
    ("form", "text", "quote"),
    [
        ("vi", f"An Lộ: gọi 111. {LONG}. Cảm ơn.", f"{LONG}."),
        ("vi_unaccented", "Ba con " + "nho hoi nguoi nha " * 8, None),
        ("en", "Please " + "ask your family first " * 7, None),
        ("vi", "Bà con nhớ hỏi người nhà. " * 20, ""),
        ("en", "Please ask your family first. " * 20, ""),
        ("vi", "Xem www.dolab.gov.vn, gọi 1.000 người, 3.5 lần. " * 9, ""),
    ],
)
def test_a_long_sentence_is_quoted(form, text, quote):
    findings = found("sentence-long", **{form: text})
    if quote == "":
        assert findings == []
    else:
        (finding,) = findings
        assert finding.quote == (quote or text.strip())
        assert finding.values["words"] > finding.values["most"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Công dân cần chủ động phối hợp, kịp thời cung cấp thông tin cho cơ quan chức năng theo quy định.",
            True,
        ),
        ("Nghiêm cấm tổ chức, cá nhân lợi dụng việc xuất cảnh trái phép nhằm mục đích chiếm đoạt tài sản.", True),
        ("Gọi 111 để hỏi. Đừng nộp tiền khi chưa ký hợp đồng.", False),
        ("Công ty phải thực hiện hợp đồng. Bà con hỏi xã trước khi nộp tiền, nhớ lấy giấy biên nhận nhé.", False),
    ],
)
def test_words_of_offices_are_told_with_plain_ones(text, told):
    findings = found("officialese", vi=text)
    assert bool(findings) == told
    assert all("→" in one.values["instead"] for one in findings)


@pytest.mark.parametrize(
    ("text", "hard"),
    [
        (
            "Do not pay before you sign. Ask at your commune office first. In danger, call the police at once.",
            False,
        ),
        (
            "Prospective applicants should familiarise themselves with all applicable immigration regulations, "
            "notwithstanding contradictory representations that are disseminated by unknown intermediaries for money.",
            True,
        ),
        ("Unauthorised intermediaries misrepresent opportunities.", False),  # too short to judge
    ],
)
def test_hard_english_is_told(text, hard):
    assert bool(found("reading-hard", en=text)) == hard


def test_the_grade_is_that_of_the_formula():
    """0.39 × 6 words a sentence + 11.8 × 6 syllables / 6 words − 15.59."""
    assert grade(text_of("en", "The cat sat on the mat.").sentences) == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    assert grade(()) == 0.0
