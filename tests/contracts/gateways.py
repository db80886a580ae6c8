"""Each SMS gateway as the contract suite meets it: a running provider, its special numbers, and how it signs.

A new gateway is one function, here or in a file of its own, and one line in ROWS.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from sms.gateway import HookRequest
from sms.gateways.simulator import PATHS, SIGNATURE, Simulator
from sms.gateways.twilio import Twilio
from tests.contracts.esms_row import esms
from tests.contracts.gateway_row import PUBLIC_URL, Row
from tests.contracts.smpp_row import smpp
from tests.contracts.speedsms_row import speedsms
from tests.servers import twilio as fake_twilio
from tests.servers.twilio import Step


@contextmanager
def simulator(folder: Path) -> Iterator[Row]:
    gateway = Simulator(folder / "simulator.db", secret="a secret of the test", latency=(0, 0))

    def signed(hook: str, content: object) -> HookRequest:
        body = json.dumps(content).encode()
        return _request(PATHS[hook], {SIGNATURE.lower(): gateway._sign(body)}, body=body)

    def receipt(ref, status, code="", key=None, **more):
        given = {"id": ref, "status": status, "code": code, "key": key, **more}
        return signed("receipt", {"hook": "receipt", "receipts": [given], **more})

    def inbound(ref, sender, text, **more):
        given = {"id": ref, "from": sender, "to": "AN LO", "text": text, **more}
        return signed("inbound", {"hook": "inbound", "messages": [given], **more})

    yield Row(
        gateway,
        refused={"+84900000005": "number-invalid", "+84900000006": "opted-out", "+84900000017": "not-mobile"},
        too_fast="+84900000007",
        no_answer_but_kept="+84900000010",
        no_answer_and_lost="+84900000011",
        kept=lambda number: [message.text for message in gateway.thread(number)],
        receipt=receipt,
        inbound=inbound,
        nonsense=lambda: signed("receipt", ["nothing", "of", "ours"]),
    )
    gateway.close()


@contextmanager
def twilio(folder: Path) -> Iterator[Row]:
    with fake_twilio.serve() as server:
        codes = {"+84900000005": 21211, "+84900000006": 21610, "+84900000017": 21614, "+84900000018": 21408}
        for number, code in codes.items():
            server.fake.script(number, *[Step(400, code, f"about {number}")] * 20)
        server.fake.script("+84900000007", Step(429, 20429, "Too Many Requests", retry_after="2"))
        server.fake.script("+84900000010", Step(close=True, keep=True))
        server.fake.script("+84900000011", Step(close=True))
        gateway = Twilio(
            fake_twilio.ACCOUNT_SID, fake_twilio.AUTH_TOKEN, "AN LO", api_base=server.url, public_url=PUBLIC_URL
        )
        yield Row(
            gateway,
            refused={
                "+84900000005": "number-invalid", "+84900000006": "opted-out", "+84900000017": "not-mobile",
                "+84900000018": "country-not-enabled",
            },
            too_fast="+84900000007",
            no_answer_but_kept="+84900000010",
            no_answer_and_lost="+84900000011",
            kept=lambda number: [message["body"] for message in server.fake.by_to.get(number, [])],
            receipt=_twilio_receipt,
            inbound=_twilio_inbound,
            nonsense=lambda: signed_by_twilio("/hooks/sms/twilio/receipt", {"Nothing": "of ours"}),
        )  # fmt: skip
        gateway.close()


def signed_by_twilio(path: str, form: dict[str, str], query: dict[str, str] | None = None) -> HookRequest:
    url = PUBLIC_URL + path + (f"?{urlencode(query)}" if query else "")
    signature = RequestValidator(fake_twilio.AUTH_TOKEN).compute_signature(url, form)
    return _request(path, {"x-twilio-signature": signature}, form=form, query=query or {})


def _twilio_receipt(ref, status, code="", key=None, **more) -> HookRequest:
    statuses = {"accepted": "sent"}
    form = {"MessageSid": ref, "MessageStatus": statuses.get(status, status), "To": "+84912345678", **more}
    query = {"key": key} if key else None
    return signed_by_twilio("/hooks/sms/twilio/receipt", {**form, **({"ErrorCode": code} if code else {})}, query)


def _twilio_inbound(ref, sender, text, **more) -> HookRequest:
    form = {"MessageSid": ref, "From": sender, "To": "+15005550006", "Body": text, "NumMedia": "0", **more}
    return signed_by_twilio("/hooks/sms/twilio/inbound", form)


def _request(path: str, headers: dict, form: dict | None = None, query: dict | None = None, body: bytes = b""):
    form, query = form or {}, query or {}
    url = PUBLIC_URL + path + (f"?{urlencode(query)}" if query else "")
    return HookRequest("POST", url, headers, form, query, body or urlencode(form).encode())


ROWS = {"simulator": simulator, "twilio": twilio, "esms": esms, "speedsms": speedsms, "smpp": smpp}
