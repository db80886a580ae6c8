"""Numbers to call: read however they are spelled, and stopped unless the facts have them."""

from datetime import date

import pytest

from messages import catalog, lint
from messages.book import Fact
from messages.lint.phones import key, numbers, shipped
from messages.lint.text import text_of


def unknown(text: str, form: str = "vi") -> list[str]:
    found = lint.check(**{form: text})
    assert all(finding.level == "stop" for finding in found if finding.code == "help-line-unknown")
    return [finding.quote for finding in found if finding.code == "help-line-unknown"]


def test_the_approved_numbers_are_those_of_the_facts():
    """Written down by reading the facts. 113 and 1900 96 96 80 are not there: no sound source was found for them."""
    assert shipped().numbers == {
        "111", "999", "112", "1955", "1345", "+84981848484", "+842438249517", "+447713181501", "+448000121700",
        "+448008083733", "+443000040202", "+81120250168",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Gọi 111.",
        "Gọi:111",
        "Số 111, 112 hoặc 999",
        "(999)",
        "Goi 111/112",
        "“111”",
        "tổng đài 1955",
        "gọi 1345 nhé",
        "+84 981 84 84 84",
        "+84981848484",
        "+84.981.84.84.84",
        "+84-981-848-484",
        "+84 (0)981 84 84 84",
        "0084 981848484",
        "0981 84 84 84",
        "0981848484",
        "0981.848.484",
        "84981848484",
        "Gọi 0981 848 484 hoặc 111",
        "08000 121 700",
        "0800 0121 700",
        "08000-121-700",
        "+44 8000 121 700",
        "+44 (0)8000 121 700",
        "0044 8000121700",
        "0300 004 0202",
        "0300 0040 202",
        "0800 808 3733",
        "024 3824 9517",
        "(024) 3824 9517",
        "+84 24 3824 9517",
        "0120-250-168",
        "+81 120 250 168",
        "+44 7713 181 501",
        "0044 7713 181501",
        "111 0981848484",
        "111 113".replace("113", "112"),
    ],
)
def test_an_approved_number_passes_in_any_spelling(text):
    assert numbers(text_of("vi", text)), "it is read as a number to call"
    assert unknown(text) == []


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("Gọi 113", ["113"]),
        ("gọi 0300 0121 700", ["0300 0121 700"]),
        ("Gọi 08000 121 701 hoặc 111", ["08000 121 701"]),
        ("+84 981 84 84 85", ["+84 981 84 84 85"]),
        ("+44 981 84 84 84", ["+44 981 84 84 84"]),
        ("0912.345.678", ["0912.345.678"]),
        ("Zalo 0912345678 gặp chị Hoa", ["0912345678"]),
        ("số 114, 115", ["114", "115"]),
        ("111 113", ["113"]),
        ("Gọi (113).", ["113"]),
        ("tổng đài 1022", ["1022"]),
        ("Hotline: 19001234", ["19001234"]),
        ("hotline 1900 96 96 80", ["1900 96 96 80"]),
        ("gọi công an số 117", ["117"]),
        ("soạn tin gửi tới 8085", ["8085"]),
        ("gọi 111, 8085", ["8085"]),
        ("1955 và 1966", ["1966"]),
        ("+1 202 555 0100", ["+1 202 555 0100"]),
        ("00447713181502", ["00447713181502"]),
        ("981 848 485 là số của tôi, gọi 981848485", ["981848485"]),
    ],
)
def test_any_other_number_stops_the_message(text, quotes):
    assert unknown(text) == quotes


