"""A server that speaks eSMS's API: send and status; every CodeResult, errors, silence and slowness by script.

In a test:            with esms.serve() as server: Esms(…, api_base=server.url)
As its own process:   python -m tests.servers.esms --port 0     (prints its port on the first line)
From outside:         GET /_counts, POST /_script {"to": "+84…", "steps": [{"code": "103"}]}
"""

import argparse
import json
import re
import uuid
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

from tests.servers.esms_callbacks import Callbacks
from tests.servers.raw_http import Answer, Request, Running, Server, running

API_KEY, SECRET_KEY, BRAND_NAME = "api-key-of-the-fake", "secret-key-of-the-fake", "AN LO"
SERVICE = "/MainService.svc/json"
SEND = f"{SERVICE}/SendMultipleMessage_V4_post_json/"
_PHONE = re.compile(r"0\d{9}").fullmatch
_VIETNAM = timezone(timedelta(hours=7))

WORDS = {
    "99": "The phone number is blocked in the system", "101": "Authorize Failed", "102": "No price list",
    "103": "Not enough balance", "104": "Brand name code is not exist", "105": "SMSID not found",
    "107": "At least 30 phone numbers", "108": "Phone number is not in correct format",
    "118": "Unsupported message type", "120": "Too many phone numbers", "124": "Request exist 1",
    "140": "IP is not whitelisted", "146": "Sai template Brandname CSKH", "177": "The network is not registered",
    "300": "Missing message type",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """What happens to the next message to a number: an HTTP `status`, a CodeResult, a connection `close`d without an
    answer, another `body`, a `delay` in seconds; `keep` = the message exists all the same."""

    code: str = "100"
    message: str = ""
    status: int = 200
    retry_after: str = ""
    close: bool = False
    keep: bool = False
    delay: float = 0.0
    body: str | None = None


class Fake:
    """The account: its messages by number (as we write it, +84…), newest last, and what is scripted for whom.

    A RequestId is used up by whatever got a CodeResult, a refusal too (`remembers_refused`), until midnight in Vietnam.
    `balance` is how many messages it can still pay for, `allowed` whether our address is on its list, `priced` whether
    it has prices, `templates` the expressions a text under a brand name must fit, `blocked` and `unregistered` how
    numbers begin that are.
    """

    def __init__(
        self, *, latency: float = 0.0, callbacks: Callbacks | None = None, record: bool = True,
        remembers_refused: bool = True, clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ):  # fmt: skip
        self.latency, self.callbacks, self.record = latency, callbacks, record
        self.remembers_refused, self.clock = remembers_refused, clock
        self.requests: list[Request] = []
        self.by_id: dict[str, dict] = {}
        self.by_to: dict[str, list[dict]] = defaultdict(list)
        self.by_request: Counter[str] = Counter()
        self.repeats: Counter[str] = Counter()
        self.looked_at = 0
        self.steps: dict[str, deque[Step]] = defaultdict(deque)
        self.allowed = self.priced = True
        self.balance: int | None = None
        self.templates: tuple[str, ...] = ()
        self.blocked: tuple[str, ...] = ()
        self.unregistered: tuple[str, ...] = ()
        self._used: dict[str, object] = {}

    def script(self, to: str, *steps: Step) -> None:
        """The next messages to `to` go this way, one step each; then all is normal again."""
        self.steps[to].extend(steps)

    def counts(self) -> dict:
        """How many messages there are, by number and by RequestId; `twice` lists numbers that got the same text more
        than once, `repeats` the RequestIds that were refused as repeats."""
        by_to = {to: len(messages) for to, messages in self.by_to.items()}
        texts = Counter((message["Phone"], message["Content"]) for message in self.by_id.values())
        return {
            "messages": len(self.by_id), "by_to": by_to, "by_request": dict(self.by_request),
            "twice": {phone: times for (phone, _), times in texts.items() if times > 1},
            "repeats": dict(self.repeats), "looked_at": self.looked_at,
        }  # fmt: skip

    def answer(self, request: Request) -> Answer:
        if self.record:
            self.requests.append(request)
        url = urlsplit(request.target)
        if url.path == "/_counts":
            return _json(self.counts())
        if url.path == "/_script":
            asked = json.loads(request.body)
            self.script(asked["to"], *(Step(**step) for step in asked["steps"]))
            return _json({})
        if url.path == f"{SERVICE}/GetSendStatus" and request.method == "GET":
            return self._status({name: values[0] for name, values in parse_qs(url.query).items()})
        if url.path == SEND and request.method == "POST":
            return self._take(request)
        return Answer(404, b"<html>Endpoint not found.</html>", {"Content-Type": "text/html"})

    def _take(self, request: Request) -> Answer:
        try:
            given = json.loads(request.body)
        except ValueError:
            given = None
        if not isinstance(given, dict) or "json" not in request.headers.get("content-type", ""):
            return _json({"error": "Invalid request"})
        scripted = self.steps.get(_international(str(given.get("Phone"))))
        return self._go(given, scripted.popleft() if scripted else Step())

    def _go(self, given: dict, step: Step) -> Answer:
        """The first mistake found decides; a step of the script comes after those that are really there."""
        at_the_door = step.status != 200 or (step.body is not None and not step.keep)
        lost = step.close and not step.keep
        code = self._mistake(given) or step.code
        content: dict[str, object] = {"CodeResult": code, "CountRegenerate": 0}
        if not at_the_door and not lost:
            self._remember(given, code)
            content |= self._made(given, code)
        elif step.keep:
            self._made(given, "100")
            self._remember(given, "100")
        if code != "100":
            content["ErrorMessage"] = step.message or WORDS.get(code, "?")
        headers = {"Retry-After": step.retry_after} if step.retry_after else {}
        body = json.dumps(content) if step.body is None else step.body
        return Answer(step.status, body.encode(), headers, step.close, step.delay or self.latency)

    def _mistake(self, given: dict) -> str | None:
        phone, text, kind = (str(given.get(name) or "") for name in ("Phone", "Content", "SmsType"))
        under_a_name = kind == "2"
        wrong = {
            "101": (given.get("ApiKey"), given.get("SecretKey")) != (API_KEY, SECRET_KEY),
            "140": not self.allowed,
            "102": not self.priced,
            "300": not kind,
            "107": kind == "1",
            "118": kind not in ("2", "8"),
            "104": under_a_name and given.get("Brandname") != BRAND_NAME,
            "120": "," in phone,
            "108": not _PHONE(phone),
            "124": self._used.get(str(given.get("RequestId"))) == self._today(),
            "99": phone.startswith(self.blocked),
            "177": under_a_name and phone.startswith(self.unregistered),
            "146": not text or (under_a_name and not self._fits(text)),
            "103": self.balance is not None and self.balance <= 0,
        }
        return next((code for code, holds in wrong.items() if holds), None)

    def _fits(self, text: str) -> bool:
        return not self.templates or any(re.fullmatch(template, text) for template in self.templates)

    def _today(self) -> object:
        return self.clock().astimezone(_VIETNAM).date()

    def _remember(self, given: dict, code: str) -> None:
        request_id = str(given.get("RequestId") or "")
        if code == "124":
            self.repeats[request_id] += 1
        elif request_id and str(given.get("Sandbox")) != "1" and (code == "100" or self.remembers_refused):
            self._used[request_id] = self._today()

    def _made(self, given: dict, code: str) -> dict[str, object]:
        """What a message adds to the answer; in the sandbox an id of nothing. A refused text has an id too."""
        sms_id = uuid.uuid4().hex + "250"
        if code == "124":
            return {"SendStatus": "5"}
        if code not in ("100", "146"):
            return {}
        if str(given.get("Sandbox")) == "1":
            self.looked_at += 1
        elif code == "100":
            self._keep(sms_id, given)
        return {"SMSID": sms_id}

    def _keep(self, sms_id: str, given: dict) -> None:
        message = {name: value for name, value in given.items() if name not in ("ApiKey", "SecretKey")}
        self.by_id[sms_id] = {**message, "SMSID": sms_id}
        self.by_to[_international(given["Phone"])].append(self.by_id[sms_id])
        self.by_request[str(given.get("RequestId"))] += 1
        if self.balance is not None:
            self.balance -= 1
        if self.callbacks and given.get("CallbackUrl"):
            self.callbacks.will_come(given["CallbackUrl"], self.by_id[sms_id])

    def _status(self, asked: dict[str, str]) -> Answer:
        ref = asked.get("RefId", "")
        if (asked.get("ApiKey"), asked.get("SecretKey")) != (API_KEY, SECRET_KEY):
            return _json({"CodeResponse": "101", "SMSID": ref})
        if ref not in self.by_id:
            return _json({"CodeResponse": "105", "SMSID": ref})
        counted = {"SendFailed": 0, "SendStatus": 5, "SendSuccess": 1, "TotalPrice": 850.0}
        return _json({"CodeResponse": "100", "SMSID": ref, **counted, "TotalReceiver": 1, "TotalSent": 1})


def _international(phone: str) -> str:
    return "+84" + phone.removeprefix("0")


def _json(content: object) -> Answer:
    return Answer(200, json.dumps(content).encode())


@contextmanager
def serve(**fake) -> Iterator[Running]:
    """A fake in a thread of this process; the arguments are Fake's."""
    with running(Fake(**fake)) as server:
        yield server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer to a new message")
    parser.add_argument("--callbacks", metavar="URL", help="report to this server what became of messages")
    given = parser.parse_args()
    callbacks = Callbacks(given.callbacks) if given.callbacks else None
    server = Server(Fake(latency=given.latency, callbacks=callbacks, record=False).answer, given.port)
    print(server.port, flush=True)
    with suppress(KeyboardInterrupt):
        server.run()


if __name__ == "__main__":
    main()
