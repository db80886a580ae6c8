"""eSMS (esms.vn), Vietnam: customer-care messages under a brand name, or from a fixed number.

Each message carries a RequestId of ours, and eSMS refuses a second one on the same day (124). So what may have arrived
is handed over again under the same RequestId, and 124 means that it had. A refused one may have used its RequestId up
(a refusal can carry an SMSID): what goes again after a clear no gets a new one. https://developers.esms.vn
"""

# Answers, both with HTTP 200:
#   {"CodeResult": "100", "CountRegenerate": 0, "SMSID": "d533…156"}
#   {"CodeResult": "124", "CountRegenerate": 0, "ErrorMessage": "Request exist 1", "SendStatus": "5"}
# A callback (GET, unsigned, up to five times; `token` and `key` stand in the address we gave):
#   ?token=…&key=17&SMSID=d533…156&SendFailed=0&SendStatus=5&SendSuccess=1&TotalPrice=850.0000&TotalReceiver=1
#   &TotalSent=1&RequestId=6c1f…-17-19a…&TypeId=2&telcoid=1&phonenumber=0912345678

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlencode

from sms import hook_token, segments
from sms.addresses import on_this_machine, usable
from sms.gateway import (
    BadRequest,
    BadSignature,
    Fate,
    Found,
    HookRequest,
    Inbound,
    Outcome,
    Outgoing,
    Readiness,
    Receipt,
    SendError,
    Traits,
    Whereabouts,
)
from sms.gateways import esms_answers
from sms.http import Answer, NoAnswer, NotSent, Wire

BASE = "https://rest.esms.vn"
_SEND = "/MainService.svc/json/SendMultipleMessage_V4_post_json/"
HOOK = "/hooks/sms/esms/receipt"

#: eSMS publishes no rate. Eight calls at once suit a server 100 ms away; "too fast" slows us down.
CONCURRENCY = 8
#: SmsType of messages under a brand name; 8 goes from a fixed number.
BRAND_NAME = "2"

#: How long a RequestId is known is said in two ways, "24 hours" and "within the day". Six hours keep both: nothing is
#: sent from 22:00 to 07:00, and where the night does not hold the day is looked at too.
KNOWN_FOR = 6 * 3600.0
_VIETNAM = timezone(timedelta(hours=7))
#: Seconds after which nobody waits for a request any more; only then may it be repeated.
_SETTLED = 60.0

#: SendStatus → ours, while nothing is counted as failed or arrived. Others are no receipts.
STATUSES: Mapping[str, str] = {"1": "accepted", "2": "accepted", "7": "accepted", "5": "accepted", "4": "failed"}
_FINISHED = "5"


