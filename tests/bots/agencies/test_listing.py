"""A list of agencies comes in, replaces the one before, and is asked."""

import io
from datetime import date, timedelta

import pytest
import xlsxwriter

from bots import agencies
from bots.agencies import listing
from bots.agencies.rows import read, status_of
from messages.errors import Mistake
from staff import audit
from tests.bots.agencies.firms import ROWS

DAY = date(2026, 11, 15)
HEADINGS = ("STT", "Tên doanh nghiệp", "Tên giao dịch", "Số giấy phép", "Địa chỉ", "Trạng thái")
WORDS = {"licensed": "Đang hoạt động", "suspended": "Tạm đình chỉ", "revoked": "Đã thu hồi"}


def lines(delimiter=";", firms=ROWS):
    rows = [("DANH SÁCH DOANH NGHIỆP",), HEADINGS]
    rows += [(str(n), name, also, licence, "Số 1, phố Thử", WORDS[status])
             for n, (name, also, licence, status) in enumerate(firms, 1)]
    return "\r\n".join(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in rows)


def workbook(*sheets):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return content.getvalue()


def load(db, now, content, as_of=DAY, source="Trang của Cục", **more):
    return listing.load(db, content, as_of=as_of, source=source, by=None, now=now, **more)


@pytest.mark.parametrize(
    "content",
    [
        lines(",").encode(), lines(";").encode("utf-8-sig"), lines("\t").encode("utf-16"), lines("|").encode(),
        workbook(("Trang", [line.split("\t") for line in lines("\t").split("\r\n")]), ("Trống", [])),
    ],
    ids=["csv", "semicolons", "utf-16 tabs", "bars", "xlsx"],
)
def test_a_list_of_any_make(db, now, content):
    loaded = load(db, now, content)
    assert (loaded.info.agencies, loaded.refused, loaded.in_force) == (len(ROWS), (), True)
    found = agencies.find(db, "sovana")
    assert found.verdict == "licensed"
    assert (found.list.as_of, found.list.source) == ("2026-11-15", "Trang của Cục")
    assert found.matches[0].agency.also == ("SOVANA",)
    assert agencies.find(db, "bimisa").verdict == "revoked"
    assert agencies.find(db, "Thiên Mộc Hà").verdict == "suspended"


def test_an_old_windows_encoding(db, now):
    text = "Company;Licence;Status\r\nCong ty Sao;1/A;licensed\r\nCông ty Bơ;9/A;suspended\r\n"
    load(db, now, text.encode("cp1258", errors="replace"), encoding="windows-1258")
    assert agencies.find(db, "công ty bơ").verdict == "suspended"


def test_a_new_list_replaces_the_old_as_a_whole(db, now):
    load(db, now, lines(firms=ROWS[:3]).encode())
    load(db, now + timedelta(hours=1), lines(firms=ROWS[3:6]).encode())
    assert agencies.find(db, "Sovana").verdict == "not-found"
    assert agencies.find(db, "LQD").verdict == "licensed"
    assert [sheet.info.agencies for sheet in listing.lists(db)] == [3, 3]  # the old one is kept


def test_the_newest_by_its_own_date_counts(db, now):
    load(db, now, lines(firms=ROWS[:3]).encode())
    older = load(db, now + timedelta(days=1), lines(firms=ROWS[3:6]).encode(), as_of=DAY - timedelta(days=30))
    assert not older.in_force
    assert agencies.find(db, "Sovana").verdict == "licensed"


def test_a_list_that_cannot_be_read_changes_nothing(db, now):
    load(db, now, lines(firms=ROWS[:3]).encode())
    for content in (b"", b"\x89PNG\r\n\x1a\n" + bytes(200), b"a;b\n1;2\n", HEADINGS[1].encode()):
        with pytest.raises(Mistake):
            load(db, now, content)
    assert len(listing.lists(db)) == 1
    assert agencies.find(db, "Sovana").verdict == "licensed"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"source": " "}, "agencies-source-missing"),
        ({"source": "x" * 500}, "agencies-source-long"),
        ({"as_of": date(2027, 1, 1)}, "agencies-as-of-future"),
    ],
)
def test_a_list_without_its_papers(db, now, more, code):
    with pytest.raises(Mistake) as told:
        load(db, now, lines().encode(), **more)
    assert told.value.code == code
    assert listing.lists(db) == []


def test_loading_is_written_down(db, now):
    load(db, now, lines().encode())
    row = audit.latest(db, 1)[0]
    assert (row.action, row.object) == ("agencies.load", f"agency-list:{listing.lists(db)[0].info.id}")


def test_a_draft_is_looked_at_and_then_loaded(db, now):
    draft = listing.propose(db, lines().encode(), as_of=DAY, source="Cục", by=None, now=now)
    assert draft.draft
    assert agencies.find(db, "Sovana").verdict == "no-list"
    sheet, firms = listing.show(db, draft.info.id)
    assert (sheet.info.agencies, len(firms)) == (len(ROWS), len(ROWS))
    assert listing.confirm(db, draft.info.id, by=None, now=now).in_force
    assert agencies.find(db, "Sovana").verdict == "licensed"
    with pytest.raises(Mistake):
        listing.confirm(db, draft.info.id, by=None, now=now)
    with pytest.raises(Mistake):  # what is loaded is not dropped
        listing.drop(db, draft.info.id)


