"""The book of opt-outs: added to, looked up, lifted, written out – and never lost."""

import csv
import io

import pytest
from sqlalchemy import delete, select

from campaigns import consent, lists, optouts
from campaigns.optouts import Unreadable
from db.tables import audit, contacts, list_members
from db.tables import optouts as table
from messages.errors import Mistake
from tests import make
from tests.campaigns.uploading import take_in

NUMBER, OTHER = "+84912345678", "+84912345679"


def is_out(db, number=NUMBER) -> bool:
    with db.reading() as c:
        return consent.is_out(c, db.seal.index(number))


def actions(db) -> list[tuple]:
    with db.reading() as c:
        return [tuple(row) for row in c.execute(select(audit.c.actor, audit.c.action).order_by(audit.c.id))]


def code_of(call, *args, **kwargs) -> str:
    with pytest.raises(Mistake) as mistake:
        call(*args, **kwargs)
    return mistake.value.code


def rows(db, *, in_full=True, now) -> list[list[str]]:
    text = "".join(optouts.export(db, in_full=in_full, by=3, now=now))
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_pasted_numbers_one_a_line(db, now):
    pasted = "0912 345 678\n\n  +84 912 345 679 \n0912345678\nkhông rõ\n091234567\n"
    added = optouts.add(db, pasted, reason="gọi điện tới trạm y tế", by=3, now=now)
    assert (added.added, added.already) == (2, 1)
    assert added.unreadable == [Unreadable(5, "not-a-number"), Unreadable(6, "too-short")]
    assert is_out(db) and is_out(db, OTHER)
    assert optouts.add(db, "0912345678", reason="lại gọi", by=3, now=now).already == 1
    assert optouts.counts(db) == {"staff": 2}
    assert actions(db) == [("staff:3", "consent.add")] * 2


@pytest.mark.parametrize(
    ("text", "reason", "code"),
    [
        ("", "x", "number-missing"),
        (" \n \n", "x", "number-missing"),
        ("0912345678", "  ", "optout-reason-missing"),
        ("0912345678", "x" * 301, "optout-reason-long"),
        ("0912345678\n" * 1001, "x", "optouts-too-many"),
    ],
)
def test_what_cannot_be_added(db, now, text, reason, code):
    assert code_of(optouts.add, db, text, reason=reason, by=3, now=now) == code
    assert optouts.counts(db) == {}


FILE = "Sổ từ chối\n\nHọ tên,Số điện thoại\nA,0912345678\nB,12\nC,0912345679\n,\nD,0912345678\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_with_a_phone_column(db, now, encoding):
    added = optouts.add_file(db, FILE.encode(encoding), reason="sổ của xã", by=3, now=now)
    assert (added.added, added.already, added.unreadable) == (2, 1, [Unreadable(5, "too-short")])
    assert optouts.counts(db) == {"list": 2}


def test_a_file_of_nothing_but_numbers(db, now):
    added = optouts.add_file(db, b"0912345678\n0912345679\n", reason="x", by=3, now=now)
    assert (added.added, added.unreadable) == (2, [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "upload-empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 20, "upload-not-a-list"),
        (b"x" * (21 << 20), "upload-too-big"),
    ],
)
def test_a_file_that_is_no_list(db, now, content, code):
    assert code_of(optouts.add_file, db, content, reason="x", by=3, now=now) == code


def test_looked_up(db, now):
    assert optouts.look_up(db, "0912345678") is None
    with db.transaction() as c:
        consent.opt_out(c, db.seal.index(NUMBER), channel="zalo", now=now)
    line = optouts.look_up(db, "(+84) 912-345-678")
    assert (line.channel, line.at, line.number) == ("zalo", now, None)
    assert optouts.show(db, line.key) == line
    assert code_of(optouts.look_up, db, "") == "number-missing"
    assert code_of(optouts.look_up, db, "113") == "number-unreadable"


