"""The contract of bots/platform.py, held by every chat platform there is."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from bots.model import Choice
from bots.platform import Reply
from sms.gateway import Consequence, Fate
from tests.contracts.platforms import ROWS

#: What forms, JSON and encodings trip over.
AWKWARD = "Đừng đưa tiền & giấy tờ = mất trắng? 100% + “thật”\nGọi 111 😀 %2B {} \\ 'x'; <b>--</b> *_`["


def reply(row, address, text="Xin chào", turn_id=7, **more) -> Reply:
    heard = datetime.now(UTC) - timedelta(minutes=1)
    return Reply(turn_id, row.platform.name, address, text, **{"heard_at": heard, "language": "vi", **more})


def test_it_says_what_it_can_do(row):
    traits = row.platform.traits
    assert traits.longest_text >= 1_000 and traits.concurrency >= 1
    assert row.platform.readiness().ready
    assert row.platform.name in ROWS


def test_a_server_on_this_machine_is_not_the_world(called):
    assert not called.platform.traits.leaves_machine


def test_what_is_not_set_up_names_its_settings_and_refuses(provider):
    bare = provider.not_set_up()
    assert set(bare.readiness().missing) == provider.missing
    outcome = bare.send(reply(provider, provider.people(1)))
    assert (outcome.fate, outcome.error.consequence) == (Fate.REFUSED, Consequence.CONFIGURATION)
    bare.close()


def test_a_reply_arrives_once_and_word_for_word(provider):
    person, other = provider.people(1), provider.people(2)
    given = [(person, AWKWARD), (person, "hai"), (other, "three")]
    outcomes = [provider.platform.send(reply(provider, *one, turn_id=n)) for n, one in enumerate(given)]
    assert [outcome.fate for outcome in outcomes] == [Fate.ACCEPTED] * 3
    assert all(outcome.ref for outcome in outcomes)
    assert (provider.kept(person), provider.kept(other)) == ([AWKWARD, "hai"], ["three"])


def test_the_longest_text_arrives_whole(provider):
    text = "ạ" * (provider.platform.traits.longest_text - 1) + "."
    assert provider.platform.send(reply(provider, provider.people(1), text)).fate is Fate.ACCEPTED
    assert provider.kept(provider.people(1)) == [text]


def test_a_reply_that_people_fetch_is_accepted(row):
    assert row.platform.send(reply(row, row.people(1))).fate is Fate.ACCEPTED


def test_refusals_have_our_names_and_nobody_in_their_words(provider):
    for address, code in provider.refused.items():
        outcome = provider.platform.send(reply(provider, address))
        assert (outcome.fate, outcome.ref, outcome.error.code) == (Fate.REFUSED, None, code)
        assert outcome.error.raw and address.lstrip("+") not in outcome.error.raw
        assert provider.kept(address) == []


def test_who_blocked_us_is_gone(called):
    assert "gone" in called.refused.values()


def test_too_fast_says_how_long_to_wait(provider):
    if not provider.too_fast:
        pytest.skip("never too fast")
    outcome = provider.platform.send(reply(provider, provider.too_fast))
    assert (outcome.error.code, outcome.error.consequence, outcome.wait) == ("too-fast", Consequence.THROTTLE, 2.0)
    assert provider.kept(provider.too_fast) == []


@pytest.mark.parametrize("case", ["no_answer_but_kept", "no_answer_and_lost", "trouble"])
def test_where_no_answer_came_nobody_can_tell_and_nothing_is_tried_again(provider, case):
    address = getattr(provider, case)
    if not address:
        pytest.skip("never without an answer")
    outcome = provider.platform.send(reply(provider, address))
    assert (outcome.fate, outcome.ref) == (Fate.UNKNOWN, None)
    assert provider.kept(address) == (["Xin chào"] if case == "no_answer_but_kept" else [])


def test_a_provider_out_of_reach_never_got_it(called):
    platform = called.out_of_reach()
    outcome = platform.send(reply(called, called.people(1)))
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, "not-connected")
    platform.close()


def test_nothing_secret_is_said_or_logged(provider, caplog):
    caplog.set_level(logging.DEBUG)
    special = [*provider.refused, provider.too_fast, provider.no_answer_and_lost, provider.trouble]
    outcomes = [provider.platform.send(reply(provider, address)) for address in filter(None, special)]
    if provider.out_of_reach:
        away = provider.out_of_reach()
        outcomes.append(away.send(reply(provider, provider.people(1))))
        away.close()
    said = " ".join(outcome.error.raw for outcome in outcomes)
    written = "\n".join(record.getMessage() for record in caplog.records if record.levelno >= logging.INFO)
    for secret in provider.secrets:
        assert secret not in said
        assert secret not in written


def test_choices_are_buttons_that_say_which_answer_they_belong_to(provider):
    if not provider.pressed:
        pytest.skip("no buttons")
    choices = (Choice("Tiền cọc", "tiền cọc"), Choice("C" * 200, "gặp cán bộ"))
    person = provider.people(1)
    assert provider.platform.send(reply(provider, person, choices=choices, turn_id=2**40)).fate is Fate.ACCEPTED
    assert provider.pressed(person) == [f"choice:{2**40}:0", f"choice:{2**40}:1"]


def test_it_can_be_asked_whether_an_answer_helped(provider):
    if not provider.pressed:
        pytest.skip("no buttons")
    person = provider.people(1)
    provider.platform.send(reply(provider, person, may_be_judged=True, choices=(Choice("Một", "một"),)))
    assert provider.pressed(person) == ["choice:7:0", "helpful:7:1", "helpful:7:0"]


def test_outside_its_window_nothing_is_sent(provider):
    window = provider.platform.traits.window
    if window is None:
        pytest.skip("no window")
    late = datetime.now(UTC) - window - timedelta(minutes=1)
    outcome = provider.platform.send(reply(provider, provider.people(1), heard_at=late))
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, "window-closed")
    assert provider.kept(provider.people(1)) == []


def test_what_would_cost_is_not_sent(provider):
    if provider.platform.traits.free is None:
        pytest.skip("nothing costs")
    most, within = provider.platform.traits.free
    person = provider.people(1)
    assert provider.platform.send(reply(provider, person, said_since=most - 1)).fate is Fate.ACCEPTED
    over = reply(provider, person, said_since=most)
    late = reply(provider, person, heard_at=datetime.now(UTC) - within - timedelta(minutes=1))
    for outcome in map(provider.platform.send, (over, late)):
        assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, "quota")
    assert len(provider.kept(person)) == 1


def test_eight_threads_may_send_at_once(provider):
    def one(n):
        return provider.platform.send(reply(provider, provider.people(100 + n), f"tin {n}", turn_id=n))

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(one, range(40)))
    assert {outcome.fate for outcome in outcomes} == {Fate.ACCEPTED}
    assert [provider.kept(provider.people(100 + n)) for n in range(40)] == [[f"tin {n}"] for n in range(40)]


def test_closing_twice_is_no_trouble(row):
    assert row.platform.close() is None
    assert row.platform.close() is None
