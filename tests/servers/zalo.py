"""A server that speaks Zalo's Official Account API: OAuth with refresh tokens that work once, messages, its errors.

In a test:            with zalo.serve() as server: Zalo(…, api_base=server.url, oauth_base=server.url)
As its own process:   python -m tests.servers.zalo --port 0     (prints its port on the first line)
From outside:         GET /_counts, POST /_script {"to": "700…", "steps": [{"error": -213}]}, POST /_expire {}

`python -m tests.servers.zalo --events 2000` prints signed events instead, one JSON object {"headers", "body"} a line.
"""

import argparse
import json
import time
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qs

from tests.servers.raw_http import Answer, Request, Server, running

APP_ID, APP_SECRET, OA_SECRET, OA_ID = "4242424242424242", "app-secret-of-the-fake", "oa-secret-of-the-fake", "9001"
FIRST_REFRESH = "refresh-token-0-of-the-fake"
LIMIT_A_MINUTE = 4_000


@dataclass(frozen=True)
class Step:
    """What happens to the next message to somebody (or to the next call of "oauth"): an `error` inside HTTP 200, a
    `status`, other `headers`, a connection `close`d without an answer, another `body`; `keep` = it is done anyway.
    """

    error: int = 0
    message: str = "scripted"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    close: bool = False
    keep: bool = False
    delay: float = 0.0
    body: str | None = None


class Fake:
    """The account. `refresh` and `access` are the only tokens that work; `granted` counts the pairs given out."""

    def __init__(self, latency: float = 0.0, expires_in: object = "90000", limit: int = LIMIT_A_MINUTE):
        self.latency, self.expires_in, self.limit = latency, expires_in, limit
        self.refresh, self.access, self.granted = FIRST_REFRESH, None, 0
        self.expired: set[str] = set()
        self.by_user: dict[str, list[str]] = defaultdict(list)
        self.calls: Counter[str] = Counter()
        self.refused_refreshes: list[str] = []
        self.steps: dict[str, deque[Step]] = defaultdict(deque)

    def script(self, to: str, *steps: Step) -> None:
        self.steps[to].extend(steps)

    def grant(self) -> str:
        """The account's owner lets the app in again: another first refresh token; whatever was before is dead."""
        self.refresh, self.access = f"refresh-token-of-grant-{self.granted + 1}", None
        return self.refresh

    def expire(self) -> None:
        """The access token's 25 hours are over."""
        self.expired.add(self.access)

    def counts(self) -> dict:
        by_user = {user: len(texts) for user, texts in self.by_user.items()}
        return {"messages": sum(by_user.values()), "by_user": by_user, "calls": dict(self.calls), "pairs": self.granted}

    def answer(self, request: Request) -> Answer:
        path = request.target.partition("?")[0]
        if path.startswith("/_"):
            return self._from_outside(path, request.body)
        self.calls[path] += 1
        if request.method != "POST" or path not in ("/v4/oa/access_token", "/v3.0/oa/message/cs"):
            return Answer(404, b"<html>404</html>")
        if path == "/v4/oa/access_token":
            return self._scripted("oauth", lambda: self._renew(request))
        try:
            asked = json.loads(request.body)
            user, text = asked["recipient"]["user_id"], asked["message"]["text"]
        except (ValueError, KeyError, TypeError):
            return _said(-201, "Params is invalid")
        return self._scripted(user, lambda: self._send(request.headers.get("access_token"), user, text))

    def _from_outside(self, path: str, body: bytes) -> Answer:
        asked = json.loads(body or b"{}")
        if path == "/_script":
            self.script(asked["to"], *(Step(**step) for step in asked["steps"]))
        elif path == "/_expire":
            self.expire()
        return Answer(200, json.dumps(self.counts()).encode())

    def _scripted(self, name: str, normally) -> Answer:
        step = self.steps[name].popleft() if self.steps.get(name) else Step(delay=self.latency)
        good = step.status == 200 and step.error == 0 and not step.close and step.body is None
        answer = normally() if good or step.keep else _said(step.error, step.message)
        body = answer.body if step.body is None else step.body.encode()
        return Answer(step.status, body, {**answer.headers, **step.headers}, step.close, step.delay)

    def _renew(self, request: Request) -> Answer:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        good = request.headers.get("secret_key") == APP_SECRET and form.get("app_id") == APP_ID
        if not good or form.get("grant_type") != "refresh_token":
            return _oauth_error(-14002, "Invalid app id or secret key")
        if form.get("refresh_token") != self.refresh:
            self.refused_refreshes.append(form.get("refresh_token", ""))
            return _oauth_error(-14014, f"Invalid refresh token {form.get('refresh_token')}")
        self.granted += 1
        self.access, self.refresh = (f"{kind}-token-{self.granted}-of-the-fake" for kind in ("access", "refresh"))
        pair = {"access_token": self.access, "refresh_token": self.refresh, "expires_in": self.expires_in}
        return Answer(200, json.dumps(pair).encode())

    def _send(self, token: str | None, user: str, text: str) -> Answer:
        if token in self.expired:
            return _said(-220, "Access token is expired")
        if self.access is None or token != self.access:
            return _said(-216, f"Access token is invalid: {token}")
        left = self.limit - self.calls["/v3.0/oa/message/cs"]
        limits = {"X-RateLimit-Limit": str(self.limit), "X-RateLimit-Remain": str(max(left, 0))}
        if left < 0:
            return _said(-32, "Your application reached limit call api", headers=limits)
        if not text or len(text) > 2_000:
            return _said(-210, "Parameter is out of range")
        self.by_user[user].append(text)
        here = len(self.by_user[user])
        quota = {"quota_type": "reply", "remain": str(max(8 - here, 0)), "total": "8", "owner_type": "OA"}
        told = {"message_id": f"{user}-{here}", "user_id": user, "sent_time": _now(), "quota": quota}
        return _said(0, "Success", told, limits)


