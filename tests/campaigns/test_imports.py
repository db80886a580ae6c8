"""A list from the upload to its people, on both databases."""

import csv
import json
import os
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, update

from campaigns import consent, imports, lists
from campaigns.import_work import STALE
from db.tables import areas, contacts, import_refusals, list_members, optouts
from db.tables import imports as table
from messages.errors import Mistake
from staff import audit
from tests.campaigns.uploading import receive, take_in


def _count(c, what):
    return c.execute(select(func.count()).select_from(what)).scalar_one()


def _adds_up(progress):
    return progress.rows == progress.accepted + progress.duplicates + progress.refused + progress.opted_out


def test_nothing_hostile_runs_and_everything_is_kept(db, tmp_path, now):
    progress = take_in(db, tmp_path, "hostile.csv", now)
    names = {person.name for person in lists.people(db, progress.list_id)}
    assert '=HYPERLINK("http://x.example","click")' in names
    assert "{{ 7*7 }}{% for x in range(10**9) %}{% endfor %}" in names
    assert "Robert'); DROP TABLE contacts;--" in names
    assert {"nullbyte", 'Nguyễn "Tí", con ông Tèo', "x" * 500, "😀" * 50} <= names
    # the last row names a commune that three districts had: the number is taken in, its place left open
    assert progress.notes["place-ambiguous"] == 1
    assert progress.notes["cells-cut"] == 1
    places = {person.name: person.area for person in lists.people(db, progress.list_id)}
    assert places["g"] is None
    assert places["a"] == "Xã Đông Thành"


def test_numbers_and_names_are_sealed(db, tmp_path, now):
    take_in(db, tmp_path, "Họ tên,SĐT\nNguyễn Văn A,0912345678\n", now)
    with db.reading() as c:
        row = c.execute(select(contacts)).one()
    assert db.seal.open(row.number_sealed, "contacts.number") == "+84912345678"
    assert json.loads(db.seal.open(row.fields_sealed, "contacts.fields")) == {"name": "Nguyễn Văn A"}
    assert row.number_index == db.seal.index("+84912345678")
    assert b"912345678" not in row.number_sealed


def test_the_same_file_again_knows_everybody(db, tmp_path, now):
    take_in(db, tmp_path, "yen-thanh.csv", now)
    again = take_in(db, tmp_path, "yen-thanh.csv", now, list_name="Lần hai")
    assert (again.accepted, again.known, again.duplicates, again.refused) == (393, 393, 16, 28)
    with db.reading() as c:
        assert _count(c, contacts) == 393
        assert _count(c, list_members) == 2 * 393


def test_who_opted_out_is_counted_and_does_not_join(db, tmp_path, now):
    with db.transaction() as c:
        consent.opt_out(c, db.seal.index("+84912345678"), channel="sms", reason="STOP", now=now)
    progress = take_in(db, tmp_path, "SĐT\n0912345678\n0912345679\n84912345678\n", now)
    assert (progress.rows, progress.accepted, progress.opted_out, progress.duplicates) == (3, 1, 1, 1)
    assert _adds_up(progress)
    with db.reading() as c:
        assert _count(c, contacts) == 1
        assert _count(c, optouts) == 1


@pytest.mark.parametrize("first_made_up", [True, False])
def test_made_up_people_stay_made_up(db, tmp_path, now, first_made_up):
    take_in(db, tmp_path, "SĐT\n0912345678\n", now, made_up=first_made_up)
    take_in(db, tmp_path, "SĐT\n0912345678\n", now, made_up=not first_made_up)
    with db.reading() as c:
        assert c.execute(select(contacts.c.made_up)).scalar_one() is True


def test_refused_rows_come_back_to_be_mended_and_go_in(db, tmp_path, now):
    progress = take_in(db, tmp_path, "hostile.csv", now)
    written = imports.refused_file(db, progress.id)
    rows = list(csv.reader(written.removeprefix("\ufeff").splitlines()))
    assert rows[0] == ["name", "phone", "commune", "Lý do / Reason", "Dòng / Line"]
    assert [(row[0], row[1], row[4]) for row in rows[1:]] == [
        ("b", "", "12"), ("c", "113", "14"), ("d", "1900969680", "15"), ("e", "'+10912345678", "16"),
    ]  # fmt: skip
    assert rows[1][3] == "chưa có số điện thoại / no phone number"
    mended = written.replace("c,113,", "c,0912345700,")
    again = take_in(db, tmp_path, mended, now)
    assert (again.accepted, again.refused) == (1, 3)
    with db.reading() as c:
        fields = c.execute(select(contacts.c.fields_sealed).order_by(contacts.c.id.desc()).limit(1)).scalar_one()
    assert json.loads(db.seal.open(fields, "contacts.fields")) == {"name": "c"}


