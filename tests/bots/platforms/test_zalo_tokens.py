"""Zalo's tokens through Zalo's own wire: one renewal for all, and every answer its OAuth may give."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bots import kept_tokens
from bots.kept_tokens import KeptTokens
from bots.platforms.zalo import Zalo
from db.engine import open_database
from sms.gateway import Fate
from tests.bots.platforms.made import Clock, a_reply, a_zalo
from tests.conftest import SEAL
from tests.servers import zalo
from tests.servers.zalo import Step


@pytest.fixture
def server():
    with zalo.serve() as server:
        yield server


@pytest.fixture
def clock():
    return Clock()


def test_eight_threads_and_two_processes_at_once_make_one_renewal(db_url, server, clock):
    """Two Database objects on one database know nothing of each other, as two processes do."""
    databases = [open_database(db_url, SEAL) for _ in range(2)]
    platforms = [a_zalo(db, server, clock) for db in databases]
    server.fake.script("oauth", Step(delay=0.3))
    with ThreadPoolExecutor(16) as threads:
        outcomes = list(threads.map(lambda n: platforms[n % 2].send(a_reply(f"7000{n}", clock)), range(16)))
    assert {outcome.fate for outcome in outcomes} == {Fate.ACCEPTED}
    assert (server.fake.granted, server.fake.refused_refreshes) == (1, [])
    for platform, db in zip(platforms, databases, strict=True):
        platform.close()
        db.close()


def test_eight_threads_told_that_the_token_died_make_one_renewal(db_url, server, clock):
    databases = [open_database(db_url, SEAL) for _ in range(2)]
    platforms = [a_zalo(db, server, clock) for db in databases]
    platforms[0].send(a_reply("70001", clock))
    clock.later(hours=2)
    server.fake.expire()
    server.fake.script("oauth", Step(delay=0.3))
    with ThreadPoolExecutor(16) as threads:
        outcomes = list(threads.map(lambda n: platforms[n % 2].send(a_reply(f"7000{n}", clock)), range(16)))
    assert {outcome.fate for outcome in outcomes} == {Fate.ACCEPTED}
    assert (server.fake.granted, server.fake.refused_refreshes) == (2, [])
    for platform, db in zip(platforms, databases, strict=True):
        platform.close()
        db.close()


@pytest.mark.parametrize("said", ["90000", 90000, "", None, "soon", -5, 10**11, True])
def test_how_long_a_token_lives_may_be_said_oddly(db, clock, said):
    with zalo.serve(expires_in=said) as server:
        platform = a_zalo(db, server, clock)
        assert platform.send(a_reply("70001", clock)).fate is Fate.ACCEPTED
        kept = KeptTokens(db, "zalo").find()
        assert timedelta(seconds=60) <= kept.expires_at - kept.refreshed_at <= kept_tokens.LONGEST_LIFE
        platform.close()


@pytest.mark.parametrize(
    ("step", "code", "note"),
    [
        (Step(error=-14014, message="Invalid refresh token"), "credentials", ("tokens-refused",)),
        (Step(status=401, body="<html>"), "credentials", ("tokens-refused",)),
        (Step(status=502, body="<html>Bad Gateway</html>"), "gateway-trouble", ("tokens-unheard",)),
        (Step(body="<html>a hotel's sign-in page</html>"), "gateway-trouble", ("tokens-unheard",)),
        (Step(body='{"access_token": "", "refresh_token": "x"}'), "gateway-trouble", ("tokens-unheard",)),
        (Step(close=True), "gateway-trouble", ("tokens-unheard",)),
        (Step(close=True, keep=True), "gateway-trouble", ("tokens-unheard",)),
    ],
    ids=str,
)
def test_what_zalos_oauth_may_answer(db, server, clock, step, code, note):
    server.fake.script("oauth", step)
    platform = a_zalo(db, server, clock)
    outcome = platform.send(a_reply("70001", clock))
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, code)
    assert (platform.readiness().ready, platform.readiness().notes) == (True, note)
    assert server.fake.by_user == {}
    clock.later(minutes=11)
    again = platform.send(a_reply("70001", clock))
    assert (again.fate is Fate.ACCEPTED) is not step.keep, "a pair that was given and not heard is lost"
    assert platform.readiness().notes == (("tokens-lost",) if step.keep else ())
    platform.close()


def test_wrong_credentials_are_refused_and_never_shown(db, server, clock, caplog):
    platform = a_zalo(db, server, clock, app_secret="wrong-app-secret", refresh_token="wrong-refresh-token")
    outcome = platform.send(a_reply("70001", clock))
    assert outcome.error.code == "credentials"
    assert "wrong-" not in outcome.error.raw + caplog.text
    platform.close()


def test_oauth_out_of_reach_costs_nothing(db, server, clock):
    platform = a_zalo(db, server, clock, oauth_base="http://127.0.0.1:9")
    outcome = platform.send(a_reply("70001", clock))
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, "not-connected")
    assert platform.readiness().notes == ()
    platform.close()


def test_without_a_first_refresh_token_a_stored_pair_will_do(db, server, clock):
    a_zalo(db, server, clock).send(a_reply("70001", clock))
    bare = a_zalo(db, server, clock, refresh_token="")
    assert bare.readiness().ready and bare.send(a_reply("70001", clock)).fate is Fate.ACCEPTED
    assert Zalo(db, clock=clock).readiness().missing == ("ZALO_APP_ID", "ZALO_APP_SECRET", "ZALO_OA_SECRET")
