"""Letters by SMTP against a server on this machine: what each answer means, and what never goes unencrypted."""

import dataclasses

import pytest

from bots.alerts.model import Letter
from runtime.mail import Smtp
from runtime.settings import load
from sms.gateway import Fate, Outcome
from tests.servers import smtp
from tests.servers.smtp import PASSWORD, USER, Step

LETTER = Letter("alert-7", "truc@nghean.example", "An Lộ: có người đang nguy hiểm", "Việc số 12.\n.\n..hết")


@pytest.fixture
def server(tmp_path):
    with smtp.serve(tmp_path) as running:
        yield running


def mail(server, **changes) -> Smtp:
    plain = Smtp("127.0.0.1", server.port, "none", "", "", "anlo@nghean.example")
    return dataclasses.replace(plain, **changes)


def encrypted(server, **changes) -> Smtp:
    signed_in = {"host": "localhost", "security": "starttls", "user": USER, "password": PASSWORD}
    return mail(server, **{**signed_in, "context": server.trusted, **changes})


def named(outcome: Outcome) -> str:
    return outcome.fate.value if outcome.error is None else f"{outcome.fate.value}: {outcome.error.code}"


def test_a_letter_arrives_as_it_was_written(server):
    assert mail(server).send(LETTER) == Outcome.accepted("alert-7")
    [letter] = server.office.letters
    assert server.office.to == [LETTER.to]
    assert (letter["To"], letter["From"], letter["Subject"]) == (LETTER.to, "anlo@nghean.example", LETTER.subject)
    assert letter.get_content().splitlines() == LETTER.text.splitlines()
    assert letter["Message-ID"] == "<alert-7@nghean.example>"
    assert letter["Auto-Submitted"] == "auto-generated"


def test_encrypted_and_signed_in(server):
    server.office.wants_sign_in = True
    assert encrypted(server).send(LETTER).fate is Fate.ACCEPTED
    assert server.office.signed_in == [USER]


def test_tls_from_the_first_byte(tmp_path):
    with smtp.serve(tmp_path, tls_at_once=True) as server:
        assert encrypted(server, security="tls").send(LETTER).fate is Fate.ACCEPTED
        assert len(server.office.letters) == 1


#: What happens at the server, and what that means.
ANSWERS = [
    (Step("greeting", 421), "refused: gateway-trouble"),
    (Step("greeting", 554), "refused: gateway-trouble"),
    (Step("greeting", drops=True), "refused: not-connected"),
    (Step("EHLO", drops=True), "refused: gateway-trouble"),
    (Step("AUTH", 535), "refused: credentials"),
    (Step("AUTH", 454), "refused: gateway-trouble"),
    (Step("MAIL", 451), "refused: gateway-trouble"),
    (Step("MAIL", 553), "refused: sender-not-registered"),
    (Step("RCPT", 450), "refused: gateway-trouble"),
    (Step("RCPT", 550), "refused: unreachable-for-good"),
    (Step("DATA", 452), "refused: gateway-trouble"),
    (Step("DATA", 554), "refused: content-refused"),
    (Step("DATA", drops=True), "refused: gateway-trouble"),
    (Step(".", 451), "refused: gateway-trouble"),
    (Step(".", 554), "refused: content-refused"),
    (Step(".", drops=True), "unknown: gateway-trouble"),
    (Step(".", drops=True, keep=True), "unknown: gateway-trouble"),
]


@pytest.mark.parametrize(("step", "meaning"), ANSWERS, ids=lambda value: str(value)[:60])
def test_what_an_answer_means(server, step, meaning):
    server.office.script(step)
    assert named(encrypted(server).send(LETTER)) == meaning
    assert len(server.office.letters) == step.keep
    server.office.steps.clear()
    assert encrypted(server).send(LETTER).fate is Fate.ACCEPTED  # a refusal holds nothing up


def test_a_server_that_says_nothing_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr("runtime.mail.TIMEOUT", 0.2)
    server.office.script(Step("greeting", delay=1.0))
    assert named(mail(server).send(LETTER)) == "refused: not-connected"
    server.office.script(Step(".", delay=1.0))
    assert named(mail(server).send(LETTER)) == "unknown: gateway-trouble"


def test_nobody_there():
    nobody = Smtp("127.0.0.1", smtp.free_port(), "none", "", "", "anlo@nghean.example")
    assert named(nobody.send(LETTER)) == "refused: not-connected"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for(tmp_path, security):
    with smtp.serve(tmp_path, tls_at_once=security == "tls") as server:
        told = encrypted(server, security=security, context=None).send(LETTER)
    assert (named(told), server.office.signed_in, server.office.letters) == ("refused: configuration", [], [])


def test_a_certificate_for_another_name(server):
    told = encrypted(server, host="127.0.0.1").send(LETTER)
    assert (named(told), server.office.signed_in) == ("refused: configuration", [])


def test_no_password_goes_out_unencrypted(server):
    server.office.plain = True
    told = encrypted(server).send(LETTER)
    assert (named(told), server.office.signed_in, server.office.letters) == ("refused: configuration", [], [])


def test_nothing_is_sent_unencrypted_to_another_machine():
    """The suite would notice a connection: tests do not leave this machine."""
    abroad = Smtp("mail.nghean.example", 25, "none", "", "", "anlo@nghean.example")
    assert named(abroad.send(LETTER)) == "refused: configuration"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ("SMTP_HOST", "SMTP_FROM")),
        ({"SMTP_HOST": "mail.nghean.example"}, ("SMTP_FROM",)),
        ({"SMTP_HOST": "mail.nghean.example", "SMTP_FROM": "a@b.example"}, ()),
        ({"SMTP_HOST": "mail.nghean.example", "SMTP_USER": "a@b.example"}, ("SMTP_PASSWORD",)),
        ({"SMTP_HOST": "mail.nghean.example", "SMTP_USER": "a@b.example", "SMTP_PASSWORD": "x"}, ()),
        ({"SMTP_HOST": "m.example", "SMTP_FROM": "a@b.example", "SMTP_SECURITY": "none"}, ("SMTP_SECURITY",)),
        ({"SMTP_HOST": "localhost", "SMTP_FROM": "a@b.example", "SMTP_SECURITY": "none"}, ()),
    ],
)
def test_what_is_missing(given, missing):
    assert Smtp.of(load(given, env_file=None)).readiness().missing == missing


def test_the_password_is_in_no_outcome(server, caplog, capfd):
    server.office.users.clear()
    told = encrypted(server).send(LETTER)
    out, err = capfd.readouterr()
    assert named(told) == "refused: credentials"
    assert PASSWORD not in f"{told}{caplog.text}{out}{err}"
