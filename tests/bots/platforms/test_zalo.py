"""What is Zalo's Official Account's own: its windows, its errors inside HTTP 200, and what goes out."""

import logging
import socket
import threading
import time
from contextlib import suppress

import pytest

from bots.platforms import zalo_answers
from bots.platforms.zalo import Zalo
from sms import http
from sms.gateway import ERRORS, Fate
from tests.bots.platforms.made import Clock, a_reply, a_zalo
from tests.servers import zalo
from tests.servers.zalo import Step

PERSON = "700000001"


@pytest.fixture
def server():
    with zalo.serve() as server:
        yield server


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def at(sqlite_db, server, clock):
    """Makes an Official Account; closed at the end."""
    opened = []

    def at(**other):
        opened.append(a_zalo(sqlite_db, server, clock, **other))
        return opened[-1]

    yield at
    for platform in opened:
        platform.close()


# -- settings and addresses


@pytest.mark.parametrize(
    ("base", "leaves", "usable"),
    [
        ("https://openapi.zalo.me", True, True),
        ("http://127.0.0.1:9000", False, True),
        ("http://127.8.8.8/prefix/", False, True),
        ("https://localhost:9000", False, True),
        ("http://[::1]:9000", False, True),
        ("http://openapi.zalo.me", True, False),
        ("openapi.zalo.me", True, False),
        ("https://localhost@evil.example", True, False),
        ("http://127.0.0.1.evil.example", True, False),
        ("https://127.0.0.1.evil.example", True, True),
        ("http://127.0.0.2:8299\\@localhost:1", True, False),
        ("http://localhost.evil.example", True, False),
        ("http://local\thost", True, False),
        ("https://evil.example#@127.0.0.1", True, False),
        ("https://127.1", True, True),
        ("file:///etc", True, False),
    ],
)
def test_what_stays_on_this_machine_and_what_may_carry_tokens(at, base, leaves, usable):
    platform = at(api_base=base)
    assert platform.traits.leaves_machine is leaves
    assert platform.readiness().missing == (() if usable else ("ZALO_API_BASE",))
    assert at(oauth_base=base).readiness().missing == (() if usable else ("ZALO_OAUTH_BASE",))


def test_without_settings_nothing_is_called(sqlite_db, clock):
    platform = Zalo(sqlite_db, clock=clock)
    assert platform.readiness().missing == ("ZALO_APP_ID", "ZALO_APP_SECRET", "ZALO_OA_SECRET", "ZALO_REFRESH_TOKEN")
    assert platform.send(a_reply(PERSON, clock)).error.code == "configuration"
    assert platform.keep_tokens() == {}


def test_proxies_of_the_environment_are_not_for_this_machine(server, at, clock, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert at().send(a_reply(PERSON, clock)).fate is Fate.ACCEPTED


# -- what an answer means


@pytest.mark.parametrize("code", sorted(zalo_answers._table()["codes"], key=int))
def test_every_code_of_the_table(server, at, clock, code):
    server.fake.script(PERSON, *[Step(error=int(code), message=f"about {PERSON} and access-token-1-of-the-fake")] * 2)
    outcome = at().send(a_reply(PERSON, clock))
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, zalo_answers.our_code(int(code)))
    assert outcome.error.code in ERRORS
    assert PERSON not in outcome.error.raw and "access-token" not in outcome.error.raw
    assert server.fake.by_user == {}


