"""eSMS as the contract suite meets it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from sms import hook_token
from sms.gateway import HookRequest
from sms.gateways.esms import HOOK, Esms
from tests.contracts.gateway_row import PUBLIC_URL, Row
from tests.servers import esms as fake_esms
from tests.servers.esms import Step
from tests.servers.esms_callbacks import fields

SECRET = "a secret of the test"
TOKEN = hook_token.token(SECRET, "esms")
#: Our word for how a message stands → SendStatus, SendSuccess, SendFailed.
REPORTS = {
    "accepted": ("7", 0, 0), "delivered": ("5", 1, 0), "undelivered": ("5", 0, 1), "failed": ("4", 0, 0),
}  # fmt: skip


@contextmanager
def esms(folder: Path) -> Iterator[Row]:
    with fake_esms.serve() as server:
        codes = {"+84900000005": "108", "+84900000006": "99", "+84900000017": "177", "+84900000018": "146"}
        for number, code in codes.items():
            server.fake.script(number, *[Step(code, f"about {number.replace('+84', '0')}")] * 20)
        server.fake.script("+84900000007", Step(status=429, body="Too Many Requests", retry_after="2"))
        server.fake.script("+84900000010", Step(close=True, keep=True))
        server.fake.script("+84900000011", Step(close=True))
        gateway = a_gateway(server.url)
        yield Row(
            gateway,
            refused={
                "+84900000005": "number-invalid", "+84900000006": "blocked-by-carrier",
                "+84900000017": "sender-not-on-network", "+84900000018": "content-refused",
                "+447911123400": "country-not-reached",
            },
            too_fast="+84900000007",
            no_answer_but_kept="+84900000010",
            no_answer_and_lost="+84900000011",
            kept=lambda number: [message["Content"] for message in server.fake.by_to.get(number, [])],
            receipt=receipt,
            inbound=lambda ref, sender, text, **more: called({"SMSID": ref, "phonenumber": sender, **more}),
            nonsense=lambda: called({"Nothing": "of ours"}),
            proof="token",
        )  # fmt: skip
        gateway.close()


def a_gateway(base: str, **other) -> Esms:
    keys = (fake_esms.API_KEY, fake_esms.SECRET_KEY, fake_esms.BRAND_NAME)
    return Esms(*keys, **{"secret": SECRET, "api_base": base, "public_url": PUBLIC_URL, **other})


def receipt(ref, status, code="", key=None, **more) -> HookRequest:
    said = {"error_info": code} if code else {}
    report = fields({"SMSID": ref, "RequestId": "", "Phone": "0912345678"}, *REPORTS[status])
    return called({**report, **said, **more}, key)


def called(query: dict[str, str], key: str | None = None, token: str = TOKEN) -> HookRequest:
    """A callback to the address that we name with each message."""
    given = {"token": token, **({"key": key} if key else {}), **query}
    return HookRequest("GET", f"{PUBLIC_URL}{HOOK}?{urlencode(given)}", {}, {}, given, b"")
