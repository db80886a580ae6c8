"""A gateway that sends nothing: messages ring on the handset wall, receipts come back through the real hook door.

It is honest about the hard parts: what it accepted survives a crash, it does not know a repeat for a repeat, its
receipts come late, twice, out of order or never (sms/gateways/simulator_script.py lists the reserved numbers).
"""

# A receipt as it is posted (X-Simulator-Signature: hex HMAC-SHA256 of the body under the shared secret):
#   {"hook": "receipt", "receipts": [{"id": "sim-5f…", "key": "17", "status": "delivered", "code": ""}]}
# A message from a handset:
#   {"hook": "inbound", "messages": [{"id": "sim-8c…", "from": "+84912345678", "to": "AN LO", "text": "TC"}]}

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from sms import last_look
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
from sms.gateways.simulator_script import Script, latency_of, script_of
from sms.gateways.simulator_seal import NoSeal, Seal
from sms.gateways.simulator_store import Handset, Message, Post, Store

SIGNATURE = "X-Simulator-Signature"
PATHS = {"receipt": "/hooks/sms/simulator/receipt", "inbound": "/hooks/sms/simulator/inbound"}

#: Receipts in one request to our own server.
POST_AT_MOST = 200
#: Seconds until a post is tried again, doubled each time up to ten minutes.
TRY_AGAIN, TRY_AGAIN_AT_MOST = 2.0, 600.0

#: Posts a signed body to a path of our own server and returns the HTTP status; may raise OSError.
Door = Callable[[str, Mapping[str, str], bytes], int]


