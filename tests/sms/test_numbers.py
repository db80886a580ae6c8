"""Numbers as they stand in officers' lists. One more odd cell is one more line here."""

import random
import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms import mobiles, spelling
from sms.numbers import CODES, RULES, VN_MOBILE, Number, careful, carrier, read, read_many

VALID = [
    # plain spellings
    ("0912345678", "+84912345678", None),
    ("0386697648", "+84386697648", None),
    ("0567461567", "+84567461567", None),
    ("0788197929", "+84788197929", None),
    ("0856030738", "+84856030738", None),
    ("0993123456", "+84993123456", None),
    ("+84912345678", "+84912345678", None),
    ("84912345678", "+84912345678", None),
    ("0084912345678", "+84912345678", None),
    ("+840912345678", "+84912345678", None),
    ("840912345678", "+84912345678", None),
    ("00840912345678", "+84912345678", None),
    # spaces, dots, dashes, brackets
    ("0961 075 495", "+84961075495", None),
    ("0909.408.455", "+84909408455", None),
    ("0909-408-455", "+84909408455", None),
    ("0909 – 408 – 455", "+84909408455", None),
    ("09 09 40 84 55", "+84909408455", None),
    ("0822\u00a0576892", "+84822576892", None),
    ("0822\u202f576\u2009892", "+84822576892", None),
    ("\u200b0963409657", "+84963409657", None),
    ("\ufeff0963409657\u200b", "+84963409657", None),
    ("\u202a0963409657", "+84963409657", None),
    ("  0963409657\t", "+84963409657", None),
    ("0963409657\r\n", "+84963409657", None),
    ("(0963) 409 657", "+84963409657", None),
    ("(+84) 0980586033", "+84980586033", None),
    ("(+84)980586033", "+84980586033", None),
    ("+84 (0) 980 586 033", "+84980586033", None),
    ("+84-980-586-033", "+84980586033", None),
    ("+84.980.586.033", "+84980586033", None),
    ("0963_409_657", "+84963409657", None),
    ("0963·409·657", "+84963409657", None),
    ("0912,345,678", "+84912345678", None),
    ("0912.345.000", "+84912345000", None),
    ("0912345.000", "+84912345000", None),
    ("0912345678.", "+84912345678", None),
    ("0912345678,", "+84912345678", None),
    ("0912345678;", "+84912345678", None),
    # what spreadsheets do
    ("'0986697648", "+84986697648", None),
    ("’0986697648", "+84986697648", None),
    ('="0986697648"', "+84986697648", None),
    ('"0986697648"', "+84986697648", None),
    ("0963940093.0", "+84963940093", None),
    ("0963940093.00", "+84963940093", None),
    ("84963940093.0", "+84963940093", None),
    ("84380772856.0", "+84380772856", None),
    ("967975723", "+84967975723", "lost-zero"),
    ("967975723.0", "+84967975723", "lost-zero"),
    ("369440964.0", "+84369440964", "lost-zero"),
    ("967 975 723", "+84967975723", "lost-zero"),
    ("912,345,678", "+84912345678", "lost-zero"),
    ("'967975723", "+84967975723", "lost-zero"),
    ("841234567", "+84841234567", "lost-zero"),  # nine digits: 084 of Vinaphone, not the country
    ("9.12345678E+08", "+84912345678", "lost-zero"),
    ("9,12345678E+08", "+84912345678", "lost-zero"),
    ("8.4912345678E+10", "+84912345678", None),
    # labels
    ("SĐT: 0912345678", "+84912345678", None),
    ("ĐT 0912345678", "+84912345678", None),
    ("dt. 0912345678", "+84912345678", None),
    ("Số: 0912345678", "+84912345678", None),
    ("Điện thoại: 0912345678", "+84912345678", None),
    ("Tel: 0912345678", "+84912345678", None),
    ("tel:+84912345678", "+84912345678", None),
    ("Zalo 0912345678", "+84912345678", None),
    # a letter for a zero, other digits
    ("O912345678", "+84912345678", "letter-o"),
    ("o912345678", "+84912345678", "letter-o"),
    ("O35O844548", "+84350844548", "letter-o"),
    ("О912345678", "+84912345678", "letter-o"),  # Cyrillic
    ("+84 O912 345 678", "+84912345678", "letter-o"),
    ("0912 34O 678", "+84912340678", "letter-o"),
    ("٠٩١٢٣٤٥٦٨٦", "+84912345686", "other-digits"),
    ("０９１２３４５６７８", "+84912345678", "other-digits"),
    ("＋８４９１２３４５６７８", "+84912345678", "other-digits"),
    # eleven digits from before 2018
    ("01219982888", "+84799982888", "renumbered-2018"),
    ("0120 1234567", "+84701234567", "renumbered-2018"),
    ("0122.123.4567", "+84771234567", "renumbered-2018"),
    ("01261234567", "+84761234567", "renumbered-2018"),
    ("01281234567", "+84781234567", "renumbered-2018"),
    ("01238503210", "+84838503210", "renumbered-2018"),
    ("01241234567", "+84841234567", "renumbered-2018"),
    ("01251234567", "+84851234567", "renumbered-2018"),
    ("01271234567", "+84811234567", "renumbered-2018"),
    ("01291234567", "+84821234567", "renumbered-2018"),
    ("01621234567", "+84321234567", "renumbered-2018"),
    ("01631234567", "+84331234567", "renumbered-2018"),
    ("01641234567", "+84341234567", "renumbered-2018"),
    ("01651551285", "+84351551285", "renumbered-2018"),
    ("01669003120", "+84369003120", "renumbered-2018"),
    ("01671234567", "+84371234567", "renumbered-2018"),
    ("01681234567", "+84381234567", "renumbered-2018"),
    ("01691234567", "+84391234567", "renumbered-2018"),
    ("01861234567", "+84561234567", "renumbered-2018"),
    ("01881234567", "+84581234567", "renumbered-2018"),
    ("01991234567", "+84591234567", "renumbered-2018"),
    ("01822123456", "+84522123456", "renumbered-2018"),
    ("1699918784.0", "+84399918784", "renumbered-2018"),
    ("841699918784", "+84399918784", "renumbered-2018"),
    ("+84 169 991 8784", "+84399918784", "renumbered-2018"),
    ("(+84) 01699918784", "+84399918784", "renumbered-2018"),
    ("00841699918784", "+84399918784", "renumbered-2018"),
    ("O1699918784", "+84399918784", "renumbered-2018"),
    # abroad, with the country
    ("+447911123400", "+447911123400", None),
    ("+44 7911 123402", "+447911123402", None),
    ("+44 (0)7911 123402", "+447911123402", None),
    ("00447911123400", "+447911123400", None),
    ("+33612345678", "+33612345678", None),
    ("+49 1512 3456789", "+4915123456789", None),
    ("+81 90 1234 5678", "+819012345678", None),
    ("+82 10-1234-5678", "+821012345678", None),
    ("+886 912 345 678", "+886912345678", None),
    ("+855 12 345 678", "+85512345678", None),
    ("+1 202 555 0143", "+12025550143", None),  # there a mobile cannot be told from a landline
]