def test_lifted_with_a_reason_and_written_down(db, now):
    optouts.add(db, "0912345678", reason="x", by=3, now=now)
    key = optouts.look_up(db, "0912345678").key
    assert code_of(optouts.lift, db, key, reason="", by=3, now=now) == "optout-reason-missing"
    assert is_out(db)
    optouts.lift(db, key, reason="chính chủ xin nhận lại", by=3, now=now)
    assert not is_out(db)
    with db.reading() as c:
        row = c.execute(select(audit).where(audit.c.action == "consent.lift")).one()
    assert (row.actor, "chính chủ" in row.detail, NUMBER in row.detail) == ("staff:3", True, False)
    for gone in (key, "zz"):
        assert code_of(optouts.lift, db, gone, reason="x", by=3, now=now) == "optout-unknown"


def test_written_out_and_taken_in_again(db, now):
    make.people(db, 1, first=1)
    make.opted_out(db, make.number(1))  # known as one of our contacts
    optouts.add(db, "0912345678", reason="=1+1", by=3, now=now)  # known as it was told
    make.opted_out(db, OTHER)  # of nobody we know
    found = {row[0]: row[2:] for row in rows(db, now=now)[1:]}
    assert found == {"0900 000 001": ["sms", ""], "0912 345 678": ["staff", "'=1+1"], "": ["sms", ""]}
    assert ("staff:3", "consent.export") in actions(db)
    masked = {row[0] for row in rows(db, in_full=False, now=now)[1:]}
    assert masked == {"'+84 90* *** 001", "'+84 91* *** 678", ""}

    text = "".join(optouts.export(db, in_full=True, by=3, now=now))
    with db.transaction() as c:
        c.execute(delete(table))
    again = optouts.add_file(db, text.encode(), reason="chuyển từ máy cũ", by=3, now=now)
    assert (again.added, [each.code for each in again.unreadable]) == (2, ["empty"])


def test_the_whole_book_is_written_out_a_part_at_a_time(db, now, monkeypatch):
    monkeypatch.setattr(optouts, "_AT_ONCE", 3)
    optouts.add(db, "\n".join(make.number(n) for n in range(1, 8)), reason="x", by=3, now=now)
    assert sorted(row[0] for row in rows(db, now=now)[1:]) == [f"0900 000 00{n}" for n in range(1, 8)]


class TestNeverLost:
    """Whoever said stop stays out, whatever is done to lists and contacts."""

    FILE = "SĐT\n0912345678\n0912345679\n"

    @pytest.fixture
    def out(self, db, tmp_path, now):
        take_in(db, tmp_path, self.FILE, now, list_name="Yên Thành")
        with db.transaction() as c:
            consent.opt_out(c, db.seal.index(NUMBER), channel="sms", now=now)
        return lists.show(db, "Yên Thành").id

    def test_by_importing_the_file_again(self, db, tmp_path, out, now):
        again = take_in(db, tmp_path, self.FILE, now, list_name="Yên Thành")
        assert (again.opted_out, is_out(db)) == (1, True)

    def test_by_deleting_the_list(self, db, tmp_path, out, now):
        lists.delete(db, out, by=None, now=now)
        assert is_out(db)
        assert take_in(db, tmp_path, self.FILE, now, list_name="Mới").opted_out == 1

    def test_by_erasing_the_person(self, db, tmp_path, out, now):
        index = db.seal.index(NUMBER)
        with db.transaction() as c:
            gone = select(contacts.c.id).where(contacts.c.number_index == index).scalar_subquery()
            c.execute(delete(list_members).where(list_members.c.contact_id == gone))
            c.execute(delete(contacts).where(contacts.c.number_index == index))
        assert is_out(db)
        assert rows(db, now=now)[1:] == [["", f"{now:%Y-%m-%d %H:%M}", "sms", ""]]
        assert take_in(db, tmp_path, self.FILE, now, list_name="Mới").opted_out == 1

    def test_by_adding_the_number_again(self, db, out, now):
        optouts.add(db, "0912345678", reason="x", by=3, now=now)
        assert optouts.counts(db) == {"sms": 1}  # the first word stands
