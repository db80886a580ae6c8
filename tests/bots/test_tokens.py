"""Tokens that work once: renewed by exactly one, on the disk before they are used, and never lost in silence."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bots import tokens
from bots.kept_tokens import KeptTokens
from bots.tokens import NotAsked, NoToken, Refused, Tokens
from tests.bots.platforms.made import Clock, Provider


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(tokens, "SAVE_PAUSE", 0.0)


def test_the_first_message_brings_the_first_pair_and_the_next_ones_use_it(db, clock):
    provider = Provider()
    held = Tokens(db, "zalo", "first", provider, clock)
    assert [held.access(), held.access()] == ["access-1", "access-1"]
    assert Tokens(db, "zalo", "first", provider, clock).access() == "access-1", "another process finds it stored"
    assert provider.asked_with == ["first"]


def test_tokens_lie_sealed(db, clock):
    Tokens(db, "zalo", "first", Provider(), clock).access()
    with db.reading() as c:
        row = c.exec_driver_sql("SELECT * FROM platform_tokens").one()
    assert not any(word in bytes(str(row), "utf-8") for word in (b"access-1", b"refresh-1", b"first"))


def test_it_is_renewed_at_four_fifths_of_its_life(db, clock):
    provider = Provider()
    held = Tokens(db, "zalo", "first", provider, clock)
    assert held.keep() == {"renewed": 1}
    clock.later(hours=19, minutes=59)
    assert held.keep() == {}
    clock.later(minutes=2)
    assert held.keep() == {"renewed": 1}
    assert (held.access(), provider.given) == ("access-2", 2)


def test_an_expired_token_is_not_even_tried(db, clock):
    held = Tokens(db, "zalo", "first", Provider(), clock)
    held.access()
    clock.later(hours=25)
    assert held.access() == "access-2"


def test_the_new_pair_is_on_the_disk_before_anybody_gets_it(db, clock):
    held = Tokens(db, "zalo", "first", Provider(), clock)
    token = held.access()
    assert KeptTokens(db, "zalo").find().access == token


def test_a_pair_that_cannot_be_written_down_is_not_used_and_not_forgotten(db, clock, monkeypatch, caplog):
    provider, written = Provider(), []

    def broken(self, *given):
        written.append(given)
        raise OSError("the disk is full")

    held = Tokens(db, "zalo", "first", provider, clock)
    with monkeypatch.context() as away:
        away.setattr(KeptTokens, "write", broken)
        with pytest.raises(NoToken) as failed:
            held.access()
    assert (failed.value.code, len(written)) == ("gateway-trouble", tokens.SAVE_TRIES)
    assert [record.levelno for record in caplog.records].count(logging.CRITICAL) == tokens.SAVE_TRIES
    assert "access-1" not in caplog.text and "refresh-1" not in caplog.text
    clock.later(minutes=1)
    assert (held.access(), provider.asked_with) == ("access-1", ["first"]), "the same pair, written down now"


def test_what_could_not_be_written_down_gets_a_last_chance_at_the_end(db, clock, monkeypatch):
    held = Tokens(db, "zalo", "first", Provider(), clock)
    with monkeypatch.context() as away:
        away.setattr(KeptTokens, "write", lambda *given: 1 / 0)
        with pytest.raises(NoToken):
            held.access()
    held.close()
    assert KeptTokens(db, "zalo").find().access == "access-1"


def test_killed_between_the_answer_and_the_commit_it_is_said_loudly(db, clock, caplog):
    """The provider gave a pair to a process that died: the old refresh token is dead and the new one nobody has."""
    provider = Provider()

    class Killed(BaseException):
        pass

    def killed(refresh):
        provider(refresh)
        raise Killed

    with pytest.raises(Killed):
        Tokens(db, "zalo", "first", killed, clock).access()
    other = Tokens(db, "zalo", "first", provider, clock)
    assert other.notes() == (), "for now somebody may still be asking"
    clock.later(minutes=3)
    assert other.notes() == ("tokens-unheard",)
    with pytest.raises(NoToken) as failed:
        other.access()
    assert (failed.value.code, other.notes()) == ("credentials", ("tokens-lost",))
    assert other.keep() == {"failed": 1} and "tokens-lost" in caplog.text
    provider.refresh = "second"
    renewed = Tokens(db, "zalo", "second", provider, clock)
    assert (renewed.access(), renewed.notes()) == ("access-2", ())


def test_killed_before_the_provider_was_asked_nothing_is_lost(db, clock):
    class Killed(BaseException):
        pass

    def killed(refresh):
        raise Killed

    with pytest.raises(Killed):
        Tokens(db, "zalo", "first", killed, clock).access()
    clock.later(minutes=3)
    after = Tokens(db, "zalo", "first", Provider(), clock)
    assert (after.access(), after.notes()) == ("access-1", ())


def test_while_another_process_asks_nobody_else_does(db, clock, monkeypatch):
    monkeypatch.setattr(tokens, "PATIENCE", 0.2)
    asking, answered, provider = threading.Event(), threading.Event(), Provider()

    def slow(refresh):
        asking.set()
        answered.wait(10)
        return provider(refresh)

    first, second = (Tokens(db, "zalo", "first", ask, clock) for ask in (slow, provider))
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(first.access)
        asking.wait(10)
        with pytest.raises(NoToken) as failed:
            second.access()
        answered.set()
        assert waiting.result() == "access-1"
    assert failed.value.code == "gateway-trouble"
    assert (second.access(), provider.asked_with) == ("access-1", ["first"])


@pytest.mark.parametrize(
    ("answer", "code", "note"),
    [
        (Refused("no"), "credentials", ("tokens-refused",)),
        (NotAsked("no line"), "not-connected", ()),
        (TimeoutError("nothing came"), "gateway-trouble", ("tokens-unheard",)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_follows_from_no_pair(db, clock, answer, code, note):
    asked = []

    def ask(refresh):
        asked.append(refresh)
        raise answer

    held = Tokens(db, "zalo", "first", ask, clock)
    for _ in range(3):
        with pytest.raises(NoToken) as failed:
            held.access()
        assert failed.value.code == code
    assert (asked, held.notes()) == (["first"], note), "it is not asked again with every message"
    clock.later(minutes=11)
    with pytest.raises(NoToken):
        held.access()
    assert len(asked) == 2


def test_a_refusal_after_no_answer_means_lost(db, clock):
    answers = iter([TimeoutError(), Refused("no"), Refused("no")])

    def ask(refresh):
        raise next(answers)

    held = Tokens(db, "zalo", "first", ask, clock)
    for note in ("tokens-unheard", "tokens-lost", "tokens-lost"):
        with pytest.raises(NoToken):
            held.access()
        assert held.notes() == (note,)
        clock.later(minutes=11)


def test_a_token_renewed_a_moment_ago_and_not_taken_is_not_renewed_again(db, clock):
    provider = Provider()
    held = Tokens(db, "zalo", "first", provider, clock)
    with pytest.raises(NoToken) as failed:
        held.instead_of(held.access())
    assert (failed.value.code, provider.given) == ("credentials", 1)
    clock.later(minutes=2)
    assert held.instead_of("access-1") == "access-2"
