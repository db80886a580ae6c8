import unicodedata
from datetime import date, timedelta

import pytest

from campaigns import authoring, prices
from campaigns.model import Texts
from messages.errors import Mistake


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
    prices.put(db, vnd_per_segment=400, valid_from=date(2026, 1, 1), **written)
    prices.put(db, vnd_per_segment=450, valid_from=date(2026, 11, 25), **written)
    prices.put(db, vnd_per_segment=460, valid_from=date(2026, 11, 25), note="sửa", **written)
    assert prices.on(db, "twilio", now) == {"*": 400}
    assert prices.on(db, "twilio", now + timedelta(hours=16)) == {"*": 460}  # past midnight in Vinh
    assert prices.on(db, "esms", now) == {}
    assert len(prices.table(db)) == 2
    with pytest.raises(Mistake):
        prices.put(db, vnd_per_segment=-1, valid_from=date(2026, 1, 1), **written)