@pytest.mark.parametrize(
    ("step", "fate", "code"),
    [
        (Step(error=-9999), Fate.REFUSED, "content-refused"),
        (Step(body='{"error": "-213", "message": "as text"}'), Fate.REFUSED, "gone"),
        (Step(status=400, body='{"error": -213}'), Fate.REFUSED, "gone"),
        (Step(body='{"error": true}'), Fate.UNKNOWN, "gateway-trouble"),
        (Step(body="[]"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(body=""), Fate.UNKNOWN, "gateway-trouble"),
        (Step(body="<html>a hotel's sign-in page</html>"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(body='{"a":' * 100_000), Fate.UNKNOWN, "gateway-trouble"),
        (Step(status=500, body='{"error": 0}'), Fate.UNKNOWN, "gateway-trouble"),
        (Step(status=500, body='{"error": -213}'), Fate.UNKNOWN, "gateway-trouble"),
        (Step(status=302, body="", headers={"Location": "https://evil.example"}), Fate.REFUSED, "configuration"),
        (Step(status=404, body="<html>"), Fate.REFUSED, "configuration"),
        (Step(status=400, body="<html>"), Fate.REFUSED, "gateway-trouble"),
        (Step(status=429, body=""), Fate.REFUSED, "too-fast"),
        (Step(close=True), Fate.UNKNOWN, "gateway-trouble"),
        (Step(close=True, keep=True), Fate.UNKNOWN, "gateway-trouble"),
    ],
    ids=lambda value: str(value)[:90],
)
def test_what_an_answer_means(server, at, clock, step, fate, code):
    server.fake.script(PERSON, step)
    outcome = at().send(a_reply(PERSON, clock))
    assert (outcome.fate, outcome.error.code) == (fate, code)
    assert server.fake.calls["/v3.0/oa/message/cs"] == 1, "nothing is tried again by itself"
    assert len(server.fake.by_user[PERSON]) == int(step.keep)


def test_success_without_an_id_is_success(server, at, clock):
    server.fake.script(PERSON, Step(body='{"error": 0}'), Step(body='{"error": "0", "data": []}'))
    assert [at().send(a_reply(PERSON, clock)).fate for _ in range(2)] == [Fate.ACCEPTED] * 2


def test_a_slow_answer_is_unknown(server, at, clock, monkeypatch):
    platform = at()
    platform.send(a_reply(PERSON, clock))
    platform.close()
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.2)
    server.fake.script(PERSON, Step(delay=2.0))
    outcome = at().send(a_reply(PERSON, clock))
    assert (outcome.fate, len(server.fake.by_user[PERSON])) == (Fate.UNKNOWN, 2)


def test_a_server_that_takes_the_call_and_hangs_up_is_unknown(at, clock):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def listen():
            connection, _ = listening.accept()
            with suppress(OSError), connection:
                connection.recv(10)

        thread = threading.Thread(target=listen)
        thread.start()
        outcome = at(api_base=f"http://127.0.0.1:{listening.getsockname()[1]}").send(a_reply(PERSON, clock))
        thread.join()
    assert outcome.fate is Fate.UNKNOWN


def test_connections_are_kept(server, at, clock):
    platform = at()
    for _ in range(20):
        platform.send(a_reply(PERSON, clock))
    assert server.server.connections <= 2, "one for the messages, one for the tokens"


# -- tokens that die meanwhile


def test_a_dead_token_is_renewed_once_and_the_message_goes_out_once(server, at, clock):
    platform = at()
    platform.send(a_reply(PERSON, clock))
    clock.later(hours=3)
    server.fake.expire()
    assert platform.send(a_reply(PERSON, clock)).fate is Fate.ACCEPTED
    assert (server.fake.granted, len(server.fake.by_user[PERSON])) == (2, 2)


@pytest.mark.parametrize("error", [-216, -220])
def test_a_token_that_is_refused_even_when_fresh_makes_no_storm(server, at, clock, error):
    platform = at()
    platform.send(a_reply(PERSON, clock))
    clock.later(hours=3)
    server.fake.script(PERSON, *[Step(error=error)] * 50)
    outcomes = [platform.send(a_reply(PERSON, clock)) for _ in range(5)]
    assert {(outcome.fate, outcome.error.code) for outcome in outcomes} == {(Fate.REFUSED, "credentials")}
    assert server.fake.granted == 2, "one renewal for all of them"


def test_where_the_database_is_away_nothing_has_left(server, at, clock, monkeypatch):
    platform = at()
    monkeypatch.setattr(platform._tokens, "access", lambda: 1 / 0)
    outcome = platform.send(a_reply(PERSON, clock))
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, "gateway-trouble")


# -- too fast, quotas


@pytest.mark.parametrize(
    ("step", "wait"),
    [(Step(error=-32), 60.0), (Step(error=-32, headers={"Retry-After": "7"}), 7.0), (Step(status=429, body=""), 60.0)],
    ids=str,
)
def test_too_fast_rests_everybody_for_so_long(server, at, clock, step, wait):
    server.fake.script(PERSON, step)
    platform = at()
    first = platform.send(a_reply(PERSON, clock))
    assert (first.error.code, first.wait) == ("too-fast", wait)
    other = platform.send(a_reply("700000002", clock))
    assert other.error.code == "too-fast" and 0 < other.wait <= wait
    assert server.fake.calls["/v3.0/oa/message/cs"] == 1, "the second was not even asked"


def test_after_the_rest_it_goes_on(server, at, clock):
    server.fake.script(PERSON, Step(error=-32, headers={"Retry-After": "1"}))
    platform = at()
    platform.send(a_reply(PERSON, clock))
    time.sleep(1.05)
    assert platform.send(a_reply(PERSON, clock)).fate is Fate.ACCEPTED


def test_the_limit_of_calls_is_understood(sqlite_db, clock):
    with zalo.serve(limit=2) as server:
        platform = a_zalo(sqlite_db, server, clock)
        codes = [getattr(platform.send(a_reply(PERSON, clock)).error, "code", None) for _ in range(3)]
        platform.close()
    assert codes == [None, None, "too-fast"]


@pytest.mark.parametrize(
    ("quota", "noted"),
    [
        ({"quota_type": "sub_quota", "remain": "12"}, True),
        ({"quota_type": "purchase_quota", "remain": 3}, True),
        ({"quota_type": "sub_quota", "remain": "1200"}, False),
        ({"quota_type": "reply", "remain": "0"}, False),
        ({"quota_type": "sub_quota"}, False),
        ("odd", False),
    ],
)
def test_a_quota_that_runs_out_is_said_in_the_log(server, at, clock, caplog, quota, noted):
    caplog.set_level(logging.WARNING)
    body = f'{{"error": 0, "data": {{"message_id": "1", "quota": {quota!r}}}}}'.replace("'", '"')
    server.fake.script(PERSON, Step(body=body))
    assert at().send(a_reply(PERSON, clock)).ref == "1"
    assert ("messages left" in caplog.text) is noted
