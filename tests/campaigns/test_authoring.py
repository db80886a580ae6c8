import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from campaigns import authoring, prices
from campaigns.model import Texts
from messages.errors import Mistake
from staff import audit


def write(db, now, **text):
    return authoring.write(db, **{"title": "Tiền cọc", "by": None, "now": now, **text})


def test_a_new_wording_is_a_new_version(db, now):
    first = authoring.version(db, write(db, now, vi="Một"))
    second = authoring.version(db, write(db, now, vi="Hai", message_id=first.message_id))
    other = write(db, now, en="Other", title="Khác")
    history = [(each.number, each.texts.vi) for each in authoring.versions(db, first.message_id)]
    assert history == [(2, "Hai"), (1, "Một")]
    assert [each.id for each in authoring.messages(db)] == [other, second.id]
    assert [each["name"] for each in authoring.campaigns(db)] == [authoring.DEFAULT_CAMPAIGN]


def test_texts_are_kept_composed_and_trimmed(db, now):
    decomposed = unicodedata.normalize("NFD", "  Đừng đi ạ\r\nvâng \n")
    assert authoring.version(db, write(db, now, vi=decomposed)).texts == Texts(vi="Đừng đi ạ\nvâng")


def test_of_two_who_write_at_once_the_second_is_told(db, now):
    first = authoring.version(db, write(db, now, vi="Một"))
    mine = {"message_id": first.message_id, "expected": first.id}
    second = write(db, now, vi="Hai", **mine)
    with pytest.raises(Mistake) as told:
        write(db, now, vi="Ba", **mine)
    assert (told.value.code, told.value.values["number"]) == ("message-changed-meanwhile", 2)
    assert "2" in told.value.sentence("vi") and "2" in told.value.sentence("en")
    assert write(db, now, vi="Ba", message_id=first.message_id, expected=second) > second


def test_of_ten_at_the_same_moment_one_is_saved(db, now):
    first = authoring.version(db, write(db, now, vi="Một"))

    def save(n):
        try:
            return write(db, now, vi=f"Bản của {n}", message_id=first.message_id, expected=first.id)
        except Mistake as mistake:
            return mistake.code

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(save, range(10)))
    assert results.count("message-changed-meanwhile") == 9
    assert len(authoring.versions(db, first.message_id)) == 2


def test_the_same_wording_again_is_no_new_version(db, now):
    first = write(db, now, vi="Một")
    message_id = authoring.version(db, first).message_id
    assert write(db, now, vi=" Một ", message_id=message_id) == first
    marked = write(db, now, vi="Một", message_id=message_id, advert=True)
    assert authoring.version(db, marked).advert
    renamed = write(db, now, vi="Một", message_id=message_id, advert=True, title="Tên mới")
    assert authoring.version(db, renamed).title == "Tên mới"
    assert authoring.messages(db)[0].title == "Tên mới"


def test_what_a_message_was_begun_from_stays_with_it(db, now):
    first = authoring.version(db, write(db, now, vi="Một", starter="hotline-111"))
    second = authoring.version(db, write(db, now, vi="Hai", message_id=first.message_id))
    assert (first.starter, second.starter) == ("hotline-111", "hotline-111")


@pytest.mark.parametrize(("find", "found"), [("", 2), ("tien coc", 1), ("TIỀN", 1), ("thuyen", 1), ("máy bay", 0)])
def test_messages_are_found_by_title(db, now, find, found):
    write(db, now, vi="Một")
    write(db, now, vi="Hai", title="Thuyền nhỏ")
    assert len(authoring.messages(db, find)) == found


def test_what_stops_a_version_and_what_is_only_advice(db, now):
    good = write(db, now, vi="UBND xã Đô Thành: Gọi 111 (miễn phí) trước khi đi. Ngừng: TU CHOI.")
    bad = write(db, now, vi="UBND xã Đô Thành: Gọi 0999999999 trước khi đi.", title="Sai số")
    assert authoring.blocking(db, good) == []
    assert {each.level for each in authoring.blocking(db, bad)} == {"stop"}
    found = authoring.findings(authoring.version(db, bad).texts)
    assert len(found) > len(authoring.blocking(db, bad))  # advice too
    assert found[0].level == "stop"
    advert = write(db, now, vi="UBND xã: hội chợ việc làm. Hỏi: 111.", advert=True, title="Quảng cáo")
    assert authoring.blocking(db, advert)


def test_our_own_address_may_be_linked_to(db, now):
    linked = write(db, now, vi="An Lộ: hỏi tại https://anlo.nghean.example/chat. Ngừng: TU CHOI.")
    assert authoring.blocking(db, linked)
    assert authoring.blocking(db, linked, hosts=("https://anlo.nghean.example",)) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ({}, "message-empty"),
        ({"vi": " \n"}, "message-empty"),
        ({"vi": "a", "title": " "}, "message-untitled"),
        ({"vi": "a", "vi_unaccented": "Đung đi"}, "unaccented-has-accents"),
        ({"vi": "a", "message_id": 404}, "message-unknown"),
        ({"vi": "{{ name.__class__ }}"}, "template-wrong"),
        ({"en": "x" * 4001}, "message-too-long"),
    ],
)
def test_what_is_refused(db, now, text, code):
    with pytest.raises(Mistake) as told:
        write(db, now, **text)
    assert told.value.code == code
    assert told.value.sentence("vi") and told.value.sentence("en")


