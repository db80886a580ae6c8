"""Alerts that do not get through: tried again, given up, and said so."""

from runtime import calls
from sms.gateway import Outcome
from tests.bots.alerts.making import a_case, on_duty, written
from tests.fakes import FakeGateway
from tests.scheduler.alerts.house import MINE, beat, house, statuses
from tests.servers import smtp
from tests.servers.smtp import Step


def test_a_server_that_is_down_and_comes_back(db, tmp_path, by):
    port = smtp.free_port()
    rt = house(db, SMTP_HOST="127.0.0.1", SMTP_PORT=str(port))
    on_duty(db, by=by)
    a_case(db)
    beat(rt)
    assert statuses(rt) == [("email", 1, "to-send"), ("sms", 1, "sent")]  # the SMS does not wait for the letter
    beat(rt, 0.05)
    assert written(db)[0].attempts == 1  # not before its time
    with smtp.serve(tmp_path, port=port) as post:
        beat(rt, 0.1)
        assert (statuses(rt)[0], written(db)[0].error, len(post.office.to)) == (("email", 1, "sent"), "", 1)


def test_after_some_tries_the_next_round_takes_over(db, by):
    rt = house(db, SMTP_HOST="127.0.0.1", SMTP_PORT=str(smtp.free_port()))
    on_duty(db, by=by, email="ha@nghean.example")
    a_case(db)
    for seconds in range(0, 5 * 60 + 1, 5):
        beat(rt, seconds / 60)
    first, second = written(db)
    assert (first.status, first.attempts, first.error) == ("failed", 6, "not-connected")
    assert (second.round, second.status) == (2, "to-send")


def test_what_does_not_get_through_is_said_until_something_does(db, tmp_path, by):
    """A mail server that is down all night, or a gateway without credit, looks well set up."""
    port = smtp.free_port()
    answers = [Outcome.refused("balance"), None]
    gateway = FakeGateway(answer=lambda _: answers.pop(0))
    rt = house(db, gateway=gateway, SMTP_HOST="127.0.0.1", SMTP_PORT=str(port))
    on_duty(db, by=by, number=MINE, email="ha@nghean.example")
    a_case(db)
    assert calls.missing(rt) == []
    beat(rt)
    assert calls.missing(rt) == ["call-list-mail-failed", "call-list-sms-failed"]
    with smtp.serve(tmp_path, port=port):
        beat(rt, 0.1)
    assert calls.missing(rt) == []


def test_without_a_mail_server_it_says_so(db, by):
    rt = house(db)
    on_duty(db, by=by, email="ha@nghean.example")
    a_case(db)
    beat(rt)
    assert [(row.status, row.error) for row in written(db)] == [("to-send", "configuration")]


def test_a_person_nobody_has_at_that_address(rt, post, by):
    on_duty(rt.db, by=by, email="ha@nghean.example")
    post.office.script(Step("RCPT", 550))
    a_case(rt.db)
    beat(rt)
    assert [(row.status, row.error) for row in written(rt.db)] == [("failed", "unreachable-for-good")]


def test_an_sms_of_which_nobody_can_tell_waits_for_the_next_round(db, by):
    rt = house(db, gateway=FakeGateway(answer=lambda _: Outcome.unknown()))
    on_duty(db, by=by, number=MINE)
    a_case(db)
    for minute in (0, 1, 4, 5):
        beat(rt, minute)
    assert [(row.round, row.status, row.error) for row in written(db)] == [
        (1, "failed", "alert-uncertain"),
        (2, "failed", "alert-uncertain"),
    ]


def test_without_a_gateway_it_says_so_and_the_letter_goes(rt, post, by):
    on_duty(rt.db, by=by)
    a_case(rt.db)
    rt.gateways.clear()
    beat(rt)
    assert [(row.channel, row.status, row.error) for row in written(rt.db)] == [
        ("email", "sent", ""),
        ("sms", "to-send", "configuration"),
    ]


def test_a_gateway_that_breaks_keeps_nobody_else_waiting(db, by):
    def broken(outgoing):
        if outgoing.to == MINE:
            raise RuntimeError

    rt = house(db, gateway=FakeGateway(answer=broken))
    on_duty(db, "Hà", by=by, number=MINE)
    on_duty(db, "Bình", by=by, number="+84987654321")
    a_case(db)
    beat(rt)
    assert [row.status for row in written(db)] == ["sent", "failed"]  # by name
