"""Only the process that works listens; of several on one PostgreSQL, one; and what it hears is answered."""

import threading
from types import SimpleNamespace

import pytest

from bots import sending
from bots.platform import Doorless, Incoming, NotOurs
from bots.platforms.telegram import Telegram
from db.engine import open_database
from scheduler import embedded, listening
from sms.gateway import Outcome, Readiness
from tests.bots.fake_engine import Echo
from tests.conftest import NOW, SEAL
from tests.scheduler.make_rt import a_runtime
from tests.scheduler.test_embedded import until
from tests.servers import telegram as fake_telegram


class Asked(Doorless):
    """A platform that is asked: `brings` what a test gives it, to whoever listened last."""

    def __init__(self, name="asked", missing=(), breaks=False):
        self.name, self._missing, self._breaks = name, missing, breaks
        self.takes = []

    def listen(self, take):
        if self._breaks:
            raise OSError("no")
        self.takes.append(take)

    def readiness(self):
        return Readiness(self._missing)

    def send(self, reply):
        return Outcome.accepted("1")


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr(listening, "LOOK_SECONDS", 0.05)


@pytest.fixture
def stop():
    stop = threading.Event()
    yield stop
    stop.set()


def a_house(db, tmp_path, *platforms):
    rt = a_runtime(db, {}, DATA_DIR=str(tmp_path))
    rt.platforms.update({platform.name: platform for platform in platforms})
    return rt


def test_what_is_ready_is_listened_to_and_one_that_breaks_is_no_hindrance(sqlite_db, tmp_path, stop):
    ready, bare, broken = Asked("ready"), Asked("bare", missing=("TOKEN",)), Asked("broken", breaks=True)
    thread = listening.listen(a_house(sqlite_db, tmp_path, broken, bare, ready), stop)
    until(lambda: len(ready.takes) == 1)
    assert bare.takes == []
    stop.set()
    thread.join(5)
    with pytest.raises(NotOurs):
        ready.takes[0]([])


def test_what_is_heard_is_stored_under_the_platforms_name_and_pokes_whoever_works(sqlite_db, tmp_path, stop):
    platform = Asked()
    rt = a_house(sqlite_db, tmp_path, platform)
    listening.listen(rt, stop)
    until(lambda: platform.takes)
    platform.takes[0]([Incoming("1", "77", text="chào")])
    assert rt.wake.is_set()


def test_a_process_that_stands_by_does_not_listen(sqlite_db, tmp_path):
    first, second = Asked(), Asked()
    runners = [embedded.start(a_house(sqlite_db, tmp_path, platform)) for platform in (first, second)]
    until(lambda: first.takes)
    for runner in runners:
        runner.stop()
    assert second.takes == []


@pytest.mark.postgresql
def test_of_two_machines_one_listens_and_the_other_takes_over(postgres_url, tmp_path):
    databases = [open_database(postgres_url, SEAL) for _ in range(2)]
    platforms, stops = [Asked(), Asked()], [threading.Event(), threading.Event()]
    first = listening.listen(a_house(databases[0], tmp_path, platforms[0]), stops[0])
    until(lambda: platforms[0].takes)
    second = listening.listen(a_house(databases[1], tmp_path, platforms[1]), stops[1])
    assert not stops[1].wait(0.5) and platforms[1].takes == []
    stops[0].set()
    first.join(5)
    until(lambda: platforms[1].takes)
    stops[1].set()
    second.join(5)
    for database in databases:
        database.close()


@pytest.mark.postgresql
def test_who_listens_keeps_nobody_from_sending(postgres_url, tmp_path):
    """The lease is held for as long as somebody listens: whatever else waits for its number would wait for ever."""
    database, asked, stop = open_database(postgres_url, SEAL), Asked(), threading.Event()
    listener = listening.listen(a_house(database, tmp_path, asked), stop)
    until(lambda: asked.takes)
    done = threading.Event()
    threading.Thread(target=lambda: (sending.claim_replies(database, "me", 10, NOW), done.set()), daemon=True).start()
    sent = done.wait(10)
    stop.set()
    listener.join(5)
    assert sent and done.wait(10)
    database.close()


def test_a_question_by_telegram_is_taken_in_by_whoever_works(sqlite_db, tmp_path):
    with fake_telegram.serve() as server:
        bot = Telegram(fake_telegram.TOKEN, api_base=server.url)
        rt = a_house(sqlite_db, tmp_path, bot)
        echo = Echo()
        answers = SimpleNamespace(engine=echo, at_hand=echo, book=echo.book, shipped=echo.book, train=None)
        object.__setattr__(rt, "answers", answers)
        runner = embedded.start(rt)
        server.fake.happens({"message": {
            "message_id": 5, "date": int(NOW.timestamp()), "chat": {"id": 77, "type": "private"},
            "from": {"id": 77, "is_bot": False}, "text": "xin chào",
        }})  # fmt: skip
        until(lambda: server.fake.by_chat["77"], 30)
        runner.stop()
        bot.close()
    assert server.fake.by_chat["77"][0]["text"] == "chat: xin chào"
