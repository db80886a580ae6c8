"""eSMS refuses repeats by our RequestId: what goes once, what goes again, and what the sandbox leaves behind."""

from datetime import datetime, timedelta

import pytest

from sms.gateway import Consequence, Fate, Outgoing, Whereabouts
from tests.servers.esms import Step
from tests.sms.esms_talk import MESSAGE, MORNING, NUMBER, told


def test_a_repeat_is_accepted_and_goes_by_our_request_id(esms_server, esms_at):
    esms_server.fake.script(NUMBER, Step(close=True, keep=True))
    first, second = (esms_at(esms_server.url).send([MESSAGE])[0] for _ in range(2))
    assert (first.fate, second.fate) == (Fate.UNKNOWN, Fate.ACCEPTED)
    assert second.ref == told(esms_server)["RequestId"]
    assert esms_server.fake.counts()["by_to"] == {NUMBER: 1}
    assert sum(esms_server.fake.counts()["repeats"].values()) == 1


@pytest.mark.parametrize("code", ["103", "104", "146"])
def test_what_was_refused_goes_again_though_its_request_id_is_used_up(esms_server, esms_at, code):
    """The dispatcher gives a refused message another `since`: with the old one it would be called a repeat."""
    esms_server.fake.script(NUMBER, Step(code))
    assert esms_at(esms_server.url).send([MESSAGE])[0].fate is Fate.REFUSED
    again = Outgoing("17", NUMBER, "Xin chào", MORNING + timedelta(minutes=5))
    assert esms_at(esms_server.url).send([again])[0].fate is Fate.ACCEPTED
    assert esms_server.fake.counts()["by_to"] == {NUMBER: 1}


def test_who_waits_for_no_repeat_is_never_taken_for_one(esms_server, esms_at):
    """Replies, alerts and tests go once; what a person orders again goes again."""
    for key in ("reply-17", "test-17", "alert-17", "17", "17"):
        assert esms_at(esms_server.url).send([Outgoing(key, NUMBER, "x")])[0].fate is Fate.ACCEPTED
    assert len(set(esms_server.fake.by_request)) == 5


def test_two_installations_with_one_account_do_not_collide(esms_server, esms_at):
    for secret in ("ours", "theirs"):
        assert esms_at(esms_server.url, secret=secret).send([MESSAGE])[0].fate is Fate.ACCEPTED
    assert esms_server.fake.counts()["by_to"] == {NUMBER: 2}


def test_the_longest_key_fits(esms_server, esms_at):
    keys = ("9" * 18, "reply-" + "9" * 18)
    for message in (Outgoing(keys[0], NUMBER, "x", MORNING), Outgoing(keys[1], NUMBER, "x")):
        esms_at(esms_server.url).send([message])
        assert len(told(esms_server)["RequestId"]) <= 50


@pytest.mark.parametrize(
    ("first", "now", "goes"),
    [
        ("09:00", "09:00", True),
        ("09:00", "14:59", True),
        ("09:00", "15:01", False),
        ("23:58", "23:59", True),
        ("23:59", "00:00", True),  # the first hand-over itself, a moment after its claim
        ("23:55", "00:00", False),
        ("09:01", "09:00", True),  # clocks differ
    ],
)
def test_no_repeat_goes_out_once_esms_may_have_forgotten(esms_server, esms_at, first, now, goes):
    """By its English page a RequestId is known for 24 hours, by the Vietnamese one within the day."""
    first, now = (datetime.fromisoformat(f"2026-12-01T{clock}:00+07:00") for clock in (first, now))
    now += timedelta(days=1) if now.hour == 0 else timedelta()
    message = Outgoing("17", NUMBER, "x", first)
    (outcome,) = esms_at(esms_server.url, clock=now.timestamp).send([message])
    assert (outcome.fate is Fate.ACCEPTED) is goes
    assert outcome.fate in (Fate.ACCEPTED, Fate.UNKNOWN)
    assert len(esms_server.fake.requests) == goes


def test_esms_cannot_be_asked_by_what_we_know(esms_server, esms_at):
    assert esms_at(esms_server.url).find(MESSAGE, MORNING).where is Whereabouts.CANNOT_TELL
    assert not esms_at(esms_server.url).traits.find and esms_server.fake.requests == []


# -- the sandbox


def test_in_the_sandbox_nothing_is_sent_and_nothing_counts(esms_server, esms_at):
    gateway = esms_at(esms_server.url, sandbox=True)
    outcomes = [gateway.send([MESSAGE])[0] for _ in range(2)]
    assert [(o.fate, o.error.code, o.error.consequence) for o in outcomes] == [
        (Fate.REFUSED, "sandbox", Consequence.CONFIGURATION)
    ] * 2
    assert told(esms_server)["Sandbox"] == "1"
    counts = esms_server.fake.counts()
    assert (counts["looked_at"], counts["messages"]) == (2, 0)
    assert gateway.readiness().notes == ("esms-sandbox",)


def test_what_was_only_looked_at_can_be_sent_afterwards(esms_server, esms_at):
    fates = [esms_at(esms_server.url, sandbox=sandbox).send([MESSAGE])[0].fate for sandbox in (True, False)]
    assert fates == [Fate.REFUSED, Fate.ACCEPTED]
    assert esms_server.fake.counts()["by_to"] == {NUMBER: 1}


def test_the_sandbox_says_what_is_wrong(esms_server, esms_at):
    esms_server.fake.script(NUMBER, Step("146"))
    assert esms_at(esms_server.url, sandbox=True).send([MESSAGE])[0].error.code == "content-refused"
