"""What is found in offers, adverts and chats as people paste them; and what must not be found."""

import time
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.offers import patterns, reading
from bots.offers.finding import QUOTE, find
from messages import catalog

TEXTS = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
FACTS = catalog.load_facts(catalog.SHIPPED)
#: Words that show or take back flags, to make texts of.
WORDS = sorted({word for flag in patterns.table()["flags"].values() for word in flag["patterns"].split()})
MARKS = [".", ",", "?", "\n", "\u0301", "\u200b", "30tr", "£9999"]
#: "giữ hộ chiếu" with each accent typed apart.
APART = unicodedata.normalize("NFD", "giữ hộ chiếu")
#: Enough for the slowest machine that runs the tests; docs/understanding.md has the measured figure.
SECONDS = 1.0


def flags(text):
    return {sign.flag for sign in find(text).signs}


def quote(text, flag):
    return next(sign.quote for sign in find(text).signs if sign.flag == flag)


@pytest.mark.parametrize("offer", TEXTS["offer"], ids=lambda offer: offer["name"])
def test_an_offer_shows_its_flags_and_no_others(offer):
    assert flags(offer["text"]) == set(offer["flags"])


@pytest.mark.parametrize("text", TEXTS["harmless"], ids=lambda text: text["name"])
def test_a_harmless_text_shows_none(text):
    assert find(text["text"]).signs == ()


def test_the_texts_are_many_and_show_nearly_every_flag():
    assert len(TEXTS["offer"]) >= 50 and len(TEXTS["harmless"]) >= 40
    shown = {flag for offer in TEXTS["offer"] for flag in offer["flags"]}
    assert set(patterns.table()["flags"]) - shown == set()


@pytest.mark.parametrize("text", [*TEXTS["offer"], *TEXTS["harmless"]], ids=lambda text: text["name"])
def test_accents_and_letters_of_another_size_change_no_quote_into_other_words(text):
    for sign in find(text["text"].upper()).signs:
        assert sign.quote in text["text"].upper()


@pytest.mark.parametrize(
    ("text", "flag", "words"),
    [
        ("Phải CỌC  TRƯỚC nhé", "deposit-first", "CỌC  TRƯỚC"),
        ("gui ck coc trc cho c", "deposit-first", "ck coc"),
        ("lên 𝘅𝗲 𝗰𝗼𝗻𝘁𝗮𝗶𝗻𝗲𝗿 mà đi Anh", "lorry", "lên 𝘅𝗲 𝗰𝗼𝗻𝘁𝗮𝗶𝗻𝗲𝗿"),
        ("đi Úc b\u200bao\u00ad đậu nha", "guaranteed", "b\u200bao\u00ad đậu"),
        (APART, "keeps-passport", APART),
        ("We KEEP your   passport, ok", "keeps-passport", "KEEP your   passport"),
    ],
)
def test_the_quote_is_the_very_words(text, flag, words):
    assert quote(text, flag) == words
    assert words in text


@pytest.mark.parametrize(
    ("denied", "meant", "flag"),
    [
        ("Công ty không thu phí trước", "Công ty thu phí trước", "fee-before-contract"),
        ("never pay a deposit", "you pay a deposit", "deposit-first"),
        ("bên tôi không giữ hộ chiếu", "bên tôi giữ hộ chiếu", "keeps-passport"),
        ("đừng chuyển cọc cho ai", "em chuyển cọc cho chị", "deposit-first"),
        ("Do I need to pay a deposit?", "You need to pay a deposit", "deposit-first"),
        ("có phải đặt cọc trước không", "phải đặt cọc trước", "deposit-first"),
        ("Cảnh giác thủ đoạn bắt cọc trước.", "Uy tín, bắt cọc trước.", "deposit-first"),
        ("Cọc trước là lừa đảo.", "Cọc trước là giữ được suất.", "deposit-first"),
        ("không chịu cọc trước", "không cọc trước thì mất suất", "deposit-first"),
        ("bố lái xe tải đi Lào bằng xe tải", "đi Anh bằng xe tải", "lorry"),
        ("không phải cọc trước", "không cần bằng cấp, cọc trước", "deposit-first"),
        ("we do not keep your passport", "not only we keep your passport", "keeps-passport"),
    ],
)
def test_denied_asked_and_warned_of_is_not_flagged(denied, meant, flag):
    assert flag not in flags(denied)
    assert flag in flags(meant)