REFUSED = [
    ("", "empty"),
    ("   ", "empty"),
    ("\u200b", "empty"),
    ("'", "empty"),
    ('=""', "empty"),
    ("không có", "not-a-number"),
    ("chưa có số", "not-a-number"),
    ("x", "not-a-number"),
    ("-", "not-a-number"),
    ("phone", "not-a-number"),
    ("*101#", "not-a-number"),
    ("0912345678 (mẹ)", "not-a-number"),  # whose number is it?
    ("0912345678?", "not-a-number"),
    ("không dùng 0912345678", "not-a-number"),
    ("0912345678x", "not-a-number"),
    ("0912 345 678 ext 3", "not-a-number"),
    ("09l2345678", "not-a-number"),  # the letter l may be a 1, or not
    ("9.12346E+08", "not-a-number"),  # digits are lost
    ("#REF!", "not-a-number"),
    ("=HYPERLINK(\"http://x.example\")", "not-a-number"),
    ("👍", "not-a-number"),
    ("9" * 5000, "not-a-number"),
    ("0", "too-short"),
    ("09", "too-short"),
    ("08421389", "too-short"),
    ("09247441", "too-short"),
    ("8649245.0", "too-short"),
    ("091234567.0", "too-short"),  # the last zero is the spreadsheet's, not the number's
    ("091234567.0 ", "too-short"),
    ("+84 912 345", "too-short"),
    ("84912345", "too-short"),
    ("09123456789", "too-long"),
    ("09123456780", "too-long"),
    ("849123456789", "too-long"),
    ("0912345678113", "too-long"),
    ("447911123400", "too-long"),  # no plus: not ours to guess the country
    ("07911 123403", "too-long"),
    ("02383845678", "landline"),
    ("0238 3 845 678", "landline"),
    ("2383095387", "landline"),
    ("2383095387.0", "landline"),
    ("0238384567", "landline"),  # a digit too few, a landline all the same
    ("+84 24 38249517", "landline"),
    ("+442079460000", "landline"),
    ("113", "short-code"),
    ("1080", "short-code"),
    ("8088", "short-code"),
    ("18001567", "short-code"),
    ("1900969680", "short-code"),
    ("1900 96 96 80", "short-code"),
    ("19006600", "short-code"),
    ("0712345678", "invalid"),
    ("0412345678", "invalid"),
    ("0121012345", "invalid"),  # an old number with a digit lost; today's 01… belong to machines
    ("0140123456", "invalid"),
    ("01824123456", "invalid"),  # 052 has no 0524
    ("+10912345678", "invalid"),
    ("+0912345678", "invalid"),
    ("+999912345678", "invalid"),
    ("+447700900123", "invalid"),  # kept for plays and films
    ("0912345678/0987654321", "two-numbers"),
    ("0374615698 / 0825214911", "two-numbers"),
    ("0912345678/79", "two-numbers"),
    ("0912345678;0987654321", "two-numbers"),
    ("0912345678, 0987654321", "two-numbers"),
    ("0912345678|0987654321", "two-numbers"),
    ("0912345678\n0987654321", "two-numbers"),
    ("0912345678 0987654321", "two-numbers"),
    ("0912345678 - 0987654321", "two-numbers"),
    ("0912 345 678 0987 654 321", "two-numbers"),
    ("0912345678 (0987654321)", "two-numbers"),
    ("0912345678 hoặc 0987654321", "two-numbers"),
    ("0912345678 hoac 0987654321", "two-numbers"),
    ("0912345678 và 0987654321", "two-numbers"),
    ("0912345678 or 0987654321", "two-numbers"),
    ("+84912345678+84987654321", "two-numbers"),
]

