"""A list by the pages in three steps: the file, how it is read, what became of it; refused rows taken home."""

import re

import pytest

from campaigns import imports, lists
from campaigns.asking import show as shown_of
from scheduler import tasks
from staff import audit
from tests.campaigns.office_files import xls
from tests.web.conftest import STOP
from tests.web.doors import press, words
from tests.web.uploading import FILE, SAID, answer, filled, send, upload

TCVN3 = "Hä tªn,Sè ®iÖn tho¹i,X·\nNguyÔn ThÞ §µo,0912345678,§« Thµnh\n".encode("latin-1")


def _id(address):
    return int(re.search(r"/uploads/(\d+)", address)[1])


def test_a_file_becomes_a_list_in_three_steps(officer, rt):
    sent = send(officer)
    assert (sent.status_code, sent.location) == (303, f"/lists/uploads/{_id(sent.location)}/check")
    page = officer.get(sent.location)
    assert page.headers["Cache-Control"] == "no-store"
    said = words(page)
    assert "thu.csv: 3 dòng" in said
    assert "+84 912 345 678" in said
    assert "số thiếu chữ số" in said
    assert "đã có ở trên" in said
    assert "Trong 3 dòng đầu có 2 số dùng được. Cần sửa: 1 số thiếu chữ số." in said
    assert lists.all(rt.db)[-1].name != "Thử"

    begun = answer(officer, sent.location, **SAID)
    assert (begun.status_code, begun.location) == (303, f"/lists/uploads/{_id(sent.location)}")
    waiting = officer.get(begun.location)
    assert "data-poll" in waiting.get_data(as_text=True)
    assert "Chờ đọc" in words(waiting)
    assert "X-Finished" not in officer.get(f"{begun.location}/part").headers

    tasks.work_through_uploads(rt, STOP)
    assert officer.get(f"{begun.location}/part").headers["X-Finished"] == "1"
    done = officer.get(begun.location)
    said = words(done)
    assert "data-poll" not in done.get_data(as_text=True)
    assert "1 người đã nhận" in said
    assert "1 trùng trong tệp" in said
    assert "1 dòng cần sửa" in said
    assert "Tải 1 dòng cần sửa" in said
    assert "số thiếu chữ số dòng 3" in said
    upload_row = imports.show(rt.db, _id(begun.location))
    assert (upload_row.list_name, upload_row.source) == ("Thử", "tự ghi")


