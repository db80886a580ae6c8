"""December in the house of the tests: two waves that went out, and what people did about them.

All of it through the rooms themselves, so that every counter is kept as it happens; nothing here counts. On the first
the house wrote to the 235 people of Yên Thành (tests.web.conftest), and the simulator says what became of it. On the
eleventh another wave goes to the same list: some of LOST and SILENT do not get it, or nobody hears of it; everybody
else does. In between people opt out (OPTED_OUT). The day after the second wave 43 readers ask what the bot knows,
21 visitors of the web chat what it does not (people of the demo who ask so are not gathered), and three cases wait.
"""

import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

import web
from bots.cases import opening
from bots.unanswered import collecting
from campaigns import consent, deliveries, lists, programme, waves, workers
from campaigns.store import waves as wave_store
from db.tables import areas, cases, contacts, conversations
from db.tables import deliveries as rows
from scheduler import tasks
from sms.gateway import Found, Outcome, Receipt, Whereabouts
from staff import accounts
from tests.bots.unanswered.asking import BANK, LICENCE, Deaf, ask
from tests.web import doors
from tests.web.conftest import NOW, open_in

STOP = threading.Event()
DAY = timedelta(days=1)
SECOND, LATER, THIRD, A_MONTH_ON = NOW + 10 * DAY, NOW + 11 * DAY, NOW + 20 * DAY, NOW + 35 * DAY
HARVEST, NEW_YEAR = "Mùa gặt", "Tết"
BUDGET, UNTOUCHED = 5_000_000, 100_000
#: Commune → why, and how many.
LOST = {"Xã Quan Thành": ("unreachable-now", 15), "Xã Yên Thành": ("blocked-by-carrier", 12)}
SILENT = {"Xã Vân Tụ": 11}
OPTED_OUT = {"Xã Hợp Minh": 14, "Xã Bình Minh": 12, "Xã Vân Du": 5, "Xã Giai Lạc": 4}
#: Minutes until somebody took the case, wrote, closed it.
CASES = ((10, 20, 60), (20, 90, 180), (30, 200, 300))
KNOWN = {"coc": "deposit", "goi": "hotline-uk"}
QUESTIONS = ("coc tien co mat khong",) * 31 + ("goi ai ben anh bay gio",) * 12
HARD = tuple(LICENCE[n % len(LICENCE)] for n in range(11)) + tuple(BANK[n % len(BANK)] for n in range(10))
#: What became of the first of the third wave, the others are still to go when it is paused.
BEGUN = (("accepted", 250), ("refused", 12), ("unknown", 20))
HEARD_OF = (("delivered", 200), ("undelivered", 15))


@contextmanager
def passed(lived_in: Path, folder: Path):
    """The house in January, all this behind it: (runtime, app)."""
    shutil.copytree(lived_in, folder)
    rt = open_in(folder)
    app = web.create_app(rt)
    doors.give_door(rt, app)
    _receipts_of_the_first(rt)
    _opt_outs(rt)
    _receipts_of(rt, _second_wave(rt))
    _questions(rt)
    _cases(rt)
    _at(rt, A_MONTH_ON)
    yield rt, app
    rt.close()


def _at(rt, moment) -> None:
    """The house's clock shows this from now on."""
    object.__setattr__(rt, "clock", lambda: moment)


def _receipts_of_the_first(rt) -> None:
    _at(rt, NOW + timedelta(hours=1))
    for task in (tasks.simulate_receipts, tasks.apply_receipts):
        task(rt, STOP)


def _opt_outs(rt) -> None:
    lives_in = select(contacts.c.number_index).join(areas, areas.c.code == contacts.c.area).order_by(contacts.c.id)
    got = lives_in.join(rows, rows.c.contact_id == contacts.c.id).where(rows.c.wave_id == 1)
    with rt.db.transaction() as c:
        for name, n in OPTED_OUT.items():
            for person in list(c.execute(got.where(areas.c.name == name).limit(n)).scalars()):
                consent.opt_out(c, bytes(person), channel="sms", now=NOW + DAY)


def _second_wave(rt) -> int:
    harvest = programme.create(rt.db, name=HARVEST, budget_vnd=BUDGET, by=None, now=NOW)
    programme.create(rt.db, name=NEW_YEAR, budget_vnd=UNTOUCHED, by=None, now=NOW)
    with rt.db.transaction() as c:
        wave_store.change(c, 1, campaign_id=harvest)
    wave_id = _scheduled(rt, "Đợt hai", "Yên Thành", harvest, SECOND)
    for task in (tasks.open_due, tasks.send, tasks.finish):
        task(rt, STOP)
    return wave_id


