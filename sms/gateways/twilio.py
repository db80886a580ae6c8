"""Twilio Programmable Messaging, through Twilio's own SDK. https://www.twilio.com/docs/messaging/api/message-resource

There is no idempotency key: a request that may have arrived is UNKNOWN and never repeated; `find` looks for it in
the account's list of messages. `smart_encoded` is never asked for: it changes the text the officers approved.
"""

# A status callback (form, X-Twilio-Signature; order not guaranteed, may overtake the answer to `send`):
#   MessageSid=SM…&MessageStatus=undelivered&To=%2B84912345678&From=…&AccountSid=AC…&ErrorCode=30005
# An inbound message:
#   MessageSid=SM…&From=%2B84912345678&To=…&Body=…&NumMedia=0&NumSegments=1

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from sms.gateway import (
    BadRequest,
    BadSignature,
    Found,
    HookRequest,
    Inbound,
    Outcome,
    Outgoing,
    OutOfReach,
    Readiness,
    Receipt,
    SendError,
    Traits,
    Whereabouts,
)
from sms.gateways.twilio_errors import our_code, outcome_of
from sms.gateways.twilio_wire import SDK_BASE, NotSent, TooFast, Wire
from sms.unaccent import unaccent

#: Measured on two cores against a server on the same machine: 1,470, 1,610, 1,150 and 1,180 messages a second with
#: 1, 4, 8 and 16 threads (with the SDK's own HTTP client 540 with one and 620 with 8). A provider 100 ms away wants 8.
CONCURRENCY = 8

#: Twilio's words for where a message stands → ours. Others (receiving, received) are no receipts.
STATUSES: Mapping[str, str] = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent", "partially_delivered"), "accepted"),
    **dict.fromkeys(("delivered", "read"), "delivered"),
    "undelivered": "undelivered",
    **dict.fromkeys(("failed", "canceled"), "failed"),
}

#: How far our clock may have been wrong (set for another zone, say), and how many messages to one number are looked
#: through. An equal text to the same person within that time counts as the one looked for: rather one too few.
_CLOCKS = timedelta(hours=12)
_LOOK_THROUGH = 200
#: Seconds until a request that we gave up has surely been listed or lost.
_SETTLED = 60.0


class Twilio:
    """Needs an account, its token, and a sender or a Messaging Service; `api_base` is another address that speaks
    Twilio's API, `public_url` our own address as Twilio calls it (receipts and inbound messages come there)."""

    name = "twilio"

    def __init__(
        self,
        account_sid: str = "",
        auth_token: str = "",
        sender: str = "",
        messaging_service_sid: str = "",
        api_base: str = "",
        public_url: str = "",
    ):
        base = (api_base or SDK_BASE).rstrip("/")
        local = _on_this_machine(base)
        self.traits = Traits(
            concurrency=CONCURRENCY,
            inbound=True,
            # Two-way SMS is not supported in Vietnam. https://www.twilio.com/en/guidelines/vn/sms
            one_way_to=frozenset({"84"}),
            find=True,
            find_after=1.0 if local else _SETTLED,
            leaves_machine=not local,
        )
        self._public_url = public_url.rstrip("/")
        self._validator = RequestValidator(auth_token) if auth_token else None
        self._from = {"messaging_service_sid": messaging_service_sid} if messaging_service_sid else {"from_": sender}
        # Twilio refuses every message whose callback it cannot reach (21609), so ours is left out when it is local.
        called_back = public_url and (local or not _on_this_machine(public_url))
        self._callback = f"{self._public_url}/hooks/sms/twilio/receipt?key=" if called_back else ""
        self._missing = _missing(account_sid, auth_token, sender or messaging_service_sid, base, local)
        self._wire = self._messages = None
        if not self._missing:
            self._wire = Wire(base, CONCURRENCY, local)
            client = Client(account_sid, auth_token, http_client=self._wire, environment=_NO_ENVIRONMENT)
            self._messages = client.messages

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        return [self._send(outgoing) for outgoing in batch]

    def _send(self, outgoing: Outgoing) -> Outcome:
        if self._messages is None:
            return Outcome.not_set_up(self._missing)
        callback = {"status_callback": self._callback + quote(outgoing.key, safe="")} if self._callback else {}
        try:
            message = self._messages.create(to=outgoing.to, body=outgoing.text, **self._from, **callback)
        except Exception as error:
            return _without_number(_outcome_of(error), outgoing.to)
        if not message.sid:
            return Outcome.unknown("answered without a sid")
        if STATUSES.get(message.status) == "failed":
            return Outcome.refused(our_code(message.error_code), str(message.error_code))
        return Outcome.accepted(message.sid)

    def read_receipts(self, request: HookRequest) -> list[Receipt]:
        self._check(request)
        ref, status = request.form.get("MessageSid"), request.form.get("MessageStatus")
        if not ref or not status:
            raise BadRequest("MessageSid, MessageStatus")
        if status not in STATUSES:
            return []
        code = request.form.get("ErrorCode")
        return [Receipt(ref, STATUSES[status], our_code(code) if code else "", request.query.get("key"))]

    def read_inbound(self, request: HookRequest) -> list[Inbound]:
        self._check(request)
        ref, sender, text = (request.form.get(name) for name in ("MessageSid", "From", "Body"))
        if not ref or not sender or text is None:
            raise BadRequest("MessageSid, From, Body")
        if not sender.startswith("+"):
            return []  # a short code or a name: nobody to answer
        return [Inbound(ref, sender, text, request.form.get("To", ""))]

    def find(self, outgoing: Outgoing, since: datetime) -> Found:
        if self._messages is None:
            raise OutOfReach(f"missing: {', '.join(self._missing)}")
        try:
            listed = self._messages.list(to=outgoing.to, limit=_LOOK_THROUGH)
        except Exception as error:  # whatever kept us from looking, we have not seen
            raise OutOfReach(type(error).__name__) from error
        ours = [message for message in listed if _is(message, outgoing, since - _CLOCKS)]
        if ours:
            return Found(Whereabouts.THERE, min(ours, key=lambda message: abs(message.date_created - since)).sid)
        return Found(Whereabouts.NOT_THERE if len(listed) < _LOOK_THROUGH else Whereabouts.CANNOT_TELL)

    def readiness(self) -> Readiness:
        return Readiness(self._missing)

    def close(self) -> None:
        if self._wire:
            self._wire.close()

    def _check(self, request: HookRequest) -> None:
        """Twilio signs the URL it called, which behind a proxy only our setting PUBLIC_URL knows for certain."""
        parts = urlsplit(request.url)
        ours = self._public_url + parts.path + (f"?{parts.query}" if parts.query else "")
        signature = request.header("X-Twilio-Signature")
        if not signature or not self._validator:
            raise BadSignature
        if not any(self._validator.validate(url, request.form, signature) for url in {request.url, ours}):
            raise BadSignature


