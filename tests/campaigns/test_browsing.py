"""Many waves a page at a time, what is to come, what came back; and what a decision kept."""

from datetime import timedelta

import pytest

from campaigns import waves
from campaigns.model import WaveStatus
from campaigns.waves import browsing
from campaigns.waves.changes import since_last_decision
from staff import accounts
from tests import make
from tests.make import NOW


@pytest.fixture
def officers(db):
    for name in ("lan", "minh"):
        accounts.add(db, email=f"{name}@example.org", role="officer", now=NOW)
    return [person.id for person in accounts.everybody(db)]


def a_draft(db, by, name="Đợt", **plan):
    people = make.people(db, 2, first=10 * make._next())
    lists = [make.a_list(db, f"list {make._next()}", people)]
    return waves.plan(
        db, name=name, version_id=make.a_version(db), audience={"lists": lists}, gateway="fake", by=by, now=NOW, **plan
    )


def names(page):
    return [wave.name for wave, _figures in page.waves]


def test_a_page_holds_so_many_and_knows_how_many_there_are(db, officers):
    for n in range(5):
        a_draft(db, officers[0], f"Đợt {n}")
    first, last = browsing.page(db, size=2), browsing.page(db, number=9, size=2)
    assert (names(first), first.number, first.last, first.counts) == (["Đợt 4", "Đợt 3"], 1, 3, {"draft": 5})
    assert (names(last), last.number) == (["Đợt 0"], 3), "a page beyond the last is the last"


def test_a_page_of_one_status_counts_all_of_them(db, officers):
    sent = a_draft(db, officers[0], "Gửi")
    a_draft(db, officers[0], "Nháp")
    waves.submit(db, sent, by=officers[0], now=NOW)
    page = browsing.page(db, (WaveStatus.SUBMITTED,))
    assert names(page) == ["Gửi"]
    assert page.counts == {"draft": 1, "submitted": 1}


def test_what_comes_next_stands_first_and_what_has_no_day_last(db, officers):
    for name, days in (("hai", 2), ("không", None), ("một", 1)):
        starts = None if days is None else NOW + timedelta(days=days)
        wave_id = a_draft(db, officers[0], name, starts_at=starts)
        digest = waves.submit(db, wave_id, by=officers[0], now=NOW)
        waves.approve(db, wave_id, by=officers[1], digest=digest, now=NOW)
    assert [wave.name for wave in browsing.coming(db)] == ["một", "hai", "không"]
    assert len(browsing.coming(db, 2)) == 2


def test_a_wave_comes_back_to_its_author_only_while_the_return_is_the_last_word(db, officers):
    author, other = officers
    wave_id = a_draft(db, author)
    assert not browsing.returned_to(db, author)
    for _ in range(2):
        waves.submit(db, wave_id, by=author, now=NOW)
        assert not browsing.returned_to(db, author)
        waves.return_to_author(db, wave_id, by=other, note="Sửa.", now=NOW)
        assert [wave.id for wave in browsing.returned_to(db, author)] == [wave_id]
    assert not browsing.returned_to(db, other)
    digest = waves.submit(db, wave_id, by=author, now=NOW)
    waves.approve(db, wave_id, by=other, digest=digest, now=NOW)
    waves.change(db, wave_id, by=author, now=NOW, name="Đổi")
    assert not browsing.returned_to(db, author), "approved last, then edited: nobody returned it"


def test_a_decision_keeps_the_plan_it_was_made_on(db, officers):
    author, other = officers
    wave_id = a_draft(db, author, "Cũ", starts_at=NOW + timedelta(days=1))
    waves.submit(db, wave_id, by=author, now=NOW)
    assert since_last_decision(db, waves.show(db, wave_id).wave) is None
    waves.return_to_author(db, wave_id, by=other, note="Sửa.", now=NOW)
    waves.change(db, wave_id, by=author, now=NOW, name="Mới", daily_quota=300)
    since = since_last_decision(db, waves.show(db, wave_id).wave)
    told = [(change.field, change.before, change.after) for change in since.changes]
    assert told == [("name", "Cũ", "Mới"), ("daily_quota", None, 300)]
    assert (since.decision["decision"], since.decision["by"]) == ("returned", other)
