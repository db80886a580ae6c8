"""What the people on duty read: which case to open, and nothing about who it is."""

import tomllib
from pathlib import Path

import pytest

from bots.alerts import wording
from bots.alerts.model import Alert
from sms.segments import GSM_7, count
from tests.house.tree import placeholders
from tests.make import NOW

DANGER = Path(wording.__file__).parents[1] / "words" / "danger.toml"
URL = "https://anlo.nghean.example/cases/12"


def alert(**changes) -> Alert:
    usual = {"language": "vi", "case_id": 12, "reason": "confined", "round": 1, "channel": "sms"}
    return Alert(id=7, worker="w", address="ha@nghean.example", name="Hà", at=NOW, **{**usual, **changes})


def test_the_sms():
    said = wording.sms(alert(), URL)
    assert said == f"An Lo: co nguoi dang nguy hiem (viec so 12, bi nhot), chua ai nhan. Mo: {URL}"


def test_the_letter():
    letter = wording.letter(alert(round=3), URL)
    assert (letter.to, letter.key) == ("ha@nghean.example", "alert-7")
    assert letter.subject == "An Lộ: có người đang nguy hiểm (việc số 12, bị nhốt)"
    assert URL in letter.text and "lần báo thứ 3" in letter.text and "Chào Hà" in letter.text


@pytest.mark.parametrize("reason", ["", "asked for a person", "locked in a room in Bavet, +84912345678"])
def test_without_a_reason_of_ours_only_the_number_is_said(reason):
    """Also when somebody of the staff wrote their own words there, or the case is restricted."""
    said = wording.sms(alert(reason=reason), URL) + wording.letter(alert(reason=reason), URL).text
    assert "(viec so 12)" in said and "Bavet" not in said and "912" not in said


HARMS = sorted(tomllib.loads(DANGER.read_text(encoding="utf-8"))["harm"])


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_harm_has_its_words(language):
    assert set(HARMS) <= set(wording.words(language)["reasons"])


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("url", [URL, "https://a.vn/cases/123456", f"https://{'a' * 120}.example/cases/123456"])
def test_every_sms_is_one_segment(language, url):
    both = [f"{one}, {other}" for one in HARMS for other in HARMS]
    for reason in [*both, ""]:
        for more, claimed in ((0, False), (99_999, True)):
            told = alert(language=language, reason=reason, case_id=123_456, more=more, claimed=claimed)
            said = wording.sms(told, url)
            assert (count(said).encoding, count(said).segments) == (GSM_7, 1), said
            assert "123456" in said and (not more or "99999" in said)
    assert count(wording.sms(alert(language=language, case_id=None), url)).segments == 1


def test_who_has_a_case_and_does_nothing_is_told_apart_from_nobody():
    """Whoever opens the case sees a name on it, and must not think all is well."""
    assert "nguoi nhan chua lam gi" in wording.sms(alert(claimed=True), URL)
    assert "người nhận chưa làm gì" in wording.letter(alert(claimed=True), URL).text
    assert "chưa ai nhận" in wording.letter(alert(), URL).text


def test_a_trial_says_that_nobody_is_in_danger():
    trial = alert(case_id=None, reason="")
    assert "Khong co ai nguy hiem" in wording.sms(trial, URL)
    assert "Không có ai nguy hiểm" in wording.letter(trial, URL).text


def test_the_same_entries_and_blanks_in_both_languages():
    vi, en = wording.words("vi"), wording.words("en")
    assert vi.keys() == en.keys()
    tables = [key for key in vi if isinstance(vi[key], dict)]
    assert [key for key in tables if vi[key].keys() != en[key].keys()] == []
    said = [key for key in vi if key not in tables]
    assert [key for key in said if placeholders(vi[key]) != placeholders(en[key])] == []


def test_another_language_gets_vietnamese():
    assert wording.words("fr") == wording.words("vi")
