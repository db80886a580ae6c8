"""Comparing wordings inside a wave: planned beforehand, looked at with care, stopped when an arm drives people away."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from campaigns import deliveries as deliveries_room
from campaigns import experiments, links, looks, waves
from campaigns.store import recounting
from campaigns.store import waves as wave_store
from campaigns.waves import steps
from db.tables import contacts, conversations, deliveries, message_versions, optouts, turns
from messages.errors import Mistake
from tests import make
from tests.fakes import FakeGateway

DAY = timedelta(days=1)
GATEWAYS = {"fake": FakeGateway()}


def code_of(call, *args, **more) -> str:
    with pytest.raises(Mistake) as caught:
        call(*args, **more)
    return caught.value.code


def planned(db, now, **more):
    """A draft wave whose own wording is compared with another one; (wave id, people needed)."""
    wave_id = make.a_wave(db, ready=False, **more)
    other = make.a_version(db, vi="Chớ đưa tiền cọc.", vi_unaccented="Cho dua tien coc.")
    sample = experiments.plan(db, wave_id, **{**plan_of((other, "vi")), "now": now})
    return wave_id, sample


def plan_of(*others, **more):
    return {"others": others, "outcome": "reply", "expected": 0.2, "smallest": 0.2, "days": 3, "by": None, **more}


def add(c, wave_id, people, arms=2, **columns):
    rows = [{"wave_id": wave_id, "contact_id": id, "arm": n % arms, **columns} for n, id in enumerate(people)]
    c.execute(insert(deliveries), rows)
    recounting.add(c, recounting.stored(c, wave_id), recounting.counted(c, wave_id))


def sent(db, wave_id, people, at, arms=2):
    """As a wave that went out: everybody accepted, falling to the arms in turn."""
    with db.transaction() as c:
        add(c, wave_id, people, arms, status="accepted", sent_at=at)
        wave_store.change(c, wave_id, status="sending", opened_at=at)


def people_of_arm(db, wave_id, arm):
    with db.reading() as c:
        found = select(contacts.c.id, contacts.c.number_index).join(deliveries).where(
            deliveries.c.wave_id == wave_id, deliveries.c.arm == arm
        )
        return list(c.execute(found.order_by(contacts.c.id)))


def reply(db, people, at):
    with db.transaction() as c:
        for person in people:
            row = {"platform": "sms", "person_index": person.number_index, "address_sealed": b"", "created_at": at,
                   "last_at": at}
            found = select(conversations.c.id).where(conversations.c.person_index == person.number_index)
            id = c.execute(found).scalar_one_or_none() or c.execute(
                insert(conversations).values(**row).returning(conversations.c.id)
            ).scalar_one()
            turn = {"conversation_id": id, "direction": "in", "status": "answered", "text_sealed": b"", "at": at}
            c.execute(insert(turns).values(**turn))


def opt_out(db, people, at):
    with db.transaction() as c:
        rows = [{"person_index": person.number_index, "at": at, "channel": "sms"} for person in people]
        c.execute(insert(optouts), rows)


def look(db, wave_id, now):
    return experiments.look(db, experiments.show(db, wave_id), now)


def test_a_plan_says_how_many_people_it_takes_and_voids_what_was_approved(db, now):
    wave_id, sample = planned(db, now)
    found = experiments.show(db, wave_id)
    assert sample == found.sample == 87
    assert [form for _, form in found.arms] == ["vi", "vi"]
    with db.reading() as c:
        assert wave_store.get(c, wave_id).status == "draft"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"others": ()}, "experiment-arms-wrong"),
        ({"others": ((1, "vi"),)}, "experiment-arms-wrong"),  # the wave's own
        ({"others": ((2, "vi"), (3, "vi"), (4, "vi"))}, "experiment-arms-wrong"),
        ({"outcome": "happiness"}, "experiment-outcome-wrong"),
        ({"outcome": "link"}, "experiment-link-missing"),
        ({"days": 0}, "experiment-days-wrong"),
        ({"days": 31}, "experiment-days-wrong"),
        ({"expected": 0.0}, "experiment-shares-wrong"),
        ({"expected": 0.9, "smallest": 0.2}, "experiment-shares-wrong"),
        ({"others": ((99, "vi"),)}, "version-unknown"),
        ({"others": ((1, "en"),)}, None),
        ({"others": ((1, "shouted"),)}, "wave-no-text"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(db, now, change, code):
    wave_id = make.a_wave(db, ready=False)
    for n in range(3):
        make.a_version(db, vi=f"Lời {n}")
    plan = {**plan_of((2, "vi")), "now": now, **change}
    if code:
        assert code_of(experiments.plan, db, wave_id, **plan) == code
        assert experiments.show(db, wave_id) is None
    else:
        assert experiments.plan(db, wave_id, **plan) > 0


def test_a_wave_that_goes_out_is_not_changed_any_more(db, now):
    wave_id, _ = planned(db, now)
    sent(db, wave_id, make.people(db, 2, first=500), now)
    assert code_of(experiments.plan, db, wave_id, **plan_of((1, "en")), now=now) == "wave-cannot-change"
    assert code_of(experiments.drop, db, wave_id, by=None, now=now) == "wave-cannot-change"


def test_a_dropped_comparison_is_gone(db, now):
    wave_id, _ = planned(db, now)
    experiments.drop(db, wave_id, by=None, now=now)
    assert experiments.show(db, wave_id) is None


def test_only_people_whose_days_are_over_count_and_only_words_within_them(db, now):
    wave_id, _ = planned(db, now)
    sent(db, wave_id, make.people(db, 20, first=500), now)
    first, second = (people_of_arm(db, wave_id, arm) for arm in (0, 1))
    reply(db, first[:1], now - DAY)  # before the message
    reply(db, first[1:3], now + DAY)
    reply(db, first[1:2], now + DAY)  # the same person again
    reply(db, second[:1], now + 4 * DAY)  # too late
    reply(db, second[1:2], now + 2 * DAY)
    opt_out(db, second[1:2], now + 2 * DAY)  # who says stop has not answered
    early, later = look(db, wave_id, now + 2 * DAY), look(db, wave_id, now + 5 * DAY)
    assert (early.sent, [arm.people for arm in early.arms]) == ((10, 10), [0, 0])
    assert [(arm.people, arm.hits) for arm in later.arms] == [(10, 2), (10, 0)]
    assert later.opted_out == (0, 1)
    assert (later.said, later.final) == ("too-early", False)


def test_at_the_end_the_better_wording_is_named_with_its_interval(db, now):
    wave_id, sample = planned(db, now)
    sent(db, wave_id, make.people(db, 2 * sample, first=500), now)
    reply(db, people_of_arm(db, wave_id, 0)[:12], now + DAY)
    reply(db, people_of_arm(db, wave_id, 1)[:50], now + DAY)
    seen = look(db, wave_id, now + 4 * DAY)
    assert (seen.said, seen.arm, seen.final) == ("better", 1, True)
    (difference,) = seen.differences
    assert difference.estimate == pytest.approx(38 / sample)
    assert 0 < difference.low < difference.estimate < difference.high


def test_no_difference_found_is_said_as_such(db, now):
    wave_id, sample = planned(db, now)
    sent(db, wave_id, make.people(db, 2 * sample, first=500), now)
    for arm in (0, 1):
        reply(db, people_of_arm(db, wave_id, arm)[:15], now + DAY)
    assert look(db, wave_id, now + 4 * DAY).said == "no-difference"


def test_a_wave_too_small_for_its_question_says_so_when_it_is_over(db, now):
    wave_id, _ = planned(db, now)
    sent(db, wave_id, make.people(db, 30, first=500), now)
    with db.transaction() as c:
        wave_store.change(c, wave_id, status="finished", finished_at=now)
    assert look(db, wave_id, now + 2 * DAY).said == "too-early"
    assert look(db, wave_id, now + 4 * DAY).said == "too-small"


def test_an_arm_that_drives_people_away_writes_to_nobody_else(db, now):
    wave_id, _ = planned(db, now)
    ids = make.people(db, 300, first=500)
    sent(db, wave_id, ids[:240], now)
    with db.transaction() as c:
        add(c, wave_id, ids[240:], status="queued")
    opt_out(db, people_of_arm(db, wave_id, 1)[:40], now + DAY)
    assert experiments.review(db, now + DAY) == {"looked": 1, "stopped": 0, "ended": 0}, "nobody's days are over yet"
    assert experiments.review(db, now + 4 * DAY) == {"looked": 1, "stopped": 1, "ended": 0}
    with db.reading() as c:
        waiting = select(deliveries.c.arm).where(deliveries.c.wave_id == wave_id, deliveries.c.status == "queued")
        assert set(c.execute(waiting).scalars()) == {0}
    found = experiments.show(db, wave_id)
    assert (found.status, found.stopped_why, found.result["said"]) == ("stopped", "guard:1", "guard")
    assert experiments.review(db, now + 5 * DAY)["looked"] == 0, "what is over is not looked at again"


def test_a_running_comparison_is_looked_at_every_half_hour_and_ends_once(db, now):
    wave_id, sample = planned(db, now)
    sent(db, wave_id, make.people(db, 2 * sample, first=500), now)
    minutes = [experiments.review(db, now + timedelta(minutes=n))["looked"] for n in (0, 10, 31)]
    assert minutes == [1, 0, 1]
    assert experiments.review(db, now + 4 * DAY)["ended"] == 1
    assert experiments.show(db, wave_id).result["said"] == "no-difference"


def test_an_officer_may_give_the_rest_to_one_wording(db, now):
    wave_id, _ = planned(db, now)
    ids = make.people(db, 10, first=500)
    sent(db, wave_id, ids[:4], now)
    with db.transaction() as c:
        add(c, wave_id, ids[4:], status="queued")
    assert code_of(experiments.settle, db, wave_id, 1, by=None, now=now) == "experiment-unknown", "not looked at yet"
    experiments.review(db, now)
    assert code_of(experiments.settle, db, wave_id, 2, by=None, now=now) == "experiment-arm-unknown"
    assert experiments.settle(db, wave_id, 1, by=None, now=now) == 3
    assert experiments.show(db, wave_id).status == "ended"


def test_links_opened_are_counted_by_arm(db, now):
    wave_id = make.a_wave(db, ready=False)
    with db.transaction() as c:
        wave_store.change(c, wave_id, link_target="/chat", link_base="https://an-lo.example")
    other = make.a_version(db, vi="Chớ đưa tiền cọc. {{ link }}")
    experiments.plan(db, wave_id, **plan_of((other, "vi"), outcome="link"), now=now)
    sent(db, wave_id, make.people(db, 8, first=500), now)
    with db.transaction() as c:
        codes = links.for_wave(c, wave_store.get(c, wave_id), 2, now)
    for _ in range(3):
        links.follow(db, codes[1], machine=False, now=now)
    links.follow(db, codes[0], machine=True, now=now)
    assert [(arm.people, arm.hits) for arm in look(db, wave_id, now).arms] == [(4, 0), (4, 3)]


def test_the_first_arm_is_the_waves_own_wording_whatever_changes(db, now):
    wave_id, _ = planned(db, now)
    newer = make.a_version(db, vi="Lời mới")
    with db.transaction() as c:
        before = experiments.marks(c, wave_id)
        wave_store.change(c, wave_id, version_id=newer)
        after = experiments.marks(c, wave_id)
    assert experiments.show(db, wave_id).arms[0] == (newer, "vi")
    assert before != after and before[1:] == after[1:]


def test_no_comparison_adds_nothing_to_what_an_approval_covers(db, now):
    wave_id = make.a_wave(db, ready=False)
    with db.reading() as c:
        assert experiments.marks(c, wave_id) == []


def test_of_three_the_one_nobody_beats_is_named():
    differences = [looks.Difference(0, 1, 0.1, 0.05, 0.2), looks.Difference(0, 2, 0.3, 0.2, 0.4),
                   looks.Difference(1, 2, 0.2, 0.1, 0.3)]
    assert looks._unbeaten(differences, [each.better for each in differences]) == 2


def test_people_fall_to_the_arms_by_chance_and_get_that_arms_text_with_its_own_link(db, now):
    base = {"link_target": "/chat", "link_base": "https://an-lo.example"}
    own = make.a_version(db, vi="Một: {{ link }}", vi_unaccented="Mot: {{ link }}", en="One: {{ link }}")
    other = make.a_version(db, vi="Hai: {{ link }}", vi_unaccented="Hai: {{ link }}", en="Two: {{ link }}")
    wave_id = make.a_wave(db, count=60, version_id=own, ready=False, **base)
    experiments.plan(db, wave_id, **plan_of((other, "vi")), now=now)
    waves.approve_by_machine(db, wave_id, now=now)
    assert waves.open_due(db, GATEWAYS, now) == {wave_id: 60}
    line = deliveries_room.line(db, wave_id, GATEWAYS)
    got = deliveries_room.claim(db, line, worker="w", limit=100, now=now)
    with db.reading() as c:
        arms = dict(c.execute(select(deliveries.c.id, deliveries.c.arm).where(deliveries.c.wave_id == wave_id)).all())
        codes = links.for_wave(c, wave_store.get(c, wave_id), 2, now)
    assert {row.outgoing.text for row in got.rows if arms[row.id] == 0} == {f"Một: an-lo.example/s/{codes[0]}"}
    assert {row.outgoing.text for row in got.rows if arms[row.id] == 1} == {f"Hai: an-lo.example/s/{codes[1]}"}
    assert 12 < sum(arms.values()) < 48, "sixty throws of a coin"


def test_where_people_are_followed_each_gets_a_code_of_their_own(db, now):
    base = {"link_target": "/chat", "link_base": "https://an-lo.example", "link_personal": "asked by the evaluation"}
    version = make.a_version(db, vi="Xem {{ link }}", vi_unaccented="Xem {{ link }}", en="See {{ link }}")
    wave_id = make.a_wave(db, count=5, version_id=version, **base)
    waves.open_due(db, GATEWAYS, now)
    line = deliveries_room.line(db, wave_id, GATEWAYS)
    got = deliveries_room.claim(db, line, worker="w", limit=100, now=now)
    texts = [row.outgoing.text for row in got.rows]
    assert len(set(texts)) == 5
    assert all(len(text) == len("Xem an-lo.example/s/") + links.PERSONAL_LENGTH for text in texts)


def test_a_text_with_a_link_needs_somewhere_to_lead(db, now):
    version = make.a_version(db, vi="Xem {{ link }}", vi_unaccented="Xem {{ link }}", en="See {{ link }}")
    assert code_of(make.a_wave, db, version_id=version, ready=False) == "link-target-missing"
    where = {"link_target": "https://evil.example", "link_base": "https://an-lo.example"}
    assert code_of(make.a_wave, db, version_id=version, ready=False, **where) == "link-target-wrong"


def test_a_wording_in_fewer_languages_is_refused(db, now):
    wave_id = make.a_wave(db, ready=False)
    other = make.a_version(db, vi="Chỉ tiếng Việt", vi_unaccented="", en="")
    assert code_of(experiments.plan, db, wave_id, **plan_of((other, "vi")), now=now) == "experiment-languages-differ"


def test_an_approval_covers_every_wording(db, now):
    wave_id, _ = planned(db, now)
    digest = waves.submit(db, wave_id, by=None, now=now)
    with db.transaction() as c:
        c.execute(update(message_versions).where(message_versions.c.vi == "Chớ đưa tiền cọc.").values(vi="Khác"))
        wave = wave_store.get(c, wave_id)
        assert steps.digest_of(c, wave) != digest
