"""Short links: made once, led where allowed, counted without following anybody."""

from datetime import timedelta

import pytest

from campaigns import links
from campaigns.store import waves as wave_store
from messages.errors import Mistake
from tests import make

HOSTS = {"gov.vn", "gov.uk"}


def a_linked_wave(db, **more):
    wave_id = make.a_wave(db, ready=False)
    with db.transaction() as c:
        wave_store.change(c, wave_id, link_target="/chat", link_base="https://an-lo.example", **more)
        return wave_store.get(c, wave_id)


@pytest.mark.parametrize(
    "target",
    ["/chat", "/chat?lang=vi", "https://www.gov.uk/guidance", "https://dolab.gov.vn/a?b=c#d", "https://gov.uk"],
)
def test_a_link_may_lead_home_or_to_a_known_host(target):
    assert links.checked_target(f" {target} ", HOSTS) == target


@pytest.mark.parametrize(
    "target",
    [
        "", "chat", "/s/abcde", "/..//evil.example",
        "//evil.example", "/\\evil.example", "http://gov.uk", "https://gov.uk.evil.example", "javascript:x",
        "https://evilgov.uk", "https://gov.uk@evil.example", "https://gov.uk:8443/", "https://[", "/chat\nX: y",
        "https://gov.vn\\.evil.example/", "/" + "a" * 600, "data:text/html,x",
    ],
)
def test_and_nowhere_else(target):
    with pytest.raises(Mistake, match="link-target-wrong"):
        links.checked_target(target, HOSTS)


def test_codes_are_made_once_per_arm_and_hold_no_letter_that_is_mistaken_for_another(db, now):
    wave = a_linked_wave(db)
    with db.transaction() as c:
        first = links.for_wave(c, wave, 2, now)
        assert links.for_wave(c, wave, 3, now).items() >= first.items()
    assert len(set(first.values())) == 2
    assert all(len(code) == links.LENGTH and not set(code) & set("0o1li") for code in first.values())


def test_openings_are_counted_by_people_machines_and_conversations(db, now):
    wave = a_linked_wave(db)
    with db.transaction() as c:
        codes = links.for_wave(c, wave, 2, now)
    for hour in range(3):
        assert links.follow(db, codes[1], machine=False, now=now + timedelta(hours=hour)) == "/chat"
    links.follow(db, codes[1], machine=True, now=now)
    links.began(db, codes[1], now)
    own, other = links.opened(db, wave.id)
    assert (own.arm, own.people, own.machines, own.conversations) == (0, 0, 0, 0)
    assert (other.arm, other.people, other.machines, other.conversations) == (1, 3, 1, 1)


def test_a_code_nobody_gave_leads_nowhere_and_counts_nothing(db, now):
    wave = a_linked_wave(db)
    assert links.follow(db, "zzzzz", machine=False, now=now) is None
    links.began(db, "zzzzz", now)
    assert links.opened(db, wave.id) == []


def test_a_changed_target_holds_for_the_codes_that_stand(db, now):
    wave = a_linked_wave(db)
    with db.transaction() as c:
        code = links.for_wave(c, wave, 1, now)[0]
        wave_store.change(c, wave.id, link_target="/chat?lang=en")
        links.for_wave(c, wave_store.get(c, wave.id), 1, now)
    assert links.follow(db, code, machine=False, now=now) == "/chat?lang=en"


def test_single_people_have_codes_only_where_they_are_followed_and_they_are_added_up(db, now):
    wave = a_linked_wave(db, link_personal="asked by the evaluation")
    one, other = make.people(db, 2, first=700)
    with db.transaction() as c:
        shared = links.for_wave(c, wave, 1, now)[0]
        codes = links.for_people(c, wave, {one: 0, other: 0}, now)
        assert links.for_people(c, wave, {one: 0}, now) == {one: codes[one]}
    links.follow(db, codes[one], machine=False, now=now)
    links.follow(db, codes[other], machine=False, now=now)
    (found,) = links.opened(db, wave.id)
    assert (found.code, found.people) == (shared, 2)


@pytest.mark.parametrize(
    ("agent", "method", "purpose", "machine"),
    [
        ("Mozilla/5.0 (Linux; Android 9; SM-J330) AppleWebKit/537.36 Chrome/80.0 Mobile", "GET", "", False),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 12_5) Zalo iOS/500", "GET", "", False),
        ("Nokia6300/1.0", "GET", "", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", "GET", "", True),
        ("facebookexternalhit/1.1", "GET", "", True),
        ("TelegramBot (like TwitterBot)", "GET", "", True),
        ("Mozilla/5.0 Chrome/80.0", "HEAD", "", True),
        ("Mozilla/5.0 Chrome/80.0", "GET", "prefetch;prerender", True),
        ("", "GET", "", True),
    ],
)
def test_who_is_a_machine(agent, method, purpose, machine):
    assert links.is_machine(agent, method, purpose) is machine
