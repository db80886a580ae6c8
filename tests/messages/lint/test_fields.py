"""Placeholders: written right, known to the list, with words for who has no value."""

import pytest

from messages import lint


def found(text: str, **asked) -> list[tuple[str, str, str]]:
    findings = lint.check(vi=text, **asked)
    return [(one.code, one.level, one.quote) for one in findings if one.code.startswith("placeholder-")]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Chào {ten}.", "{ten}"),
        ("Chào { ten }.", "{ ten }"),
        ("Chào {{ten}.", "{{"),
        ("Chào {{ Ten }}.", "{{ Ten }}"),
        ("Chào {{ tên }}.", "{{ tên }}"),
        ("Chào {{ ten or bà con }}.", "{{ ten or bà con }}"),
        ("Chào { {ten} }.", "{ {ten} }"),
        ("Chào [[ten]].", "[[ten]]"),
        ("Chào <ten>.", "<ten>"),
        ("Chào %ten%.", "%ten%"),
        ("Chào ten }}.", "}}"),
        ("{% if ten %}Chào", "{% if ten %}"),
        ("{{ ten|upper }}", "{{ ten|upper }}"),
    ],
)
def test_a_slip_in_a_placeholder_stops_the_message(text, quote):
    assert ("placeholder-wrong", "stop", quote) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        'Chào {{ ten or "bà con" }}.',
        "{% if name %}Chào {{ name }}. {% endif %}Gọi 111",
        "5 < 7 > 3, 50%, [QC] a",
        "Gọi 111",
        "lãi 700% đến 1.000%",
        "{% if ten %}a{% else %}b{% endif %}",
    ],
)
def test_a_placeholder_that_is_right_passes(text):
    assert found(text) == []


def test_a_placeholder_without_words_for_the_others_is_told():
    assert found("Chào {{ ten }}.") == [("placeholder-no-fallback", "advice", "{{ ten }}")]


def test_a_column_nobody_knows_is_told_once_and_stops_when_the_list_is_known():
    text = 'Thôn {{ thon or "nhà" }}, {{ thon or "x" }}'
    quote = '{{ thon or "nhà" }}'
    assert found(text) == [("placeholder-unknown", "advice", quote)]
    assert found(text, columns=["Năm sinh"]) == [("placeholder-unknown", "stop", quote)]
    assert found(text, columns=["Năm sinh", "THÔN"]) == []
    assert found('{{ nam_sinh or "x" }}', columns=["Năm sinh"]) == []


def test_the_name_is_always_known():
    assert found('{{ ten or "a" }} {{ name or "b" }}', columns=[]) == []


def test_code_is_no_text_of_the_message():
    """Nothing in a placeholder is read as a word, a number or an address of the message."""
    text = 'An Lộ: {{ ten or "113 bit.ly CHẮC CHẮN ĐẬU , x" }} gọi 111. Ngừng: TU CHOI.'
    assert [one.code for one in lint.check(vi=text)] == ["language-missing"]