def test_a_second_draft_takes_the_place_of_the_first(db, now):
    first = listing.propose(db, lines().encode(), as_of=DAY, source="Cục", by=None, now=now)
    second = listing.propose(db, lines().encode(), as_of=DAY, source="Cục", by=None, now=now)
    with pytest.raises(Mistake):
        listing.show(db, first.info.id)
    listing.drop(db, second.info.id)
    with pytest.raises(Mistake):
        listing.show(db, second.info.id)


def test_a_running_process_follows_a_new_list(db, now):
    standing = agencies.Standing(db)
    assert standing().find("Sovana").verdict == "no-list"
    load(db, now, lines().encode())
    assert standing().find("Sovana").verdict == "licensed"
    assert standing() is standing()


def test_the_firm_a_text_names(db, now):
    load(db, now, lines().encode())
    named = agencies.named_in(db, "Cty HASOMEX tuyển 20 nữ đi Đài Loan, phí 100 triệu")
    assert (named["verdict"], named["match"]["licence"]) == ("licensed", "907/LĐTBXH-GP")
    assert named["list"]["as_of"] == "2026-11-15"
    assert agencies.named_in(db, "tuyển 20 nữ đi Đài Loan") is None


def test_a_name_must_be_given(db):
    for name in ("", "  ", "???", "\u200b"):
        with pytest.raises(Mistake) as told:
            agencies.find(db, name)
        assert told.value.code == "agency-name-missing"


# -- rows


def reading(*rows, title=""):
    return read(enumerate(rows, 1), title)


def test_refused_lines_say_why():
    found = reading(
        ("Tên công ty", "Số GP", "Tình trạng"),
        ("Công ty Sao Chổi", "1/X", "được cấp phép"),
        ("", "2/X", ""),
        ("12345", "3/X", ""),
        ("Công ty Sao Băng", "", ""),
        ("Công ty Sao Hôm", "5/X", "???"),
        ("CÔNG TY SAO CHỔI", "1/X", "thu hồi"),
        ("Công ty Sao Mai", "6/X", "y" * 10),
        ("z" * 400, "7/X", ""),
    )
    assert [(one.line, one.code) for one in found.refused] == [
        (3, "name-missing"), (4, "name-missing"), (5, "licence-missing"), (6, "status-unknown"), (7, "twice"),
        (8, "status-unknown"), (9, "too-long"),
    ]
    assert [(one.name, one.status) for one in found.agencies] == [("CÔNG TY SAO CHỔI", "revoked")]


def test_names_in_brackets_and_on_further_lines():
    found = reading(("Company",), ("Công ty CP Sao Chổi (SACHO., JSC)",), ("Công ty Sao Hôm\nSAHO CORP",))
    assert [(one.name, one.also) for one in found.agencies] == [
        ("Công ty CP Sao Chổi", ("SACHO., JSC",)), ("Công ty Sao Hôm", ("SAHO CORP",)),
    ]


def test_a_list_of_lost_licences_is_not_read_as_licensed(db, now):
    text = "DANH SÁCH DOANH NGHIỆP BỊ THU HỒI GIẤY PHÉP\nTên doanh nghiệp;Số giấy phép\nCông ty Sao Chổi;1/X\n"
    with pytest.raises(Mistake) as told:
        load(db, now, text.encode())
    assert told.value.code == "agencies-status-missing"


def test_two_sheets_of_firms_are_not_mixed(db, now):
    rows = [("Company", "Licence"), ("Sao Chổi", "1/X")]
    content = workbook(("Có phép", rows), ("Thu hồi", rows))
    with pytest.raises(Mistake) as told:
        load(db, now, content)
    assert told.value.code == "agencies-many-sheets"
    assert load(db, now, content, sheet="Có phép").info.agencies == 1


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Licensed", "licensed"), ("Còn hiệu lực", "licensed"), ("được cấp phép", "licensed"), ("Active", "licensed"),
        ("Đình chỉ 6 tháng", "suspended"), ("TẠM DỪNG", "suspended"), ("suspended", "suspended"),
        ("Đã thu hồi", "revoked"), ("Không còn hiệu lực", "revoked"), ("hết hiệu lực", "revoked"),
        ("Nộp lại giấy phép", "revoked"), ("not licensed", "revoked"), ("unlicensed", "revoked"),
        ("inactive", "revoked"), ("Revoked", "revoked"),
        ("chưa rõ", None), ("123", None),
    ],
)
def test_statuses(written, status):
    assert status_of(written) == status


def test_a_remark_counts_when_something_is_wrong():
    found = reading(("Company", "Note"), ("Sao Chổi", "đình chỉ từ tháng 5"), ("Sao Hôm", "có văn phòng ở Vinh"))
    assert [one.status for one in found.agencies] == ["suspended", "licensed"]
