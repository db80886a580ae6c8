"""Stop codes: one a person, in every message the same, known to the database by its index alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns import consent, deliveries, links, stops, waves
from campaigns.store import stops as store
from db.tables import contacts, stop_codes
from messages.errors import Mistake
from sms import segments
from tests import make
from tests.fakes import FakeGateway

GATEWAYS = {"fake": FakeGateway()}
BASE = "https://an-lo.example"
SAYS = {"vi": "Ngừng: {{ stop }}", "vi_unaccented": "Ngung: {{ stop }}", "en": "To stop: {{ stop }}"}


@pytest.fixture
def person(db) -> int:
    return make.people(db, 1)[0]


def index_of(db, contact: int) -> bytes:
    with db.reading() as c:
        return bytes(c.execute(select(contacts.c.number_index).where(contacts.c.id == contact)).scalar_one())


def is_out(db, contact: int) -> bool:
    with db.reading() as c:
        return consent.is_out(c, index_of(db, contact))


def a_stopping_wave(db, ids, now, **plan) -> int:
    made = make.a_wave(
        db, version_id=make.a_version(db, **SAYS), link_base=BASE, form="vi-unaccented",
        list_ids=[make.a_list(db, f"list {ids[0]} {plan}", ids)], **plan,
    )  # fmt: skip
    waves.open_due(db, GATEWAYS, now)
    return made


def sent(db, wave_id, now) -> dict[str, str]:
    """Number → text, of what is claimed now."""
    line = deliveries.line(db, wave_id, GATEWAYS)
    got = deliveries.claim(db, line, worker="w", limit=100, now=now)
    return {row.outgoing.to: row.outgoing.text for row in got.rows}


def test_a_person_keeps_their_code_and_everybody_has_another(db, now):
    people = make.people(db, 50)
    first, again = stops.for_contacts(db, people[:30], now), stops.for_contacts(db, people, now + timedelta(days=90))
    assert again.items() >= first.items() and len(set(again.values())) == 50
    assert all(stops.read(code) == code and len(code) == stops.LENGTH for code in again.values())
    assert not set("".join(again.values())) - set(links.LETTERS)


def test_the_database_knows_no_code_and_no_number(db, now, person):
    code = stops.for_contacts(db, [person], now)[person]
    with db.reading() as c:
        row = c.execute(select(stop_codes)).one()
    kept = b"".join(bytes(value) for value in row if isinstance(value, bytes | memoryview))
    assert code.encode() not in kept and make.number(1).encode() not in kept
    assert bytes(row.person_index) == index_of(db, person)


def test_two_people_with_one_code_get_two(db, now, person):
    """With ten million people a pair or two share their first code: the second gets their next one."""
    first = stops.code_of(db.seal, index_of(db, person))
    taken = {"code_index": stops._index(db.seal, first), "person_index": b"another", "nth": 0, "created_at": now}
    with db.transaction() as c:
        store.add(c, [taken])
    code = stops.for_contacts(db, [person], now)[person]
    assert code == stops.code_of(db.seal, index_of(db, person), 1) != first
    assert stops.stop(db, code, now) and is_out(db, person)


def test_a_code_stops_and_brings_back_and_another_does_nothing(db, now, person):
    code = stops.for_contacts(db, [person], now)[person]
    assert not stops.stop(db, "222222222", now) and not stops.come_back(db, "222222222", now)
    assert stops.stop(db, code, now) and stops.stop(db, code, now) and is_out(db, person)
    assert stops.come_back(db, code, now) and not is_out(db, person)


def test_it_goes_on_holding_when_the_contact_is_gone(db, now, person):
    code, index = stops.for_contacts(db, [person], now)[person], index_of(db, person)
    with db.transaction() as c:
        c.execute(contacts.delete())
    assert stops.stop(db, code, now)
    make.people(db, 1)
    with db.reading() as c:
        assert consent.is_out(c, index)


def test_every_reader_gets_an_address_of_their_own(db, now):
    people = make.people(db, 4)
    texts = sent(db, a_stopping_wave(db, people, now), now)
    codes = stops.for_contacts(db, people, now)
    assert sorted(texts.values()) == sorted(f"Ngung: an-lo.example/stop/{code}" for code in codes.values())


def test_the_preview_counts_the_segments_that_go_out(db, now):
    """One letter more than the sample would be a segment more for everybody."""
    filler = "x" * (160 - len("an-lo.example/stop/") - stops.LENGTH)
    version = make.a_version(db, vi_unaccented=filler + "{{ stop }}", vi="Ngừng: {{ stop }}", en="{{ stop }}")
    wave_id = make.a_wave(db, version_id=version, link_base=BASE, form="vi-unaccented")
    preview = waves.preview(db, wave_id, GATEWAYS, now)
    waves.open_due(db, GATEWAYS, now)
    texts = sent(db, wave_id, now)
    assert (preview.recipients, preview.segments, preview.exact, preview.unwritable) == (3, 3, True, 0)
    assert {segments.count(text).units for text in texts.values()} == {160}


def test_without_our_address_a_text_with_a_code_is_not_planned(db):
    with pytest.raises(Mistake, match="stop-base-missing"):
        make.a_wave(db, version_id=make.a_version(db, **SAYS), ready=False)


def test_a_code_is_known_before_the_message_leaves(db, now):
    """Whoever opens the address the moment it arrives, or after the sender died, is left in peace."""
    people = make.people(db, 2)
    text = sent(db, a_stopping_wave(db, people, now), now)[make.number(1)]
    assert stops.stop(db, stops.read(text.rpartition("/")[2]), now) and is_out(db, people[0])


def test_who_stops_while_a_wave_is_queued_is_left_out_of_it_and_comes_back_for_the_next(db, now):
    people = make.people(db, 2)
    code = stops.for_contacts(db, people, now)[people[0]]
    queued = a_stopping_wave(db, people, now)
    assert stops.stop(db, code, now + timedelta(seconds=1))
    assert set(sent(db, queued, now + timedelta(seconds=2))) == {make.number(2)}
    figures = waves.show(db, queued).figures
    assert figures.reasons["skipped"] == {"opted-out": 1}
    after = a_stopping_wave(db, people, now + timedelta(minutes=1), name="Đợt 2")
    assert waves.show(db, after).figures.reasons["skipped"] == {"opted-out": 1}
    assert stops.come_back(db, code, now)
    assert waves.preview(db, a_stopping_wave(db, people, now, name="Đợt 3"), GATEWAYS, now).skipped == {}


@pytest.mark.parametrize("written", ["", "k7m2", "0912345678", "k7m2p4x9d1", "k7m2p4x90", "k7m2p4x9ê", "١٢٣٤٥٦٧٨٩"])
def test_what_is_no_code_is_not_read_as_one(written):
    assert stops.read(written) is None