def test_refused_rows_go_home_and_come_back(officer, rt):
    address = send(officer, "Ai,Liên lạc\nMột,12\nHai,13\n").location
    answer(officer, address, "look", phone="1", name="0")
    begun = answer(officer, address, **SAID)
    assert begun.status_code == 303
    tasks.work_through_uploads(rt, STOP)
    mend = officer.get(f"{begun.location}/refused.csv")
    assert mend.mimetype == "text/csv"
    assert "attachment" in mend.headers["Content-Disposition"]
    text = mend.get_data(as_text=True)
    assert text.startswith("\ufeff")
    assert "lists.refused-file" in [entry.action for entry in audit.latest(rt.db)]
    again = send(officer, text.replace("Một,12", "Một,0912345611"))
    # nothing need be chosen this time
    assert shown_of(rt.db, _id(again.location)).doubts == ()
    answer(officer, again.location, **SAID)
    tasks.work_through_uploads(rt, STOP)
    done = imports.show(rt.db, _id(again.location))
    assert (done.accepted, done.refused) == (1, 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "Chưa chọn tệp"), ("", "trống"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG"), ("SĐT\n", "tiêu đề")],
)
def test_what_cannot_be_read_is_said_at_the_file(officer, rt, content, sentence):
    before = len(imports.latest(rt.db))
    refused = send(officer, content)
    assert refused.status_code == 422
    assert sentence in words(refused)
    assert re.search(r'id="file-error">[^<]', refused.get_data(as_text=True))
    assert len(imports.latest(rt.db)) == before


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"source": " "}, "source", "lấy từ đâu"),
        ({"list": ""}, "list", "Tên danh sách"),
        ({"basis": ""}, "basis", "Chọn một căn cứ"),
        ({"consent": ""}, "consent", "Chưa ghi rõ căn cứ"),
        ({"until": "2020-01-01"}, "until", "đã qua"),
        ({"until": "mai"}, "until", "“mai”"),
        ({"country": "XX"}, "country", "XX"),
        ({"phone": ""}, "phone", "Chưa chọn cột"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(officer, rt, fields, field, sentence):
    address = send(officer).location
    if "phone" in fields:
        answer(officer, address, "look", phone="")
    refused = answer(officer, address, **{**SAID, "consent": "đã họp", **fields})
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert sentence in words(refused)
    assert f'<a href="#{field}">' in page
    assert page.count(sentence) >= 2, "above the form and at the field"
    assert field in ("country", "consent") or "đã họp" in page
    assert imports.show(rt.db, _id(address)).status == "asking"


def test_a_change_is_shown_before_it_begins(officer, rt):
    address = send(officer, "Tên,SĐT,SĐT vợ\nA,0912345678,0987654321\n").location
    turned = answer(officer, address, **SAID, phone="2")
    assert (turned.status_code, turned.location) == (303, address)
    page = officer.get(address)
    assert "Xem lại các dòng một lần nữa" in words(page)
    assert "+84 987 654 321" in words(page)
    assert answer(officer, address).location == f"/lists/uploads/{_id(address)}"
    tasks.work_through_uploads(rt, STOP)
    assert imports.show(rt.db, _id(address)).accepted == 1


def test_another_country_is_shown_first_too(officer):
    address = send(officer, "Tên,SĐT\nA,07911123403\n").location
    assert answer(officer, address, **{**SAID, "country": "GB"}).location == address
    assert "+44 791 112 3403" in words(officer.get(address))
    assert answer(officer, address).location == address.removesuffix("/check")


def test_tcvn3_is_proposed_and_read_when_chosen(officer, rt):
    address = send(officer, TCVN3).location
    page = officer.get(address)
    assert "sẽ thành “Họ tên, Số điện thoại, Xã, Nguyễn Thị Đào" in words(page)
    answer(officer, address, "tcvn3")
    said = words(officer.get(address))
    assert "Nguyễn Thị Đào Xã Đông Thành" in said
    assert "sẽ thành" not in said


def test_sheets_may_be_chosen(officer, rt):
    content = xls({"Nam": [["SĐT"], ["0912345678"]], "Nữ": [["SĐT"], ["0912345679"]]})
    address = send(officer, content, "hai.xls").location
    assert "nhiều trang chứa danh sách" in words(officer.get(address))
    answer(officer, address, "look", sheet="2")
    assert "+84 912 345 679" in words(officer.get(address))


def test_an_ambiguous_place_is_asked_once_for_all_rows(officer, rt):
    address = send(officer, "SĐT,Xã\n0912345678,Đồng Văn\n0912345679,đồng văn\n0912345670,Xa Lạ\n").location
    said = words(officer.get(address))
    assert "Đồng Văn (2 dòng)" in said
    assert "Xã Đại Đồng – Huyện Thanh Chương (trước là Xã Đồng Văn)" in said
    assert "Xa Lạ 1" in said
    answer(officer, address, "look", **{"place||dong van": "17764-2025"})
    assert words(officer.get(address)).count("Xã Đại Đồng Xã Đồng Văn Tiếng Việt") == 2
    answer(officer, address, **SAID)
    tasks.work_through_uploads(rt, STOP)
    assert imports.show(rt.db, _id(address)).notes == {"place-unknown": 1}


def test_an_untouched_form_changes_nothing(officer, rt):
    address = send(officer).location
    before = shown_of(rt.db, _id(address))
    answer(officer, address, "look")
    after = shown_of(rt.db, _id(address))
    assert after == before
    assert filled(officer.get(address).get_data(as_text=True))["phone"] == "1"


def test_numbers_are_in_full_only_for_who_sent_them(officer, second_officer):
    address = send(officer).location
    assert "912 345 678" in words(officer.get(address))
    other = second_officer.get(address).get_data(as_text=True)
    assert "+84 91* *** 678" in other
    assert "912345678" not in other
    assert "912 345 678" not in other


def test_a_dropped_file_is_gone(officer, rt):
    address = send(officer).location
    dropped = press(officer, f"{address.removesuffix('/check')}/drop")
    assert dropped.status_code == 303
    assert "Đã bỏ tệp" in words(officer.get(dropped.location))
    assert "đã bị bỏ" in words(officer.get(address.removesuffix("/check")))
    assert officer.get(address).status_code == 302
    assert not any(rt.uploads.iterdir())


def test_what_is_settled_leads_to_its_result(officer, rt):
    begun = upload(officer)
    for do in ("look", "import", "tcvn3"):
        late = press(officer, f"{begun.location}/check", do=do)
        assert (late.status_code, late.location) == (303, begun.location)
    assert press(officer, f"{begun.location}/drop").status_code == 422


def test_members_may_leave_on_a_day(officer, rt):
    begun = upload(officer, until="2027-06-30")
    page = officer.get(f"{begun.location}/check", follow_redirects=True)
    assert page.status_code == 200
    tasks.work_through_uploads(rt, STOP)
    the_list = next(row for row in lists.all(rt.db) if row.name == "Thử")
    assert the_list.people == 1


def test_a_file_that_is_still_asked_about_leads_to_its_question(officer):
    address = send(officer).location
    assert officer.get(address.removesuffix("/check")).location == address
    assert "Chờ kiểm tra" in words(officer.get("/lists"))


def test_too_large_a_file_is_told_so(officer, app):
    app.config["MAX_CONTENT_LENGTH"] = 1000
    assert send(officer, FILE * 100).status_code == 413


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_step_two_is_a_sound_page(officer, lang):
    address = send(officer, "SĐT,SĐT,Xã\n0912345678,1,Đồng Văn\n12,,Xa Lạ\n").location
    page = officer.get(f"{address}?lang={lang}").get_data(as_text=True)
    assert len(re.findall(r"<h1\b", page)) == 1
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    labelled = set(re.findall(r'<label for="([^"]+)"', page))
    controls = re.findall(r'<(?:select|input)[^>]*?\bid="([^"]+)"[^>]*?\bname=', page)
    assert controls and set(controls) <= labelled
    assert " style=" not in page
    assert len(page.encode()) < 40_000


def test_another_phone_column_shows_no_numbers_to_others(officer, second_officer):
    """Whoever looks chooses the column, also the heading row and what a place is."""
    content = "Họ tên,Điện thoại,Máy bàn\n" + "".join(f"Một,091234561{n},098765432{n}\n" for n in range(5))
    address = send(officer, content).location
    for role, heading in (("name", "1"), ("commune", "1"), ("district", "1"), ("name", "2")):
        chosen = {"name": "", "commune": "", "district": "", "phone": "2", role: "1", "heading_row": heading}
        answer(second_officer, address, "look", **chosen)
        page = second_officer.get(address).get_data(as_text=True)
        assert "091234561" not in page and "912 345 61" not in page
        assert "098765432" not in page and "987 654 32" not in page
        if heading == "1":
            assert "091****61" in page
            assert "091234561" in officer.get(address).get_data(as_text=True)
