"""A list by the pages: uploaded, read in the background, looked at with masked numbers, refused rows taken home."""

import io
import re

import pytest

from campaigns import imports, lists
from scheduler import tasks
from tests.web.conftest import STOP
from tests.web.doors import token, words

FILE = "Họ tên,Số điện thoại,Xã,Huyện\nLê Thị Một,0912345678,Xã Yên Thành,Yên Thành\nHai,12,,\nBa,0912345678,,\n"


def upload(officer, content=FILE, name="thu.csv", **fields):
    data = {"csrf_token": token(officer), "list": "Thử", "source": "tự ghi", "country": "VN", **fields}
    if content is not None:
        data["file"] = (io.BytesIO(content.encode()), name)
    return officer.post("/lists/upload", data=data, content_type="multipart/form-data")


def test_a_file_becomes_a_list(officer, rt):
    answer = upload(officer)
    assert answer.status_code == 303
    waiting = officer.get(answer.location)
    assert "data-poll" in waiting.get_data(as_text=True)
    assert "Chờ đọc" in words(waiting)
    assert "X-Finished" not in officer.get(f"{answer.location}/part").headers

    tasks.work_through_uploads(rt, STOP)
    assert officer.get(f"{answer.location}/part").headers["X-Finished"] == "1"
    done = officer.get(answer.location)
    said = words(done)
    assert "data-poll" not in done.get_data(as_text=True)
    assert "1 người đã nhận" in said
    assert "1 trùng trong tệp" in said
    assert "1 dòng cần sửa" in said
    assert "Tải 1 dòng cần sửa" in said

    mend = officer.get(f"{answer.location}/refused.csv")
    assert mend.mimetype == "text/csv"
    assert "attachment" in mend.headers["Content-Disposition"]
    assert mend.get_data(as_text=True).startswith("\ufeff")
    assert "Hai,12" in mend.get_data(as_text=True)


def test_numbers_are_masked(officer, rt):
    upload(officer)
    tasks.work_through_uploads(rt, STOP)
    the_list = next(row for row in lists.all(rt.db) if row.name == "Thử")
    page = officer.get(f"/lists/{the_list.id}").get_data(as_text=True)
    assert "+84 91* *** 678" in page
    assert "912345678" not in page
    assert "Lê Thị Một" in page
    assert "Xã Yên Thành" in page


@pytest.mark.parametrize(
    "content,fields,sentence",
    [
        (None, {}, "Chưa chọn tệp"),
        ("", {}, "trống"),
        ("a,b\n1,2\n", {}, "cột"),
        (FILE, {"source": " "}, "nguồn"),
        (FILE, {"list": ""}, "Tên danh sách"),
        (FILE, {"country": "XX"}, "XX"),
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_typed_stays(officer, rt, content, fields, sentence):
    before = len(imports.latest(rt.db))
    answer = upload(officer, content, **{"consent": "đã đồng ý", **fields})
    assert answer.status_code in (404, 422)
    assert sentence.lower() in words(answer).lower()
    assert "đã đồng ý" in answer.get_data(as_text=True)
    assert len(imports.latest(rt.db)) == before


def test_too_large_a_file_is_told_so(officer, app):
    app.config["MAX_CONTENT_LENGTH"] = 1000
    assert upload(officer, FILE * 100).status_code == 413


@pytest.mark.parametrize(
    "page,shown",
    [(1, "Trang 1 trên"), (2, "Trang 2 trên"), (0, "Trang 1 trên"), (10_000, "Sau"), ("x", "Trang 1 trên")],
)
def test_pages_stay_within_the_list(officer, page, shown):
    answer = officer.get(f"/lists/1?page={page}")
    assert answer.status_code == 200
    assert shown in words(answer) or "Trước" in words(answer)


def test_a_list_is_deleted_after_asking(officer, rt):
    upload(officer)
    tasks.work_through_uploads(rt, STOP)
    the_list = next(row for row in lists.all(rt.db) if row.name == "Thử")
    assert "sẽ bỏ 1 người" in words(officer.get(f"/lists/{the_list.id}/delete"))
    assert officer.post(f"/lists/{the_list.id}/delete", data={"csrf_token": token(officer)}).status_code == 303
    assert "Thử" not in [row.name for row in lists.all(rt.db)]


def test_the_page_of_a_list_names_no_number_in_its_addresses(officer):
    page = officer.get("/lists/1").get_data(as_text=True)
    assert not re.search(r"\+84\d{9}", page)