def _said(error: int, message: str, told: dict | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    content = {"error": error, "message": message, **({"data": told} if told else {})}
    return Answer(200, json.dumps(content).encode(), headers or {})


def _oauth_error(error: int, name: str) -> Answer:
    return Answer(200, json.dumps({"error": error, "error_name": name, "error_description": name}).encode())


def _now() -> str:
    return str(time.time_ns() // 1_000_000)


def event(name: str, user: str, timestamp: str = "1796083200000", **content) -> dict:
    """An event as Zalo posts it; `content` is that of `message`, for follow and unfollow there is none."""
    about = {"app_id": APP_ID, "event_name": name, "timestamp": timestamp}
    if name in ("follow", "unfollow"):
        return {**about, "oa_id": OA_ID, "follower": {"id": user}, "source": "oa_profile"}
    return {**about, "sender": {"id": user}, "recipient": {"id": OA_ID}, "message": content}


def headers_for(
    body: bytes, timestamp: str, *, secret: str = OA_SECRET, app_id: str = APP_ID, stamp: str = "body"
) -> dict[str, str]:
    """Zalo's headers; `stamp`: with the timestamp of the body, or another one of its own header."""
    signed_at = timestamp if stamp == "body" else str(int(timestamp) + 7)
    mac = sha256(app_id.encode() + body + signed_at.encode() + secret.encode()).hexdigest()
    return {"X-ZEvent-Signature": f"mac={mac}", **({"X-ZEvent-Timestamp": signed_at} if stamp == "header" else {})}


def serve(**fake):
    """A fake in a thread of this process; the arguments are Fake's."""
    return running(Fake(**fake))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer to a new message")
    parser.add_argument("--events", type=int, default=0, help="print so many signed events of as many people, and end")
    given = parser.parse_args()
    for n in range(given.events):
        said = event("user_send_text", f"70000{n:06d}", _now(), msg_id=f"m{n}", text=f"xin chào {n}")
        body = json.dumps(said).encode()
        headers = headers_for(body, said["timestamp"])
        print(json.dumps({"headers": headers, "body": body.decode()}))
    if given.events:
        return
    server = Server(Fake(given.latency).answer, given.port)
    print(server.port, flush=True)
    with suppress(KeyboardInterrupt):
        server.run()


if __name__ == "__main__":
    main()
