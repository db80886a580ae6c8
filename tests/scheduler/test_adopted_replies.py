"""An SMS comes in through Twilio: what is answered, while nothing is adopted and after, here and out in the world."""

import threading
from types import SimpleNamespace

import pytest

from bots import inbox, sending
from scheduler import replies
from sms.gateway import Outcome
from sms.gateways.twilio import Twilio
from tests import learnt, make
from tests.adopting import adopt_groups
from tests.scheduler.make_rt import a_runtime

STOP = threading.Event()
TWILIO, LOOPBACK = "https://api.twilio.com", "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def engine():
    return learnt.engine()


@pytest.fixture
def house(db, engine):
    """A runtime whose Twilio is at the address given."""

    def at(api_base):
        gateway = Twilio("AC" + "0" * 32, "token", "+84900000000", api_base=api_base)
        rt = a_runtime(db, {"twilio": gateway}, SMS_GATEWAY="twilio")
        object.__setattr__(rt, "answers", SimpleNamespace(engine=engine, at_hand=engine, book=engine.book))
        return rt

    return at


def written(rt, text, provider_id):
    """What is ready to be sent after somebody wrote `text`."""
    inbox.receive(rt.db, platform="sms", gateway="twilio", address="+84912345678", text=text, provider_id=provider_id,
                  now=rt.clock())
    assert replies.answer_waiting(rt, STOP) == {"answered": 1}
    [reply] = sending.claim_replies(rt.db, "me", 10, rt.clock())
    sending.record_replies(rt.db, "me", [(reply.turn_id, Outcome.accepted("SM"))], rt.clock())
    return reply.text


def test_a_server_on_this_machine_that_speaks_twilio_is_a_door_of_this_machine(house):
    rt = house(LOOPBACK)
    assert rt.doors_out == ()
    said = written(rt, "lam ho chieu o dau", "SM1")
    assert rt.book.answer("passport-apply", "vi").sms_unaccented in said
    assert make.open_cases(rt.db) == []


def test_twilio_itself_is_told_only_what_was_adopted(house):
    rt = house(TWILIO)
    assert rt.doors_out == ("twilio",)
    assert written(rt, "lam ho chieu o dau", "SM1") == rt.book.phrase("not_adopted", "vi", "sms")
    assert [case.reason for case in make.open_cases(rt.db)] == ["not adopted"]
    adopt_groups(rt.db, rt.book, "papers", now=rt.clock())
    assert written(rt, "lam ho chieu o dau vay", "SM2") == rt.book.answer("passport-apply", "vi").sms_unaccented


def test_a_cry_for_help_over_twilio_is_answered_before_anything_is_adopted(house):
    rt = house(TWILIO)
    assert "111" in written(rt, "cuu em voi, em bi nhot o Vinh khong cho ra ngoai", "SM1")
    assert [case.danger for case in make.open_cases(rt.db)] == ["red"]
