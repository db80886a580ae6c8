"""What doors bring is stored at once, once, and together with what others bring in that moment."""

import itertools
import threading

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from bots.arrivals import CROWD, Arrivals, as_json
from bots.platform import LONGEST_ADDRESS, Incoming
from bots.taking_in import from_json
from db.tables import arrivals


def stored(db) -> list:
    with db.reading() as c:
        return c.execute(select(arrivals).order_by(arrivals.c.id)).all()


def test_what_came_is_on_the_disk_when_take_returns_and_somebody_is_woken(db, now):
    wake = threading.Event()
    Arrivals(db, wake).take("zalo", [Incoming("m1", "u1", text="xin chào")], now)
    [row] = stored(db)
    assert (row.platform, row.provider_id, row.status, row.at) == ("zalo", "zalo:m1", "waiting", now)
    assert b"xin ch" not in row.incoming_sealed
    assert from_json(db.seal.open(row.incoming_sealed, "arrivals.incoming")).text == "xin chào"
    assert wake.is_set()


def test_a_repeat_changes_nothing_and_another_platform_may_use_the_same_id(db, now):
    doors = Arrivals(db)
    for platform in ("zalo", "zalo", "telegram"):
        doors.take(platform, [Incoming("m1", "u1", text=platform)], now)
    assert [row.provider_id for row in stored(db)] == ["zalo:m1", "telegram:m1"]


@pytest.mark.parametrize("address", ["", "x" * (LONGEST_ADDRESS + 1), "x" * 10_000, "a\0b"])
def test_an_address_nobody_has_is_left_out_and_the_others_are_kept(db, now, address):
    Arrivals(db).take("zalo", [Incoming("m1", address), Incoming("m2", "u2")], now)
    assert [row.provider_id for row in stored(db)] == ["zalo:m2"]


@pytest.mark.parametrize("odd", ["x" * 10_000, "\0", "\ud83d", "🆘"], ids=["long", "nul", "half a letter", "sign"])
def test_odd_ids_and_odd_words_are_stored(db, now, odd):
    Arrivals(db).take("zalo", [Incoming(odd, "u1", text=odd)], now)
    assert len(stored(db)) == 1


def test_many_at_once_share_a_transaction_and_none_is_lost(db, now):
    doors, commits = Arrivals(db), []
    event.listen(db.engine, "commit", lambda connection: commits.append(1))
    crowd, each = 16, 25
    together = threading.Barrier(crowd)

    def bring(who: int) -> None:
        together.wait(10)
        for n in range(each):
            doors.take("zalo", [Incoming(f"{who}-{n}", f"u{who}")], now)

    threads = [threading.Thread(target=bring, args=(who,)) for who in range(crowd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(commits) < crowd * each
    with db.reading() as c:
        assert c.execute(select(func.count()).select_from(arrivals)).scalar_one() == crowd * each
    for who in range(crowd):  # one after the other by one who brings them one after the other
        mine = [row.provider_id for row in stored(db) if row.provider_id.startswith(f"zalo:{who}-")]
        assert mine == [f"zalo:{who}-{n}" for n in range(each)]


def test_who_could_not_be_stored_hears_of_it_and_the_next_one_is_stored(db, now):
    class Away:
        seal, times = db.seal, 1

        def transaction(self, **durable):
            if self.times:
                self.times -= 1
                raise OperationalError("insert", {}, Exception("away"))
            return db.transaction(**durable)

    doors = Arrivals(Away())
    with pytest.raises(OperationalError):
        doors.take("zalo", [Incoming("m1", "u1")], now)
    doors.take("zalo", [Incoming("m1", "u1")], now)
    assert len(stored(db)) == 1


def test_what_is_laid_down_is_read_again_as_it_was(now):
    whole = Incoming("m1", "u1", "edit", "một\n“hai”", now, "vi", "m0", "xa-dien-chau")
    assert from_json(as_json(whole)) == whole
    assert from_json(as_json(Incoming("m1", "u1"))) == Incoming("m1", "u1")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"provider_id": "1"}', '{"provider_id": "1", "address": "u", "kind": "dance"}',
             '{"provider_id": "1", "address": "u", "text": 5}', '{"provider_id": "1", "address": ""}',
             '{"provider_id": "1", "address": "u", "at": "yesterday"}', '{"provider_id": "1", "address": "u", "x": 1}'],
)
def test_what_is_no_incoming_is_not_read(text):
    with pytest.raises((ValueError, TypeError)):
        from_json(text)


@pytest.mark.parametrize(("seconds", "crowded"), [(0.001, True), (0.1, False)])
def test_callers_that_come_one_upon_the_other_are_a_crowd(sqlite_db, now, monkeypatch, seconds, crowded):
    clock = itertools.count(0, seconds)
    monkeypatch.setattr("bots.arrivals.time.monotonic", lambda: next(clock))
    doors = Arrivals(sqlite_db)
    assert not doors.is_crowded()
    for n in range(CROWD):
        doors.take("zalo", [Incoming(str(n), "u1")], now)
    assert doors.is_crowded() == crowded