def _scheduled(rt, name: str, list_name: str, campaign_id: int, now) -> int:
    _at(rt, now)
    author, approver = (person.id for person in accounts.everybody(rt.db)[:2])
    list_id = next(row.id for row in lists.all(rt.db) if list_name in row.name)
    wave_id = waves.plan(
        rt.db, name=name, version_id=2, audience={"lists": [list_id]}, gateway="simulator", form="vi-unaccented",
        campaign_id=campaign_id, by=author, now=now,
    )  # fmt: skip
    digest = waves.submit(rt.db, wave_id, by=author, now=now)
    waves.approve(rt.db, wave_id, by=approver, digest=digest, now=now)
    waves.schedule(rt.db, wave_id, by=approver, now=now)
    return wave_id


def _receipts_of(rt, wave_id: int) -> None:
    given = []
    for name, those in _by_commune(rt, wave_id).items():
        code, lost = LOST.get(name, ("", 0))
        heard_of = those[SILENT.get(name, 0) :]
        given += [Receipt(row.ref, "undelivered", code=code, key=str(row.id)) for row in heard_of[:lost]]
        given += [Receipt(row.ref, "delivered", key=str(row.id)) for row in heard_of[lost:]]
    deliveries.Receipts(rt.db).take("simulator", given, SECOND)
    deliveries.apply_receipts(rt.db, SECOND)


def _by_commune(rt, wave_id: int) -> Mapping[str, Sequence]:
    """What was handed over, by the commune's name."""
    statement = select(rows, areas.c.name).join(areas, areas.c.code == rows.c.area).order_by(rows.c.id)
    found: dict[str, list] = {}
    with rt.db.reading() as c:
        for row in c.execute(statement.where(rows.c.wave_id == wave_id, rows.c.sent_at.is_not(None))):
            found.setdefault(row.name, []).append(row)
    return found


def _questions(rt) -> None:
    engine, readers = Deaf(rt.book, **KNOWN), _readers(rt)
    for text in QUESTIONS:
        ask(rt.db, engine, text, person=next(readers), platform="sms", at=LATER)
    for n, text in enumerate(HARD):
        ask(rt.db, engine, text, person=f"visitor-{n}", at=LATER)
    collecting.collect(rt.db, rt.book, now=LATER + timedelta(minutes=5))


def _readers(rt) -> Iterator[str]:
    """Numbers of people who got the second wave."""
    statement = select(contacts.c.number_sealed).join(rows, rows.c.contact_id == contacts.c.id)
    got = statement.where(rows.c.sent_at == SECOND, rows.c.status == "delivered").order_by(rows.c.id)
    with rt.db.reading() as c:
        return iter([rt.db.seal.open(sealed, "contacts.number") for sealed in c.execute(got).scalars()])


def _cases(rt) -> None:
    with rt.db.transaction() as c:
        talks = c.execute(select(conversations.c.id).order_by(conversations.c.id).limit(len(CASES))).scalars().all()
        for talk, minutes in zip(talks, CASES, strict=True):
            opening.hand_over(c, talk, "none", "asked", LATER)
            claimed, answered, closed = (LATER + timedelta(minutes=n) for n in minutes)
            done = {"claimed_at": claimed, "answered_at": answered, "closed_at": closed}
            mine = cases.update().where(cases.c.conversation_id == talk)
            c.execute(mine.values(status="closed", outcome="helped", **done))


def begin_a_third_wave(rt, campaign_id: int) -> int:
    """To the whole province, on the twenty-first; paused while most are still to go."""
    wave_id = _scheduled(rt, "Đợt ba", "Toàn tỉnh", campaign_id, THIRD)
    tasks.open_due(rt, STOP)
    line = deliveries.line(rt.db, wave_id, rt.gateways)
    claimed = deliveries.claim(rt.db, line, worker="w", limit=sum(n for _, n in BEGUN), now=THIRD).rows
    results = list(zip(claimed, _outcomes(claimed), strict=True))
    deliveries.record(rt.db, gateway="simulator", worker="w", results=results, find_after=1.0, now=THIRD)
    later = THIRD + timedelta(minutes=5)
    orphans = deliveries.orphans(rt.db, line, workers.Watch(), now=later)
    deliveries.settle(rt.db, line, [(orphan, Found(Whereabouts.CANNOT_TELL)) for orphan in orphans], later)
    accepted = claimed[: BEGUN[0][1]]
    heard_of = [status for status, n in HEARD_OF for _ in range(n)]
    given = [Receipt(f"third-{each.id}", status, code="expired" if status == "undelivered" else None, key=str(each.id))
             for each, status in zip(accepted, heard_of, strict=False)]  # fmt: skip
    deliveries.Receipts(rt.db).take("simulator", given, THIRD)
    deliveries.apply_receipts(rt.db, THIRD)
    waves.pause(rt.db, wave_id, reason="", by=None, now=THIRD)
    _at(rt, A_MONTH_ON)
    return wave_id


def _outcomes(claimed) -> list[Outcome]:
    fates = [fate for fate, n in BEGUN for _ in range(n)]
    each = {"accepted": lambda row: Outcome.accepted(f"third-{row.id}"), "unknown": lambda row: Outcome.unknown(),
            "refused": lambda row: Outcome.refused("number-invalid")}  # fmt: skip
    return [each[fate](row) for fate, row in zip(fates, claimed, strict=True)]
