"""Zalo Official Account, OpenAPI v3. https://docs.zaloplatforms.com/docs/OA

An account may only answer: within 7 days of a person's last message, the first 8 messages within 48 hours free. There
is no key by which Zalo refuses a repeat, so what may have arrived is UNKNOWN. Choices are numbers in the text: what
buttons a text message may carry could not be confirmed.
"""

# An event of the webhook (X-ZEvent-Signature: mac=<hex>; ids are big numbers as text, times are milliseconds as text):
#   {"app_id": "…", "event_name": "user_send_text", "timestamp": "1699003881354", "sender": {"id": "…"},
#    "recipient": {"id": "…"}, "message": {"msg_id": "…", "text": "xin chào"}}
# The answer to a message sent:
#   {"data": {"message_id": "…", "user_id": "…", "quota": {"quota_type": "reply", "remain": "7"}}, "error": 0}

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bots.platform import ChatTraits, Incoming, Reply, Take
from bots.platforms import zalo_oauth
from bots.platforms.answers import hidden, together
from bots.platforms.bodies import read_json
from bots.platforms.limits import pieces, refusal
from bots.platforms.zalo_answers import outcome_of
from bots.platforms.zalo_events import plain, read, same, signature
from bots.tokens import NoToken, Tokens
from db.engine import Database
from sms.addresses import on_this_machine, usable
from sms.gateway import BadSignature, Fate, HookRequest, Outcome, Readiness, SendError
from sms.http import NoAnswer, NotSent, Wire

log = logging.getLogger(__name__)

API_BASE, OAUTH_BASE = "https://openapi.zalo.me", "https://oauth.zaloapp.com"
SEND = "/v3.0/oa/message/cs"
#: Characters of one text message; messages at once (4,000 calls a minute are allowed: 67 a second).
LONGEST_TEXT, CONCURRENCY = 2_000, 8


class Zalo:
    """One Official Account. `signed`: whose timestamp the webhook signs, body | header | either (Zalo's documents and
    what is met in the field differ). Receiving needs the OA secret only.
    """

    name = "zalo"

    def __init__(
        self, db: Database, *, app_id: str = "", app_secret: str = "", oa_secret: str = "", refresh_token: str = "",
        signed: str = "either", api_base: str = API_BASE, oauth_base: str = OAUTH_BASE, clock: Callable[[], datetime],
    ):  # fmt: skip
        local = on_this_machine(api_base)
        self.traits = ChatTraits(
            longest_text=LONGEST_TEXT, buttons=False, window=timedelta(days=7), free=(8, timedelta(hours=48)),
            leaves_machine=not local, concurrency=CONCURRENCY,
        )  # fmt: skip
        self._app_id, self._oa_secret, self._signed, self._clock = app_id, oa_secret, signed, clock
        self._needed = {
            "ZALO_APP_ID": app_id, "ZALO_APP_SECRET": app_secret, "ZALO_OA_SECRET": oa_secret,
            "ZALO_API_BASE": usable(api_base), "ZALO_OAUTH_BASE": usable(oauth_base),
        }  # fmt: skip
        self._refresh_token = refresh_token
        self._api = Wire(api_base, CONCURRENCY, local=local)
        self._oauth = Wire(oauth_base, 1, local=on_this_machine(oauth_base))
        ask = partial(zalo_oauth.ask, self._oauth, app_id, app_secret)
        self._tokens = Tokens(db, self.name, refresh_token, ask, clock)
        self._rests_until = 0.0
        self._matched: set[str] = set()

    def receive(self, request: HookRequest) -> list[Incoming]:
        """A replay needs no clock: what came before changes nothing."""
        given = request.header("X-ZEvent-Signature").strip().lower().removeprefix("mac=")
        if not given or not self._oa_secret or not self._app_id:
            raise BadSignature
        event = read_json(request.body)
        self._check(given, request, plain(event.get("timestamp")))
        if plain(event.get("app_id")) != self._app_id:
            log.warning("Zalo: an event of another app; is ZALO_APP_ID right?")
            raise BadSignature
        return read(event)

    def _check(self, given: str, request: HookRequest, in_body: str) -> None:
        stamps = {"body": in_body, "header": request.header("X-ZEvent-Timestamp").strip()}
        for which, stamp in stamps.items():
            if self._signed not in ("either", which) or not stamp:
                continue
            if same(given, signature(self._app_id, request.body, stamp, self._oa_secret)):
                self._note_match(which)
                return
        raise BadSignature

    def _note_match(self, which: str) -> None:
        if which not in self._matched:
            self._matched.add(which)
            log.info("Zalo signs its events with the timestamp of the %s (ZALO_SIGNATURE=%s)", which, self._signed)

    def send(self, reply: Reply) -> Outcome:
        if missing := self._missing():
            return Outcome.not_set_up(missing)
        texts, outcomes = pieces(reply.text, LONGEST_TEXT), []
        if no := refusal(self.traits, reply, self._clock(), len(texts)):
            return no
        for text in texts:
            outcomes.append(self._send(reply.address, text))
            if outcomes[-1].fate is not Fate.ACCEPTED:
                break
        return together(outcomes, len(texts))

    def _send(self, address: str, text: str) -> Outcome:
        if (rest := self._rests_until - time.monotonic()) > 0:
            return Outcome.refused("too-fast", "resting", rest)
        try:
            token = self._token()
            outcome = self._handed_over(token, address, text)
            if outcome.error and outcome.error.code == "credentials":
                outcome = self._handed_over(self._token(token), address, text)
        except NoToken as why:
            return Outcome.refused(why.code, str(why))
        if outcome.error and outcome.error.code == "too-fast":
            self._rests_until = time.monotonic() + (outcome.wait or 0)
        return outcome

    def _token(self, rejected: str = "") -> str:
        try:
            return self._tokens.instead_of(rejected) if rejected else self._tokens.access()
        except NoToken:
            raise
        except Exception as why:  # the database, perhaps; at any rate nothing has left
            raise NoToken("gateway-trouble", type(why).__name__) from why

    def _handed_over(self, token: str, address: str, text: str) -> Outcome:
        message = {"recipient": {"user_id": address}, "message": {"text": text}}
        try:
            outcome = outcome_of(self._api.post_json(SEND, message, {"access_token": token}))
        except NotSent as why:
            return Outcome.refused("not-connected", str(why))
        except NoAnswer as why:
            return Outcome.unknown(str(why))
        if outcome.error:
            outcome = replace(outcome, error=SendError(outcome.error.code, hidden(outcome.error.raw, token, address)))
        return outcome

    def keep_tokens(self) -> Mapping[str, int]:
        """Renews the tokens ahead of time."""
        return {} if self.readiness().missing else self._tokens.keep()

    def _missing(self) -> list[str]:
        return [name for name, given in self._needed.items() if not given]

    def readiness(self) -> Readiness:
        missing = self._missing()
        if not self._refresh_token and not self._tokens.stored:
            missing.append("ZALO_REFRESH_TOKEN")
        return Readiness(tuple(missing), () if missing else self._tokens.notes())

    def listen(self, take: Take) -> None:
        """Zalo calls us; the address of the webhook is written into its console by hand."""

    def close(self) -> None:
        self._tokens.close()
        for wire in (self._api, self._oauth):
            wire.close()