#: Not empty, so that the SDK does not read ours: edges and regions of the process' environment are not for it.
_NO_ENVIRONMENT = {"TWILIO_ACCOUNT_SID": ""}


def _missing(account_sid: str, auth_token: str, sender: str, base: str, local: bool) -> tuple[str, ...]:
    """Settings still to be filled. A password and people's numbers never go over the net unencrypted."""
    usable = local or urlsplit(base).scheme == "https"
    needed = {
        "TWILIO_ACCOUNT_SID": account_sid,
        "TWILIO_AUTH_TOKEN": auth_token,
        "TWILIO_FROM": sender,
        "TWILIO_API_BASE": usable,
    }
    return tuple(name for name, given in needed.items() if not given)


def _on_this_machine(url: str) -> bool:
    """Whether `url` ends at a loopback address, read as the wire will read it. What only looks like one does not count:
    made-up people, and passwords in clear, go only where nothing leaves this machine.
    """
    if any(letter in url for letter in "\\@") or not url.isprintable() or " " in url:
        return False
    try:
        parts = parse_url(url)
        host = (parts.host or "").strip("[]")
        return parts.scheme in ("http", "https") and (host == "localhost" or ip_address(host).is_loopback)
    except (ValueError, LocationParseError):
        return False


def _outcome_of(error: Exception) -> Outcome:
    if isinstance(error, NotSent):
        return Outcome.refused("not-connected", str(error))
    if isinstance(error, TooFast):
        return Outcome.refused("too-fast", str(error), error.wait)
    if isinstance(error, TwilioRestException | TwilioServiceException):
        return outcome_of(error)
    return Outcome.unknown(f"{type(error).__name__}: {error}")  # it may have arrived: nobody here can tell


def _without_number(outcome: Outcome, number: str) -> Outcome:
    """Twilio repeats the number in its words, which are shown to staff and logged."""
    raw = outcome.error.raw.replace(number, "…").replace(number.lstrip("+"), "…").strip()[:300]
    return replace(outcome, error=SendError(outcome.error.code, raw))


def _is(message: MessageInstance, outgoing: Outgoing, since: datetime) -> bool:
    """The same text, sent by us since then. A trial account puts words in front, a Messaging Service may be set to
    replace look-alike characters: neither makes it another message."""
    made = message.date_created
    outbound = str(message.direction).startswith("outbound")
    return outbound and made is not None and made >= since and _plain(message.body).endswith(_plain(outgoing.text))


def _plain(text: str | None) -> str:
    return " ".join(unaccent(text or "").split())
