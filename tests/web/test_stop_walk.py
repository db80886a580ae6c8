"""From a wave through a gateway that hears no answer, by the address in the message, to peace and back."""

import dataclasses
import threading

import pytest

import web
from campaigns import authoring, waves
from messages.errors import Mistake
from scheduler import tasks
from staff import accounts
from tests import make
from tests.conftest import NOW
from tests.fakes import FakeGateway
from tests.web.doors import words

STOP = threading.Event()
PROMISES = "An Lo: hay hoi 111 truoc khi di. Ngung: TU CHOI."
HONEST = "An Lo: hay hoi 111 truoc khi di. Ngung: {{ stop }}"


@pytest.fixture
def one_way(rt):
    deaf = FakeGateway("deaf", inbound=True, one_way_to=frozenset({"84"}))
    return dataclasses.replace(rt, gateways={**rt.gateways, "deaf": deaf})


def plan(rt, text: str, people: list[int], author: int, name: str) -> int:
    version = authoring.write(rt.db, title=name, vi_unaccented=text, by=author, now=NOW)
    return waves.plan(
        rt.db, name=name, version_id=version, audience={"lists": [make.a_list(rt.db, name, people)]}, gateway="deaf",
        form="vi-unaccented", link_base=rt.settings.public_url, by=author, now=NOW,
    )  # fmt: skip


def send(rt, wave_id: int, author: int, other: int) -> dict[str, str]:
    """Number → what arrived there, two officers standing behind it."""
    digest = waves.submit(rt.db, wave_id, by=author, now=NOW, gateways=rt.gateways)
    waves.approve(rt.db, wave_id, by=other, digest=digest, now=NOW, gateways=rt.gateways)
    waves.schedule(rt.db, wave_id, by=other, now=NOW)
    rt.gateways["deaf"].texts.clear()
    for task in (tasks.open_due, tasks.send, tasks.finish):
        task(rt, STOP)
    return dict(rt.gateways["deaf"].texts)


def test_a_wave_through_a_gateway_that_hears_nothing(one_way):
    rt, visitor = one_way, web.create_app(one_way).test_client()
    author, other = (person.id for person in accounts.everybody(rt.db)[:2])
    people = make.people(rt.db, 2, first=901)
    with pytest.raises(Mistake, match="one-way-promise"):
        waves.submit(rt.db, plan(rt, PROMISES, people, author, "lie"), by=author, now=NOW, gateways=rt.gateways)

    got = send(rt, plan(rt, HONEST, people, author, "first"), author, other)
    assert set(got) == {make.number(901), make.number(902)}
    address = got[make.number(901)].rpartition(" ")[2]
    path = "/stop/" + address.rpartition("/")[2]

    page = visitor.get(path).get_data(as_text=True)
    assert make.number(901)[-4:] not in page.replace(path, "")
    visitor.post("/stop", data={"code": path.rpartition("/")[2]})
    second = plan(rt, HONEST, people, author, "second")
    assert set(send(rt, second, author, other)) == {make.number(902)}
    assert waves.show(rt.db, second).figures.reasons["skipped"] == {"opted-out": 1}

    done = visitor.post("/stop?lang=en", data={"code": address, "do": "back"})
    assert "messages come again" in words(done)
    assert set(send(rt, plan(rt, HONEST, people, author, "third"), author, other)) == {
        make.number(901), make.number(902),
    }  # fmt: skip
