"""What machines ask this one."""

import dataclasses
from datetime import timedelta

from sqlalchemy.exc import OperationalError

import web
from campaigns import workers
from tests.conftest import NOW


def test_the_process_answers(visitor):
    assert visitor.get("/healthz").json == {"ok": True}


def test_ready_while_somebody_works(visitor, rt):
    workers.beat(rt.db, "w", kind="process", now=NOW)
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True, "database": True, "runner": True})


def test_not_ready_when_nobody_works(rt):
    workers.beat(rt.db, "w", kind="process", now=NOW)
    later = dataclasses.replace(rt, clock=lambda: NOW + timedelta(minutes=5))
    answer = web.create_app(later).test_client().get("/readyz")
    assert (answer.status_code, answer.json["runner"]) == (503, False)


def test_not_ready_without_the_database(visitor, monkeypatch):
    def broken(db):
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(workers, "newest_beat", broken)
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, False)


def test_figures_for_prometheus(visitor):
    lines = visitor.get("/metrics").get_data(as_text=True)
    assert 'anlo_deliveries{status="accepted"}' in lines or 'anlo_deliveries{status="delivered"}' in lines
    assert 'anlo_ready{part="database"} 1' in lines


def test_where_people_can_write_to_us_somebody_must_be_callable(visitor, rt, monkeypatch):
    workers.beat(rt.db, "w", kind="process", now=NOW)
    monkeypatch.setattr(type(rt), "doors_out", ("telegram",))
    monkeypatch.setattr("web.adopting.unproven", lambda: None)
    answer = visitor.get("/readyz")
    assert answer.status_code == 200  # it works; somebody must act all the same
    assert "Nobody is on the call-out list" in answer.json["warnings"][0]
