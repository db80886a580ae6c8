"""What is SpeedSMS' own: many numbers a call, its codes, numbers it leaves out, its silence."""

import base64
import json

import pytest

from sms import http
from sms.gateway import ERRORS, Consequence, Fate, Outgoing
from sms.gateways.speedsms import SpeedSms
from sms.gateways.speedsms_answers import _table
from tests.contracts.speedsms_row import SECRET, a_gateway
from tests.servers import speedsms
from tests.servers.raw_http import Answer, in_a_thread
from tests.servers.speedsms import PRICE, TOKEN, WORDS, Step
from tests.sms.speedsms_talk import TEXT, codes, messages


@pytest.fixture
def server(speedsms_server):
    return speedsms_server


@pytest.fixture
def gateway(speedsms_gateway):
    return speedsms_gateway


# -- a call


def test_a_hundred_people_are_one_call(server, gateway):
    outcomes = gateway.send(messages(100))
    assert [outcome.fate for outcome in outcomes] == [Fate.ACCEPTED] * 100
    assert len({outcome.ref for outcome in outcomes}) == 100
    assert server.fake.counts()["sizes"] == {"100": 1}
    [call] = server.fake.calls
    assert (call["to"][0], call["content"], call["sms_type"], call["sender"]) == ("84900000001", TEXT, 3, "AN LO")


@pytest.mark.parametrize("prefix", ["", "/index.php", "/index.php/"])
def test_the_address_may_end_as_theirs_does(server, prefix):
    gateway = a_gateway(server.url + prefix)
    assert gateway.send(messages(1))[0].fate is Fate.ACCEPTED
    gateway.close()


def test_the_token_is_the_user_and_x_the_password():
    seen = []

    def answer(request):
        seen.append((request.method, request.target, request.headers["authorization"]))
        return Answer(200, b"{}")

    with in_a_thread(answer) as server:
        gateway = a_gateway(server.url + "/index.php")
        gateway.send(messages(1))
        gateway.close()
    assert seen == [("POST", "/index.php/sms/send", "Basic " + base64.b64encode(f"{TOKEN}:x".encode()).decode())]


def test_a_ref_says_nothing_of_the_number_to_who_has_not_our_secret(server, gateway):
    [outcome] = gateway.send(messages(1))
    assert "900000001" not in outcome.ref
    other = a_gateway(server.url, secret="another")
    assert other._ref("100001", "84900000001") != outcome.ref == gateway._ref("100001", "84900000001")
    other.close()


def test_texts_are_not_mixed_even_when_they_come_in_one_batch(server, gateway):
    batch = [*messages(3, "một"), *messages(2, "hai", first=2), *messages(1, "một", first=3)]
    assert codes(gateway.send(batch)) == [""] * 6
    texts = {number: sorted(server.fake.kept(number)) for number in ("84900000001", "84900000002", "84900000003")}
    assert texts == {
        "84900000001": ["một"], "84900000002": ["hai", "một"], "84900000003": ["hai", "một", "một"],
    }  # fmt: skip
    assert len(server.fake.calls) == 3


def test_nobody_abroad_spoils_a_call(server, gateway):
    batch = [*messages(1), Outgoing("9", "+447911123400", TEXT), *messages(1, first=2)]
    assert codes(gateway.send(batch)) == ["", "country-not-reached", ""]
    assert server.fake.counts()["sizes"] == {"2": 1}


# -- refusals


@pytest.mark.parametrize("code", sorted(WORDS))
def test_every_code_is_named(server, gateway, code):
    server.fake.script(Step(code))
    [outcome] = gateway.send(messages(1))
    ours = _table()["codes"][code]
    assert (outcome.fate is Fate.UNKNOWN) == (ours == "unknown") == (code == "500")
    assert outcome.error.code == ("gateway-trouble" if ours == "unknown" else ours)
    assert outcome.error.raw == f"{code} {WORDS[code]}"
    assert server.fake.counts()["messages"] == 0


def test_every_word_of_the_table_is_one_of_ours():
    assert set(_table()["codes"]) == set(WORDS)
    assert {ours for ours in _table()["codes"].values() if ours != "unknown"} <= ERRORS.keys()


@pytest.mark.parametrize(
    ("code", "consequence"),
    [
        ("007", Consequence.CONFIGURATION), ("008", Consequence.CONFIGURATION), ("009", Consequence.CONFIGURATION),
        ("101", Consequence.CONFIGURATION), ("105", Consequence.RETRY), ("110", Consequence.PERMANENT),
        ("113", Consequence.PERMANENT), ("300", Consequence.CONFIGURATION),
    ],
)  # fmt: skip
def test_a_refused_call_of_many_was_refused_for_each(server, gateway, code, consequence):
    server.fake.script(Step(code))
    outcomes = gateway.send(messages(7))
    assert {(outcome.fate, outcome.error.consequence) for outcome in outcomes} == {(Fate.REFUSED, consequence)}


def test_a_code_nobody_knows_may_have_sent_something(server, gateway):
    server.fake.script(Step("777"))
    assert [outcome.fate for outcome in gateway.send(messages(2))] == [Fate.UNKNOWN] * 2


def test_a_text_is_never_sent_in_other_letters(server, gateway):
    server.fake.unicode = False
    assert codes(gateway.send(messages(2))) == ["content-refused"] * 2
    assert server.fake.counts()["messages"] == 0
    assert codes(gateway.send(messages(2, "Dung dua ho chieu cho nguoi la."))) == [""] * 2


