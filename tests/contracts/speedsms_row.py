"""SpeedSMS as the contract suite meets it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from sms import hook_token
from sms.gateway import HookRequest
from sms.gateways.speedsms import HOOK, SpeedSms
from tests.contracts.gateway_row import PUBLIC_URL, Row
from tests.servers import speedsms as fake_speedsms
from tests.servers.speedsms import Step, report

SECRET = "a secret of the test"
TOKEN = hook_token.token(SECRET, "speedsms")
PHONE = "84912345678"
#: Our word for how a message stands → the status of a report.
REPORTS = {"accepted": 1, "delivered": 0, "undelivered": 64}


@contextmanager
def speedsms(folder: Path) -> Iterator[Row]:
    with fake_speedsms.serve(calls_allowed=10_000) as server:
        server.fake.invalid.add("84900000005")
        for number, code in {"+84900000006": "110", "+84900000017": "113", "+84900000018": "300"}.items():
            server.fake.script(*[Step(code)] * 20, to=number)
        too_many = Step(status=429, body='{"name": "Too Many Requests", "status": 429}', reset="2")
        server.fake.script(too_many, to="+84900000007")
        server.fake.script(Step(close=True, keep=True), to="+84900000010")
        server.fake.script(Step(close=True), to="+84900000011")
        gateway = a_gateway(server.url)
        yield Row(
            gateway,
            refused={
                "+84900000005": "number-invalid", "+84900000006": "content-refused", "+84900000017": "too-long",
                "+84900000018": "balance", "+447911123400": "country-not-reached",
            },
            too_fast="+84900000007",
            no_answer_but_kept="+84900000010",
            no_answer_and_lost="+84900000011",
            kept=server.fake.kept,
            receipt=lambda ref, status, code="", key=None, **more: called(report(ref, PHONE, REPORTS[status], **more)),
            inbound=lambda ref, sender, text, **more: called(b'{"type": "sms"}'),
            nonsense=lambda: called(b"nothing of ours"),
            proof="token",
            says=tuple(REPORTS),
            our_ref=lambda ref: gateway._ref(ref, PHONE),
            keyed=False,
        )  # fmt: skip
        gateway.close()


def a_gateway(base: str, **other) -> SpeedSms:
    return SpeedSms(fake_speedsms.TOKEN, "AN LO", **{"secret": SECRET, "api_base": base, **other})


def called(body: bytes, token: str = TOKEN) -> HookRequest:
    """A report to the address that somebody entered at SpeedSMS."""
    query = {"token": token}
    headers = {"content-type": "application/json"}
    return HookRequest("POST", f"{PUBLIC_URL}{HOOK}?{urlencode(query)}", headers, {}, query, body)
