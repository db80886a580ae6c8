"""An SMSC as the contract suite meets it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sms.gateways.smpp import Smpp
from tests.contracts.gateway_row import SessionRow
from tests.servers import smsc
from tests.servers.smsc import Step
from tests.servers.smsc_receipts import receipt

STATES = {"accepted": "ACCEPTD", "delivered": "DELIVRD", "undelivered": "UNDELIV", "failed": "DELETED"}
REFUSED = {
    "+84900000005": (0x0B, "number-invalid"),
    "+84900000006": (0x45, "blocked-by-carrier"),
    "+84900000017": (0x0A, "sender-not-registered"),
    "+84900000018": (0x08, "gateway-trouble"),
    "+84900000019": (0x14, "too-fast"),
}


@contextmanager
def smpp(folder: Path) -> Iterator[SessionRow]:
    with smsc.serve() as server:
        for number, (status, _) in REFUSED.items():
            server.fake.script(number[1:], *[Step(status)] * 20)
        server.fake.script("84900000007", Step(0x58))
        server.fake.script("84900000010", Step(drop=True, keep=True))
        server.fake.script("84900000011", Step(drop=True))
        gateway = a_gateway(server.port)
        reported, written = [], []
        gateway.listen(reported.extend, written.append)

        def heard_after(*bodies: bytes, into: list) -> list:
            gateway.hold()
            server.deliver(*bodies)
            until = time.monotonic() + 5
            while time.monotonic() < until and server.fake.taken[0] < len(bodies):
                time.sleep(0.01)
            return list(into)

        def report(ref, status, key=None, **more):
            return heard_after(receipt(ref, "AN LO", "84912345678", STATES[status]), into=reported)

        def write(ref, sender, text, **more):
            return heard_after(*smsc.inbound(sender[1:], text), into=written)

        yield SessionRow(
            gateway,
            refused={number: code for number, (_, code) in REFUSED.items()},
            too_fast="+84900000007",
            no_answer_but_kept="+84900000010",
            no_answer_and_lost="+84900000011",
            kept=lambda number: server.fake.by_to.get(number[1:], []),
            receipt=report,
            inbound=write,
            nonsense=lambda: heard_after(receipt("", "AN LO", "84912345678", "DELIVRD"), into=reported),
            keyed=False,
            rest=1.0,
            ids_of_written=False,
        )
        gateway.close()
        assert server.fake.wrongs == []


def a_gateway(port: int, **other) -> Smpp:
    given = {"system_id": smsc.SYSTEM_ID, "password": smsc.PASSWORD, "source": "AN LO", **other}
    return Smpp("127.0.0.1", port, **given)
