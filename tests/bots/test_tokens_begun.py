"""The first refresh token of the settings, and the alarm when nothing is renewed."""

import pytest

from bots.kept_tokens import KeptTokens
from bots.tokens import NoToken, Refused, Tokens
from tests.bots.platforms.made import Clock, Provider


@pytest.fixture
def clock():
    return Clock()


def test_a_new_one_in_the_settings_begins_anew_and_an_old_one_does_not(db, clock):
    provider = Provider()
    Tokens(db, "zalo", "first", provider, clock).access()
    provider.refresh = "granted again"
    after = Tokens(db, "zalo", "granted again", provider, clock)
    assert after.keep() == {"renewed": 1}
    assert after.access() == "access-2"
    before = Tokens(db, "zalo", "first", provider, clock)  # a worker that was not started anew yet
    assert (before.keep(), before.access()) == ({}, "access-2")
    assert provider.asked_with == ["first", "granted again"]


def test_a_mistyped_one_does_not_cost_the_good_pair(db, clock, caplog):
    provider = Provider()
    Tokens(db, "zalo", "first", provider, clock).access()
    held = Tokens(db, "zalo", "mistyped", provider, clock)
    assert held.keep() == {"renewed": 0}
    assert (held.access(), held.notes()) == ("access-1", ())
    assert "first refresh token was refused" in caplog.text
    assert (held.keep(), provider.asked_with) == ({}, ["first", "mistyped"]), "once is enough"
    clock.later(hours=21)
    assert (held.keep(), held.access()) == ({"renewed": 1}, "access-2")


def test_after_a_refusal_the_right_one_may_be_put_back(db, clock):
    """Wrong app secret first, then mended: the refresh token was never used, so it still counts as new."""
    provider, wrong = Provider(), [True]

    def ask(refresh):
        if wrong:
            raise Refused("wrong app secret")
        return provider(refresh)

    with pytest.raises(NoToken):
        Tokens(db, "zalo", "first", ask, clock).access()
    wrong.clear()
    assert Tokens(db, "zalo", "first", ask, clock).access() == "access-1"


def test_without_any_refresh_token_there_is_none(db, clock):
    held = Tokens(db, "zalo", "", Provider(), clock)
    assert not held.stored
    with pytest.raises(NoToken) as failed:
        held.access()
    assert failed.value.code == "credentials"


# -- alarm


def test_fourteen_days_without_a_renewal_are_an_alarm(db, clock, caplog):
    provider = Provider()
    held = Tokens(db, "zalo", "first", provider, clock)
    held.access()
    clock.later(days=14, minutes=1)
    assert held.notes() == ("tokens-old",)
    assert (held.keep(), held.notes()) == ({"renewed": 1}, ())
    provider.refresh = "somewhere else"
    clock.later(days=15)
    assert held.keep() == {"failed": 1}
    assert held.notes() == ("tokens-refused", "tokens-old")
    assert all(note in caplog.text for note in held.notes())


def test_a_pair_sealed_with_a_lost_key_is_said_and_not_used(db, clock, caplog):
    Tokens(db, "zalo", "first", Provider(), clock).access()
    with db.transaction() as c:
        c.exec_driver_sql("UPDATE platform_tokens SET access_sealed = refresh_sealed")
    assert KeptTokens(db, "zalo").find().access == "" and "another key" in caplog.text
