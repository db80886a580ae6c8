"""People write, many at once, to a real server: two thousand Zalo webhooks in one second, two hundred web chats.

The server is `app.py run` in a process of its own; beside it, in this one, a Zalo-speaking provider takes the replies.
A time is from the moment a request was due, not from when a free connection got to it. Each of the Zalo people asks
the same questions in the same order, so the replies that reach each must be those that the first one got who asked
them alone: nobody twice, nobody missed, in order.
"""

import argparse
import asyncio
import hashlib
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.http_client import Connection
from tests.servers.raw_http import Answer, Request, in_a_thread

HOME = Path(__file__).resolve().parents[1]
APP, SECRET = "1234567890", "secret-of-the-benchmark"
#: What each of the people asks, one after the other.
ASKED = ("xin chào", "đi làm việc ở Hàn Quốc hợp pháp thì làm sao", "công ty bắt nộp cọc trước có nên nộp không",
         "giấy phép của công ty xem ở đâu")
#: Webhooks in the second, connections, and what is wanted, in seconds.
WEBHOOKS, CONNECTIONS, WITHIN = 2_000, 64, 2.0
#: Chats at once, questions of each, seconds until somebody has read an answer and typed the next question.
CHATS, QUESTIONS, READS = 200, 4, (5.0, 15.0)
P95 = 0.3


class Provider:
    """Zalo, as far as it takes replies: person → texts, in the order they came."""

    def __init__(self):
        self.replies: dict[str, list[str]] = defaultdict(list)
        self.taken = 0

    def answer(self, request: Request) -> Answer:
        if "access_token" in request.target:
            tokens = {"access_token": "a", "refresh_token": f"r{time.time_ns()}", "expires_in": "90000"}
            return Answer(200, json.dumps(tokens).encode())
        given = json.loads(request.body)
        self.replies[given["recipient"]["user_id"]].append(given["message"]["text"])
        self.taken += 1
        told = {"data": {"message_id": f"m{self.taken}"}, "error": 0, "message": "Success"}
        return Answer(200, json.dumps(told).encode())


@contextmanager
def a_server(folder: Path, provider_url: str) -> Iterator[int]:
    """The port of an An Lộ that nobody has written to; what was learnt before is taken along."""
    if (HOME / "data" / "cache").is_dir():
        shutil.copytree(HOME / "data" / "cache", folder / "cache")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {
        "DATA_DIR": str(folder), "PORT": str(port), "ZALO_APP_ID": APP, "ZALO_APP_SECRET": SECRET,
        "ZALO_OA_SECRET": SECRET, "ZALO_REFRESH_TOKEN": "first", "ZALO_API_BASE": provider_url,
        "ZALO_OAUTH_BASE": provider_url,
    }
    with open(folder / "log", "w") as log:
        command = [sys.executable, "app.py", "run", "--no-demo"]
        with subprocess.Popen(command, cwd=HOME, env={**os.environ, **given}, stdout=log, stderr=log) as process:
            try:
                yield port
            finally:
                process.terminate()