class Simulator:
    """Messages are kept in the file `path`; `post` is the door of our own server, given by the runtime.

    Without a door nothing is posted by this process; another one that has it does. `latency` is the range of seconds
    until a receipt, `answer_seconds` how long `send` takes, `seed` another fate for every ordinary number.
    """

    name = "simulator"
    traits = Traits(recipients_per_call=500, concurrency=2, inbound=True, find=True, find_by_key=True,
                    leaves_machine=False)

    def __init__(
        self,
        path: Path | str,
        post: Door | None = None,
        *,
        secret: str,
        seal: Seal | None = None,
        latency: tuple[float, float] = (1.0, 8.0),
        answer_seconds: float = 0.0,
        seed: int = 0,
        sender: str = "AN LO",
        clock: Callable[[], datetime] | None = None,
    ):
        self.post = post
        self._secret = secret.encode()
        self._latency = latency
        self._answer_seconds = answer_seconds
        self._seed = seed
        self._sender = sender
        self._clock = clock or _wall_clock
        self._store = Store(Path(path), seal or NoSeal())

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        now = self._clock()
        fates = [self._fate(outgoing) for outgoing in batch]
        kept = [(outgoing, script, ref) for outgoing, (script, ref, _) in zip(batch, fates, strict=True) if ref]
        last_look.look()
        self._store.keep(
            [Message(ref, out.key, out.to, out.text, False, "accepted", now) for out, _, ref in kept],
            [post for outgoing, script, ref in kept for post in self._receipts(outgoing, script, ref, now.timestamp())],
        )
        for _, script, ref in kept:
            if any(step.after == 0 for step in script.receipts):
                self._deliver(self._store.take_of(ref, now.timestamp()), now.timestamp())
        if self._answer_seconds:
            time.sleep(self._answer_seconds)
        return [outcome for _, _, outcome in fates]

    def _fate(self, outgoing: Outgoing) -> tuple[Script, str | None, Outcome]:
        """The script of a message, its id when it is kept, and what `send` answers."""
        script = script_of(outgoing.to, self._seed)
        if script.refuse and (script.times is None or self._store.refused_before(outgoing.key) < script.times):
            return script, None, Outcome.refused(script.refuse, "simulated", script.wait)
        ref = _new_ref()
        outcome = Outcome.accepted(ref) if script.answers else Outcome.unknown("simulated")
        return script, ref if script.keeps else None, outcome

    def _receipts(self, outgoing: Outgoing, script: Script, ref: str, now: float) -> Iterable[Post]:
        latency = latency_of(outgoing.key, self._seed, self._latency)
        for step in script.receipts:
            yield Post(ref, outgoing.key, "receipt", step.status, step.code, now + latency * step.after)

    def deliver_due(self, now: datetime, limit: int = 5000) -> int:
        """Posts what is due, through the door; returns how many got through. For a recurring task."""
        if not self.post:
            return 0
        return self._deliver(self._store.take_due(now.timestamp(), limit), now.timestamp())

    def _deliver(self, posts: list[Post], now: float) -> int:
        through = 0
        for hook, of_one_hook in groupby(posts, key=lambda post: post.hook):
            together = list(of_one_hook)
            for start in range(0, len(together), POST_AT_MOST):
                through += self._through_the_door(hook, together[start : start + POST_AT_MOST], now)
        return through

    def _through_the_door(self, hook: str, posts: list[Post], now: float) -> int:
        body = self._body(hook, posts)
        headers = {"Content-Type": "application/json", SIGNATURE: self._sign(body)}
        try:
            status = self.post(PATHS[hook], headers, body) if self.post else 0
        except OSError:
            status = 0
        if 200 <= status < 300:
            self._store.posted(posts)
            return len(posts)
        self._store.put_off(posts, now + min(TRY_AGAIN * 2 ** posts[0].tries, TRY_AGAIN_AT_MOST))
        return 0

    def _body(self, hook: str, posts: list[Post]) -> bytes:
        if hook == "receipt":
            content = [{"id": post.ref, "key": post.key, "status": post.status, "code": post.code} for post in posts]
            return json.dumps({"hook": hook, "receipts": content}).encode()
        messages = [
            {"id": message.ref, "from": message.number, "to": self._sender, "text": message.text}
            for message in self._store.messages(post.ref for post in posts)
        ]
        return json.dumps({"hook": hook, "messages": messages}).encode()

    def _sign(self, body: bytes) -> str:
        return hmac.new(self._secret, body, hashlib.sha256).hexdigest()

    def read_receipts(self, request: HookRequest) -> list[Receipt]:
        return [
            Receipt(given["id"], given["status"], given.get("code", ""), given.get("key"))
            for given in self._signed(request, "receipt", "receipts", ("id", "status"))
        ]

    def read_inbound(self, request: HookRequest) -> list[Inbound]:
        return [
            Inbound(given["id"], given["from"], given["text"], given.get("to", ""))
            for given in self._signed(request, "inbound", "messages", ("id", "from", "text"))
        ]

    def _signed(self, request: HookRequest, hook: str, name: str, fields: tuple[str, ...]) -> list[dict]:
        """The list `name` of a body that we signed for this hook. Raises BadSignature, BadRequest."""
        if not hmac.compare_digest(self._sign(request.body).encode(), request.header(SIGNATURE).encode()):
            raise BadSignature
        try:
            content = json.loads(request.body)
        except ValueError:
            raise BadRequest("not JSON") from None
        listed = content.get(name) if isinstance(content, dict) and content.get("hook") == hook else None
        if not isinstance(listed, list) or not all(_has_texts(given, fields) for given in listed):
            raise BadRequest(f"no {name}")
        return listed

    def find(self, outgoing: Outgoing, since: datetime) -> Found:
        ref = self._store.find(outgoing.key, outgoing.to, since.timestamp())
        return Found(Whereabouts.THERE, ref) if ref else Found(Whereabouts.NOT_THERE)

    def readiness(self) -> Readiness:
        return Readiness()

    def close(self) -> None:
        self._store.close()

    # -- the handset wall

    def handsets(self, limit: int = 50) -> list[Handset]:
        """The telephones that rang last, newest first."""
        return self._store.handsets(limit)

    def thread(self, number: str, limit: int = 100) -> list[Message]:
        """What came and went on one telephone, oldest first."""
        return self._store.thread(number, limit)

    def answer(self, number: str, text: str) -> bool:
        """A person types on the telephone; it goes through the inbound door. False: shut, it will be tried again."""
        now, ref = self._clock(), _new_ref()
        self._store.keep(
            [Message(ref, "", number, text, True, "received", now)],
            [Post(ref, "", "inbound", "received", "", now.timestamp())],
        )
        return bool(self._deliver(self._store.take_of(ref, now.timestamp()), now.timestamp()))

    def forget(self, number: str) -> None:
        """Takes a telephone off the wall, with all that was said on it."""
        self._store.forget(number)


def _has_texts(given: object, fields: tuple[str, ...]) -> bool:
    return isinstance(given, dict) and all(isinstance(given.get(field), str) for field in fields)


def _new_ref() -> str:
    return f"sim-{secrets.token_hex(10)}"


def _wall_clock() -> datetime:
    """The provider's own clock: `send` has no `now`, as no real provider would ask ours."""
    return datetime.fromtimestamp(time.time(), UTC)