def test_rows_refused_twice_carry_their_remarks_once(db, tmp_path, now):
    first = take_in(db, tmp_path, "Tên,SĐT,Nghề\nA,12,thợ\nB\nC,x,,thêm\n", now)
    written = imports.refused_file(db, first.id)
    second = take_in(db, tmp_path, written, now)
    again = list(csv.reader(imports.refused_file(db, second.id).removeprefix("\ufeff").splitlines()))
    assert again[0] == ["Tên", "SĐT", "Nghề", "Lý do / Reason", "Dòng / Line"]
    assert again[1] == ["A", "12", "thợ", "số thiếu chữ số / the number has too few digits", "2"]
    assert again[2][:3] == ["B", "", ""]
    assert again[3][:3] == ["C", "x", ""]
    assert again[3][5:] == ["thêm"]


def test_many_refused_rows_are_read_a_piece_at_a_time(db, tmp_path, now, monkeypatch):
    monkeypatch.setattr(imports, "_ROWS_AT_ONCE", 7)
    progress = take_in(db, tmp_path, "SĐT\n" + "12\n" * 50, now)
    lines = imports.refused_lines(db, progress.id)
    assert next(lines).startswith("\ufeffSĐT,")
    assert [line.rsplit(",", 1)[1].strip() for line in lines] == [str(line) for line in range(2, 52)]
    assert imports.refused_where(db, progress.id, most=3) == {"too-short": [2, 3, 4]}


def test_who_takes_refused_rows_is_written_down_at_once(db, tmp_path, now):
    progress = take_in(db, tmp_path, "SĐT\n12\n", now)
    imports.refused_lines(db, progress.id)
    assert "lists.refused-file" not in [row.action for row in audit.latest(db)]
    imports.refused_lines(db, progress.id, by=None, now=now)
    assert "lists.refused-file" in [row.action for row in audit.latest(db)]
    with pytest.raises(Mistake):
        imports.refused_lines(db, 99)


def test_the_list_area_is_for_rows_that_name_none(db, tmp_path, now):
    rows = "SĐT,Xã\n0912345678,Đồng Văn\n0912345679,\n0912345680,Vinh Phú\n"
    take_in(db, tmp_path, rows, now, area="huyện Thanh Chương")
    with db.reading() as c:
        columns = contacts.c.area, contacts.c.former_district
        assert c.execute(select(*columns).order_by(contacts.c.id)).all() == [
            ("17713", "428"), (None, "428"), ("16702", "412"),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"source": "  "}, "source-missing"),
        ({"list_name": " "}, "list-name-unusable"),
        ({"list_name": "x" * 500}, "list-name-unusable"),
        ({"country": "XX"}, "country-unknown"),
        ({"area": "Hà Nội"}, "area-unknown"),
        ({"area": "Đô Lương"}, "area-ambiguous"),
        ({"content": "Tên\nA\n"}, "upload-no-phone-column"),
    ],
)
def test_what_cannot_be_taken_leaves_nothing_behind(db, tmp_path, now, options, code):
    options = {"content": "SĐT\n0912345678\n", **options}
    with pytest.raises(Mistake) as mistake:
        receive(db, tmp_path / "uploads", now=now, **options)
    assert mistake.value.code == code
    assert mistake.value.sentence("vi") != mistake.value.sentence("en")
    assert not (tmp_path / "uploads").exists() or list((tmp_path / "uploads").iterdir()) == []
    with db.reading() as c:
        assert _count(c, table) == 0
    assert lists.all(db) == []


def test_who_imported_what_is_in_the_audit(db, tmp_path, now):
    receive(db, tmp_path, "SĐT\n0912345678\n", now)
    actions = {row.action: row for row in audit.latest(db)}
    assert {"lists.import", "lists.create", "areas.load"} <= actions.keys()
    assert actions["lists.import"].actor == "machine"
    assert "0912345678" not in actions["lists.import"].detail


def test_stopping_between_batches_and_going_on(db, tmp_path, now):
    import_id = receive(db, tmp_path, "yen-thanh.csv", now)
    seen = []
    half = imports.work(db, tmp_path, import_id, "one", lambda: now, 50, stop=lambda: len(seen) == 3,
                        watch=lambda done, total: seen.append((done, total)))
    assert seen == [(50, 437), (100, 437), (150, 437)]
    assert (half.status, half.rows) == ("working", 150)
    assert _adds_up(half)
    # it gave its claim back, so another worker need not wait
    assert imports.waiting(db, now) == [import_id]
    done = imports.work(db, tmp_path, import_id, "two", lambda: now, 70)
    assert (done.status, done.accepted, done.duplicates, done.refused) == ("done", 393, 16, 28)
    assert imports.waiting(db, now) == []