def webhook(person: str, number: int) -> tuple[bytes, dict[str, str]]:
    """One signed event: the person asks their question `number`."""
    event = {
        "app_id": APP, "event_name": "user_send_text", "sender": {"id": person}, "recipient": {"id": "2"},
        "message": {"msg_id": f"{person}-{number}", "text": ASKED[number]}, "timestamp": str(time.time_ns() // 10**6),
    }
    body = json.dumps(event, ensure_ascii=False).encode()
    mac = hashlib.sha256(APP.encode() + body + event["timestamp"].encode() + SECRET.encode()).hexdigest()
    return body, {"X-ZEvent-Signature": f"mac={mac}", "Content-Type": "application/json"}


async def alone(port: int, provider: Provider) -> list[str]:
    """The replies to somebody who asks when nobody else does; the server is ready when they are there."""
    connection, until = Connection(port), time.monotonic() + 120
    for number in range(len(ASKED)):
        while True:
            try:
                answer = await connection.ask("POST", "/hooks/zalo", *webhook("alone", number))
                assert answer.status == 200, answer
                break
            except OSError:
                assert time.monotonic() < until, "the server did not start"
                await asyncio.sleep(0.2)
        while len(provider.replies["alone"]) <= number:
            assert time.monotonic() < until, "no reply"
            await asyncio.sleep(0.05)
    connection.close()
    return provider.replies["alone"]


async def burst(port: int, count: int) -> tuple[list[float], int]:
    """`count` webhooks spread evenly over one second: the seconds each took, and how many were not answered 200."""
    people = count // len(ASKED)
    ready = [webhook(f"p{person}", number) for number in range(len(ASKED)) for person in range(people)]
    due, times, wrong = iter(enumerate(ready)), [], 0
    begun = time.monotonic() + 0.2

    async def send() -> None:
        nonlocal wrong
        connection = Connection(port)
        for n, (body, headers) in due:
            at = begun + n / count
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            answer = await connection.ask("POST", "/hooks/zalo", body, headers)
            times.append(time.monotonic() - at)
            wrong += answer.status != 200
        connection.close()

    await asyncio.gather(*(send() for _ in range(CONNECTIONS)))
    return times, wrong


async def chats(port: int, count: int, reads: tuple[float, float]) -> tuple[list[float], int]:
    """`count` people in the web chat at once, each reading before the next question."""
    times, wrong, chance = [], 0, random.Random(39)

    async def one() -> None:
        nonlocal wrong
        await asyncio.sleep(chance.uniform(0, reads[1]))
        connection, cookie = Connection(port), ""
        await connection.ask("GET", "/chat")
        for number in range(QUESTIONS):
            body = json.dumps({"text": ASKED[number % len(ASKED)]}).encode()
            headers = {"Content-Type": "application/json", "Accept": "application/json", "Cookie": cookie}
            began = time.monotonic()
            answer = await connection.ask("POST", "/chat/messages", body, headers)
            times.append(time.monotonic() - began)
            wrong += answer.status != 200 or not json.loads(answer.body)["reply"]
            cookie = answer.headers.get("set-cookie", cookie).partition(";")[0]
            await asyncio.sleep(chance.uniform(*reads))
        connection.close()

    await asyncio.gather(*(one() for _ in range(count)))
    return times, wrong


def share(times: Sequence[float], part: float) -> float:
    return sorted(times)[min(len(times) - 1, int(part * len(times)))]


def _row(name: str, times: Sequence[float], wrong: int) -> str:
    told = "".join(f"{1000 * value:>9.0f}" for value in (share(times, 0.5), share(times, 0.95), max(times)))
    return f"{name:<28}{len(times):>7}{told}{wrong:>7}"


async def _replied(provider: Provider, count: int, expected: Sequence[str], seconds: float) -> tuple[float, int, int]:
    """Waits for the replies; seconds it took, people whose replies are not the expected ones, replies too many."""
    begun = time.monotonic()
    while provider.taken < count + len(expected) and time.monotonic() - begun < seconds:
        await asyncio.sleep(0.1)
    took = time.monotonic() - begun
    await asyncio.sleep(2.0)  # whoever is answered twice is so now
    everybody = [provider.replies[f"p{n}"] for n in range(count // len(expected))]
    return took, sum(got != list(expected) for got in everybody), provider.taken - count - len(expected)


async def _run(port: int, provider: Provider, webhooks: int, people: int) -> list[bool]:
    expected = list(await alone(port, provider))
    print(f"{'':<28}{'n':>7}{'p50 ms':>9}{'p95 ms':>9}{'most ms':>9}{'wrong':>7}")
    times, wrong = await burst(port, webhooks)
    print(_row("webhooks in one second", times, wrong), flush=True)
    took, unlike, extra = await _replied(provider, webhooks, expected, 180)
    print(f"  replied to: {provider.taken - len(expected)} of {webhooks} after {took:.1f} s more; {extra:+d} too many; "
          f"{unlike} of {webhooks // len(ASKED)} people with other replies, or in another order", flush=True)
    chat_times, chat_wrong = await chats(port, people, READS)
    print(_row(f"{people} chats at once", chat_times, chat_wrong), flush=True)
    pressed, pressed_wrong = await chats(port, people, (0.0, 0.0))
    print(_row("  without reading a word", pressed, pressed_wrong), flush=True)
    return [max(times) <= WITHIN and not wrong, not unlike and not extra, share(chat_times, 0.95) <= P95,
            not chat_wrong and not pressed_wrong]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--webhooks", type=int, default=WEBHOOKS)
    parser.add_argument("--chats", type=int, default=CHATS)
    given = parser.parse_args()
    provider = Provider()
    with tempfile.TemporaryDirectory() as folder, in_a_thread(provider.answer) as server, \
            a_server(Path(folder), f"http://127.0.0.1:{server.port}") as port:
        met = asyncio.run(_run(port, provider, given.webhooks, given.chats))
    print(f"wanted: webhooks within {WITHIN:.0f} s, each replied to once and in order; chats p95 {1000 * P95:.0f} ms")
    sys.exit(not all(met))


if __name__ == "__main__":
    main()