ABROAD = [
    ("447911123400", "GB", "+447911123400", None, None),
    ("07911 123403", "GB", "+447911123403", None, None),
    ("7911123403", "GB", "+447911123403", "lost-zero", None),
    ("7911123403.0", "GB", "+447911123403", "lost-zero", None),
    ("+84912345678", "GB", "+84912345678", None, None),
    ("+841681234567", "GB", "+84381234567", "renumbered-2018", None),
    ("0084912345678", "GB", "+84912345678", None, None),
    ("01681234567", "GB", None, None, "landline"),  # not an old Vietnamese number: a British one
    ("0912345678", "GB", None, None, "too-short"),
    ("999", "GB", None, None, "short-code"),
    ("0612345678", "FR", "+33612345678", None, None),
    ("612345678", "FR", "+33612345678", "lost-zero", None),
    ("0912345678", "TW", "+886912345678", None, None),
    ("090-1234-5678", "JP", "+819012345678", None, None),
]


@pytest.mark.parametrize(("text", "e164", "rewritten"), VALID)
def test_it_is_read(text, e164, rewritten):
    number = read(text)
    assert (number.input, number.e164, number.rewritten) == (text, e164, rewritten)
    assert number.valid and number.code is None
    assert number == careful(text)


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_it_is_refused(text, code):
    assert read(text) == careful(text) == Number(text, False, None, None, None, code)
    assert code in CODES


@pytest.mark.parametrize(("text", "country", "e164", "rewritten", "code"), ABROAD)
def test_another_country(text, country, e164, rewritten, code):
    number = read(text, country)
    assert (number.valid, number.e164, number.rewritten, number.code) == (e164 is not None, e164, rewritten, code)


def test_an_unknown_country_is_the_callers_mistake():
    with pytest.raises(ValueError):
        read("0912345678", "XX")


