"""A message tried out on one's own phone: a row that waits, is claimed, handed over once and recorded.

Nobody else's consent is asked, so the only number is the officer's own, a few times a day, and never one of a person on
our lists. "Stop everything" holds; through a gateway that leaves the machine quiet hours hold too, and so does what
keeps a text from approval. What broke off half-way is unknown and never sent again by itself.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns import authoring, consent, halts, pacing, stops, workers
from campaigns.authoring import Version
from campaigns.deliveries.script import values_for
from campaigns.model import STOP, Form
from campaigns.readers import NAME, means_the_name
from campaigns.store import consent as consent_store
from campaigns.store import trials as store
from db.engine import Database
from db.seal import CannotOpen
from messages import render
from messages.errors import Mistake
from sms import numbers
from sms.gateway import Fate, Gateway, Outcome, Outgoing
from staff import audit, phone
from staff.model import Officer

#: Tests of one officer on one day in Vietnam.
MOST_A_DAY = 10
#: A test that nobody could send for so long is not sent any more: whoever asked no longer waits for it.
FRESH = timedelta(minutes=15)
#: Why a test was not sent, besides the codes of sms.gateway.ERRORS.
HALTED, TOO_LATE, STAYS_HERE, GATEWAY_GONE, LOST, AT_NIGHT, OF_A_CONTACT = (
    "test-halted", "test-too-late", "test-stays-here", "gateway-missing", "test-lost", "test-quiet-hours",
    "test-number-of-a-contact",
)  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """A test as its officer sees it. status: to-send → sending → sent | failed | unknown; `reason` says why."""

    id: int
    version_id: int
    form: str
    gateway: str
    status: str
    reason: str | None
    created_at: datetime
    sent_at: datetime | None

    @property
    def over(self) -> bool:
        return self.status not in ("to-send", "sending")


@dataclass(frozen=True)
class Held:
    """A test in the hands of a worker. `demo`: asked for by an officer of the demo."""

    id: int
    gateway: str
    outgoing: Outgoing
    demo: bool


def keep_number(db: Database, *, staff_id: int, text: str, now: datetime) -> str:
    """Writes down the officer's own number, as typed; returns it in E.164.

    Raises Mistake: test-number-of-a-contact (a person of our lists has it), and what staff.phone.keep raises.
    """
    number = numbers.read(text)
    with db.reading() as c:
        if number.valid and consent_store.is_real(c, db.seal.index(number.e164)):
            raise Mistake(OF_A_CONTACT)
    return phone.keep(db, staff_id=staff_id, text=text, now=now)


def ask(
    db: Database, version: Version, *, form: str, gateway: Gateway, officer: Officer, hosts: Collection[str] = (),
    now: datetime,
) -> int:  # fmt: skip
    """A test of one form of `version` to the officer's own phone, to be sent at once; its id. `hosts` (PUBLIC_URL) may
    be linked to besides those of the facts.

    Raises Mistake: own-number-missing, test-no-text, test-opted-out, test-halted, tests-used-up,
    test-number-of-a-contact; through a gateway that leaves the machine also test-stays-here (a made-up officer),
    test-quiet-hours, message-blocked.
    """
    number = phone.of(db, officer.id)
    if number is None:
        raise Mistake("own-number-missing")
    if gateway.traits.leaves_machine:
        _check_leaving(db, version, officer, hosts, now)
    text = filled(version, form, officer, hosts)
    row = {
        "version_id": version.id,
        "form": form,
        "gateway": gateway.name,
        "number_sealed": db.seal.seal(number, "test_sends.number"),
        "text_sealed": db.seal.seal(text, "test_sends.text"),
        "by": officer.id,
        "created_at": now,
    }
    with db.transaction() as c:
        _check_allowed(c, officer, db.seal.index(number), now)
        test_id = store.add(c, **row)
        audit.record(c, at=now, actor=officer.actor, action="messages.test", object=f"message:{version.message_id}",
                     detail={"version": version.id, "form": form, "gateway": gateway.name})
    return test_id


def _check_leaving(db: Database, version: Version, officer: Officer, hosts: Collection[str], now: datetime) -> None:
    """What holds besides where a real phone rings."""
    if officer.demo:
        raise Mistake(STAYS_HERE)
    if not pacing.is_open(now):
        raise Mistake(AT_NIGHT)
    if faults := authoring.blocking(db, version.id, hosts=hosts):
        raise Mistake("message-blocked", n=len(faults), title=version.title)


def filled(version: Version, form: str, officer: Officer, hosts: Collection[str] = ()) -> str:
    """The text as it goes to the officer: their own name, and for any other value the name of its column;
    addresses of ours (`hosts`) lead to pages that know no such code.

    Raises Mistake: test-no-text.
    """
    text = {Form.VI: version.texts.vi, Form.VI_UNACCENTED: version.texts.vi_unaccented, Form.EN: version.texts.en}
    if not text.get(form):
        raise Mistake("test-no-text")
    template = render.compile(text[form])
    others = {name: name.replace("_", " ") for name in template.fields if not means_the_name(name)}
    ours = [(STOP, stops.address(base, stops.SAMPLE_CODE)) for base in list(hosts)[:1]]
    values = {NAME: officer.name, **others, **dict(ours)}
    return template.render(values_for(form, "en" if form == Form.EN else "vi", values))


def _check_allowed(c: Connection, officer: Officer, person_index: bytes, now: datetime) -> None:
    store.lock_officer(c, officer.id)
    if halts.halted(c):
        raise Mistake(HALTED)
    if consent.is_out(c, person_index):
        raise Mistake("test-opted-out")
    if consent_store.is_real(c, person_index):
        raise Mistake(OF_A_CONTACT)
    today = now.astimezone(pacing.ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    if store.count_since(c, officer.id, today.astimezone(now.tzinfo)) >= MOST_A_DAY:
        raise Mistake("tests-used-up", most=MOST_A_DAY)


def of_message(db: Database, message_id: int, *, staff_id: int, limit: int = 5) -> list[Trial]:
    """The officer's last tests of any version of the message, newest first."""
    with db.reading() as c:
        return [Trial(*row) for row in store.of_message(c, message_id, staff_id=staff_id, limit=limit)]


