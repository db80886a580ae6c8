"""The settings of SMPP: what is missing, and what the protocol has no room for."""

import pytest

from sms.gateway import Outgoing
from sms.gateways.smpp import Smpp

GOOD = {"host": "127.0.0.1", "system_id": "anlo", "password": "geheim", "source": "AN LO"}


@pytest.mark.parametrize(
    ("wrong", "missing"),
    [
        ({"host": ""}, "SMPP_HOST"),
        ({"system_id": "a" * 16}, "SMPP_SYSTEM_ID"),
        ({"password": "123456789"}, "SMPP_PASSWORD"),
        ({"source": "A NAME TOO LONG"}, "SMPP_SOURCE"),
        ({"source": "Ấn"}, "SMPP_SOURCE"),
        ({"source": ""}, "SMPP_SOURCE"),
        ({"codes": "0x410"}, "SMPP_CODES"),
        ({"codes": "0x410=nothing"}, "SMPP_CODES"),
        ({"codes": "=balance"}, "SMPP_CODES"),
    ],
)
def test_what_cannot_be_used_is_missing_and_not_cut(wrong, missing):
    gateway = Smpp(**{**GOOD, **wrong})
    assert gateway.readiness().missing == (missing,)
    assert gateway.send([Outgoing("1", "+84912345678", "Xin chào")])[0].error.code == "configuration"
    gateway.hold()
    gateway.close()


def test_that_the_password_goes_in_clear_is_said_where_it_leaves_this_machine():
    assert Smpp(**{**GOOD, "host": "smsc.example"}).readiness().notes == ("smpp-in-clear",)
    assert Smpp(**{**GOOD, "host": "smsc.example"}, tls=True).readiness().notes == ()
    assert Smpp(**GOOD).readiness().notes == ()


HOSTS = {
    "127.0.0.1": False,
    "localhost": False,
    "::1": False,
    "127.0.0.1.example": True,
    "10.8.0.1": True,
    "": True,
}


@pytest.mark.parametrize(("host", "leaves"), HOSTS.items())
def test_only_a_loopback_address_is_this_machine(host, leaves):
    assert Smpp(host).traits.leaves_machine is leaves