class Esms:
    """Needs the two keys and, for messages under a brand name, the brand name. `secret` is the installation's own: its
    RequestIds and the token in its callback address come from it. In the `sandbox` nothing is sent, and every message
    is refused as "sandbox" at best: none may count as sent.
    """

    name = "esms"

    def __init__(
        self,
        api_key: str = "",
        secret_key: str = "",
        brand_name: str = "",
        *,
        secret: str,
        sms_type: str = BRAND_NAME,
        sandbox: bool = False,
        api_base: str = "",
        public_url: str = "",
        clock: Callable[[], float] = time.time,
    ):
        base = (api_base or BASE).rstrip("/")
        local = on_this_machine(base)
        self._callback = f"{public_url.rstrip('/')}{HOOK}?" if _can_call(public_url, local) else ""
        self.traits = Traits(
            concurrency=CONCURRENCY,
            idempotent=True,
            idempotent_for=KNOWN_FOR,
            receipts=bool(self._callback),
            sender_kinds=("name",) if sms_type == BRAND_NAME else ("number",),
            template_needed=sms_type == BRAND_NAME,
            only_to=frozenset({"84"}),
            one_way_to=frozenset({"84"}),
            receipts_by="GET",
            find_after=1.0 if local else _SETTLED,
            leaves_machine=not local,
        )
        self._account = {"ApiKey": api_key, "SecretKey": secret_key, "SmsType": sms_type}
        self._account |= {"Brandname": brand_name} if sms_type == BRAND_NAME else {}
        self._sandbox = sandbox
        self._missing = _missing(self._account, base)
        self._token = hook_token.token(secret, self.name)
        self._prefix = _prefix(secret)
        self._clock = clock
        self._wire = Wire(base, CONCURRENCY, local=local)

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        return [self._send(outgoing) for outgoing in batch]

    def _send(self, outgoing: Outgoing) -> Outcome:
        if self._missing:
            return Outcome.not_set_up(self._missing)
        if not outgoing.to.startswith("+84"):
            return Outcome.refused("country-not-reached", "not +84")
        if outgoing.since and self._forgotten(outgoing.since):
            return Outcome.unknown("too late to repeat it under its RequestId")
        request_id = self._request_id(outgoing)
        try:
            answer = self._wire.post_json(_SEND, self._message(outgoing, request_id))
        except NotSent as error:
            return Outcome.refused("not-connected", str(error))
        except NoAnswer as error:
            return Outcome.unknown(str(error))
        return self._outcome(answer, outgoing, request_id)

    def _message(self, outgoing: Outgoing, request_id: str) -> dict[str, str]:
        query = urlencode({"token": self._token, "key": outgoing.key})
        return {
            **self._account,
            "Phone": _local(outgoing.to),
            "Content": outgoing.text,
            "IsUnicode": "1" if _has_accents(outgoing.text) else "0",
            "Sandbox": "1" if self._sandbox else "0",
            "RequestId": request_id,
            **({"CallbackUrl": self._callback + query} if self._callback else {}),
        }

    def _request_id(self, outgoing: Outgoing) -> str:
        """At most 50 characters. Of this installation, this message and, after a clear no, this time: two
        installations, or a database begun anew under the same keys, never use one twice. The sandbox has its own.
        """
        repeatable = outgoing.since and not self._sandbox
        stamp = f"{int(outgoing.since.timestamp() * 1000):x}" if repeatable else secrets.token_hex(6)
        return f"{self._prefix}{outgoing.key}-{stamp}"

    def _forgotten(self, since: datetime) -> bool:
        """Whether this is a repeat that eSMS may not know for one any more."""
        now = datetime.fromtimestamp(self._clock(), UTC)
        age = (now - since).total_seconds()
        other_day = since.astimezone(_VIETNAM).date() != now.astimezone(_VIETNAM).date()
        return age > KNOWN_FOR or (age > _SETTLED and other_day)

    def _outcome(self, answer: Answer, outgoing: Outgoing, request_id: str) -> Outcome:
        outcome = esms_answers.outcome_of(answer, request_id)
        if outcome.fate is Fate.ACCEPTED:
            return Outcome.refused("sandbox", "Sandbox=1") if self._sandbox else outcome
        return replace(outcome, error=SendError(outcome.error.code, self._masked(outcome.error.raw, outgoing)))

    def _masked(self, words: str, outgoing: Outgoing) -> str:
        """Staff read these words: without the number, the text and the keys, should eSMS repeat them."""
        national = outgoing.to.removeprefix("+84")
        for secret in (outgoing.text, self._account["ApiKey"], self._account["SecretKey"], self._token, national):
            words = words.replace(secret, "…") if secret else words
        return words.strip()[:300]

    def read_receipts(self, request: HookRequest) -> list[Receipt]:
        given = hook_token.query(request)
        hook_token.check(given.get("token", ""), self._token)
        ref, sent = given.get("SMSID"), given.get("SendStatus")
        if not ref or not sent:
            raise BadRequest("SMSID, SendStatus")
        status = _status(sent, _number(given, "SendFailed"), _number(given, "SendSuccess"))
        if status is None:
            return []
        code = esms_answers.our_code(given.get("error_info", "")) if status in ("undelivered", "failed") else None
        return [Receipt(ref, status, code or "", self._key(given))]

    def _key(self, given: Mapping[str, str]) -> str | None:
        """Ours, from the RequestId when that is one of ours, else from the address we gave."""
        request_id = given.get("RequestId", "")
        if request_id.startswith(self._prefix):
            return request_id.removeprefix(self._prefix).rpartition("-")[0] or None
        return given.get("key") or None

    def read_inbound(self, request: HookRequest) -> list[Inbound]:
        raise BadSignature  # people's answers are another contract with eSMS; nobody calls here

    def find(self, outgoing: Outgoing, since: datetime) -> Found:
        """eSMS is asked by its own SMSID, which is what we lack then: a repeat finds out instead."""
        return Found(Whereabouts.CANNOT_TELL)

    def readiness(self) -> Readiness:
        notes = (("esms-sandbox", self._sandbox), ("esms-no-receipts", not self._callback))
        return Readiness(self._missing, tuple(code for code, holds in notes if holds))

    def close(self) -> None:
        self._wire.close()


def _missing(account: Mapping[str, str], base: str) -> tuple[str, ...]:
    """Settings still to be filled. Keys and people's numbers never go over the net unencrypted."""
    settings = {"ApiKey": "ESMS_API_KEY", "SecretKey": "ESMS_SECRET_KEY", "Brandname": "ESMS_BRANDNAME"}
    unset = [settings[name] for name, value in account.items() if name in settings and not value]
    return (*unset, *(() if usable(base) else ("ESMS_API_BASE",)))


def _can_call(public_url: str, local: bool) -> bool:
    """eSMS calls https only; one on this machine also calls this machine."""
    if on_this_machine(public_url):
        return local
    return usable(public_url)


def _prefix(secret: str) -> str:
    return hmac.new(secret.encode(), b"esms:requests", hashlib.sha256).hexdigest()[:8] + "-"


def _local(number: str) -> str:
    return "0" + number.removeprefix("+84")


def _has_accents(text: str) -> bool:
    """Whether it must go as Unicode. GSM-7 knows a few accents (à, é), but what eSMS does with them without Unicode is
    not published.
    """
    return not text.isascii() or segments.count(text).encoding == segments.UCS_2


def _status(sent: str, failed: int, arrived: int) -> str | None:
    """Failed and arrived count parts of one message: it arrived when no part failed."""
    if sent == _FINISHED and failed:
        return "undelivered"
    return "delivered" if sent == _FINISHED and arrived else STATUSES.get(sent)


def _number(given: Mapping[str, str], name: str) -> int:
    text = given.get(name) or "0"
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise BadRequest(name)
    return int(text)
