"""A server that speaks Twilio's Messages API: create, fetch, list; errors, silence and slowness by script.

In a test:            with twilio.serve() as server: Twilio(…, api_base=server.url)
As its own process:   python -m tests.servers.twilio --port 0     (prints its port on the first line)
From outside:         GET /_counts, POST /_script {"to": "+84…", "steps": [{"status": 429, "code": 20429}]},
                      POST /_clock {"ahead": 3600} seconds by which its clock is ahead
"""

import argparse
import base64
import json
import re
import uuid
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

from tests.servers.raw_http import Answer, Request, Server, in_a_thread
from tests.servers.twilio_callbacks import Callbacks

ACCOUNT_SID = "AC" + "0123456789abcdef" * 2
AUTH_TOKEN = "token-of-the-fake"
API = "/2010-04-01"
_PATH = re.compile(API + r"/Accounts/(AC\w{32})/Messages(?:/((?:SM|MM)\w{32}))?\.json").fullmatch


@dataclass(frozen=True)
class Step:
    """What happens to the next message to a number: an error of `status` and `code`, a connection `close`d without
    an answer, another `body`, a `delay` in seconds; `keep` = the message exists all the same."""

    status: int = 201
    code: int = 0
    message: str = "scripted"
    retry_after: str = ""
    close: bool = False
    keep: bool = False
    delay: float = 0.0
    body: str | None = None


class Fake:
    """The account: its messages by number, newest last, and what is scripted for whom.

    `requests` fills while `record` is on; `prefix` is a path before the API's, as behind a proxy.
    """

    def __init__(
        self, latency: float = 0.0, callbacks: Callbacks | None = None, record: bool = True, prefix: str = ""
    ):
        self.latency = latency
        self.callbacks = callbacks
        self.record = record
        self.prefix = prefix
        self.ahead = timedelta()
        self.requests: list[Request] = []
        self.by_sid: dict[str, dict] = {}
        self.by_to: dict[str, list[dict]] = defaultdict(list)
        self.keys: Counter[str] = Counter()
        self.steps: dict[str, deque[Step]] = defaultdict(deque)
        self._authorization = "Basic " + base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()

    def script(self, to: str, *steps: Step) -> None:
        """The next messages to `to` go this way, one step each; then all is normal again."""
        self.steps[to].extend(steps)

    def counts(self) -> dict:
        """How many messages there are, by number and by our key; `twice` lists what was sent more than once."""
        by_to = {to: len(messages) for to, messages in self.by_to.items()}
        twice = {key: times for key, times in self.keys.items() if times > 1}
        return {"messages": len(self.by_sid), "by_to": by_to, "by_key": dict(self.keys), "twice": twice}

    def answer(self, request: Request) -> Answer:
        if self.record:
            self.requests.append(request)
        url = urlsplit(request.target)
        if url.path == "/_counts":
            return _answer(200, self.counts())
        if url.path == "/_clock":
            self.ahead = timedelta(seconds=json.loads(request.body)["ahead"])
            return _answer(200, {})
        if url.path == "/_script":
            asked = json.loads(request.body)
            self.script(asked["to"], *(Step(**step) for step in asked["steps"]))
            return _answer(200, {})
        if request.headers.get("authorization") != self._authorization:
            return _error(401, 20003, "Authenticate")
        return self._resource(request, url.path.removeprefix(self.prefix), url.query)

    def _resource(self, request: Request, path: str, query: str) -> Answer:
        match = _PATH(path)
        if not match or match[1] != ACCOUNT_SID:
            return _error(404, 20404, f"The requested resource {path} was not found")
        if request.method == "POST" and not match[2]:
            return self._create(dict(parse_qsl(request.body.decode(), keep_blank_values=True)))
        if match[2]:
            found = self.by_sid.get(match[2])
            return _answer(200, found) if found else _error(404, 20404, "not found")
        return self._list(parse_qs(query), query)

    def _create(self, form: dict[str, str]) -> Answer:
        if wrong := _mistake(form):
            return _error(400, *wrong)
        scripted = self.steps.get(form["To"])
        step = scripted.popleft() if scripted else Step()
        good = step.status == 201
        message = self._keep(form) if step.keep or (good and not step.close) else {}
        error = {"code": step.code, "message": step.message, "status": step.status, "more_info": "https://example.com"}
        body = json.dumps(message if good else error) if step.body is None else step.body
        headers = {"Retry-After": step.retry_after} if step.retry_after else {}
        return Answer(step.status, body.encode(), headers, step.close, step.delay or self.latency)

    def _keep(self, form: dict[str, str]) -> dict:
        sid, now = f"SM{uuid.uuid4().hex}", format_datetime(datetime.now(UTC) + self.ahead)
        message = {
            "account_sid": ACCOUNT_SID, "api_version": "2010-04-01", "body": form["Body"], "date_created": now,
            "date_sent": None, "date_updated": now, "direction": "outbound-api", "error_code": None,
            "error_message": None, "from": form.get("From"), "messaging_service_sid": form.get("MessagingServiceSid"),
            "num_media": "0", "num_segments": "1", "price": None, "price_unit": "USD", "sid": sid, "status": "queued",
            "subresource_uris": {}, "to": form["To"], "uri": f"{API}/Accounts/{ACCOUNT_SID}/Messages/{sid}.json",
        }  # fmt: skip
        self.by_sid[sid] = message
        self.by_to[form["To"]].append(message)
        callback = form.get("StatusCallback", "")
        if key := parse_qs(urlsplit(callback).query).get("key"):
            self.keys[key[0]] += 1
        if callback and self.callbacks:
            self.callbacks.will_come(callback, message)
        return message

    def _list(self, asked: dict[str, list[str]], query: str) -> Answer:
        to = asked.get("To", [""])[0]
        size, page = (int(asked.get(name, [default])[0]) for name, default in (("PageSize", "50"), ("Page", "0")))
        messages = (self.by_to.get(to, []) if to else list(self.by_sid.values()))[::-1]
        start, end = page * size, (page + 1) * size
        path = f"{API}/Accounts/{ACCOUNT_SID}/Messages.json"
        following = f"{path}?To={quote(to)}&PageSize={size}&Page={page + 1}&PageToken=PA{page + 1}"
        return _answer(
            200,
            {
                "messages": messages[start:end], "page": page, "page_size": size, "start": start, "end": end,
                "uri": f"{path}?{query}", "first_page_uri": path, "previous_page_uri": None,
                "next_page_uri": following if end < len(messages) else None,
            },
        )  # fmt: skip