def test_one_worker_at_a_time_until_it_is_not_heard_of(db, tmp_path, now):
    import_id = receive(db, tmp_path, "yen-thanh.csv", now)
    later = now + STALE + timedelta(seconds=1)
    said = []

    def interrupt(done, total):
        if done == 100:
            said.append(imports.work(db, tmp_path, import_id, "two", lambda: now, 50).rows)
            # the first worker sleeps past its claim, and the second takes over
            said.append(imports.work(db, tmp_path, import_id, "two", lambda: later, 50).status)

    first = imports.work(db, tmp_path, import_id, "one", lambda: now, 50, watch=interrupt)
    assert said == [100, "done"]
    # the first one woke up, saw that the row had moved on, and changed nothing
    assert (first.status, first.rows, first.accepted) == ("done", 437, 393)
    with db.reading() as c:
        assert _count(c, list_members) == 393


def test_a_worker_overtaken_at_the_same_position_writes_nothing(db, tmp_path, now):
    import_id = receive(db, tmp_path, "SĐT\n0912345678\n0912345679\n", now)

    def overtaken():
        with db.transaction() as c:
            c.execute(update(table).values(claimed_by="two"))
        return False

    half = imports.work(db, tmp_path, import_id, "one", lambda: now, 1, stop=overtaken)
    assert (half.status, half.rows) == ("working", 0)
    with db.reading() as c:
        assert _count(c, contacts) == 0


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda path: path.unlink(), "import-file-lost"),
        (lambda path: path.write_bytes(bytes(byte ^ 1 for byte in path.read_bytes())), "import-file-changed"),
    ],
)
def test_a_stored_file_that_is_gone_or_changed_fails_the_import(db, tmp_path, now, damage, code):
    folder = tmp_path / "uploads"
    import_id = receive(db, folder, "SĐT\n0912345678\n", now)
    damage(next(folder.iterdir()))
    progress = imports.work(db, folder, import_id, "test", lambda: now)
    assert (progress.status, progress.error) == ("failed", code)
    assert list(folder.iterdir()) == []
    assert imports.waiting(db, now) == []


def test_sweeping_takes_only_what_nobody_needs(db, tmp_path, now):
    folder = tmp_path / "uploads"
    import_id = receive(db, folder, "SĐT\n0912345678\n", now)
    (folder / "stray.part").write_bytes(b"left by a process that died")
    for path in folder.iterdir():
        os.utime(path, (now.timestamp(), now.timestamp()))
    assert imports.sweep(db, folder, now) == 0  # somebody may still be writing it
    assert imports.sweep(db, folder, now + timedelta(days=2)) == 1
    assert imports.work(db, folder, import_id, "test", lambda: now).status == "done"


def test_latest_is_newest_first_and_of_one_list(db, tmp_path, now):
    one = take_in(db, tmp_path, "SĐT\n0912345678\n", now, list_name="Một")
    two = take_in(db, tmp_path, "SĐT\n0912345678\n", now, list_name="Hai", filename="../../etc/hai.csv")
    assert [progress.id for progress in imports.latest(db)] == [two.id, one.id]
    assert [progress.id for progress in imports.latest(db, list_id=one.list_id)] == [one.id]
    assert (two.list_name, two.filename) == ("Hai", "hai.csv")


def test_no_such_import(db):
    for ask in (imports.show, imports.refused_file):
        with pytest.raises(Mistake) as mistake:
            ask(db, 99)
        assert mistake.value.code == "import-unknown"


def test_a_refused_row_is_unique_by_line(db, tmp_path, now):
    progress = take_in(db, tmp_path, "SĐT,Xã\nx,Đô Thành\n", now)
    with db.reading() as c:
        rows = c.execute(select(import_refusals.c.line, import_refusals.c.code)).all()
    assert rows == [(2, "not-a-number")]
    assert progress.refusals == {"not-a-number": 1}


def test_areas_of_another_province_are_left_alone(db, tmp_path, now):
    with db.transaction() as c:
        province = {"code": "42", "level": "province", "name": "Tỉnh Hà Tĩnh", "folded": "ha tinh", "province": "42"}
        c.execute(insert(areas), [province])
    progress = take_in(db, tmp_path, "SĐT,Xã\n0912345678,Đô Thành\n", now)
    assert progress.notes == {"place-unknown": 1}
