"""The contract of sms/gateway.py, held by every gateway there is."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sms.gateway import BadRequest, BadSignature, Consequence, Fate, HookRequest, Outgoing, Whereabouts
from sms.gateways import NAMES
from sms.last_look import TooLate, before_leaving
from tests.contracts.gateways import ROWS

NUMBER = "+84912000001"
#: What forms, JSON and encodings trip over.
AWKWARD = "Đừng đưa tiền & giấy tờ = mất trắng? 100% + “thật”\nGọi 111 😀 %2B {} \\ 'x'; --"


@pytest.fixture(params=ROWS)
def row(request, tmp_path):
    with ROWS[request.param](tmp_path) as row:
        yield row


@pytest.fixture
def send(row):
    """Sends messages given as (number, text) or numbers, in batches the gateway takes; one Outcome each."""

    def send(*messages, first_key=1):
        pairs = [message if isinstance(message, tuple) else (message, "Xin chào") for message in messages]
        outgoing = [Outgoing(str(first_key + n), to, text) for n, (to, text) in enumerate(pairs)]
        size = row.gateway.traits.recipients_per_call
        return [o for start in range(0, len(outgoing), size) for o in row.gateway.send(outgoing[start : start + size])]

    return send


def long_ago():
    return datetime.now(UTC) - timedelta(hours=1)


def somebody_else(row):
    """Somebody abroad, where the gateway carries to."""
    return "+84912000003" if row.gateway.traits.only_to else "+447911123400"


def unproven(row, good, other, change):
    """`good` without its proof, with a wrong one, or saying what `other` says."""
    if row.proof == "token":
        token = good.query["token"]
        wrong = {"no signature": "", "wrong signature": "x" * len(token)}[change]
        url = good.url.replace(f"token={token}", f"token={wrong}")
        return replace(good, query={**good.query, "token": wrong}, url=url)
    return {
        "no signature": replace(good, headers={}),
        "wrong signature": replace(good, headers=dict.fromkeys(good.headers, "x" * 28)),
        "changed": replace(good, form=other.form, body=other.body),
    }[change]


def test_there_is_a_row_for_every_gateway():
    assert tuple(ROWS) == NAMES


def test_it_says_what_it_can_do(row):
    traits = row.gateway.traits
    assert row.gateway.name in NAMES
    assert traits.recipients_per_call >= 1 and traits.concurrency >= 1 and traits.find_after >= 0
    assert row.gateway.readiness().ready
    assert not traits.leaves_machine, "a server on this machine: made-up people may be sent to"


def test_what_is_accepted_is_there_word_for_word(row, send):
    outcomes = send((NUMBER, AWKWARD), (NUMBER, "hai"), (somebody_else(row), "three"))
    assert [outcome.fate for outcome in outcomes] == [Fate.ACCEPTED] * 3
    assert len({outcome.ref for outcome in outcomes}) == 3
    assert row.kept(NUMBER) == [AWKWARD, "hai"]


def test_an_empty_batch_is_no_trouble(row):
    assert row.gateway.send([]) == []


def test_a_full_batch_has_one_outcome_each_in_order(row, send):
    refused = next(iter(row.refused))
    size = min(row.gateway.traits.recipients_per_call, 500)
    numbers = [refused if n % 7 == 3 else f"+8491200{n:04d}" for n in range(size)]
    outcomes = send(*numbers)
    assert [outcome.fate is Fate.REFUSED for outcome in outcomes] == [number == refused for number in numbers]


def test_refusals_have_our_names_and_no_number_in_their_words(row, send):
    for n, (number, code) in enumerate(row.refused.items()):
        (outcome,) = send(number, first_key=100 + n)
        assert (outcome.fate, outcome.ref, outcome.error.code) == (Fate.REFUSED, None, code)
        assert outcome.error.consequence in Consequence
        assert outcome.error.raw and number.lstrip("+") not in outcome.error.raw
        assert row.kept(number) == []


def test_too_fast_says_how_long_to_wait_and_then_goes_through(row, send):
    (first,) = send(row.too_fast)
    assert (first.error.code, first.error.consequence, first.wait) == ("too-fast", Consequence.THROTTLE, row.rest)
    (second,) = send(row.too_fast)
    assert second.fate is Fate.ACCEPTED


def test_no_answer_is_unknown_and_is_not_tried_again_by_itself(row, send):
    (outcome,) = send(row.no_answer_but_kept)
    assert (outcome.fate, outcome.ref) == (Fate.UNKNOWN, None)
    assert row.kept(row.no_answer_but_kept) == ["Xin chào"]
    (outcome,) = send(row.no_answer_and_lost)
    assert outcome.fate is Fate.UNKNOWN
    assert row.kept(row.no_answer_and_lost) == []


def test_what_is_held_up_on_the_way_until_it_is_not_ours_any_more_does_not_leave(row, send):
    """The machine slept between "this is mine to send" and the socket: somebody else may have sent it meanwhile."""
    with before_leaving(lambda: False) as look, suppress(TooLate):
        assert send((NUMBER, "một"))[0].fate is Fate.REFUSED
    assert look.kept_all
    assert row.kept(NUMBER) == []
    with before_leaving(lambda: True) as look:
        assert send((NUMBER, "hai"))[0].fate is Fate.ACCEPTED
    assert not look.kept_all
    assert row.kept(NUMBER) == ["hai"]


def test_a_gateway_that_refuses_repeats_sends_once_whatever_we_heard(row):
    if not row.gateway.traits.idempotent:
        pytest.skip("the provider takes a repeat for another message")
    started = datetime.now(UTC)
    message = Outgoing("1", row.no_answer_but_kept, "Xin chào", started)
    fates = [row.gateway.send([message])[0].fate for _ in range(3)]
    assert fates == [Fate.UNKNOWN, Fate.ACCEPTED, Fate.ACCEPTED]
    assert row.kept(message.to) == ["Xin chào"]
    later = replace(message, since=started + timedelta(seconds=2))  # after a clear no it is another message
    assert row.gateway.send([later])[0].fate is Fate.ACCEPTED
    assert row.kept(message.to) == ["Xin chào"] * 2


def test_a_gateway_that_refuses_repeats_gets_a_lost_message_again(row):
    if not row.gateway.traits.idempotent:
        pytest.skip("the provider takes a repeat for another message")
    message = Outgoing("1", row.no_answer_and_lost, "Xin chào", datetime.now(UTC))
    assert [row.gateway.send([message])[0].fate for _ in range(2)] == [Fate.UNKNOWN, Fate.ACCEPTED]
    assert row.kept(message.to) == ["Xin chào"]


def test_find_knows_what_came_through_without_an_answer(row, send):
    if not row.gateway.traits.find:
        pytest.skip("the provider cannot be asked")
    send(row.no_answer_but_kept, row.no_answer_and_lost)
    kept = row.gateway.find(Outgoing("1", row.no_answer_but_kept, "Xin chào"), long_ago())
    lost = row.gateway.find(Outgoing("2", row.no_answer_and_lost, "Xin chào"), long_ago())
    assert (kept.where, lost.where) == (Whereabouts.THERE, Whereabouts.NOT_THERE)
    assert kept.ref and lost.ref is None


def test_find_gives_the_same_id_as_send_and_mixes_nothing_up(row, send):
    if not row.gateway.traits.find:
        pytest.skip("the provider cannot be asked")
    (sent,) = send((NUMBER, AWKWARD))
    ours = Outgoing("1", NUMBER, AWKWARD)
    assert row.gateway.find(ours, long_ago()).ref == sent.ref
    assert row.gateway.find(ours, datetime.now(UTC) + timedelta(days=1)).where is Whereabouts.NOT_THERE
    assert row.gateway.find(replace(ours, to="+84912000002"), long_ago()).where is Whereabouts.NOT_THERE
    assert row.gateway.find(Outgoing("9", NUMBER, "another text"), long_ago()).where is Whereabouts.NOT_THERE


@pytest.mark.parametrize("status", ["accepted", "delivered", "undelivered", "failed"])
def test_a_receipt_is_read(row, status):
    if status not in row.says:
        pytest.skip("the provider knows no such end")
    (receipt,) = row.receipts("ref-1", status, key="17")
    key = "17" if row.keyed else None
    assert (receipt.ref, receipt.status, receipt.code, receipt.key) == (row.our_ref("ref-1"), status, "", key)


def test_a_receipt_without_our_key_and_with_fields_nobody_knows_is_read(row):
    (receipt,) = row.receipts("ref-1", "delivered", Surprise="1")
    assert (receipt.status, receipt.key) == ("delivered", None)


def test_an_inbound_message_is_read(row):
    if not row.gateway.traits.inbound:
        with pytest.raises(BadSignature):
            row.gateway.read_inbound(row.inbound("in-1", NUMBER, AWKWARD))
        return
    (message,) = row.written("in-1", NUMBER, AWKWARD, Surprise="1")
    assert (message.sender, message.text) == (NUMBER, AWKWARD)
    assert message.provider_id == "in-1" if row.ids_of_written else message.provider_id


@pytest.mark.parametrize("change", ["no signature", "wrong signature", "changed"])
@pytest.mark.parametrize("hook", ["receipt", "inbound"])
def test_what_is_not_signed_is_not_read(row, hook, change):
    receipts = hook == "receipt"
    if row.proof == "session":
        pytest.skip("who is bound has proved it; see test_of_a_provider_with_a_session_nothing_comes_over_http")
    if row.proof == "token" and change == "changed":
        pytest.skip("a token proves who calls, not what they say")
    if not receipts and not row.gateway.traits.inbound:
        pytest.skip("nobody answers through this gateway")
    good = row.receipt("ref-1", "undelivered") if receipts else row.inbound("in-1", NUMBER, "TC")
    other = row.receipt("ref-2", "undelivered") if receipts else row.inbound("in-1", NUMBER, "DK")
    bad = unproven(row, good, other, change)
    read = row.gateway.read_receipts if receipts else row.gateway.read_inbound
    assert read(good)
    with pytest.raises(BadSignature):
        read(bad)


def test_of_a_provider_with_a_session_nothing_comes_over_http(row):
    if row.proof != "session":
        pytest.skip("the provider calls our hooks")
    request = HookRequest("POST", "https://an-lo.example/hooks", {"X": "1"}, {"ref": "1"}, {"token": "x"}, b"ref=1")
    for read in (row.gateway.read_receipts, row.gateway.read_inbound):
        with pytest.raises(BadSignature):
            read(request)


def test_signed_nonsense_is_a_bad_request(row):
    if row.proof == "session":
        assert row.nonsense() == [], "and the session holds: see tests/sms/test_smpp_session.py"
        return
    with pytest.raises(BadRequest):
        row.gateway.read_receipts(row.nonsense())
    with pytest.raises((BadRequest, BadSignature)):
        row.gateway.read_inbound(row.nonsense())


def test_header_names_have_no_case(row):
    if row.proof == "session":
        pytest.skip("there are no headers")
    request = row.receipt("ref-1", "delivered")
    shouted = replace(request, headers={name.upper(): value for name, value in request.headers.items()})
    assert row.gateway.read_receipts(shouted)


def test_many_threads_may_send_at_once(row):
    def one(n):
        return row.gateway.send([Outgoing(str(n), f"+8491300{n:04d}", f"tin {n}")])[0]

    with ThreadPoolExecutor(row.gateway.traits.concurrency * 2) as threads:
        outcomes = list(threads.map(one, range(120)))
    # The simulator lets a few ordinary numbers fare badly later, never at the hand-over.
    assert {outcome.fate for outcome in outcomes} == {Fate.ACCEPTED}
    assert len({outcome.ref for outcome in outcomes}) == 120
    assert [row.kept(f"+8491300{n:04d}") for n in range(120)] == [[f"tin {n}"] for n in range(120)]


def test_closing_twice_is_no_trouble(row):
    assert row.gateway.close() is None
    assert row.gateway.close() is None
