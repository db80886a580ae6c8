"""Who is on a list: found by number, added and taken off by hand, there for a time only; and the dead brought back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from campaigns import areas, lists, members, reviving
from campaigns.masking import masked_inside
from campaigns.store import dead
from db.tables import audit, contacts
from db.tables import lists as list_table
from messages.errors import Mistake
from tests import make

DAY = timedelta(days=1)


@pytest.fixture
def a_list(db, now):
    areas.load_units(db, now=now)
    return lists.create(db, "Yên Thành", by=None, now=now)


def add(db, list_id, number="0912 345 678", **given):
    return members.add(db, list_id, number, **{"source": "gọi điện xin nhận tin", "by": 3, **given})


def code_of(call, *args, **kwargs) -> str:
    with pytest.raises(Mistake) as mistake:
        call(*args, **kwargs)
    return mistake.value.code


def actions(db, action):
    with db.reading() as c:
        return [row.detail for row in c.execute(select(audit).where(audit.c.action == action))]


def counters(db, list_id):
    with db.reading() as c:
        columns = list_table.c.people, list_table.c.gone, list_table.c.newest_at
        return tuple(c.execute(select(*columns).where(list_table.c.id == list_id)).one())


def test_one_person_by_hand(db, a_list, now):
    contact_id = add(
        db, a_list, name="Lê  Thị Một", place="xã đô thành", language="en", consent="lời nói", until=now + DAY, now=now
    )
    assert counters(db, a_list) == (1, 0, now)
    person = members.show(db, a_list, contact_id).person
    assert (person.number, person.name, person.language) == ("+84 91* *** 678", "Lê Thị Một", "en")
    assert (person.area, person.former, person.carrier) == ("Xã Đông Thành", "Xã Đô Thành", "Vinaphone")
    assert (person.source, person.consent) == ("gọi điện xin nhận tin", "lời nói")
    assert (person.joined, person.until) == (now, now + DAY)
    [detail] = actions(db, "lists.join")
    assert "0912" not in detail and "Một" not in detail


def test_somebody_we_know_joins_as_they_are(db, a_list, now):
    other = lists.create(db, "B", by=None, now=now)
    first = add(db, other, name="A", source="x", now=now)
    assert add(db, a_list, name="B", source="y", now=now) == first
    membership = members.show(db, a_list, first)
    assert (membership.person.name, membership.person.source) == ("A", "x")
    assert [name for _, name in membership.lists] == ["B", "Yên Thành"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"number": ""}, "number-missing"),
        ({"number": "12"}, "number-unreadable"),
        ({"country": "XX"}, "country-unknown"),
        ({"source": " "}, "source-missing"),
        ({"source": "x" * 301}, "source-too-long"),
        ({"place": "Hà Nội"}, "area-unknown"),
        ({"place": "do luong"}, "area-ambiguous"),
        ({"until": -DAY}, "until-past"),
        ({"list_id": 99}, "list-unknown"),
    ],
)
def test_who_cannot_be_added(db, a_list, now, given, code):
    if "until" in given:
        given = {"until": now + given["until"]}
    given = {"list_id": a_list, **given}
    assert code_of(add, db, given.pop("list_id"), **given, now=now) == code
    assert counters(db, a_list)[0] == 0


def test_who_said_stop_is_not_added(db, a_list, now):
    make.opted_out(db, "+84912345678")
    assert code_of(add, db, a_list, now=now) == "person-opted-out"


def test_nobody_joins_twice(db, a_list, now):
    add(db, a_list, now=now)
    assert code_of(add, db, a_list, now=now) == "person-on-list"
    assert counters(db, a_list)[0] == 1


@pytest.mark.parametrize("written", ["0912345678", " +84 912 345 678", "0084912345678"])
def test_found_by_number(db, a_list, now, written):
    contact_id = add(db, a_list, now=now)
    assert members.find(db, a_list, written) == contact_id


def test_not_found(db, a_list, now):
    other = lists.create(db, "B", by=None, now=now)
    add(db, other, now=now)
    assert code_of(members.find, db, a_list, "0912345678") == "number-not-on-list"
    assert code_of(members.find, db, a_list, "0912345679") == "number-not-on-list"
    assert code_of(members.find, db, a_list, "12") == "number-unreadable"
    assert code_of(members.find, db, 99, "0912345678") == "list-unknown"


def test_taken_off_by_hand(db, a_list, now):
    contact_id = add(db, a_list, now=now)
    members.remove(db, a_list, contact_id, by=3, now=now)
    assert counters(db, a_list) == (0, 1, now)
    assert code_of(members.show, db, a_list, contact_id) == "person-unknown"
    assert code_of(members.remove, db, a_list, contact_id, by=3, now=now) == "person-unknown"
    assert len(actions(db, "lists.leave")) == 1
    assert add(db, a_list, now=now + DAY) == contact_id  # known still
    assert counters(db, a_list) == (1, 1, now + DAY)


def test_whose_time_is_over_leaves_by_themselves(db, now, monkeypatch):
    monkeypatch.setattr(members, "AT_ONCE", 3)
    ids = make.people(db, 9)
    short = make.a_list(db, "A", ids[:7], expires_at=now)
    long = make.a_list(db, "B", ids[:2], expires_at=now + DAY)
    make.a_list(db, "C", ids)
    assert lists.figures(db, long).passing == 2
    assert lists.figures(db, long).until == now + DAY
    assert members.expire(db, now - DAY) == 0
    assert members.expire(db, now) == 7
    assert members.expire(db, now) == 0
    assert counters(db, short)[:2] == (0, 7)
    assert [row.people for row in lists.all(db)] == [0, 2, 9]
    assert [detail for detail in actions(db, "lists.expire")] == ['{"people": 3}', '{"people": 3}', '{"people": 1}']


def test_a_stay_is_shortened_and_made_longer(db, a_list, now):
    contact_id = add(db, a_list, now=now)
    members.stay_until(db, a_list, contact_id, now + DAY, by=3, now=now)
    assert members.show(db, a_list, contact_id).person.until == now + DAY
    members.stay_until(db, a_list, contact_id, None, by=3, now=now)
    assert members.show(db, a_list, contact_id).person.until is None
    assert code_of(members.stay_until, db, a_list, contact_id, now, by=3, now=now) == "until-past"
    assert code_of(members.stay_until, db, a_list, 99, None, by=3, now=now) == "person-unknown"


def test_a_page_after_and_before(db, now):
    ids = make.people(db, 7)
    list_id = make.a_list(db, "A", ids)

    def page(**given):
        return [person.contact_id for person in members.people(db, list_id, size=3, **given)]

    assert page() == ids[:3]
    assert page(after=ids[2]) == ids[3:6]
    assert page(after=ids[5]) == ids[6:]
    assert page(before=ids[6]) == ids[3:6]
    assert page(before=ids[1]) == ids[:1]
    assert page(after=ids[6]) == page(before=ids[0]) == []


def test_a_number_sealed_under_a_lost_key_is_a_dash(db, a_list, now):
    contact_id = add(db, a_list, name="A", now=now)
    with db.transaction() as c:
        c.execute(update(contacts).values(number_sealed=b"lost" * 12))
    person = members.show(db, a_list, contact_id).person
    assert "91" not in person.number and person.name == ""


class TestTheDead:
    def test_a_wave_is_taken_at_its_word_back(self, db, now):
        ids = make.people(db, 5)
        list_id = make.a_list(db, "A", ids)
        wave = make.a_wave(db, list_ids=[list_id], ready=False, name="Đợt xấu")
        with db.transaction() as c:
            dead.bury(c, ids[:3], wave_id=wave, now=now)
            c.execute(update(contacts).where(contacts.c.id == ids[3]).values(dead=True))
        membership = members.show(db, list_id, ids[0])
        assert (membership.person.dead_at, membership.dead_wave_name) == (now, "Đợt xấu")
        assert lists.figures(db, list_id).dead == 4
        found = [(each.wave_id, each.wave, each.people, each.last) for each in reviving.by_wave(db)]
        assert found == [(wave, "Đợt xấu", 3, now), (None, None, 1, None)]
        assert reviving.revive_wave(db, wave, by=3, now=now) == 3
        assert code_of(reviving.revive_wave, db, wave, by=3, now=now) == "nobody-dead"
        assert lists.figures(db, list_id).dead == 1

    def test_one_person_is_brought_back(self, db, now):
        ids = make.people(db, 2, dead=True)
        reviving.revive_person(db, ids[0], by=3, now=now)
        assert code_of(reviving.revive_person, db, ids[0], by=3, now=now) == "nobody-dead"
        assert [each.people for each in reviving.by_wave(db)] == [1]
        assert len(actions(db, "lists.revive")) == 1


def test_a_number_in_the_name_is_masked_like_the_number(db, a_list, now):
    contact_id = add(db, a_list, name="Lan 0987.654.321", now=now)
    assert members.show(db, a_list, contact_id).person.name == "Lan 098*.***.321"
    assert members.people(db, a_list)[0].name == "Lan 098*.***.321"
    assert members.people(db, a_list, in_full=True)[0].name == "Lan 0987.654.321"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("84 987 654 321", "84 98* *** 321"),
        ("(+44) 7911–123–400", "(+44) 79**–***–400"),
        ("O987 654 321", "O98* *** 321"),
        ("12345678", "1****678"),
        ("0987\u200b654321", "098*\u200b***321"),
        ("1234567, sinh 12/10/1990", "1234567, sinh 12/10/1990"),
        ("cho 1.500.000 ong", "cho 1.500.000 ong"),
        ("Nguyễn Thị Hồng", "Nguyễn Thị Hồng"),
        ("", ""),
    ],
)
def test_what_reads_as_a_number_inside_a_text(text, shown):
    assert masked_inside(text) == shown
