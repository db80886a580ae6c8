"""A house that is lived in: the demo's officers and lists, a wave that went out, one that waits for approval."""

import dataclasses
import shutil
import threading
from datetime import time

import pytest

import web
from campaigns import lists, rehearsal, series, waves
from campaigns.timetable import REPEATING, Timetable
from runtime import demo, settings
from runtime.build import build
from scheduler import tasks
from staff import accounts
from tests.bots.answering import writing
from tests.conftest import NOW
from tests.learnt import kept_in
from tests.web import doors

STOP = threading.Event()


def open_in(folder):
    given = {"DATA_DIR": str(folder), "PUBLIC_URL": "http://localhost", "SECRET_KEY": "s" * 40}
    return dataclasses.replace(build(settings.load(given, env_file=None)), clock=lambda: NOW)


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory):
    """The folder of a demo installation; copied by every test that changes something."""
    folder = tmp_path_factory.mktemp("house") / "data"
    kept_in(folder / "cache")
    rt = open_in(folder)
    demo.load_once(rt)
    tasks.work_through_uploads(rt, STOP)
    doors.give_door(rt, web.create_app(rt))
    _waves(rt)
    _series(rt)
    writing.begun(rt.db, None, topic="deposit", chat=writing.WORDS)
    rt.close()
    return folder


def _waves(rt) -> None:
    author, approver = (person.id for person in accounts.everybody(rt.db)[:2])
    yen_thanh = next(row for row in lists.all(rt.db) if "Yên Thành" in row.name)
    for name, sends in (("Đã gửi", True), ("Chờ duyệt", False)):
        wave_id = waves.plan(
            rt.db,
            name=name,
            version_id=1,
            audience={"lists": [yen_thanh.id]},
            gateway="simulator",
            form="vi-unaccented",
            by=author,
            now=NOW,
        )
        digest = waves.submit(rt.db, wave_id, by=author, now=NOW)
        if sends:
            waves.approve(rt.db, wave_id, by=approver, digest=digest, now=NOW)
            waves.schedule(rt.db, wave_id, by=approver, now=NOW)
    for _ in range(10):  # a job sends for some seconds only, and a loaded machine may not get through in one
        for task in (tasks.open_due, tasks.send, tasks.apply_receipts, tasks.finish):
            task(rt, STOP)
        if waves.show(rt.db, 1).wave.status == "finished":
            return
    raise AssertionError("the wave of these tests did not go out")


def _series(rt) -> None:
    """A series that waits for approval, and a rehearsal of the wave that does."""
    author = accounts.everybody(rt.db)[0].id
    table = Timetable(kind=REPEATING, at_time=time(8), starts_on=NOW.date(), every_days=7)
    series_id = series.plan(
        rt.db, name="Nhắc hằng tuần", version_id=1, audience={"lists": [1]}, gateway="simulator", table=table,
        most_people=1000, by=author, now=NOW,
    )  # fmt: skip
    series.submit(rt.db, series_id, by=author, now=NOW)
    rehearsal.rehearse(rt.db, 2, rt.gateways, now=NOW, by=author)


@pytest.fixture(scope="module")
def house(lived_in):
    """For tests that only look."""
    rt = open_in(lived_in)
    yield rt
    rt.close()


@pytest.fixture
def rt(lived_in, tmp_path):
    """For tests that change something."""
    shutil.copytree(lived_in, tmp_path / "data")
    rt = open_in(tmp_path / "data")
    yield rt
    rt.close()


@pytest.fixture
def app(rt):
    app = web.create_app(rt)
    app.testing = True
    doors.give_door(rt, app)
    return app


@pytest.fixture
def visitor(app):
    """Somebody who has not signed in."""
    return app.test_client()


@pytest.fixture
def officer(app, rt):
    """A browser in which the demo's first campaign officer is signed in."""
    return doors.signed_in(app, rt, "lan@anlo.example")


@pytest.fixture
def second_officer(app, rt):
    return doors.signed_in(app, rt, "minh@anlo.example")
