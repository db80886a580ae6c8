"""A server that speaks SpeedSMS: sending to up to 100 numbers a call, account, status; its errors, silence and limit.

In a test:            with speedsms.serve() as server: SpeedSms(…, api_base=server.url)
As its own process:   python -m tests.servers.speedsms --port 0     (prints its port on the first line)
From outside:         GET /_counts, POST /_script {"steps": [{"code": "300"}], "to": "+84…"} ("to" may be left out)
"""

import argparse
import base64
import itertools
import json
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.servers.raw_http import Answer, Request, Running, Server, running

TOKEN = "token-of-the-fake"
PREFIX = "/index.php"
PRICE = 250
MOST_NUMBERS = 100
WORDS = {
    "007": "IP locked", "008": "Account blocked", "009": "Account not allow to call the API",
    "101": "Invalid or missing parameters", "105": "Phone number invalid", "110": "Not support sms content encoding",
    "113": "Sms content too long", "300": "Your account balance not enough to send sms",
    "500": "Internal error, please try again",
}  # fmt: skip
_TOO_MANY = {"name": "Too Many Requests", "message": "Rate limit exceeded.", "code": 0, "status": 429}


@dataclass(frozen=True)
class Step:
    """What happens to the next call (or the next one to a number): an error of `code`, another HTTP `status` or `body`,
    a connection `close`d without an answer, a `delay` in seconds; `keep` = the messages exist all the same."""

    code: str = "00"
    status: int = 200
    close: bool = False
    keep: bool = False
    delay: float = 0.0
    body: str | None = None
    reset: str = ""