def test_the_unaccented_draft_is_offered_not_taken():
    with pytest.raises(Mistake) as told:
        authoring.checked(Texts(vi_unaccented="Đừng đi"))
    assert told.value.values["draft"] == "Dung di"
    assert "Dung di" in told.value.sentence("en")


@pytest.mark.parametrize(
    ("text", "letters"),
    [("Dung di.", []), ("Gọi 111!", ["ọ"]), ("đ Đ đ", ["đ", "Đ"]), ("£5 & €6 @ [x]", []), ("café", ["é"])],
)
def test_letters_with_accents(text, letters):
    assert authoring.with_accents(text) == letters


def test_versions_nobody_wrote(db):
    with pytest.raises(Mistake) as told:
        authoring.version(db, 404)
    assert told.value.code == "version-unknown"


@pytest.mark.parametrize(
    ("segments", "known", "vnd"),
    [
        ({}, {}, 0),
        ({"viettel": 3}, {}, None),
        ({"viettel": 0}, {}, 0),
        ({"viettel": 3}, {"viettel": 350}, 1050),
        ({"viettel": 3, "mobifone": 2}, {"viettel": 350, "*": 500}, 2050),
        ({"mobifone": 2}, {"viettel": 350}, None),
        ({"viettel": 1.5}, {"viettel": 301}, 452),
    ],
)
def test_cost(segments, known, vnd):
    assert prices.cost(segments, known) == vnd


def test_prices_hold_from_their_day_on(db, now):
    written = {"gateway": "twilio", "by": None, "now": now}
    tomorrow = now.date() + timedelta(days=1)
    prices.put(db, vnd_per_segment=400, valid_from=date(2026, 1, 1), **written)
    prices.put(db, vnd_per_segment=450, valid_from=tomorrow, **written)
    prices.put(db, vnd_per_segment=460, valid_from=tomorrow, note="sửa", **written)
    assert prices.on(db, "twilio", now) == {"*": 400}
    assert prices.on(db, "twilio", now + timedelta(hours=16)) == {"*": 460}  # past midnight in Vinh
    assert prices.on(db, "esms", now) == {}
    assert [(each.vnd_per_segment, each.valid_from) for each in prices.table(db)] == [
        (460, tomorrow),
        (400, date(2026, 1, 1)),
    ]
    with pytest.raises(Mistake):
        prices.put(db, vnd_per_segment=-1, valid_from=date(2026, 1, 1), **written)


def test_a_price_that_held_is_never_changed(db, now):
    written = {"gateway": "twilio", "by": None, "now": now}
    prices.put(db, vnd_per_segment=400, valid_from=date(2026, 1, 1), **written)
    prices.put(db, vnd_per_segment=400, valid_from=date(2026, 1, 1), **written)  # the same again is nothing new
    for vnd, day in ((390, date(2026, 1, 1)), (390, date(2025, 1, 1)), (390, now.date() - timedelta(days=1))):
        with pytest.raises(Mistake) as told:
            prices.put(db, vnd_per_segment=vnd, valid_from=day, **written)
        assert told.value.code == "price-in-the-past"
    prices.put(db, vnd_per_segment=390, valid_from=now.date(), **written)
    first_of_its_own = {"carrier": "Viettel", "valid_from": date(2026, 2, 1)}
    prices.put(db, vnd_per_segment=380, **first_of_its_own, **written)
    assert prices.on(db, "twilio", now) == {"*": 390, "Viettel": 380}
    assert len([row for row in audit.latest(db, about="gateway:twilio") if row.action == "prices.put"]) == 3


def test_a_pound_is_worth_what_was_written_down(db, now):
    assert prices.rate_on(db, now) is None
    prices.put_rate(db, vnd=33_000, valid_from=date(2026, 1, 1), by=None, now=now)
    prices.put_rate(db, vnd=34_000, valid_from=now.date() + timedelta(days=1), note="ngân hàng", by=None, now=now)
    assert prices.rate_on(db, now) == 33_000
    assert prices.rate_on(db, now + timedelta(days=1)) == 34_000
    assert prices.rate_on(db, now - timedelta(days=999)) is None
    assert [each.note for each in prices.rates(db)] == ["ngân hàng", ""]
    for vnd, day in ((0, now.date()), (10**8, now.date()), (33_500, date(2026, 1, 1))):
        with pytest.raises(Mistake):
            prices.put_rate(db, vnd=vnd, valid_from=day, by=None, now=now)
