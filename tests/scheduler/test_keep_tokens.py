"""The task that gives platforms new tokens ahead of time."""

import threading

import pytest

from bots.platform import Doorless
from runtime.platforms import build_platforms
from scheduler import tasks
from tests.bots.platforms.made import Clock, a_zalo
from tests.scheduler.make_rt import a_runtime
from tests.servers import zalo

STOP = threading.Event()


@pytest.fixture
def server():
    with zalo.serve() as server:
        yield server


def test_tokens_are_renewed_when_it_is_time_and_not_before(sqlite_db, server):
    clock = Clock()
    rt = a_runtime(sqlite_db, {})
    rt.platforms.update({"zalo": a_zalo(sqlite_db, server, clock), "web": Doorless()})
    assert tasks.keep_tokens(rt, STOP) == {"renewed": 1}
    clock.later(hours=19)
    assert not any(tasks.keep_tokens(rt, STOP).values())
    clock.later(hours=2)
    assert tasks.keep_tokens(rt, STOP) == {"renewed": 1}
    rt.platforms["zalo"].close()


def test_a_failure_is_counted(sqlite_db, server):
    rt = a_runtime(sqlite_db, {})
    rt.platforms["zalo"] = a_zalo(sqlite_db, server, Clock(), refresh_token="wrong")
    assert tasks.keep_tokens(rt, STOP) == {"failed": 1}
    rt.platforms["zalo"].close()


def test_it_looks_every_ten_minutes():
    [task] = [task for task in tasks.TASKS if task.run is tasks.keep_tokens]
    assert task.seconds == 600


def test_every_platform_is_there_and_says_what_it_misses(sqlite_db):
    rt = a_runtime(sqlite_db, {})
    platforms = build_platforms(rt.settings, {}, sqlite_db)
    assert {"zalo", "zalo-bot"} <= set(platforms)
    assert platforms["zalo"].readiness().missing == (
        "ZALO_APP_ID", "ZALO_APP_SECRET", "ZALO_OA_SECRET", "ZALO_REFRESH_TOKEN",
    )  # fmt: skip
    assert platforms["zalo-bot"].readiness().missing == ("ZALO_BOT_TOKEN",)
    assert platforms["zalo"].traits.leaves_machine and platforms["zalo-bot"].traits.leaves_machine
    assert tasks.keep_tokens(rt, STOP) == {}


def test_settings_reach_the_platforms(sqlite_db, server):
    settings = a_runtime(
        sqlite_db, {}, ZALO_APP_ID=zalo.APP_ID, ZALO_APP_SECRET=zalo.APP_SECRET, ZALO_OA_SECRET=zalo.OA_SECRET,
        ZALO_REFRESH_TOKEN=zalo.FIRST_REFRESH, ZALO_API_BASE=server.url, ZALO_OAUTH_BASE=server.url,
        ZALO_BOT_TOKEN="1:x", ZALO_BOT_API_BASE=server.url, PUBLIC_URL="https://an-lo.example",
    ).settings  # fmt: skip
    platforms = build_platforms(settings, {}, sqlite_db)
    assert platforms["zalo"].readiness().ready and not platforms["zalo"].traits.leaves_machine
    assert platforms["zalo"].keep_tokens() == {"renewed": 1}
    assert platforms["zalo-bot"].readiness().missing == ("ZALO_BOT_WEBHOOK_SECRET",)
    platforms["zalo"].close()
