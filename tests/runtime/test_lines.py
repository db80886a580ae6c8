"""A gateway with a session of its own brings what it hears to where the hooks bring it."""

import time

import pytest
from sqlalchemy import func, select

from db.tables import receipts, turns
from runtime import lines
from runtime.build import build
from runtime.settings import load
from sms.gateway import Inbound
from tests.servers import smsc
from tests.servers.smsc_receipts import receipt


@pytest.fixture
def server():
    with smsc.serve() as server:
        yield server


@pytest.fixture
def rt(tmp_path, server):
    told = {"SMPP_HOST": "127.0.0.1", "SMPP_PORT": str(server.port), "SMPP_SYSTEM_ID": smsc.SYSTEM_ID,
            "SMPP_PASSWORD": smsc.PASSWORD, "SMPP_SOURCE": "9029", "DATA_DIR": str(tmp_path)}  # fmt: skip
    rt = build(load(told, env_file=None))
    yield rt
    rt.close()


def rows(rt, table) -> int:
    with rt.db.reading() as c:
        return c.execute(select(func.count()).select_from(table)).scalar_one()


def test_who_holds_the_line_stores_before_it_is_acknowledged(rt, server):
    lines.hold({"smpp": rt.gateways["smpp"]})
    server.deliver(receipt("77", "9029", "84912345678", "DELIVRD"))
    server.people_write("84912345678", "TC")
    end = time.monotonic() + 10
    while server.fake.taken[0] < 2 and time.monotonic() < end:
        time.sleep(0.01)
    assert (server.fake.taken, rows(rt, receipts), rows(rt, turns)) == ({0: 2}, 1, 1)
    assert rt.wake.is_set()


def test_while_the_database_cannot_be_written_the_provider_keeps_it(rt, server, monkeypatch):
    def full(*_, **__):
        raise OSError("no space left on the device")

    monkeypatch.setattr(rt.receipts, "take", full)
    rt.gateways["smpp"].hold()
    server.deliver(receipt("77", "9029", "84912345678", "DELIVRD"))
    end = time.monotonic() + 10
    while not server.fake.taken and time.monotonic() < end:
        time.sleep(0.01)
    assert server.fake.taken[0] == 0 and rows(rt, receipts) == 0
    monkeypatch.undo()
    while not server.fake.taken[0] and time.monotonic() < end:
        time.sleep(0.01)
    assert rows(rt, receipts) == 1


def test_a_repeat_changes_nothing(rt):
    for _ in range(2):
        lines.hear(rt.db, "smpp", Inbound("x1", "+84912345678", "TC"), rt.clock(), rt.wake)
    assert rows(rt, turns) == 1


def test_what_is_not_set_up_is_not_opened(tmp_path):
    rt = build(load({"DATA_DIR": str(tmp_path)}, env_file=None))
    lines.hold(rt.gateways)
    assert rt.gateways["smpp"]._session._thread is None
    rt.close()