@pytest.mark.parametrize(
    ("national", "name"),
    [
        ("321234567", "Viettel"), ("861234567", "Viettel"), ("981234567", "Viettel"),
        ("811234567", "Vinaphone"), ("881234567", "Vinaphone"), ("941234567", "Vinaphone"),
        ("701234567", "MobiFone"), ("896123456", "MobiFone"), ("931234567", "MobiFone"),
        ("522123456", "Vietnamobile"), ("921234567", "Vietnamobile"), ("591234567", "Gmobile"),
        ("993123456", "Gmobile"), ("871234567", "iTel"), ("559123456", "Wintel"),
        ("777123456", "VNSKY"), ("775123456", "FPT"), ("899123456", "Local"), ("771234567", "MobiFone"),
        ("950123456", None), ("990123456", None),
    ],
)  # fmt: skip
def test_the_carrier_by_prefix(national, name):
    assert carrier(national) == name
    assert read("0" + national).carrier == name


def test_a_number_abroad_has_no_carrier():
    assert read("+447911123400").carrier is None


def test_the_fast_pattern_is_the_librarys():
    """When this fails after an upgrade, the ranges have changed: look at them, then copy the new pattern."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region("VN")
    assert metadata.mobile.national_number_pattern == VN_MOBILE


@pytest.mark.slow
def test_digits_of_any_length_are_what_the_library_says():
    """Every beginning a number of ours may have, and every length that is answered without the library."""
    dice = random.Random(20261124)
    beginnings = [f"{zero}{four}" for zero in ("", "0", "84", "+84") for four in range(1000, 10_000, 3)]
    texts = [
        beginning + "".join(dice.choices("0123456789", k=dice.randrange(13)))
        for beginning in beginnings
        for _ in range(4)
    ]
    assert read_many(texts) == [read(text) for text in texts] == [careful(text) for text in texts]


@given(st.text("0123456789", min_size=1, max_size=200))
def test_digits_alone_need_no_spelling_out(digits):
    assert spelling.digits_of(digits) == (digits, None)


def test_three_digits_tell_a_mobile_number():
    person = re.compile(rf"(?!1)(?:{VN_MOBILE})").fullmatch
    for three in map(str, range(100, 1000)):
        told = three in mobiles.beginnings()
        assert all(bool(person(three + rest)) == told for rest in ("000000", "999999", "123456", "500000", "080808"))


SEPARATORS = ["", "", "", " ", ".", "-", "\u00a0", "\u200b", ". ", "  "]
BEFORE = ["0", "0", "0", "", "84", "+84", "0084", "+840", "(+84) 0", "'0", "O", "00", "1", "+44"]
AFTER = ["", "", "", "", ".0", ".00", " ", "\t", ";", "x", " 0987654321", "0", ")"]


def dirty_number(dice: random.Random) -> str:
    digits = dice.choice(["9", "3", "7", "8", "5", "12", "16", "18", "2", "1"]) + "".join(
        dice.choices("0123456789", k=dice.choice([6, 7, 8, 8, 8, 8, 8, 9]))
    )
    cut = sorted(dice.sample(range(1, len(digits)), 2))
    separator = dice.choice(SEPARATORS)
    grouped = separator.join([digits[: cut[0]], digits[cut[0] : cut[1]], digits[cut[1] :]])
    return dice.choice(BEFORE) + grouped + dice.choice(AFTER)


@pytest.mark.slow
def test_the_fast_way_agrees_with_the_slow_way():
    dice = random.Random(20261122)
    dirty = [dirty_number(dice) for _ in range(50_000)]
    read_fast, read_slowly = read_many(dirty), [careful(text) for text in dirty]
    assert read_fast == read_slowly == [read(text) for text in dirty]
    assert sum(number.valid for number in read_fast) > 10_000


@given(st.one_of(st.text(max_size=40), st.text("0123456789+84 .-()'O/;,\u200b", max_size=30)))
def test_anything_gets_an_answer(text):
    number = read(text)
    assert number == careful(text)
    assert read_many([text, "0912345678", text])[::2] == [number, number]
    if number.valid:
        assert number.code is None and number.rewritten in (None, *RULES)
        again = read(number.e164)
        assert (again.e164, again.carrier, again.rewritten) == (number.e164, number.carrier, None)
    else:
        assert number.code in CODES and (number.e164, number.carrier, number.rewritten) == (None, None, None)
