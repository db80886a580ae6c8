"""The month's report by e-mail: on its day, to each reader once, however many processes look."""

import dataclasses
import threading
from datetime import UTC, datetime, timedelta

import pytest

from bots.figures.counting import Counts, Thought
from db import keepsakes
from messages import catalog
from runtime.report import sending
from runtime.report.sending import Reader
from scheduler import tasks
from scheduler.reports import send_report
from sms.gateway import Outcome, Readiness
from tests.scheduler.make_rt import a_runtime

STOP = threading.Event()
#: 1 December 2026, 09:00 in Vinh.
FIRST = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
TO = "giamdoc@example.vn, en:partner@example.org"


class Mail:
    """Keeps what it is given; answers with `outcomes`, then with yes."""

    def __init__(self, *outcomes, ready=True):
        self.letters, self.outcomes, self.ready = [], list(outcomes), ready

    def readiness(self):
        return Readiness(() if self.ready else ("SMTP_HOST",))

    def send(self, letter):
        self.letters.append(letter)
        outcome = self.outcomes.pop(0) if self.outcomes else Outcome.accepted("1")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture(scope="module")
def book():
    return catalog.load(catalog.SHIPPED)


class Office:
    """A runtime whose clock and mail the test holds."""

    def __init__(self, db, book, mail, day="1", to=TO):
        self.now, self.mail = FIRST, mail
        rt = a_runtime(db, {}, REPORT_TO=to, REPORT_DAY=day, PUBLIC_URL="https://anlo.example.vn")
        self.rt = dataclasses.replace(rt, clock=lambda: self.now)
        self.rt.__dict__.update(mail=mail, book=book)

    def tick(self, after=timedelta()):
        self.now += after
        return dict(send_report(self.rt, STOP))


@pytest.fixture
def asked(db):
    """In November people asked 120 questions."""
    counts = Counts()
    counts.heard("2026-11-20", "sms", "text", 120)
    counts.thought("2026-11-20", "sms", Thought("text", "deposit", "none", 0.9, "vi"), 110)
    counts.thought("2026-11-20", "sms", Thought("text", None, "none", 0.1, "vi"), 10)
    with db.transaction() as c:
        counts.write(c)
    return db


def test_each_reader_gets_it_once_in_their_language(asked, book):
    office = Office(asked, book, Mail())
    assert office.tick() == {"sent": 2}
    director, partner = office.mail.letters
    assert (director.to, partner.to) == ("giamdoc@example.vn", "partner@example.org")
    assert "tháng 11/2026" in director.subject and "Bà con hỏi 120 câu" in director.text
    assert "11/2026" in partner.subject and "People asked 120 questions" in partner.text
    assert "https://anlo.example.vn/figures/report/2026-11?lang=en" in partner.text
    for after in (timedelta(minutes=10), timedelta(days=1), timedelta(days=29)):
        assert office.tick(after) == {}


def test_two_processes_at_once_send_one_letter(asked, book):
    mail, together = Mail(), threading.Barrier(6)
    offices = [Office(asked, book, mail) for _ in range(6)]

    def look(office):
        together.wait()
        office.tick()

    threads = [threading.Thread(target=look, args=(office,)) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(letter.to for letter in mail.letters) == ["giamdoc@example.vn", "partner@example.org"]


@pytest.mark.parametrize(
    ("day", "now", "month"),
    [
        ("1", "2026-12-01T00:59:00+00:00", None),  # 07:59 in Vinh
        ("1", "2026-12-01T01:00:00+00:00", "2026-11-01"),
        ("1", "2026-12-31T20:00:00+00:00", None),  # already January there, at night
        ("5", "2026-12-04T05:00:00+00:00", None),
        ("5", "2026-12-05T05:00:00+00:00", "2026-11-01"),
        ("5", "2026-12-20T05:00:00+00:00", "2026-11-01"),  # the machine was off
        ("31", "2027-02-28T05:00:00+00:00", "2027-01-01"),
        ("31", "2027-02-27T05:00:00+00:00", None),
    ],
)
def test_on_its_day(day, now, month):
    found = sending.due(int(day), datetime.fromisoformat(now))
    assert (found and found.isoformat()) == month


def test_what_cannot_be_handed_over_is_tried_again_every_hour(asked, book):
    office = Office(asked, book, Mail(Outcome.refused("gateway-trouble")), to="giamdoc@example.vn")
    assert office.tick() == {"later": 1}
    assert office.tick(timedelta(minutes=10)) == {}
    assert office.tick(timedelta(minutes=51)) == {"sent": 1}
    assert len({letter.key for letter in office.mail.letters}) == 1


def test_what_can_never_be_handed_over_is_given_up(asked, book):
    office = Office(asked, book, Mail(Outcome.refused("unreachable-for-good")), to="giamdoc@example.vn")
    assert office.tick() == {"given-up": 1}
    assert office.tick(timedelta(hours=2)) == {}


def test_a_letter_of_which_nobody_can_tell_goes_once_more(asked, book):
    office = Office(asked, book, Mail(ConnectionError(), Outcome.unknown()), to="giamdoc@example.vn")
    assert office.tick() == {"later": 1}
    assert office.tick(timedelta(hours=2)) == {"given-up": 1}
    assert office.tick(timedelta(hours=2)) == {}


def test_who_died_in_the_middle_is_followed_by_another(asked, book):
    office = Office(asked, book, Mail(), to="giamdoc@example.vn")
    assert sending.claim(asked, datetime(2026, 11, 1).date(), Reader("giamdoc@example.vn", "vi"), FIRST) == 1
    assert office.tick(timedelta(minutes=30)) == {}
    assert office.tick(timedelta(minutes=31)) == {"sent": 1}


def test_no_letter_about_nothing_nor_without_mail_or_readers(db, book):
    assert Office(db, book, Mail()).tick() == {}
    with db.reading() as c:
        assert keepsakes.read(c, "report-2026-11") is None


def test_without_mail_or_readers_nothing_is_tried(asked, book):
    for office in (Office(asked, book, Mail(ready=False)), Office(asked, book, Mail(), to="")):
        assert office.tick() == {}
        assert office.mail.letters == []


def test_the_clock_knows_the_task():
    assert any(task.run is send_report for task in tasks.TASKS)
