"""The second step of an upload: shown, changed, described, confirmed or dropped – on both databases."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaigns import asking, imports, lists
from campaigns.checking import Details, faults
from campaigns.columns import ROLES
from campaigns.reading import Choices
from db.tables import contacts, list_members
from db.tables import imports as table
from messages.errors import Mistake
from staff import audit
from tests.campaigns.uploading import receive

FILE = """Họ tên,SĐT,Huyện,Xã,SĐT vợ
Đào,01681234567,,Đồng Văn,0912345670
Bình,912345679,Thanh Chương,Đồng Văn,
Cúc,12,,Không Có Thật,0912345671
Dung,0912345680,,đồng văn,
"""
SAID = Details("Thanh Chương", "UBND xã", "agreed", "họp xóm 12/10/2026")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "uploads"


@pytest.fixture
def asked(db, folder, now):
    return receive(db, folder, FILE, now, ask=True, list_name="")


def _columns(**roles):
    return Choices(columns=dict.fromkeys(ROLES) | roles)


def _row(db, import_id):
    with db.reading() as c:
        return c.execute(select(table).where(table.c.id == import_id)).one()


def _work(db, folder, import_id, now):
    return imports.work(db, folder, import_id, "test", lambda: now)


def test_nobody_is_taken_in_before_somebody_confirms(db, folder, asked, now):
    assert imports.show(db, asked).status == "asking"
    assert imports.waiting(db, now) == []
    assert _work(db, folder, asked, now).rows == 0
    assert lists.all(db) == []
    assert imports.sweep(db, folder, now + timedelta(days=2)) == 0  # the file is needed


def test_what_is_shown_is_what_will_be_stored(db, asked):
    check = asking.show(db, asked)
    assert [(row.number, row.rewritten, row.refused) for row in check.rows] == [
        ("+84381234567", "renumbered-2018", None),
        ("+84912345679", "lost-zero", None),
        ("", None, "too-short"),
        ("+84912345680", None, None),
    ]
    assert [(row.area, row.former) for row in check.rows] == [
        (None, None), ("Xã Đại Đồng", "Xã Đồng Văn"), (None, None), (None, None),
    ]  # fmt: skip
    assert check.columns == ("A · Họ tên", "B · SĐT", "C · Huyện", "D · Xã", "E · SĐT vợ")
    assert (check.encoding, check.reading.delimiter, check.reading.total) == ("utf-8", ",", 4)
    assert check.unknown == (("Không Có Thật", 1),)
    question = check.questions[0]
    assert (question.written, question.people, question.answer) == ("Đồng Văn", 2, None)
    assert [choice.former_district for choice in question.choices] == [
        "Huyện Quế Phong", "Huyện Tân Kỳ", "Huyện Thanh Chương",
    ]  # fmt: skip


def test_looking_reads_no_file(db, folder, asked):
    for path in folder.iterdir():
        path.unlink()
    assert len(asking.show(db, asked).rows) == 4


def test_nothing_of_the_rows_lies_open_in_the_database(db, asked):
    row = _row(db, asked)
    assert b"912345679" not in row.sample_sealed
    assert "Đào" not in row.reading
    assert "Thật" not in row.reading


def test_from_the_question_to_the_list(db, folder, asked, now):
    question = asking.show(db, asked).questions[0]
    until = now + timedelta(days=90)
    details = Details(*(SAID.list_name, SAID.source, SAID.basis, SAID.consent), members_until=until)
    asking.describe(db, asked, details, {question.key: question.choices[2].code})
    assert asking.show(db, asked).rows[0].area == "Xã Đại Đồng"
    asking.confirm(db, asked, by=None, now=now)
    row = _row(db, asked)
    assert (row.status, row.source, row.consent) == ("waiting", "UBND xã", "agreed: họp xóm 12/10/2026")
    assert (row.made_up, row.sample_sealed, row.members_until) == (False, None, until)
    assert imports.waiting(db, now) == [asked]
    done = _work(db, folder, asked, now)
    assert (done.status, done.rows, done.accepted, done.refused, done.list_name) == ("done", 4, 3, 1, "Thanh Chương")
    assert "place-ambiguous" not in done.notes
    with db.reading() as c:
        areas = c.execute(select(contacts.c.area).order_by(contacts.c.id)).scalars().all()
        leaving = set(c.execute(select(list_members.c.expires_at)).scalars())
    assert areas == ["17713", "17713", "17713"]
    assert leaving == {until}
    actions = [entry.action for entry in audit.latest(db)]
    assert actions.count("lists.upload-file") == actions.count("lists.import") == 1


def test_an_answer_may_be_taken_back(db, asked):
    key = asking.show(db, asked).questions[0].key
    asking.describe(db, asked, SAID, {key: "17764-2025"})
    assert asking.show(db, asked).questions[0].answer == "17764-2025"
    asking.describe(db, asked, SAID, {key: ""})
    assert asking.show(db, asked).questions[0].answer is None


def test_the_lists_own_district_answers_too(db, asked):
    asking.describe(db, asked, Details(area="428"))
    check = asking.show(db, asked)
    assert check.questions == ()
    assert check.rows[0].area == "Xã Đại Đồng"


def test_columns_may_be_chosen_otherwise(db, folder, asked, now):
    assert asking.choose(db, folder, asked, _columns(phone=4, name=0)) is True
    check = asking.show(db, asked)
    assert [row.number for row in check.rows] == ["+84912345670", "", "+84912345671", ""]
    assert check.questions == ()
    asking.describe(db, asked, SAID)
    asking.confirm(db, asked, by=None, now=now)
    assert _work(db, folder, asked, now).accepted == 2


def test_the_same_choice_changes_nothing(db, folder, asked):
    before = _row(db, asked)
    same = Choices("1", "utf-8", ",", 1, {"phone": 1, "name": 0, "district": 2, "commune": 3, "language": None})
    for path in folder.iterdir():
        path.unlink()  # nothing is read for it either
    assert asking.choose(db, folder, asked, same) is False
    assert _row(db, asked) == before


def test_other_columns_alone_need_no_second_look_at_the_file(db, folder, asked):
    for path in folder.iterdir():
        path.unlink()
    assert asking.choose(db, folder, asked, _columns(phone=1, name=4, district=2, commune=3)) is True
    check = asking.show(db, asked)
    assert check.rows[0].name == "0912345670"
    assert check.reading.columns.extra == ((0, "Họ tên"),)


def test_without_a_phone_column_it_cannot_begin(db, folder, asked, now):
    asking.choose(db, folder, asked, _columns(name=0))
    check = asking.show(db, asked)
    assert (check.rows, check.doubts) == ((), ("upload-no-phone-column",))
    assert list(faults(check, now)) == ["phone", "list", "source", "basis"]
    asking.describe(db, asked, SAID)
    with pytest.raises(Mistake) as mistake:
        asking.confirm(db, asked, by=None, now=now)
    assert mistake.value.code == "phone-column-missing"


@pytest.mark.parametrize(
    ("details", "fields"),
    [
        (Details(), ["list", "source", "basis"]),
        (Details("A", "B", "agreed"), ["consent"]),
        (Details("A", "B", "duty", " "), ["consent"]),
        (Details("A", "B", "because"), ["basis"]),
        (Details("x" * 121, "B", "agreed", "C"), ["list"]),
        (Details("A", "B", "exercise"), []),
        (SAID, []),
    ],
)
def test_what_is_missing_is_said_at_its_field(db, asked, now, details, fields):
    asking.describe(db, asked, details)
    found = faults(asking.show(db, asked), now)
    assert list(found) == fields
    assert all(mistake.sentence("vi") != mistake.sentence("en") for mistake in found.values())


def test_a_day_that_has_passed_is_no_day_to_leave(db, asked, now):
    asking.describe(db, asked, Details("A", "B", "agreed", "C", members_until=now))
    assert list(faults(asking.show(db, asked), now)) == ["until"]


@pytest.mark.parametrize(
    ("details", "code"),
    [
        (Details(country="XX"), "country-unknown"),
        (Details(area="Hà Nội"), "area-unknown"),
        (Details(source="x" * 501), "source-too-long"),
    ],
)
def test_what_cannot_be_kept_is_said_and_changes_nothing(db, asked, details, code):
    before = _row(db, asked)
    with pytest.raises(Mistake) as mistake:
        asking.describe(db, asked, details)
    assert mistake.value.code == code
    assert _row(db, asked) == before


def test_made_up_people_are_a_basis_of_their_own(db, folder, asked, now):
    asking.describe(db, asked, Details("Thử", "tự ghi", "exercise"))
    asking.confirm(db, asked, by=None, now=now)
    row = _row(db, asked)
    assert (row.consent, row.made_up) == ("exercise", True)


def test_a_published_example_stays_made_up(db, folder, now):
    asked = receive(db, folder, "yen-thanh.csv", now, ask=True)
    check = asking.show(db, asked)
    assert (check.published, check.details.basis) == (True, "exercise")
    asking.describe(db, asked, SAID)
    asking.confirm(db, asked, by=None, now=now)
    assert imports.show(db, asked).made_up


def test_encoding_heading_row_delimiter_and_sheet_may_be_chosen(db, folder, now):
    content = "Hä tªn;Sè ®iÖn tho¹i\nNguyÔn ThÞ §µo;0912345678\nTrÇn V¨n B;0912345679\n".encode("latin-1")
    asked = receive(db, folder, content, now, ask=True)
    assert asking.show(db, asked).hint == ("Hä tªn, Sè ®iÖn tho¹i, NguyÔn ThÞ §µo, TrÇn V¨n B",
                                           "Họ tên, Số điện thoại, Nguyễn Thị Đào, Trần Văn B")  # fmt: skip
    assert asking.choose(db, folder, asked, Choices(encoding="tcvn3"))
    check = asking.show(db, asked)
    assert (check.encoding, check.hint, check.rows[0].name) == ("tcvn3", None, "Nguyễn Thị Đào")
    assert asking.choose(db, folder, asked, Choices(encoding="tcvn3", heading_row=2, columns={"phone": 1}))
    assert [row.line for row in asking.show(db, asked).rows] == [3]
    assert asking.choose(db, folder, asked, Choices(encoding="tcvn3", delimiter="|"))
    assert asking.show(db, asked).reading.columns.headings == ("Họ tên;Số điện thoại",)
    with pytest.raises(Mistake) as mistake:
        asking.choose(db, folder, asked, Choices(heading_row=3))
    assert mistake.value.code == "upload-no-rows"
    assert asking.show(db, asked).reading.delimiter == "|"  # what was before is kept


def test_a_file_that_is_gone_is_said(db, folder, asked):
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(Mistake) as mistake:
        asking.choose(db, folder, asked, Choices(heading_row=2))
    assert mistake.value.code == "import-file-lost"


def test_a_dropped_file_is_gone_and_nobody_taken_in(db, folder, asked, now):
    asking.drop(db, folder, asked, by=None, now=now)
    shown = imports.show(db, asked)
    assert (shown.status, shown.finished, shown.finished_at, shown.list_id) == ("dropped", True, now, None)
    assert list(folder.iterdir()) == []
    assert _row(db, asked).sample_sealed is None
    with db.reading() as c:
        assert c.execute(select(func.count()).select_from(contacts)).scalar_one() == 0


@pytest.mark.parametrize(
    "step",
    [
        lambda db, folder, at, now: asking.show(db, at),
        lambda db, folder, at, now: asking.describe(db, at, SAID),
        lambda db, folder, at, now: asking.choose(db, folder, at, Choices(heading_row=2)),
        lambda db, folder, at, now: asking.confirm(db, at, by=None, now=now),
        lambda db, folder, at, now: asking.drop(db, folder, at, by=None, now=now),
    ],
)
def test_what_is_settled_is_settled(db, folder, asked, now, step):
    asking.describe(db, asked, SAID)
    asking.confirm(db, asked, by=None, now=now)
    with pytest.raises(Mistake) as mistake:
        step(db, folder, asked, now)
    assert mistake.value.code == "import-settled"
    assert _work(db, folder, asked, now).accepted == 3


def test_a_question_nobody_answers_ends_after_a_week(db, folder, asked, now):
    for path in folder.iterdir():
        os.utime(path, (now.timestamp(), now.timestamp()))
    assert imports.sweep(db, folder, now + asking.ASKED_FOR) == 0
    assert imports.sweep(db, folder, now + asking.ASKED_FOR + timedelta(seconds=1)) == 1
    assert imports.show(db, asked).status == "dropped"
    assert list(folder.iterdir()) == []


def test_it_is_among_the_latest_with_the_name_it_was_given(db, folder, now):
    asked = receive(db, folder, FILE, now, ask=True, list_name="Thanh Chương")
    latest = imports.latest(db)[0]
    assert (latest.id, latest.status, latest.list_name, latest.list_id) == (asked, "asking", "Thanh Chương", None)


def test_a_country_that_fits_better_is_proposed(db, folder, now):
    asked = receive(db, folder, "partners-uk.tsv", now, ask=True)
    assert asking.show(db, asked).elsewhere == ("GB", 50)
    asking.describe(db, asked, Details(country="GB"))
    check = asking.show(db, asked)
    assert (check.elsewhere, check.judged.good) == (None, 50)


def test_a_long_sample_is_not_kept_whole(db, folder, now):
    rows = "".join(f"09123{n:05},{'x' * 900}\n" for n in range(400))
    asked = receive(db, folder, f"SĐT,Ghi chú\n{rows}", now, ask=True)
    check = asking.show(db, asked)
    assert len(check.rows) == 20
    assert check.judged.rows < 200
    assert check.reading.total == 400
    assert len(_row(db, asked).sample_sealed) < 100_000