class Fake:
    """The account. `invalid` numbers are left out of a call and named; a `spoiling` one makes the whole call fail with
    105 and no word which it was. `calls_allowed` in `within` seconds, then 429. `longest` text in characters;
    without `unicode` what is not ASCII is refused with 110.
    """

    def __init__(
        self, *, balance: int = 10**9, calls_allowed: int = 60, within: float = 60.0, longest: int = 1000,
        unicode: bool = True, latency: float = 0.0,
    ):  # fmt: skip
        self.balance, self.longest, self.unicode, self.latency = balance, longest, unicode, latency
        self.calls_allowed, self.within = calls_allowed, within
        self.invalid: set[str] = set()
        self.spoiling: set[str] = set()
        #: Texts by number, and (tranId, number) of each, oldest first.
        self.texts: dict[str, list[str]] = defaultdict(list)
        self.sent: list[tuple[int, str]] = []
        #: The bodies of calls that were let through, and how many were told that they are too many.
        self.calls: list[dict] = []
        self.too_many = 0
        self._steps: deque[Step] = deque()
        self._steps_to: dict[str, deque[Step]] = defaultdict(deque)
        self._moments: deque[float] = deque()
        self._ids = itertools.count(100_001)
        self._authorization = "Basic " + base64.b64encode(f"{TOKEN}:x".encode()).decode()

    def script(self, *steps: Step, to: str = "") -> None:
        """The next calls (with `to`: the next ones to that number) go this way, one step each."""
        (self._steps_to[_digits(to)] if to else self._steps).extend(steps)

    def kept(self, number: str) -> list[str]:
        return list(self.texts.get(_digits(number), ()))

    def counts(self) -> dict:
        """How many messages there are, by number; `twice` lists texts that a number got more than once."""
        by_to = {to: len(texts) for to, texts in self.texts.items()}
        twice = {to: texts for to, texts in self.texts.items() if len(set(texts)) < len(texts)}
        sizes = Counter(len(call.get("to", ())) for call in self.calls)
        return {
            "messages": sum(by_to.values()), "by_to": by_to, "twice": twice, "calls": len(self.calls),
            "sizes": {str(size): n for size, n in sorted(sizes.items())}, "too_many": self.too_many,
            "balance": self.balance,
        }  # fmt: skip

    def reports(self, status: int = 0) -> list[bytes]:
        """What the webhook would be told of every message so far."""
        return [report(tran_id, number, status) for tran_id, number in self.sent]

    def answer(self, request: Request) -> Answer:
        if request.target == "/_counts":
            return _answer(self.counts())
        if request.target == "/_script":
            asked = json.loads(request.body)
            self.script(*(Step(**step) for step in asked["steps"]), to=asked.get("to", ""))
            return _answer({})
        if request.headers.get("authorization") != self._authorization:
            return _answer({"name": "Unauthorized", "message": "Your request was made with invalid credentials.",
                            "code": 0, "status": 401}, 401)  # fmt: skip
        if (wait := self._too_many()) is not None:
            return _answer(_TOO_MANY, 429, {"X-Rate-Limit-Reset": str(max(1, round(wait)))})
        return self._resource(request)

    def _too_many(self) -> float | None:
        """Seconds until calls are allowed again."""
        now = time.monotonic()
        while self._moments and self._moments[0] <= now - self.within:
            self._moments.popleft()
        if len(self._moments) >= self.calls_allowed:
            self.too_many += 1
            return self._moments[0] + self.within - now
        self._moments.append(now)
        return None

    def _resource(self, request: Request) -> Answer:
        match request.method, request.target.removeprefix(PREFIX).split("/")[1:]:
            case "POST", ["sms", "send"]:
                return self._called(request.body)
            case "GET", ["user", "info"]:
                return _good({"email": "an@example.org", "balance": self.balance, "currency": "VND"})
            case "GET", ["sms", "status", tran_id]:
                return _good([{"phone": to, "status": 0} for sent, to in self.sent if str(sent) == tran_id])
        return _answer({"name": "Not Found", "message": "Page not found.", "code": 0, "status": 404}, 404)

    def _called(self, body: bytes) -> Answer:
        try:
            call = json.loads(body)
        except ValueError:
            return _error("101")
        self.calls.append(call)
        step = self._next_step(call.get("to") or ())
        if step.code == "00" and step.status == 200:
            answer, numbers = self._judged(call)
        else:
            answer, numbers = _error(step.code, status=step.status), ()
        if step.keep:
            numbers = call["to"]
        if numbers and (step.keep or not step.close):
            answer = self._keep(call, numbers, answer)
        given = answer.body if step.body is None else step.body.encode()
        headers = {"X-Rate-Limit-Reset": step.reset} if step.reset else {}
        return Answer(step.status, given, headers, step.close, step.delay or self.latency)

    def _next_step(self, numbers: list[str]) -> Step:
        for number in numbers:
            if self._steps_to.get(number):
                return self._steps_to[number].popleft()
        return self._steps.popleft() if self._steps else Step()

    def _judged(self, call: dict) -> tuple[Answer, list[str]]:
        """The answer, and to whom it goes."""
        numbers, text = call.get("to"), call.get("content")
        if not isinstance(numbers, list) or not 1 <= len(numbers) <= MOST_NUMBERS or not text:
            return _error("101"), []
        if call.get("sms_type") not in (2, 3, 4, 5) or (call["sms_type"] in (3, 5) and not call.get("sender")):
            return _error("101"), []
        good = [number for number in numbers if number not in self.invalid]
        if self.spoiling & set(numbers):
            return _error("105"), []
        if code := self._wrong(text, good):
            return _error(code, invalidPhone=sorted(set(numbers) - set(good))), []
        return _good({"invalidPhone": sorted(set(numbers) - set(good))}), good

    def _wrong(self, text: str, numbers: list[str]) -> str:
        if not numbers:
            return "105"
        if not self.unicode and not text.isascii():
            return "110"
        if len(text) > self.longest:
            return "113"
        return "300" if PRICE * len(numbers) > self.balance else ""

    def _keep(self, call: dict, numbers: list[str], answer: Answer) -> Answer:
        tran_id = next(self._ids)
        for number in numbers:
            self.texts[number].append(call["content"])
            self.sent.append((tran_id, number))
        self.balance -= PRICE * len(numbers)
        content = json.loads(answer.body)
        if content.get("status") != "success":
            return answer
        more = {"tranId": tran_id, "totalSMS": len(numbers), "totalPrice": PRICE * len(numbers)}
        return _good({**more, **content["data"]})


def report(tran_id: int | str, phone: str, status: int, **more: object) -> bytes:
    """A delivery report as the webhook posts it."""
    return json.dumps({"type": "report", "tranId": str(tran_id), "phone": phone, "status": status, **more}).encode()


def _digits(number: str) -> str:
    return number.lstrip("+")


def _answer(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(content).encode(), headers or {})


def _good(found: object) -> Answer:
    return _answer({"status": "success", "code": "00", "data": found})


def _error(code: str, status: int = 200, **more: object) -> Answer:
    return _answer({"status": "error", "code": code, "message": WORDS.get(code, "error"), **more}, status)


@contextmanager
def serve(**fake) -> Iterator[Running]:
    """A fake in a thread of this process; the arguments are Fake's."""
    with running(Fake(**fake)) as server:
        yield server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--calls", type=int, default=60, help="calls allowed …")
    parser.add_argument("--within", type=float, default=60.0, help="… in so many seconds")
    given = parser.parse_args()
    fake = Fake(latency=given.latency, calls_allowed=given.calls, within=given.within)
    server = Server(fake.answer, given.port)
    print(server.port, flush=True)
    with suppress(KeyboardInterrupt):
        server.run()


if __name__ == "__main__":
    main()
