"""Who a wave is for: said, stored, described, counted."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from campaigns import areas, audience, list_figures, waves
from campaigns.kinds import share_out
from campaigns.model import Texts
from campaigns.store import audience_counts, opening, recounting
from campaigns.store import waves as wave_store
from db.tables import deliveries, keepsakes, list_members, lists
from db.tables import waves as wave_table
from messages.errors import Mistake
from tests import make
from tests.fakes import FakeGateway
from tests.make import NOW

#: Xã Yên Thành, Xã Đông Thành (both former Yên Thành), a ward of Vinh, and the former districts.
YEN_THANH, DONG_THANH, VINH = "17506", "17530", "16681"
DISTRICT, CITY, PROVINCE = "426", "412", "40"


@pytest.fixture
def mapped(db):
    areas.load_units(db, now=NOW)
    return db


def code_of(call, *args, **kwargs) -> str:
    with pytest.raises(Mistake) as mistake:
        call(*args, **kwargs)
    return mistake.value.code


def count(db, those, **given):
    return audience.count(db, those, **{"leaves_machine": True, "now": NOW, **given})


# ---- what may be said

def test_a_plain_audience_keeps_its_bytes(db):
    ids = [make.a_list(db, name, []) for name in ("B", "A")]
    assert audience.checked(db, {"lists": [str(ids[1]), ids[0], ids[1]]}) == {"lists": sorted(ids)}
    said_nothing = {"areas": [], "language": "", "carriers": (), "joined": {}, "except": {"lists": [], "waves": None}}
    assert audience.checked(db, {"lists": ids, **said_nothing}) == {"lists": sorted(ids)}


def test_everything_is_sorted_and_stands_once(mapped):
    a_list, other = make.a_list(mapped, "A", []), make.a_list(mapped, "B", [])
    wave = make.a_wave(mapped, ready=False)
    said = {
        "areas": [DISTRICT, YEN_THANH, DISTRICT],
        "lists": [a_list],
        "language": "en",
        "carriers": ["Vinaphone", "Viettel"],
        "sources": ["b", "a"],
        "joined": {"from": "2026-11-01T00:00:00+07:00"},
        "except": {"waves": [str(wave)], "messaged_days": "7", "lists": [other, other]},
    }
    assert audience.checked(mapped, said) == {
        "lists": [a_list],
        "areas": [YEN_THANH, DISTRICT],
        "language": "en",
        "carriers": ["Viettel", "Vinaphone"],
        "sources": ["a", "b"],
        "joined": {"from": "2026-10-31T17:00:00.000000Z"},
        "except": {"lists": [other], "waves": [wave], "messaged_days": 7},
    }


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "audience-empty"),
        ({"language": "vi"}, "audience-empty"),
        ({"except": {"messaged_days": 3}}, "audience-empty"),
        ({"everybody": True}, "audience-wrong"),
        ({"areas": [PROVINCE], "except": {"everybody": True}}, "audience-wrong"),
        ({"areas": [PROVINCE], "except": [1]}, "audience-wrong"),
        ({"areas": PROVINCE}, "audience-wrong"),
        ({"lists": ["x"]}, "audience-wrong"),
        ({"areas": [PROVINCE], "language": "zh"}, "audience-wrong"),
        ({"areas": [PROVINCE], "joined": {"from": "2026-11-01T00:00:00Z"}}, "audience-wrong"),
        ({"areas": [PROVINCE], "except": {"messaged_days": 366}}, "audience-days"),
        ({"areas": [PROVINCE], "except": {"messaged_days": -1}}, "audience-days"),
        ({"areas": ["99999"]}, "area-unknown"),
        ({"areas": ["16936-2025"]}, "audience-area-former"),
        ({"lists": [99]}, "audience-list-gone"),
        ({"areas": [PROVINCE], "except": {"lists": [99]}}, "audience-list-gone"),
        ({"areas": [PROVINCE], "except": {"waves": [99]}}, "audience-wave-gone"),
    ],
)
def test_what_cannot_be_meant_is_refused(mapped, said, code):
    assert code_of(audience.checked, mapped, said) == code


@pytest.mark.parametrize("joined", [{"from": "soon"}, {"from": "2026-11-01"}, {"since": "2026-11-01T00:00:00Z"}])
def test_a_time_without_its_zone_is_no_time(db, joined):
    list_id = make.a_list(db, "A", [])
    assert code_of(audience.checked, db, {"lists": [list_id], "joined": joined}) == "audience-wrong"


def test_described_with_names(mapped):
    list_id, other = make.a_list(mapped, "Yên Thành", []), make.a_list(mapped, "Đã về nước", [])
    wave = make.a_wave(mapped, ready=False, name="Đợt tháng 10")
    said = {
        "lists": [list_id], "areas": [DISTRICT], "language": "vi", "joined": {"to": "2026-11-01T00:00:00.000000Z"},
        "except": {"lists": [other], "waves": [wave], "messaged_days": 7},
    }  # fmt: skip
    described = audience.described(mapped, audience.checked(mapped, said))
    assert (described.lists, described.areas) == (["Yên Thành"], [(DISTRICT, "Huyện Yên Thành")])
    assert (described.except_lists, described.except_waves) == (["Đã về nước"], [(wave, "Đợt tháng 10")])
    assert (described.language, described.messaged_days) == ("vi", 7)
    assert described.joined[0] is None and described.joined[1].isoformat() == "2026-11-01T00:00:00+00:00"
    assert audience.names(mapped, said) == ["Yên Thành"]
    assert audience.names(mapped, {"areas": [DISTRICT]}) == ["Huyện Yên Thành"]


# ---- who is in it

def test_where_people_live(mapped):
    make.people(mapped, 1, first=1, area=YEN_THANH, former_district=DISTRICT)
    make.people(mapped, 2, first=11, area=DONG_THANH, former_district=DISTRICT)
    make.people(mapped, 4, first=21, area=YEN_THANH)  # only today's commune is known
    make.people(mapped, 8, first=31, former_district=DISTRICT)  # only the former district is known
    make.people(mapped, 16, first=51, area=VINH, former_district=CITY)
    make.people(mapped, 32, first=71)  # nothing is known
    in_areas = {code: count(mapped, {"areas": [code]}).recipients for code in (YEN_THANH, DISTRICT, CITY, PROVINCE)}
    assert in_areas == {YEN_THANH: 5, DISTRICT: 15, CITY: 16, PROVINCE: 31}
    assert count(mapped, {"areas": [YEN_THANH, CITY]}).recipients == 21


def test_lists_and_areas_both_hold(mapped):
    here = make.people(mapped, 3, first=1, area=YEN_THANH, former_district=DISTRICT)
    there = make.people(mapped, 2, first=11, area=VINH, former_district=CITY)
    list_id = make.a_list(mapped, "A", here[:2] + there)
    assert count(mapped, {"lists": [list_id], "areas": [DISTRICT]}).recipients == 2


def test_filters(db):
    ids = make.people(db, 2, first=1, language="en", carrier="Viettel", source="a")
    ids += make.people(db, 3, first=11, language="fr", carrier="Vinaphone", source="b")
    ids += make.people(db, 4, first=21, carrier="Viettel", source="b")
    list_id = make.a_list(db, "A", ids)

    def of(**more):
        return count(db, {"lists": [list_id], **more}).recipients

    assert (of(language="en"), of(language="vi")) == (2, 7)
    assert (of(carriers=["Viettel"]), of(carriers=["Viettel", "Vinaphone"])) == (6, 9)
    assert (of(sources=["b"]), of(sources=["b"], carriers=["Viettel"])) == (7, 4)


def test_who_joined_when(db):
    ids = make.people(db, 3)
    list_id = make.a_list(db, "A", ids)
    with db.transaction() as c:
        for days, contact_id in enumerate(ids):
            mine = list_members.c.contact_id == contact_id
            c.execute(update(list_members).where(mine).values(joined_at=NOW - timedelta(days=days)))
    day_before = {"from": (NOW - timedelta(days=1)).isoformat(), "to": NOW.isoformat()}
    for joined, people in ((day_before, 1), ({"from": day_before["from"]}, 2), ({"to": day_before["from"]}, 1)):
        those = audience.checked(db, {"lists": [list_id], "joined": joined})
        assert count(db, those).recipients == people


def sent(db, ids, *, ago: timedelta, status="delivered", opened=True) -> int:
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, f"sent to {random.random()}", ids)], ready=False)
    with db.transaction() as c:
        at = NOW - ago if status not in ("skipped", "queued") else None
        rows = [{"wave_id": wave_id, "contact_id": id, "status": status, "sent_at": at} for id in ids]
        c.execute(insert(deliveries), rows)
        recounting.add(c, recounting.stored(c, wave_id), recounting.counted(c, wave_id))
        times = {"opened_at": NOW - ago, "finished_at": NOW - ago} if opened else {}
        c.execute(update(wave_table).where(wave_table.c.id == wave_id).values(**times))
    return wave_id


def test_who_is_left_out_is_counted_with_the_reason(db):
    ids = make.people(db, 10)
    list_id, others = make.a_list(db, "A", ids), make.a_list(db, "B", ids[8:])
    sent(db, ids[:3], ago=timedelta(days=2))
    got_it = sent(db, ids[2:5], ago=timedelta(days=20))
    failed = sent(db, ids[5:6], ago=timedelta(days=20), status="failed")
    skipped = sent(db, ids[6:7], ago=timedelta(days=20), status="skipped")
    waiting = sent(db, ids[7:8], ago=timedelta(days=20), status="queued")
    left_out = {"lists": [others], "waves": [got_it, failed, skipped, waiting], "messaged_days": 7}
    counted = count(db, {"lists": [list_id], "except": left_out})
    # whom the other waves never reached may have this one
    assert counted.skipped == {"on-excluded-list": 2, "in-excluded-wave": 4, "messaged-recently": 2}
    assert (counted.recipients, counted.people) == (2, 10)


def test_the_first_reason_holds(db):
    ids = make.people(db, 1, first=1, dead=True) + make.people(db, 1, first=2) + make.people(db, 1, first=3)
    make.opted_out(db, make.number(2))
    list_id = make.a_list(db, "A", ids)
    sent(db, ids, ago=timedelta(days=1))
    counted = count(db, {"lists": [list_id], "except": {"lists": [list_id], "messaged_days": 7}})
    assert counted.skipped == {"opted-out": 1, "dead": 1, "on-excluded-list": 1}


def test_who_left_the_excluded_list_is_written_to_again(db):
    ids = make.people(db, 2)
    list_id, others = make.a_list(db, "A", ids), make.a_list(db, "B", ids[:1], expires_at=NOW)
    assert count(db, {"lists": [list_id], "except": {"lists": [others]}}).recipients == 2


def test_texts_and_made_up_people(db):
    ids = make.people(db, 2, first=1, language="en") + make.people(db, 3, first=11, made_up=True)
    those = {"lists": [make.a_list(db, "A", ids)]}
    no_english = Texts(vi="x", vi_unaccented="x")
    assert count(db, those, texts=no_english).skipped == {"made-up": 3, "no-text": 2}
    assert count(db, those, texts=no_english, leaves_machine=False).recipients == 3
    assert count(db, those).recipients == 2  # no message is chosen yet
    assert count(db, those, texts=no_english, form="en").skipped == {"made-up": 3, "no-text": 2}


def test_counts_of_recipients_only(mapped):
    ids = make.people(mapped, 3, area=YEN_THANH, carrier="Viettel")
    ids += make.people(mapped, 2, first=11, language="en", carrier="Vinaphone")
    ids += make.people(mapped, 2, first=21, area=VINH, dead=True, carrier="Gmobile")
    counted = count(mapped, {"lists": [make.a_list(mapped, "A", ids)]})
    assert counted.by_language == {"vi": 3, "en": 2}
    assert counted.by_carrier == {"Viettel": 3, "Vinaphone": 2}
    assert counted.readers == {("vi", "Viettel"): 3, ("en", "Vinaphone"): 2}
    places = [(place.code, place.name, place.people) for place in counted.by_area]
    assert places == [(YEN_THANH, "Xã Yên Thành", 3), (None, None, 2)]
    assert (counted.areas, counted.exact) == (1, True)


# ---- many people: counted by what is kept, to the same numbers

def at_random(db, dice: random.Random) -> tuple[list[int], list[int]]:
    """(lists, waves) of some people with everything mixed."""
    ids = []
    for n in range(60):
        place = dice.choice([(YEN_THANH, DISTRICT), (YEN_THANH, None), (None, DISTRICT), (VINH, CITY), (None, None)])
        columns = {"language": dice.choice(["vi", "en", "vi"]), "carrier": dice.choice(["Viettel", "Gmobile"])}
        columns |= {"source": dice.choice("ab"), "made_up": dice.random() < 0.2, "dead": dice.random() < 0.2}
        ids += make.people(db, 1, first=100 + n, area=place[0], former_district=place[1], **columns)
    make.opted_out(db, *(make.number(100 + n) for n in range(60) if dice.random() < 0.2))
    ends = [None, None, NOW - timedelta(days=1), NOW + timedelta(days=1)]
    groups = [make.a_list(db, f"list {n}", dice.sample(ids, 30), expires_at=ends[n]) for n in range(4)]
    past = [timedelta(hours=2), timedelta(hours=3), timedelta(hours=4), timedelta(days=5), timedelta(days=20)]
    statuses = ["delivered", "accepted", "delivered", "failed", "delivered"]
    gone = [sent(db, dice.sample(ids, 30), ago=ago, status=how) for ago, how in zip(past, statuses, strict=True)]
    return groups, gone


def some_audience(dice: random.Random, groups: list[int], gone: list[int]) -> dict:
    said = {"lists": dice.sample(groups, dice.randint(1, 3))} if dice.random() < 0.7 else {}
    if not said or dice.random() < 0.4:
        said["areas"] = dice.sample([YEN_THANH, DISTRICT, CITY, PROVINCE], dice.randint(1, 2))
    maybe = {"language": dice.choice(["vi", "en"]), "carriers": ["Viettel"], "sources": ["a"]}
    said |= {name: value for name, value in maybe.items() if dice.random() < 0.2}
    if "lists" in said and dice.random() < 0.2:
        said["joined"] = {"from": (NOW - timedelta(days=1)).isoformat()}
    excluded = {"lists": dice.sample(groups, 1), "waves": dice.sample(gone, 2), "messaged_days": dice.choice([1, 7])}
    return {**said, "except": {name: value for name, value in excluded.items() if dice.random() < 0.5}}


@pytest.mark.parametrize("seed", range(3))
def test_however_it_is_counted_it_is_what_a_wave_would_do(mapped, seed):
    dice = random.Random(seed)
    groups, gone = at_random(mapped, dice)
    version = make.a_version(mapped, en="") if seed == 1 else make.a_version(mapped)
    for turn in range(12):
        those = audience.checked(mapped, some_audience(dice, groups, gone))
        leaves = dice.random() < 0.6
        wave_id = waves.plan(
            mapped, name="x", version_id=version, audience=those, gateway="fake", by=None, now=NOW
        )
        if turn == 6:
            list_figures.refresh(mapped, NOW)
        with mapped.reading() as c:
            wave = wave_store.get(c, wave_id)
            texts = wave_store.texts(c, version)
            rows = opening.would_be(c, wave, texts, leaves_machine=leaves, now=NOW)
            would_be = {}
            for row in rows:
                would_be[row.reason] = would_be.get(row.reason, 0) + row.n
            asked = {"form": "vi", "texts": texts, "leaves_machine": leaves, "now": NOW}
            for few in (0, 10_000):
                found = audience_counts.count(c, those, **asked, few=few)
                assert found.going.total() == would_be.get(None, 0), (those, few)
                skipped = {why: n for why, n in would_be.items() if why}
                assert {str(why): n for why, n in found.skipped.items() if n} == skipped, (those, few)


def test_a_kept_count_is_not_used_once_somebody_joined(db, monkeypatch):
    monkeypatch.setattr(list_figures, "LARGE", 1)
    ids = make.people(db, 5)
    list_id = make.a_list(db, "A", ids[:3], expires_at=NOW + timedelta(days=1))
    assert list_figures.refresh(db, NOW) == 1
    assert list_figures.refresh(db, NOW) == 0

    def kinds(at=NOW):
        with db.reading() as c:
            given = {"form": "vi", "texts": None, "leaves_machine": True}
            return audience_counts.count(c, {"lists": [list_id]}, **given, now=at, few=0).going.total()

    assert kinds() == 3
    with db.transaction() as c:  # nobody's count says so: what is kept still stands
        c.execute(insert(list_members).values(list_id=list_id, contact_id=ids[3], joined_at=NOW))
    assert kinds() == 3
    make.count_members(db, list_id)
    assert kinds() == 4
    assert kinds(NOW + timedelta(days=1)) == 1


def everybody(db):
    with db.reading() as c:
        return list_figures.everybody(c)


def test_everybody_is_counted_once_and_then_only_who_came_since(db):
    make.people(db, 7)
    list_figures.refresh(db, NOW)
    with db.reading() as c:
        before = c.execute(select(keepsakes.c.value).where(keepsakes.c.name == "contacts.kinds")).scalar_one()
    assert b'"last":7' in before
    make.people(db, 2, first=11, carrier="Viettel")
    kinds = everybody(db)
    assert {kind.carrier: n for kind, n in kinds.items()} == {"unknown": 7, "Viettel": 2}
    list_figures.refresh(db, NOW)
    assert everybody(db) == kinds


def test_shares_add_up():
    assert share_out(Counter(), 0) == {}
    for people in (0, 1, 2, 49, 100):
        shared = share_out(Counter({"a": 70, "b": 20, "c": 10}), people)
        assert shared.total() == people


# ---- what an approval covers

def digest(db, wave_id):
    return waves.preview(db, wave_id, {"fake": FakeGateway()}, NOW).digest


def test_an_approval_does_not_cover_who_moves_into_the_area(mapped):
    make.people(mapped, 2, first=1, area=YEN_THANH)
    wave_id = waves.plan(
        mapped, name="x", version_id=make.a_version(mapped), audience={"areas": [DISTRICT]}, gateway="fake",
        by=None, now=NOW,
    )  # fmt: skip
    before = digest(mapped, wave_id)
    make.people(mapped, 5, first=11, area=VINH, former_district=CITY)
    assert digest(mapped, wave_id) == before
    make.people(mapped, 1, first=21, former_district=DISTRICT)
    assert digest(mapped, wave_id) != before


def test_an_approval_does_not_cover_who_is_no_longer_left_out(db):
    ids = make.people(db, 3)
    list_id, others = make.a_list(db, "A", ids), make.a_list(db, "B", ids[:2])
    wave_id = waves.plan(
        db, name="x", version_id=make.a_version(db), gateway="fake", by=None, now=NOW,
        audience={"lists": [list_id], "except": {"lists": [others]}},
    )  # fmt: skip
    before = digest(db, wave_id)
    with db.transaction() as c:
        c.execute(update(lists).where(lists.c.id == others).values(people=3, newest_at=NOW + timedelta(1)))
    assert digest(db, wave_id) == before  # one more is left out
    with db.transaction() as c:
        c.execute(update(lists).where(lists.c.id == others).values(people=2, gone=1))
    assert digest(db, wave_id) != before
