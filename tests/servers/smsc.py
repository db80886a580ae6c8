"""An SMSC on this machine: binds, takes messages, sends receipts and what people write; errors and silence by script.

In a test:            with smsc.serve() as server: Smpp("127.0.0.1", server.port, …)
As its own process:   python -m tests.servers.smsc --port 0    (prints its port and that of the side door)
From outside:         GET /_counts, POST /_script {"to": "84…", "steps": [{"status": 88}]},
                      POST /_inbound {"from": "84…", "text": "TC"}
"""

import argparse
import asyncio
import json
import ssl
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.servers.ending import end
from tests.servers.raw_http import Answer, Request, in_a_thread
from tests.servers.smsc_pdus import Submit, decode
from tests.servers.smsc_receipts import inbound, receipt
from tests.servers.smsc_session import Session

SYSTEM_ID, PASSWORD = "anlo", "geheim"


@dataclass(frozen=True)
class Step:
    """What happens to the next part to a number: answered with `status` after `delay` seconds, or never (`silent`), or
    the connection is dropped (`drop`); `keep` = the SMSC has it all the same. `receipt` is the state reported of it
    ("" = none), `early` = before the answer."""

    status: int = 0
    delay: float = 0.0
    silent: bool = False
    drop: bool = False
    keep: bool = False
    receipt: str | None = None
    early: bool = False


_USUAL = Step()


@dataclass
class Fake:
    """The account. `receipt` is the state reported of every message ("" = none), `receipt_form` text | tlv; `ids`
    same | hex (in the answer, decimal in the receipt); `window` unanswered parts at most; `binds` are the statuses of
    the next binds, then the password decides."""

    latency: float = 0.0
    receipt: str = ""
    receipt_form: str = "text"
    ids: str = "same"
    window: int = 10_000
    record: bool = True
    repeat_after: float = 0.1
    binds: deque[int] = field(default_factory=deque)
    answers_enquire: bool = True
    binds_at_once: int = 10

    def __post_init__(self):
        #: Texts as the phone shows them, by number; wholly there or not at all.
        self.by_to: dict[str, list[str]] = defaultdict(list)
        self.messages: Counter[str] = Counter()
        self.submits: list[Submit] = []
        self.steps: dict[str, deque[Step]] = defaultdict(deque)
        #: What an SMSC would complain of to a human; empty when the other side speaks well.
        self.wrongs: list[str] = []
        self.bound: list[Session] = []
        #: How many binds were tried, enquire_links heard, deliver_sm answered with which status.
        self.bind_count, self.enquired, self.taken = 0, 0, Counter()
        self.most_unanswered = 0
        self._halves: dict[tuple, dict[int, bytes]] = defaultdict(dict)
        self._last_id = 0xA0000000
        self.undelivered: deque[bytes] = deque()

    def script(self, to: str, *steps: Step) -> None:
        """The next parts to `to` go this way, one step each; then all is normal again."""
        self.steps[to].extend(steps)

    def counts(self) -> dict:
        return {"messages": sum(self.messages.values()), "by_to": dict(self.messages), "wrongs": self.wrongs[:10]}

    def bind_status(self, system_id: str, password: str) -> int:
        self.bind_count += 1
        if self.binds:
            return self.binds.popleft()
        if system_id != SYSTEM_ID:
            return 0x0F
        if len(self.bound) >= self.binds_at_once:
            return 0x05
        return 0 if password == PASSWORD else 0x0E

    def step(self, to: str) -> Step:
        scripted = self.steps.get(to)
        return scripted.popleft() if scripted else _USUAL

    def keep(self, submit: Submit, step: Step) -> str:
        """Keeps a part; its id as the answer gives it."""
        self._last_id += 1
        if self.record:
            self.submits.append(submit)
        if submit.part is None:
            self._whole(submit.to, decode(submit.coding, submit.user))
        else:
            self._part(submit)
        return f"{self._last_id:X}" if self.ids == "hex" else str(self._last_id)

    def _part(self, submit: Submit) -> None:
        reference, total, number = submit.part
        parts = self._halves[(submit.to, reference, total)]
        parts[number] = submit.user
        if len(parts) == total:
            self._whole(submit.to, "".join(decode(submit.coding, parts[n]) for n in sorted(parts)))
            del self._halves[(submit.to, reference, total)]

    def _whole(self, to: str, text: str) -> None:
        self.messages[to] += 1
        if self.record:
            self.by_to[to].append(text)

    def receipt_for(self, submit: Submit, id: str, step: Step) -> bytes | None:
        state = self.receipt if step.receipt is None else step.receipt
        theirs = str(int(id, 16)) if self.ids == "hex" else id
        wanted = submit.receipt & 1 or (submit.receipt & 2 and state not in ("DELIVRD", "ACCEPTD"))
        return receipt(theirs, submit.source, submit.to, state, self.receipt_form) if state and wanted else None


