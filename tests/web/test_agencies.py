"""The page of licensed agencies: the list in force, names looked up, a new list looked at before it counts."""

import io

import pytest

from bots import agencies
from bots.agencies import listing
from bots.model import Context, Heard
from tests.bots.agencies.firms import ROWS
from tests.conftest import NOW
from tests.web.doors import press, signed_in, token, words

FILE = "\n".join(
    ("Tên doanh nghiệp;Tên viết tắt;Số giấy phép;Địa chỉ;Trạng thái",
     *(";".join((name, also, licence, "Vinh", status)) for name, also, licence, status in ROWS), ";;77/X;;")
).encode()


def send(browser, content=FILE, **fields):
    form = {"csrf_token": token(browser), "as_of": "2026-11-15", "source": "Trang của Cục", **fields}
    if content is not None:
        form["file"] = (io.BytesIO(content), "danh-sach.csv")
    return browser.post("/agencies/new", data=form, content_type="multipart/form-data")


def test_a_list_is_looked_at_and_put_in_force(officer, rt):
    seen = send(officer)
    assert seen.status_code == 303
    page = words(officer.get(seen.location))
    assert "SOVANA" in page and "thiếu tên" in page
    assert agencies.find(rt.db, "Sovana").verdict == "no-list"  # not yet
    assert press(officer, f"{seen.location}/load").status_code == 303
    assert agencies.find(rt.db, "Sovana").verdict == "licensed"
    page = words(officer.get("/agencies"))
    assert "15/11/2026" in page and "Trang của Cục" in page


def test_a_file_that_is_not_taken_changes_nothing(officer, rt):
    seen = send(officer)
    assert press(officer, f"{seen.location}/drop").status_code == 303
    assert listing.lists(rt.db) == []
    assert officer.get(seen.location).status_code == 404


@pytest.fixture
def with_list(rt):
    listing.load(rt.db, FILE, as_of=NOW.date(), source="Cục", by=None, now=NOW)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sovana", "đúng công ty này"), ("Sovana Nghệ An", "tên gần giống"), ("bimisa", "không còn giấy phép"),
        ("Zetakawa", "không có công ty mang tên"), ("<script>x</script>", "không có công ty mang tên"),
    ],
)
def test_a_name_is_looked_up(officer, with_list, name, said):
    answer = officer.get("/agencies", query_string={"name": name})
    assert answer.status_code == 200
    assert said in words(answer)
    assert "<script>x" not in answer.get_data(as_text=True)


def test_no_name_is_one_sentence(officer, with_list):
    answer = officer.get("/agencies?name=")
    assert answer.status_code == 422
    assert "Chưa có tên" in words(answer)


def test_without_a_list_the_page_says_so(officer):
    assert "www.dolab.gov.vn" in words(officer.get("/agencies"))
    assert "An Lộ chưa có danh sách" in words(officer.get("/agencies?name=sovana"))


@pytest.mark.parametrize(
    ("content", "fields", "box"),
    [
        (None, {}, "file"), (b"", {}, "file"), (b"\x89PNG" + bytes(300), {}, "file"), (b"a;b\n1;2\n", {}, "file"),
        (FILE, {"as_of": "2031-01-01"}, "as_of"), (FILE, {"as_of": "x"}, "as_of"), (FILE, {"source": " "}, "source"),
    ],
)
def test_what_cannot_be_taken(officer, rt, content, fields, box):
    answer = send(officer, content, **fields)
    assert answer.status_code == 422
    assert f'id="{box}-error"' in answer.get_data(as_text=True)
    assert listing.lists(rt.db) == []


def test_an_older_list_is_only_kept(officer, rt, with_list):
    seen = send(officer, as_of="2026-01-05")
    press(officer, f"{seen.location}/load")
    assert listing.lists(rt.db)[0].info.day == NOW.date()
    page = words(officer.get("/agencies"))
    assert "05/01/2026" in page


def test_staff_may_look_and_not_load(app, rt, with_list):
    staff = signed_in(app, rt, "hoa@anlo.example")
    page = staff.get("/agencies?name=sovana")
    assert page.status_code == 200 and "/agencies/new" not in page.get_data(as_text=True)
    assert staff.get("/agencies/new").status_code == 403
    assert press(staff, "/agencies/1/load").status_code == 403


def test_a_visitor_is_sent_to_sign_in(visitor):
    assert visitor.get("/agencies").status_code == 303


def test_nobody_knows_a_list_of_that_number(officer):
    for path in ("/agencies/99", "/agencies/99999999999999999999"):
        assert officer.get(path).status_code in (404, 422)
    assert press(officer, "/agencies/99/load").status_code == 404


def test_the_bot_answers_from_the_list_without_a_restart(officer, rt):
    heard = Heard("công ty Sovana có giấy phép không", "chat", None, Context(greeted=True))
    assert rt.engine.respond(heard).why[0] == "agency: no-list"
    press(officer, f"{send(officer).location}/load")
    said = rt.engine.respond(heard)
    assert said.why[0] == "agency: licensed" and "15/11/2026" in said.reply
