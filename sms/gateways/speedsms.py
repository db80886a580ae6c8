"""SpeedSMS (speedsms.vn), Vietnam: one text to up to 100 numbers in a call, 60 calls a minute.

It knows no key of ours by which to refuse a repeat, and a message cannot be looked up by anything that we know before
it answers: what may have arrived is UNKNOWN and never repeated, also after its "internal error, please try again".
https://speedsms.vn/sms-api-service/
"""

# An answer; who stands under invalidPhone was left out:
#   {"status": "success", "code": "00",
#    "data": {"tranId": 123456, "totalSMS": 2, "totalPrice": 500, "invalidPhone": []}}
#   {"status": "error", "code": "105", "message": "Phone number invalid"}
# A delivery report (POST, unsigned; its form is known from clients written for it, not from SpeedSMS' pages):
#   {"type": "report", "tranId": "123456", "phone": "84912345678", "status": 0}

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence

import urllib3

from sms import hook_token
from sms.addresses import on_this_machine, usable
from sms.gateway import (
    BadRequest,
    BadSignature,
    Found,
    HookRequest,
    Inbound,
    Outcome,
    Outgoing,
    Readiness,
    Receipt,
    Traits,
    Whereabouts,
)
from sms.gateways.speedsms_answers import as_sent, limits, outcomes_of, status_of
from sms.http import NoAnswer, NotSent, Wire

BASE = "https://api.speedsms.vn/index.php"
HOOK = "/hooks/sms/speedsms/receipt"
#: Calls at once: one begins each second, and may take a few. As many again for what does not wait in line (replies).
CONCURRENCY = 4
#: sms_type: a number of theirs, a registered brand name, their own brand name, an Android phone of one's own. The
#: second and the last need a sender: the name, or the phone's device id.
NUMBER, BRAND_NAME, THEIR_NAME, OWN_PHONE = "2", "3", "4", "5"
_NEEDS_SENDER = frozenset({BRAND_NAME, OWN_PHONE})


class SpeedSms:
    """Needs the access token and, depending on `sms_type`, a sender. `secret` is the installation's own: the token in
    the address of its hook and the ids of its messages come from it. `reports`: SpeedSMS has been told to report
    there; what it reports is read in any case.
    """

    name = "speedsms"

    def __init__(
        self,
        token: str = "",
        sender: str = "",
        *,
        secret: str,
        sms_type: str = BRAND_NAME,
        reports: bool = False,
        api_base: str = "",
        calls_per_minute: int | None = None,
    ):
        base = (api_base or BASE).rstrip("/")
        local = on_this_machine(base)
        self.traits = Traits(
            recipients_per_call=limits()["numbers_per_call"],
            one_text_per_call=True,
            calls_per_minute=calls_per_minute or limits()["calls_per_minute"],
            concurrency=CONCURRENCY,
            receipts=reports,
            sender_kinds=("name",) if sms_type in (BRAND_NAME, THEIR_NAME) else ("number",),
            template_needed=sms_type in (BRAND_NAME, THEIR_NAME),
            only_to=frozenset({"84"}),
            one_way_to=frozenset({"84"}),
            leaves_machine=not local,
        )
        has_sender = bool(sender) or sms_type not in _NEEDS_SENDER
        needed = {"SPEEDSMS_TOKEN": token, "SPEEDSMS_SENDER": has_sender, "SPEEDSMS_API_BASE": usable(base)}
        self._missing = tuple(name for name, given in needed.items() if not given)
        self._type, self._sender = int(sms_type), sender
        self._headers = urllib3.make_headers(basic_auth=f"{token}:x")
        self._secret = secret.encode()
        self._hook_token = hook_token.token(secret, self.name)
        self._wire = Wire(base, 2 * CONCURRENCY, local=local)

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        if self._missing:
            return [Outcome.not_set_up(self._missing)] * len(batch)
        outcomes: dict[int, Outcome] = {
            place: Outcome.refused("country-not-reached", "not +84")
            for place, outgoing in enumerate(batch)
            if not outgoing.to.startswith("+84")
        }
        for text, places in _calls(batch, outcomes):
            numbers = [as_sent(batch[place].to) for place in places]
            outcomes |= zip(places, self._call(text, numbers), strict=True)
        return [outcomes[place] for place in range(len(batch))]

    def _call(self, text: str, numbers: Sequence[str]) -> list[Outcome]:
        call = {"to": list(numbers), "content": text, "sms_type": self._type, "sender": self._sender}
        try:
            answer = self._wire.post_json("/sms/send", call, self._headers)
        except NotSent as error:
            return [Outcome.refused("not-connected", str(error))] * len(numbers)
        except NoAnswer as error:
            return [Outcome.unknown(str(error))] * len(numbers)
        return outcomes_of(answer, numbers, self._ref)

    def _ref(self, tran_id: str, number: str) -> str:
        """A message's own id: a report names the call and the number, and a number stands nowhere unsealed."""
        mark = hmac.new(self._secret, f"speedsms:{tran_id}:{number}".encode(), hashlib.sha256).hexdigest()
        return f"{tran_id}:{mark[:16]}"

    def read_receipts(self, request: HookRequest) -> list[Receipt]:
        hook_token.check(hook_token.query(request).get("token", ""), self._hook_token)
        told = _read(request.body)
        if told.get("type") != "report":
            return []
        tran_id, phone, status = (str(told.get(name, "")).strip() for name in ("tranId", "phone", "status"))
        if not tran_id or not as_sent(phone) or not (status.isascii() and status.isdecimal()):
            raise BadRequest("tranId, phone, status")
        return [Receipt(self._ref(tran_id, as_sent(phone)), status_of(int(status[:9])))]

    def read_inbound(self, request: HookRequest) -> list[Inbound]:
        raise BadSignature  # a brand name cannot be answered; nobody calls here

    def find(self, outgoing: Outgoing, since: object) -> Found:
        """It is asked by its own tranId, which is what we lack then."""
        return Found(Whereabouts.CANNOT_TELL)

    def readiness(self) -> Readiness:
        notes = () if self.traits.receipts else ("speedsms-no-receipts",)
        return Readiness(self._missing, notes, hooks=(f"{HOOK}?token={self._hook_token}",))

    def close(self) -> None:
        self._wire.close()


def _calls(batch: Sequence[Outgoing], done: Iterable[int]) -> list[tuple[str, list[int]]]:
    """Text and places of what goes in one call: one text, no number twice. Whoever hands over a batch keeps to that; no
    text may go to somebody else if not.
    """
    calls: dict[tuple[str, int], list[int]] = {}
    times: dict[tuple[str, str], int] = {}
    for place, outgoing in enumerate(batch):
        if place in done:
            continue
        nth = times[outgoing.text, outgoing.to] = times.get((outgoing.text, outgoing.to), -1) + 1
        calls.setdefault((outgoing.text, nth), []).append(place)
    return [(text, places) for (text, _), places in calls.items()]


def _read(body: bytes) -> Mapping:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("JSON") from None
    if not isinstance(told, dict):
        raise BadRequest("an object")
    return told