class Server:
    """A running SMSC: its `port`, and the `fake` account to look into."""

    def __init__(self, fake: Fake, port: int = 0, tls: ssl.SSLContext | None = None):
        self.fake = fake
        self._loop = asyncio.new_event_loop()
        self._transports: set = set()
        self._listen(port, tls)

    def _listen(self, port: int, tls: ssl.SSLContext | None) -> None:
        listening = self._loop.create_server(lambda: Session(self.fake, self._transports), "127.0.0.1", port, ssl=tls)
        self._server = self._loop.run_until_complete(listening)
        self.port = self._server.sockets[0].getsockname()[1]

    def run(self) -> None:
        self._loop.run_forever()
        for session in list(self.fake.bound):
            session.drop()
        end(self._loop, self._server, self._transports)

    def stop(self) -> None:
        with suppress(RuntimeError):  # it may be stopped already
            self._loop.call_soon_threadsafe(self._loop.stop)

    def enquire(self) -> None:
        self.soon(lambda: [session.enquire() for session in self.fake.bound])

    def write(self, raw: bytes) -> None:
        """Octets as they are, to whoever is bound."""
        self.soon(lambda: [session.transport.write(raw) for session in self.fake.bound])

    def deliver(self, *bodies: bytes) -> None:
        """deliver_sm to whoever is bound, now or later."""
        self.soon(lambda: deliver(self.fake, bodies))

    def people_write(self, sender: str, text: str, **more) -> None:
        self.deliver(*inbound(sender, text, **more))

    def soon(self, what) -> None:
        self._loop.call_soon_threadsafe(what)


def deliver(fake: Fake, bodies) -> None:
    fake.undelivered.extend(bodies)
    for session in fake.bound[:1]:
        session.deliver_waiting()


@contextmanager
def serve(port: int = 0, tls: ssl.SSLContext | None = None, **fake) -> Iterator[Server]:
    """An SMSC in a thread of this process; the other arguments are Fake's."""
    server = Server(Fake(**fake), port, tls)
    thread = threading.Thread(target=server.run, name="fake-smsc", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(10)


def _side_door(server: Server):
    def answer(request: Request) -> Answer:
        if request.target == "/_counts":
            return Answer(200, json.dumps(server.fake.counts()).encode())
        asked = json.loads(request.body)
        if request.target == "/_script":
            server.fake.script(asked["to"], *(Step(**step) for step in asked["steps"]))
        elif request.target == "/_inbound":
            server.people_write(asked["from"], asked["text"])
        else:
            return Answer(404)
        return Answer(200, b"{}")

    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer to a part")
    parser.add_argument("--receipt", default="", help="the state reported of every message, such as DELIVRD")
    parser.add_argument("--window", type=int, default=10_000, help="unanswered parts at most")
    given = parser.parse_args()
    fake = Fake(given.latency, given.receipt, window=given.window, record=False)
    server = Server(fake, given.port)
    with in_a_thread(_side_door(server)) as door, suppress(KeyboardInterrupt):
        print(server.port, door.port, flush=True)
        server.run()


if __name__ == "__main__":
    main()