def test_a_warning_does_not_hide_the_offer_behind_it():
    assert "deposit-first" in flags("Công an khuyến cáo bà con cảnh giác. Bên em uy tín, cọc trước 20 triệu, inbox em.")
    assert "deposit-first" not in flags("Công an khuyến cáo bà con cảnh giác. Chúng yêu cầu cọc trước 20 triệu.")


def test_who_asks_whether_it_is_a_trick_gets_the_flag():
    assert "deposit-first" in flags("họ bắt cọc trước 10 triệu, có phải chiêu trò lừa đảo không?")


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("đi Úc lương {wage} triệu một tháng", "wage-very-high"),
        ("đi Anh trọn gói {price} bảng", "smuggler-price"),
        ("đi Mỹ trọn gói {raised} triệu", "smuggler-price"),
    ],
)
def test_figures_are_those_of_the_facts(text, flagged):
    figures = patterns.table()["figures"]
    least = {"wage": figures["wage"]["vnd"] // 1_000_000, "price": figures["price"]["gbp"],
             "raised": figures["raised"]["vnd"] // 1_000_000}
    assert flagged in flags(text.format(**least))
    assert flagged not in flags(text.format(**{name: value - 1 for name, value in least.items()}))


@pytest.mark.parametrize(
    ("figure", "said"), [("wage", "60–65"), ("price", "10.000"), ("raised", "700"), ("fee", "12")]
)
def test_a_figure_stands_in_its_fact(figure, said):
    assert said in FACTS[patterns.table()["figures"][figure]["fact"]].claim_vi


@pytest.mark.parametrize(
    "text",
    ["Lương 41.700 bảng mỗi năm ở Anh", "mua nhà 900 triệu sau khi đi Nhật về", "phạt 10.000 bảng ở Anh",
     "đi Đức kỹ sư lương 90 triệu", "đi Úc lương 600.000 một giờ"],
)
def test_other_figures_are_left_alone(text):
    assert flags(text) & {"wage-very-high", "smuggler-price"} == set()


def test_a_fee_far_above_the_wage():
    months = patterns.table()["figures"]["fee"]["months"]
    text = "Công ty TNHH A, giấy phép đủ: đi Đài Loan lương 20 triệu, chi phí {} triệu"
    assert flags(text.format(20 * months + 1)) == {"fee-far-above-wage"}
    assert flags(text.format(20 * months)) == set()


def test_who_makes_an_offer_must_be_named():
    offer = "Tuyển 20 nam đi Đài Loan làm cơ khí, lương 22 triệu, ăn ở tại xưởng, phỏng vấn tháng sau"
    assert flags(offer) == {"company-not-named"}
    assert flags(f"Công ty TNHH Hoà Bình. {offer}") == {"licence-not-named"}
    assert flags(f"Công ty TNHH Hoà Bình, giấy phép 12/LĐTBXH-GP. {offer}") == set()


# -- any text ---------------------------------------------------------------------------------------------------------


def unsound(text):
    """The signs found in a text that do not quote it as it stands, or say the same twice, or are not found again."""
    signs = find(text).signs
    misquoted = [s for s in signs if not 0 < len(s.quote) <= QUOTE or not text.startswith(s.quote, s.start)]
    twice = [s for n, s in enumerate(signs) if s.flag in {other.flag for other in signs[:n]}]
    return misquoted + twice + [s for s in find(text).signs if s not in signs]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_looked_at(text):
    assert unsound(text) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(MARKS), st.text(max_size=4)), max_size=60))
def test_any_text_of_such_words_is_looked_at(words):
    assert unsound(" ".join(words)) == []


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ud800", "?" * 50, "İİİ", "ﷺ" * 9, "9" * 5000, "\u0301" * 40, "đ" * 30_000]
)
def test_strange_texts(text):
    assert unsound(text) == []


@pytest.mark.parametrize(
    "piece", ["visa du lịch ", "không cần ", "cọc trước 30tr ", "1.000.000 ", "giữ giữ hộ chiếu ", "ẫ", "𝐓𝐔 "]
)
def test_time_grows_with_the_length_alone(piece):
    short, long = (_seconds((piece * 10_000)[:size]) for size in (2_500, 10_000))
    assert long < SECONDS
    assert long < 12 * short + 0.02


def _seconds(text):
    find(text)
    taken = []
    for _ in range(3):
        start = time.process_time()
        find(text)
        taken.append(time.process_time() - start)
    return min(taken)


def test_no_more_than_the_beginning_is_read():
    assert flags("a " * reading.LONGEST + "cọc trước") == set()