def claim(db: Database, *, worker: str, limit: int, now: datetime) -> list[Held]:
    """Takes up to `limit` tests for `worker` to hand over; the intent is on the disk when it returns.

    While everything is stopped, and when they are no longer fresh, those that wait have failed instead.
    """
    with db.reading() as c:
        if not store.any_waiting(c):  # every second, nearly always: no writer is kept waiting for that
            return []
    with db.transaction(durable=True) as c:
        if halts.halted(c):
            store.refuse_waiting(c, HALTED)
            return []
        store.refuse_waiting(c, TOO_LATE, before=now - FRESH)
        rows = store.claim(c, worker, limit)
        if rows:
            workers.seen(c, worker, kind="tests", now=now)
    return [held for row in rows if (held := _opened(db, row, worker, now))]


def _opened(db: Database, row, worker: str, now: datetime) -> Held | None:
    """None when it cannot be opened any more, or when a person of our lists has the number by now: that one has
    failed.
    """
    try:
        number = db.seal.open(row.number_sealed, "test_sends.number")
        text = db.seal.open(row.text_sealed, "test_sends.text")
    except CannotOpen:
        record(db, worker=worker, results={row.id: Outcome.refused("content-refused")}, now=now)
        return None
    with db.reading() as c:
        of_a_contact = consent_store.is_real(c, db.seal.index(number))
    if of_a_contact:
        with db.transaction() as c:
            store.record(c, row.id, worker, status="failed", reason=OF_A_CONTACT)
        return None
    return Held(row.id, row.gateway, Outgoing(key=f"test-{row.id}", to=number, text=text), row.demo)


def may_go(held: Held, gateways: Mapping[str, Gateway], now: datetime) -> str | None:
    """Why a claimed test must not be handed over after all, or None: settings may have changed since it was asked,
    and the hours for messages may be over.
    """
    if held.gateway not in gateways:
        return GATEWAY_GONE
    if not gateways[held.gateway].traits.leaves_machine:
        return None
    if held.demo:
        return STAYS_HERE
    return None if pacing.is_open(now) else AT_NIGHT


def refuse(db: Database, held: Held, reason: str, *, worker: str) -> None:
    with db.transaction() as c:
        store.record(c, held.id, worker, status="failed", reason=reason)


def record(db: Database, *, worker: str, results: Mapping[int, Outcome], now: datetime) -> dict[str, int]:
    """Writes down what became of claimed tests (id → outcome); how many went to each status.

    A refusal is not tried again by itself: whoever asked reads why and decides.
    """
    counts: dict[str, int] = {}
    with db.transaction() as c:
        for test_id, outcome in results.items():
            values = _after(outcome, now)
            if store.record(c, test_id, worker, **values):
                counts[values["status"]] = counts.get(values["status"], 0) + 1
    return counts


def _after(outcome: Outcome, now: datetime) -> dict[str, object]:
    if outcome.fate is Fate.ACCEPTED:
        return {"status": "sent", "ref": outcome.ref, "sent_at": now}
    if outcome.fate is Fate.REFUSED:
        return {"status": "failed", "reason": outcome.error.code}
    return {"status": "unknown", "reason": LOST, "sent_at": now}


def give_up_lost(db: Database, gone: Callable[[Sequence[str]], set[str]]) -> int:
    """Tests in the hands of workers that are `gone` are unknown: nobody can tell whether they were handed over."""
    with db.reading() as c:
        holders = store.holders(c)
    lost = sorted(gone(holders)) if holders else []
    if not lost:
        return 0
    with db.transaction() as c:
        return store.give_up(c, lost, LOST)
