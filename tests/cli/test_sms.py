"""`segments` and `phone` as a person or a script at the terminal meets them."""

import json

import pytest
from click.testing import CliRunner

from cli.commands import commands
from messages.errors import sentence
from sms.gateway import ERRORS
from sms.numbers import CODES, RULES


def ask(*arguments, given=None, lang="en_GB.UTF-8"):
    return CliRunner(env={"LC_ALL": lang}).invoke(commands, list(arguments), input=given)


def test_segments_of_an_accented_text():
    result = ask("segments", "Đừng đưa tiền cọc…", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "encoding": "UCS-2", "characters": 18, "units": 18, "segments": 1, "left": 52,
        "offending": ["Đ", "ừ", "đ", "ư", "ề", "ọ", "…"],
        "unaccented": {"text": "Dung dua tien coc...", "encoding": "GSM-7", "units": 20, "segments": 1},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "units"),
    [("Xin chao\n", 8), ("Xin chao", 8), ("Xin chao\r\n", 8), ("\ufeffXin chao\n", 8), ("hai\ndong\n", 8), ("", 0)],
)
def test_segments_from_standard_input_without_the_last_line_end(given, units):
    result = ask("segments", "-", "--json", given=given.encode())
    assert json.loads(result.stdout)["units"] == units


def test_a_text_may_begin_with_a_dash():
    assert json.loads(ask("segments", "- gạch đầu dòng", "--json").stdout)["characters"] == 15


def test_segments_for_a_person_in_both_languages():
    assert "không" not in ask("segments", "Xin chào").stdout
    vietnamese = ask("segments", "Xin chào", lang="vi_VN.UTF-8")
    assert vietnamese.exit_code == 0
    assert "Bỏ dấu" in ask("segments", "Đi đâu", lang="vi_VN.UTF-8").stdout


def test_phone_gives_one_object_a_number():
    result = ask("phone", "0912345678", "01681234567", "113", "--json")
    assert json.loads(result.stdout) == [
        {"input": "0912345678", "valid": True, "e164": "+84912345678", "carrier": "Vinaphone", "rewritten": None,
         "code": None},
        {"input": "01681234567", "valid": True, "e164": "+84381234567", "carrier": "Viettel",
         "rewritten": "renumbered-2018", "code": None},
        {"input": "113", "valid": False, "e164": None, "carrier": None, "rewritten": None, "code": "short-code"},
    ]  # fmt: skip


def test_phone_from_standard_input_answers_every_line():
    result = ask("phone", "-", "--json", given=b"0912345678\r\n\n967975723.0\n")
    assert [number["code"] or number["e164"] for number in json.loads(result.stdout)] == [
        "+84912345678", "empty", "+84967975723",
    ]  # fmt: skip


def test_phone_of_another_country():
    result = ask("phone", "--country", "gb", "07911 123403", "--json")
    assert json.loads(result.stdout)[0]["e164"] == "+447911123403"


def test_phone_tells_a_person_why_a_number_is_refused():
    result = ask("phone", "02383845678", lang="vi_VN.UTF-8")
    assert (result.exit_code, "số máy bàn" in result.stdout) == (0, True)


@pytest.mark.parametrize(
    "arguments",
    [("segments",), ("phone",), ("phone", "--country", "zz", "0912345678"), ("phone", "--jsn", "0912345678"),
     ("segments", "--jsn"), ("segments", "a", "b")],
)  # fmt: skip
def test_a_mistake_is_one_sentence_and_status_2(arguments):
    result = ask(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip()


def test_every_language_has_a_sentence_for_every_code():
    codes = [*(f"send-{code}" for code in ERRORS), *(f"refused-{code}" for code in CODES)]
    codes += [f"rewritten-{rule}" for rule in RULES]
    assert all(sentence(code, language) for code in codes for language in ("vi", "en"))
