"""Stop means stop."""

from datetime import timedelta

from campaigns import consent


def _index(db, number="+84912345678"):
    return db.seal.index(number)


def test_out_and_in_again(db, now):
    with db.transaction() as c:
        assert not consent.is_out(c, _index(db))
        assert consent.opt_out(c, _index(db), channel="sms", reason="STOP", now=now)
        assert consent.is_out(c, _index(db))
        assert not consent.is_out(c, _index(db, "+84912345679"))
        assert consent.opt_in(c, _index(db), now)
        assert not consent.is_out(c, _index(db))
        assert not consent.opt_in(c, _index(db), now)


def test_said_twice_it_is_kept_as_it_was_said_first(db, now):
    with db.transaction() as c:
        assert consent.opt_out(c, _index(db), channel="sms", now=now)
        assert not consent.opt_out(c, _index(db), channel="web", now=now + timedelta(days=1))
    assert consent.counts(db) == {"sms": 1}


def test_a_transaction_that_fails_takes_the_opt_out_with_it(db, now):
    try:
        with db.transaction() as c:
            consent.opt_out(c, _index(db), channel="sms", now=now)
            raise ConnectionError
    except ConnectionError:
        pass
    with db.reading() as c:
        assert not consent.is_out(c, _index(db))


def test_counts_by_channel(db, now):
    with db.transaction() as c:
        for number, channel in (("+84912345678", "sms"), ("+84912345679", "sms"), ("zalo:1", "zalo")):
            consent.opt_out(c, db.seal.index(number), channel=channel, now=now)
    assert consent.counts(db) == {"sms": 2, "zalo": 1}