def _mistake(form: dict[str, str]) -> tuple[int, str] | None:
    if not form.get("To"):
        return 21604, "A 'To' phone number is required."
    if not re.fullmatch(r"\+[1-9]\d{6,14}", form["To"]):
        return 21211, f"The 'To' number {form['To']} is not a valid phone number."
    if not form.get("From") and not form.get("MessagingServiceSid"):
        return 21603, "A 'From' phone number is required."
    if not form.get("Body"):
        return 21602, "Message body is required."
    too_long = len(form["Body"]) > 1600
    return (21617, "The concatenated message body exceeds the 1600 character limit.") if too_long else None


def _answer(status: int, content: object) -> Answer:
    return Answer(status, json.dumps(content).encode())


def _error(status: int, code: int, message: str) -> Answer:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return _answer(status, {"code": code, "message": message, "more_info": more, "status": status})


class Twilio:
    """A running fake: its `url`, and the `fake` account to look into."""

    def __init__(self, server: Server, fake: Fake):
        self.server, self.fake, self.url = server, fake, server.url + fake.prefix


@contextmanager
def serve(**fake) -> Iterator[Twilio]:
    """A fake in a thread of this process; the arguments are Fake's."""
    account = Fake(**fake)
    with in_a_thread(account.answer) as server:
        yield Twilio(server, account)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer to a new message")
    parser.add_argument("--callbacks", metavar="URL", help="post signed status callbacks to this server")
    given = parser.parse_args()
    callbacks = Callbacks(AUTH_TOKEN, given.callbacks) if given.callbacks else None
    server = Server(Fake(given.latency, callbacks, record=False).answer, given.port)
    print(server.port, flush=True)
    with suppress(KeyboardInterrupt):
        server.run()


if __name__ == "__main__":
    main()