def test_too_little_money_for_the_call_sends_nothing(server, gateway):
    server.fake.balance = 2 * PRICE
    assert codes(gateway.send(messages(3))) == ["balance"] * 3
    assert codes(gateway.send(messages(2))) == [""] * 2


def test_numbers_it_leaves_out_are_refused_alone(server, gateway):
    server.fake.invalid |= {"84900000002", "84900000004"}
    outcomes = gateway.send(messages(5))
    assert codes(outcomes) == ["", "number-invalid", "", "number-invalid", ""]
    assert [bool(outcome.ref) for outcome in outcomes] == [True, False, True, False, True]


def test_when_it_names_them_in_a_refusal_too_the_others_go_again(server, gateway):
    server.fake.invalid |= {"84900000001", "84900000002"}
    assert codes(gateway.send(messages(2))) == ["number-invalid"] * 2
    server.fake.script(Step(body='{"status": "error", "code": "105", "invalidPhone": ["0900000003"]}'))
    assert codes(gateway.send(messages(2, first=3))) == ["number-invalid", "one-of-many"]


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("named", ["0900000002", "+84 900 000 002", "84-900-000-002", 84900000002])
def test_a_number_left_out_is_known_however_it_is_written(server, gateway, named, listed):
    found = {"tranId": 7, "invalidPhone": [named] if listed else named}
    server.fake.script(Step(body=json.dumps({"status": "success", "code": "00", "data": found})))
    assert codes(gateway.send(messages(2))) == ["", "number-invalid"]


@pytest.mark.parametrize(
    "found",
    [
        {"tranId": 7, "invalidPhone": ["84999999999"]}, {"tranId": 7, "invalidPhone": ["?"]}, {"invalidPhone": []},
        {"tranId": None}, {"tranId": True}, {"tranId": ""}, [], "7", None,
    ],
)  # fmt: skip
def test_a_good_answer_that_leaves_a_doubt_is_no_answer(server, gateway, found):
    server.fake.script(Step(body=json.dumps({"status": "success", "code": "00", "data": found})))
    assert [outcome.fate for outcome in gateway.send(messages(2))] == [Fate.UNKNOWN] * 2


def test_words_for_staff_carry_no_number(server, gateway):
    server.fake.script(Step(body='{"status": "error", "code": "105", "message": "invalid: 84900000001, 0900 000 001"}'))
    [outcome] = gateway.send(messages(1))
    assert outcome.error.raw == "105 invalid: …, …"


# -- no answer


@pytest.mark.parametrize("step", [
    Step(close=True), Step(close=True, keep=True), Step(status=500, body="<html>"), Step(status=502, body=""),
    Step(body="<html>OK</html>"), Step(body="[]"), Step(body='{"status": "success"'), Step("500", status=500),
    Step("300", status=500),
])  # fmt: skip
def test_a_lost_answer_leaves_every_message_of_the_call_unknown(server, gateway, step):
    server.fake.script(step)
    outcomes = gateway.send(messages(100))
    assert [outcome.fate for outcome in outcomes] == [Fate.UNKNOWN] * 100
    garbled = step.status == 200 and step.code == "00" and not step.close  # it went out all the same
    assert server.fake.counts()["messages"] == (100 if step.keep or garbled else 0)


def test_a_slow_answer_is_no_answer(server, gateway, monkeypatch):
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.2)
    server.fake.script(Step(delay=1.0))
    assert [outcome.fate for outcome in gateway.send(messages(2))] == [Fate.UNKNOWN] * 2
    assert server.fake.counts()["messages"] == 2


def test_nobody_there_is_surely_nothing_sent():
    gateway = a_gateway("http://127.0.0.1:9")
    assert codes(gateway.send(messages(2))) == ["not-connected"] * 2
    gateway.close()


@pytest.mark.parametrize(
    ("status", "ours"),
    [(302, "configuration"), (400, "gateway-trouble"), (401, "credentials"), (403, "credentials"),
     (404, "configuration"), (405, "configuration")],
)  # fmt: skip
def test_what_its_web_server_refuses_was_not_sent(server, gateway, status, ours):
    server.fake.script(Step(status=status, body='{"name": "no", "status": 4}'))
    assert codes(gateway.send(messages(2))) == [ours] * 2


def test_a_wrong_token_is_refused(server):
    gateway = SpeedSms("wrong", "AN LO", secret=SECRET, api_base=server.url)
    assert codes(gateway.send(messages(1))) == ["credentials"]
    gateway.close()


def test_the_sixty_first_call_of_a_minute_says_how_long_to_wait():
    with speedsms.serve(calls_allowed=60) as server:
        gateway = a_gateway(server.url)
        outcomes = [gateway.send(messages(1, first=n))[0] for n in range(1, 62)]
        gateway.close()
    assert codes(outcomes) == [""] * 60 + ["too-fast"]
    assert 50 <= outcomes[-1].wait <= 60


@pytest.mark.parametrize("reset", ["", "soon", "-3", "1795000000"])
def test_a_reset_that_makes_no_sense_is_left_to_our_own_back_off(server, gateway, reset):
    server.fake.script(Step(status=429, body="{}", reset=reset))
    [outcome] = gateway.send(messages(1))
    assert (outcome.error.code, outcome.wait) == ("too-fast", None)