@pytest.mark.parametrize(
    "text",
    [
        "Có 111 người, 999 bảng, 112 suất, 113 triệu, 115 xã.",
        "Năm 2019 có 39 người. Năm 2024: 82 người chết.",
        "Từ 22/7/2025, 15-12-2025, 01.07.2025, 2026-11-21.",
        "10.000.000 đồng, 500.000–2 triệu, 15.000-20.000 bảng, 700–1.000%, 200 000 000 đồng",
        "Nghị định số 162/2025/NĐ-CP, Luật 69/2020/QH14, Quyết định 34/2025/QĐ-TTg, Điều 348",
        "24/7, 9:00–22:00, 08:30, 9h00, IELTS 4.0, B2, 18-39 tuổi, 1,5 tháng, 100%, 125 triệu",
        "Năm 2019 2020 2021, giai đoạn 2026–2030",
        "3.602 người Việt, 30.170 cuộc gọi, 16.489 km²",
    ],
)
def test_a_sum_a_date_or_a_law_is_no_number_to_call(text):
    assert numbers(text_of("vi", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "111 people, 999 pounds, 113 communes",
        "41,700 pounds a year",
        "£15,000 to £20,000",
        "in 12 years",
        "2 April 2024",
    ],
)
def test_nor_in_english(text):
    assert numbers(text_of("en", text)) == []


def test_a_placeholder_is_no_number():
    assert unknown('Gọi {{ so or "111" }}') == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("+84 981 84 84 84", "0981848484"), ("08000 121 700", "+448000121700"), ("+84 0981848484", "+84981848484")],
)
def test_two_spellings_have_one_key(one, other):
    assert key(one) == key(other)


def test_two_countries_have_two_keys():
    assert key("+84 300 004 0202") != key("+44 300 004 0202")


def test_every_number_the_facts_give_without_a_country_has_its_country():
    """Else its international spelling would be taken for a wrong number."""
    claims = [
        claim for fact in catalog.load(catalog.SHIPPED).facts.values() for claim in (fact.claim_vi, fact.claim_en)
    ]
    keys = {number.key for claim in claims for number in numbers(text_of("vi", claim))}
    assert {number for number in keys if number.startswith("0")} == set()


def test_a_number_whose_fact_has_expired_is_unknown():
    fact = Fact("line", "Gọi 1955.", "Call 1955.", "a | b | c", "2025", "high", expires=date(2026, 12, 31))
    for today, codes in ((date(2026, 12, 31), []), (date(2027, 1, 1), ["help-line-unknown"])):
        found = lint.check(vi="Gọi 1955.", approved=lint.approved({"line": fact}, today))
        assert [finding.code for finding in found if finding.level == "stop"] == codes


def test_the_place_is_that_of_the_text_as_it_is_kept():
    text = "Cha\u0300o ba\u0300 con.\r\nGọi 113"
    (found,) = [finding for finding in lint.check(vi=text) if finding.code == "help-line-unknown"]
    assert "Chào bà con.\nGọi 113"[found.at :] == found.quote == "113"


@pytest.mark.parametrize(
    ("forms", "missing"),
    [
        ({"vi": "An Lộ: Đi làm phải có hợp đồng."}, True),
        ({"vi": "An Lộ: Gọi 111."}, False),
        ({"vi": "An Lộ: Gọi 113."}, True),
        ({"vi": "An Lộ: Xem www.dolab.gov.vn"}, False),
        ({"vi": "An Lộ: Xem bit.ly/abc"}, True),
        ({"vi": "An Lộ: Nhắn lại tin này để hỏi."}, False),
        ({"vi": "An Lộ: Hỏi UBND xã hoặc Sở Nội vụ."}, False),
        ({"vi_unaccented": "An Lo: Can hoi, nhan lai tin nay."}, False),
        ({"vi_unaccented": "An Lo: Di lam phai co hop dong."}, True),
        ({"en": "An Lo: Sign a contract first."}, True),
        ({"en": "An Lo: To ask, reply to this text."}, False),
        ({"en": "An Lo: Ask at your commune office."}, False),
    ],
)
def test_a_message_gives_a_way_to_ask(forms, missing):
    found = [finding for finding in lint.check(**forms) if finding.code == "help-line-missing"]
    assert bool(found) == missing
    assert all((finding.level, finding.at) == ("advice", -1) for finding in found)
