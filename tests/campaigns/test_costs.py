"""What a message takes of a list: three forms, by carrier, person by person where texts are personal."""

import json
from datetime import timedelta

import pytest

from campaigns import costs, list_figures, prices, readers
from campaigns.costs import People, Person
from campaigns.deliveries.script import Script
from campaigns.model import Texts
from messages.errors import Mistake
from tests import make

ACCENTED = "Đừng " + "đi " * 40  # UCS-2: 125 units, two segments


def named(db, name, first, **columns):
    kept = {"name": name} if name else {}
    return make.people(db, 1, first=first, fields_sealed=db.seal.seal(json.dumps(kept), "contacts.fields"), **columns)


def cost(db, now, list_id, *, vi="", vi_unaccented="", en="", **how):
    given = {"gateway": "fake", "leaves_machine": False, "now": now, **how}
    return costs.of_list(db, list_id, Texts(vi, vi_unaccented, en), **given)


@pytest.fixture
def known(db, now):
    day = {"gateway": "fake", "valid_from": now.date(), "by": None, "now": now}
    prices.put(db, carrier="viettel", vnd_per_segment=300, **day)
    prices.put(db, vnd_per_segment=500, **day)


def test_three_forms_for_the_same_people(db, now, known):
    ids = [*make.people(db, 3, carrier="viettel"), *make.people(db, 2, first=10, carrier="vinaphone"),
           *make.people(db, 1, first=20, carrier="viettel", language="en")]  # fmt: skip
    found = cost(db, now, make.a_list(db, "l", ids), vi=ACCENTED, vi_unaccented="Dung di", en="Stay")
    assert (found.people, found.counted, found.readers) == (6, True, ())
    vi, plain, english = (found.forms[form] for form in ("vi", "vi-unaccented", "en"))
    assert (vi.recipients, vi.segments, vi.vnd) == (6, 11, 7 * 300 + 4 * 500)
    assert (plain.segments, plain.vnd) == (6, 4 * 300 + 2 * 500)
    assert (english.recipients, english.vnd) == (6, 4 * 300 + 2 * 500)
    assert [(each.carrier, each.people, each.segments, each.price, each.vnd) for each in vi.carriers] == [
        ("viettel", 4, 7, 300, 2100),
        ("vinaphone", 2, 4, 500, 2000),
    ]


def test_who_cannot_be_reached_costs_nothing(db, now, known):
    out, dead, gone = make.people(db, 1), make.people(db, 1, first=2, dead=True), make.people(db, 1, first=3)
    made_up, good = make.people(db, 1, first=4, made_up=True), make.people(db, 1, first=5)
    make.opted_out(db, make.number(1))
    list_id = make.a_list(db, "l", [*out, *dead, *made_up, *good])
    make.a_list(db, "other", gone, expires_at=now - timedelta(days=1))
    assert cost(db, now, list_id, vi="Chao").people == 2
    assert cost(db, now, list_id, vi="Chao", leaves_machine=True).forms["vi"].vnd == 500


def test_who_has_no_text_is_said(db, now, known):
    ids = [*make.people(db, 2), *make.people(db, 1, first=10, language="en")]
    found = cost(db, now, make.a_list(db, "l", ids), vi="Chao")
    assert (found.forms["vi"].recipients, found.forms["vi"].without_text) == (2, 1)
    assert (found.forms["en"].recipients, found.forms["en"].without_text) == (0, 3)


def test_a_missing_price_is_not_guessed(db, now):
    found = cost(db, now, make.a_list(db, "l", make.people(db, 2)), vi="Chao")
    assert found.forms["vi"].vnd is None
    assert [(each.price, each.vnd) for each in found.forms["vi"].carriers] == [(None, None)]


def test_personal_texts_are_written_out_for_everybody(db, now, known):
    ids = [*named(db, "Anh", 1, carrier="viettel"), *named(db, "Á" * 60, 2), *named(db, "", 3)]
    found = cost(db, now, make.a_list(db, "l", ids), vi="Chào {{ ten }}, đừng đi", vi_unaccented="Chao {{ ten }}")
    vi, plain = found.forms["vi"], found.forms["vi-unaccented"]
    assert vi.weight.exact and vi.weight.unwritable == 1
    assert vi.weight.spread == {1: 1, 2: 1}
    assert (vi.segments, vi.vnd) == (3, 300 + 2 * 500)
    assert (plain.segments, plain.vnd) == (2, 300 + 500)  # an accented name does not double it
    assert found.all_looked_at


