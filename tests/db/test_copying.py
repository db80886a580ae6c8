"""Moving into another database: everything arrives as it lay there, or nothing does."""

import pytest
from sqlalchemy import delete, func, insert, inspect, select, text, update

from campaigns import deliveries, lists, waves
from db import backup, canary, copying, migrate
from db.engine import open_database
from db.seal import Seal
from db.tables import contacts, conversations, keepsakes, metadata, turns
from db.tables import deliveries as delivery_table
from db.tables import lists as list_table
from db.watermark import Watermark
from tests import make
from tests.conftest import SEAL
from tests.fakes import FakeGateway

pytestmark = pytest.mark.postgresql
OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


@pytest.fixture
def target_url(db_url, tmp_path, request):
    """An empty database of the other kind: nothing in it at all, not even tables."""
    if db_url.startswith("postgresql"):
        return f"sqlite:///{tmp_path / 'new.db'}"
    server = request.getfixturevalue("postgres_template")
    request.addfinalizer(lambda: server.drop("an_lo_new"))
    return server.create("an_lo_new")


@pytest.fixture
def target(target_url):
    database = open_database(target_url, SEAL)
    yield database
    database.close()


@pytest.fixture
def full(db):
    """A wave under way: rows of every kind of value, replies that stand before what they answer, numbers given out."""
    gateways = {"fake": FakeGateway()}
    wave_id = make.a_wave(db, count=40)
    waves.open_due(db, gateways, make.NOW)
    line = deliveries.line(db, wave_id, gateways)
    deliveries.claim(db, line, worker="gone/1", limit=7, now=make.NOW)
    with db.transaction() as c:
        c.execute(update(contacts).where(contacts.c.id % 2 == 0).values(made_up=True, dead_at=make.NOW))
        c.execute(insert(keepsakes).values(name="odd", value=bytes(range(256))))
        place = {"area": "x", "level": "commune", "name": "Ngã ba\t\\N\r\n“ờ”", "folded": "", "province": "40"}
        c.execute(insert(metadata.tables["areas"]).values(code="1", lat=18.1 / 3, lon=None, **{
            name: value for name, value in place.items() if name != "area"}))
        c.execute(insert(conversations).values(
            platform="web", person_index=b"\x00\x01", address_sealed=b"", created_at=make.NOW, last_at=make.NOW))
        asked = {"conversation_id": 1, "direction": "in", "status": "waiting", "text_sealed": b"\xff", "at": make.NOW}
        c.execute(insert(turns).values(id=5, **asked))
        c.execute(insert(turns).values(id=3, reply_to=5, confidence=0.1, helpful=False, **asked))
        c.execute(insert(list_table).values(id=900, name="gone", folded="gone", created_at=make.NOW))
        if db.dialect == "postgresql":
            c.execute(text("SELECT setval('lists_id_seq', 900)"))
    with db.transaction() as c:
        c.execute(delete(list_table).where(list_table.c.id == 900))
    return db


def everything(db) -> dict[str, list]:
    with db.reading() as c:
        return {
            each.name: sorted(map(repr, c.execute(select(each)).all())) for each in metadata.sorted_tables
        }


def test_everything_arrives_and_goes_back(full, target, tmp_path, db_url, request):
    before = everything(full)
    told = copying.copy(full, target, now=make.NOW)
    assert everything(target) == before
    assert {each.table: each.rows for each in told} == {name: len(rows) for name, rows in before.items()}
    assert backup.faults(target) == []
    back = open_database(request.getfixturevalue("postgres_url") if target.dialect == "postgresql"
                         else f"sqlite:///{tmp_path / 'back.db'}", SEAL)
    assert copying.copy(target, back, now=make.NOW) == told
    back.close()


@pytest.mark.parametrize("trial", [False, True])
def test_only_one_of_the_two_goes_on_by_itself(full, target, tmp_path, trial):
    """What waits to be sent stands in both: who starts the other one is asked first."""
    copying.copy(full, target, now=make.NOW, trial=trial)
    assert Watermark(full, tmp_path).went_back() is not trial
    assert Watermark(target, tmp_path).went_back() is trial


def test_work_goes_on_there(full, target, now):
    """The next numbers are new ones, also where a row is gone; what a dead worker held is found."""
    copying.copy(full, target, now=make.NOW)
    gateways = {"fake": FakeGateway()}
    assert make.a_list(target, "next", []) == 901
    assert make.people(target, 1, first=9_000_000) > [0]
    assert lists.show(target, "next") is not None
    with target.reading() as c:
        wave_id = c.execute(select(func.min(delivery_table.c.wave_id))).scalar_one()
    assert deliveries.waves_with_orphans(target) == [wave_id]
    line = deliveries.line(target, wave_id, gateways)
    assert len(deliveries.claim(target, line, worker="new", limit=500, now=now).rows) == 33


def test_only_into_an_empty_database(full, target):
    copying.copy(full, target, now=make.NOW)
    before = everything(target)
    with pytest.raises(copying.NotEmpty):
        copying.copy(full, target, now=make.NOW)
    assert everything(target) == before


def test_not_among_the_tables_of_another_program(full, target):
    with target.transaction() as c:
        c.execute(text("CREATE TABLE customers (id INTEGER)"))
    with pytest.raises(copying.NotEmpty, match="customers"):
        copying.copy(full, target, now=make.NOW)
    with target.reading() as c:
        assert inspect(c).get_table_names() == ["customers"]


def test_a_database_begun_with_another_key_is_refused(full, target_url):
    other = open_database(target_url, Seal([b"x" * 32]))
    from_outside = open_database(target_url, SEAL)
    migrate.upgrade(other)
    assert canary.key_fits(other)
    with pytest.raises(copying.OtherKey):
        copying.copy(full, from_outside, now=make.NOW)
    other.close()
    from_outside.close()


#: What makes one byte of row 17 another one as it arrives.
CHANGES = {
    "sqlite": "CREATE TRIGGER wrong AFTER INSERT ON contacts WHEN new.id = 17"
    " BEGIN UPDATE contacts SET source = 'tesT' WHERE id = new.id; END",
    "postgresql": "CREATE FUNCTION wrong() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.id = 17 THEN"
    " new.number_sealed = set_byte(new.number_sealed, 5, get_byte(new.number_sealed, 5) # 1);"
    " END IF; RETURN new; END $$;"
    "CREATE TRIGGER wrong BEFORE INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION wrong()",
}


def test_one_changed_byte_is_noticed_and_nothing_stays(full, target):
    migrate.upgrade(target)
    with target.transaction() as c:
        c.connection.driver_connection.execute(CHANGES[target.dialect])
    empty = everything(target)
    with pytest.raises(copying.Refused) as found:
        copying.copy(full, target, now=make.NOW)
    assert found.value.table == "contacts"
    assert everything(target) == empty


def test_what_does_not_fit_is_said(full, target, db_url):
    """SQLite keeps what PostgreSQL's columns do not take."""
    if full.dialect == "postgresql":
        pytest.skip("PostgreSQL's values all fit SQLite's columns")
    with full.transaction() as c:
        c.execute(text("UPDATE deliveries SET segments = 70000 WHERE id = 3"))
    with pytest.raises(copying.Refused, match="deliveries"):
        copying.copy(full, target, now=make.NOW)
    assert not any(rows for rows in everything(target).values())


def test_nobody_writes_meanwhile(full, target, monkeypatch):
    """Who tries has to wait: what they wrote would be left behind."""
    monkeypatch.setattr(copying, "PATIENCE", 0.2)
    other = open_database(full.engine.url.render_as_string(hide_password=False), SEAL)
    if other.dialect == "sqlite":
        with other.engine.connect() as raw:  # the one connection it has is used again
            raw.exec_driver_sql("PRAGMA busy_timeout = 100")
    with full.transaction() as c, pytest.raises(copying.Busy):
        c.execute(update(contacts).values(source="somebody writes"))
        copying.copy(other, target, now=make.NOW)
    other.close()
    assert not any(rows for rows in everything(target).values())