def test_a_large_list_is_estimated_from_some_of_it(db, now, known):
    ids = [id for n in range(1, 61) for id in named(db, "Anh" if n % 2 else "Á" * 60, n)]
    found = cost(db, now, make.a_list(db, "l", ids), vi="Chào {{ ten }}, đừng đi", most=20)
    vi = found.forms["vi"]
    assert not vi.weight.exact and not found.all_looked_at
    assert 15 <= len(found.readers) <= 25
    assert 70 <= vi.segments <= 110  # 90 in truth


def test_a_very_long_list_is_reckoned_from_the_figures_kept_of_it(db, now, known, monkeypatch):
    monkeypatch.setattr(list_figures, "LARGE", 5)
    ids = [*make.people(db, 8, carrier="viettel"), *make.people(db, 1, first=20, made_up=True),
           *make.people(db, 2, first=10, carrier="vinaphone", language="en")]  # fmt: skip
    make.opted_out(db, make.number(1))
    list_id = make.a_list(db, "l", ids)
    assert cost(db, now, list_id, vi=ACCENTED, en="Stay").counted  # nobody has counted it yet
    list_figures.refresh(db, now)
    found = cost(db, now, list_id, vi=ACCENTED, en="Stay")
    assert not found.counted
    assert found.people == 10
    assert 16 <= found.forms["vi"].segments <= 18  # 2 × 8 + 2
    assert cost(db, now, list_id, vi=ACCENTED, en="Stay", leaves_machine=True).people == 9


def test_a_list_nobody_made(db, now):
    with pytest.raises(Mistake) as told:
        cost(db, now, 404, vi="Chao")
    assert told.value.code == "list-unknown"


def test_an_empty_list_costs_nothing(db, now):
    found = cost(db, now, make.a_list(db, "l", []), vi="Chao {{ ten }}")
    assert (found.people, found.forms["vi"].vnd, found.forms["vi"].weight.exact) == (0, 0, True)


def test_an_estimate_counts_those_who_would_get_nothing():
    people = [Person("vi", "viettel", lambda n=n: {"ten": "Anh"} if n % 4 else {}) for n in range(40)]
    weight = costs.weigh(Script(Texts(vi="Chao {{ ten }}"), "vi"), people, [People("vi", "viettel", 400)])
    assert (weight.exact, weight.unwritable, round(weight.by_carrier["viettel"])) == (False, 100, 300)


# -- the people themselves


def test_five_people_the_longest_text_first(db, now):
    ids = [id for n, name in enumerate(["Anh", "Bình", "Nguyễn Thị Hồng Nhung", "Á" * 60, "Tú", "Ý"]) for id in
           named(db, name, n + 1)]  # fmt: skip
    found = cost(db, now, make.a_list(db, "l", [*ids, *named(db, "", 9)]), vi="Chào {{ ten }}, đừng đi")
    shown = readers.examples(found.readers, "Chào {{ ten }}, đừng đi", "vi")
    assert [each.reader.name for each in shown][:2] == ["Á" * 60, "Nguyễn Thị Hồng Nhung"]
    assert len(shown) == 5
    assert shown[0].segments == 2
    assert shown[0].reader.number.endswith("004") and "*" in shown[0].reader.number
    plain = readers.examples(found.readers, "Chao {{ ten }}", "vi-unaccented")
    assert "Chao Nguyen Thi Hong Nhung" in {each.text for each in plain}


def test_a_number_among_the_values_is_shown_masked(db, now):
    found = cost(db, now, make.a_list(db, "l", named(db, "0987 654 321", 1)), vi="Chao {{ ten }}")
    (shown,) = readers.examples(found.readers, "Chao {{ ten }}", "vi")
    assert (shown.reader.name, shown.text) == ("098* *** 321", "Chao 098* *** 321")
    assert shown.reader.fields["name"] == "0987 654 321"  # as it is sent


def test_who_lacks_a_value_is_named(db, now):
    ids = [*named(db, "Anh", 1), *named(db, "", 2), *named(db, "", 3, language="en"), *named(db, "Lan", 4)]
    texts = {"vi": "{{ ten }}, số {{ so_so }}", "en": "Hello {{ name or \"friend\" }}"}
    found = cost(db, now, make.a_list(db, "l", ids), **texts)
    lacking = readers.lacking(found.readers, Texts(**texts))
    assert [(each.field, each.people) for each in lacking] == [("so_so", 3), ("ten", 1)]
    assert readers.known_fields(found.readers) == ["ten"]


def test_english_is_previewed_by_who_reads_it(db, now):
    ids = [*named(db, "Anh", 1), *named(db, "Lan", 2, language="en")]
    found = cost(db, now, make.a_list(db, "l", ids), en="Hello {{ name }}")
    assert [each.name for each in readers.of_form(found.readers, "en")] == ["Lan"]
    assert [each.name for each in readers.of_form(found.readers, "vi")] == ["Anh"]
    assert len(readers.of_form(found.readers[:1], "en")) == 1
