"""Messages by the pages: written, measured, priced and read over; the text without accents offered, never applied."""

import re
from datetime import timedelta

import pytest

from campaigns import authoring, lists, prices
from tests.conftest import NOW
from tests.web.doors import press, words
from web import drafts

VI = "Đừng đưa tiền cọc cho người lạ."


def texts(rt, title="Cọc"):
    return next(each for each in authoring.messages(rt.db) if each.title == title).texts


def made(browser, **fields) -> str:
    """The address of a new message."""
    return press(browser, "/messages/new", **{"title": "Cọc", "vi": VI, "do": "save", **fields}).location


def began(browser, path: str) -> str:
    return re.search(r'name="began" value="(\d+)"', browser.get(path).get_data(as_text=True))[1]


def box(answer, name: str) -> str:
    """What stands in a box of the form."""
    return answer.get_data(as_text=True).partition(f'name="{name}"')[2].partition("</textarea>")[0]


def a_list(rt) -> int:
    return next(row.id for row in lists.all(rt.db) if "Yên Thành" in row.name)


def test_a_message_is_written_and_shown(officer, rt):
    answer = press(officer, "/messages/new", title="Cọc", vi=VI, vi_unaccented="", en="No deposits.", do="save")
    assert answer.status_code == 303
    said = words(officer.get(answer.location))
    assert VI in said
    assert "Nguyễn Thị Lan" in said
    assert "UCS-2" in said
    assert "GSM-7" in said
    assert texts(rt).vi_unaccented == ""


def test_the_text_without_accents_is_offered_then_taken_then_saved(officer, rt):
    offered = press(officer, "/messages/new", title="Cọc", vi=VI, vi_unaccented="", en="", do="look")
    assert "Dung dua tien coc cho nguoi la." in words(offered)
    assert "Dung dua" not in box(offered, "vi_unaccented")
    assert not [each for each in authoring.messages(rt.db) if each.title == "Cọc"]
    taken = press(officer, "/messages/new", title="Cọc", vi=VI, do="take", suggestion="Dung dua tien coc cho nguoi la.")
    assert "Dung dua tien coc cho nguoi la.</textarea>" in taken.get_data(as_text=True)
    assert not [each for each in authoring.messages(rt.db) if each.title == "Cọc"]
    press(officer, "/messages/new", title="Cọc", vi=VI, vi_unaccented="Dung dua tien coc cho nguoi la.", do="save")
    assert texts(rt).vi_unaccented == "Dung dua tien coc cho nguoi la."


def test_what_is_taken_shows_the_words_that_read_otherwise(officer):
    taken = press(officer, "/messages/new", title="Cọc", vi=VI, do="take", suggestion="Dung dua tien coc.")
    note = taken.get_data(as_text=True).partition('class="note warn"')[2].partition("</div></div>")[0]
    assert "đừng" in note and "dùng" in note


def test_a_change_is_a_new_version(officer, rt):
    page = made(officer)
    press(officer, f"{page}/edit", title="Cọc", vi=VI + " Gọi 111.", do="save", began=began(officer, f"{page}/edit"))
    assert "Bản số 2" in words(officer.get(page))


def test_of_two_officers_the_second_is_told_and_nothing_is_lost(officer, second_officer, rt):
    page = made(officer)
    start = began(officer, f"{page}/edit")
    press(officer, f"{page}/edit", title="Cọc", vi="Đừng đưa tiền cọc cho ai lạ.", do="save", began=start)
    told = press(second_officer, f"{page}/edit", title="Cọc", vi=VI + " Gọi 111.", do="save", began=start)
    assert told.status_code == 409
    said, source = words(told), told.get_data(as_text=True)
    assert "Nguyễn Thị Lan" in said and "Bản số 2" in said
    assert f"{VI} Gọi 111.</textarea>" in source  # theirs stays in the box …
    assert "<del>ai</del><ins>người</ins>" in source and "Gọi 111.</ins>" in source  # … beside what changed
    assert texts(rt).vi == "Đừng đưa tiền cọc cho ai lạ."
    again = re.search(r'name="began" value="(\d+)"', source)[1]
    saved = press(second_officer, f"{page}/edit", title="Cọc", vi=VI + " Gọi 111.", do="save", began=again)
    assert saved.status_code == 303
    assert texts(rt).vi == f"{VI} Gọi 111."
    assert "Bản số 3" in words(officer.get(page))


def test_a_new_title_is_kept(officer, rt):
    page = made(officer)
    press(officer, f"{page}/edit", title="Tiền đặt cọc", vi=VI, do="save", began=began(officer, f"{page}/edit"))
    assert texts(rt, "Tiền đặt cọc").vi == VI


def test_saving_the_same_again_makes_no_version(officer, rt):
    page = made(officer)
    press(officer, f"{page}/edit", title="Cọc", vi=VI, do="save", began=began(officer, f"{page}/edit"))
    assert "Bản số 1" in words(officer.get(page))


@pytest.mark.parametrize(
    "fields,sentence",
    [
        ({"title": "Cọc"}, ""),
        ({"title": "", "vi": VI}, ""),
        ({"title": "Cọc", "vi": VI, "vi_unaccented": "Đừng đưa tiền."}, "Dung dua tien."),
        ({"title": "Cọc", "vi": "{{ 7*7 }}"}, ""),
    ],
)
def test_what_cannot_be_saved_is_said_and_stays_in_its_boxes(officer, fields, sentence):
    answer = press(officer, "/messages/new", do="save", **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert sentence in words(answer)
    if fields.get("vi"):
        assert fields["vi"] in words(answer)


# -- what follows the typing


def count(officer, **fields):
    return press(officer, "/messages/count", **{"title": "", "vi": "", "vi_unaccented": "", "en": "", **fields})


def test_the_figures_follow_the_typing(officer):
    part = count(officer, vi="ạ" * 71, vi_unaccented="a" * 160)
    assert part.status_code == 200
    for name in ("meter-vi", "meter-en", "meter-vi_unaccented", "offer", "phone", "prices", "people", "findings"):
        assert f'data-part="{name}"' in part.get_data(as_text=True)
    said = words(part)
    assert "2 đoạn tin · 71 ký tự · đoạn này còn 63" in said
    assert "Bớt 1 ký tự để còn 1 đoạn tin" in said
    assert "1 đoạn tin · 160 ký tự · đoạn này còn 0" in said
    assert "70 ký tự một đoạn" in said and "UCS-2" in said


def test_the_characters_that_cost_are_named_with_their_place_and_remedy(officer):
    part = count(officer, vi_unaccented="gia “re” 😀 rất", en="it’s\u00a0so")
    said, source = words(part), part.get_data(as_text=True)
    assert "vị trí 5: ““”, dấu nháy cong; viết “\"”" in said
    assert "vị trí 10: “😀”" in said
    assert "vị trí 13: “ấ”, chữ có dấu; viết “a”" in said
    assert "vị trí 5: U+00A0" in said
    assert '<a href="#vi_unaccented" data-spot="vi_unaccented" data-at="12" data-long="1">' in source


def test_a_text_with_accents_is_not_scolded_for_them(officer):
    assert "vị trí" not in words(count(officer, vi=VI))
    assert "vị trí 13" in words(count(officer, vi="Khong dua tiền coc"))  # one accent alone is an oversight
    assert "vị trí 5: U+00A0" in words(count(officer, vi="Đừng\u00a0đưa tiền cọc cho ai"))


def test_dear_characters_are_replaced_at_a_press(officer):
    mended = press(officer, "/messages/new", title="x", en="it’s\u00a0a “trap”…", do="mend-en")
    assert "it&#39;s a &#34;trap&#34;...</textarea>" in mended.get_data(as_text=True)


def test_line_ends_count_as_one_character(officer):
    assert "3 ký tự" in words(count(officer, vi_unaccented="a\r\nb"))


def test_a_text_is_only_text(officer):
    page = made(officer, title="<b>x</b>", vi="<script>alert(1)</script> ạ")
    for path in (page, f"{page}/edit", f"{page}/versions", "/messages"):
        source = officer.get(path).get_data(as_text=True)
        assert "<script>alert" not in source
        assert "<b>x</b>" not in source


def test_what_must_be_mended_is_told_in_words_with_its_place(officer):
    part = count(officer, vi="An Lộ: Việc nhẹ lương cao, gọi ngay 0999 999 999.", en="An Lo: hello")
    assert "phải sửa" in words(part)
    assert 'data-spot="vi"' in part.get_data(as_text=True)


def test_an_advert_is_marked_and_read_as_one(officer, rt):
    page = made(officer, vi="An Lộ: ngày hội việc làm. Hỏi: 111.", advert="1")
    version = next(each for each in authoring.messages(rt.db) if each.title == "Cọc")
    assert version.advert
    assert authoring.blocking(rt.db, version.id)
    assert "Quảng cáo" in words(officer.get(page))
    assert re.search(r'name="advert"[^>]* checked', officer.get(f"{page}/edit").get_data(as_text=True))


# -- prices, for one and for a list


def test_the_price_of_one_and_of_a_whole_list(officer, rt):
    prices.put_rate(rt.db, vnd=25_000, valid_from=NOW.date(), by=None, now=NOW)
    part = count(officer, vi="ạ" * 71, vi_unaccented="a" * 70, list=a_list(rt))
    said = words(part)
    assert "1.000 ₫" in said and "£0,04" in said
    people = next(row.people for row in lists.all(rt.db) if row.id == a_list(rt))
    assert re.search(rf"{people} người trong “Yên Thành", said)
    assert "Tính đủ từng người" in said


def test_without_a_rate_there_are_no_pounds(officer, monkeypatch):
    assert "£" in words(count(officer, vi="Chào"))
    monkeypatch.setattr(prices, "rates", lambda *_: [])
    assert "£" not in words(count(officer, vi="Chào"))


def test_five_real_people_the_longest_first_numbers_masked(officer, rt):
    part = count(officer, vi="Chào {{ ten }}, đừng đi.", list=a_list(rt))
    people = part.get_data(as_text=True).partition('data-part="people"')[2]
    assert people.count('class="phone"') == 5
    assert "Chào {{" not in people
    assert not re.search(r"\+?84\d{9}|0\d{9}", people)


def test_who_lacks_a_value_is_shown_masked(officer, rt):
    part = count(officer, vi="Chào {{ so_ho_chieu }}.", list=a_list(rt))
    said = words(part)
    assert "200 trong 200 người đã xem thiếu “so_ho_chieu”" in said
    assert "***" in said
    page = made(officer, vi="Chào {{ so_ho_chieu }}.")
    people = next(row.people for row in lists.all(rt.db) if row.id == a_list(rt))
    assert f"{people} người thiếu “so_ho_chieu”" in words(officer.get(f"{page}?list={a_list(rt)}"))


def test_a_half_typed_placeholder_does_not_stop_the_page(officer, rt):
    part = count(officer, vi="Chào {{ te", list=a_list(rt))
    assert part.status_code == 200
    assert "{{ te" in words(part)


def test_of_very_many_lists_the_newest_are_offered(officer, rt, monkeypatch):
    monkeypatch.setattr(drafts, "OFFERED", 2)
    for n in range(3):
        lists.create(rt.db, f"Danh sách {n}", by=None, now=NOW + timedelta(days=n + 1))
    page = officer.get(f"/messages/1?list={a_list(rt)}").get_data(as_text=True)
    assert "Danh sách 2</option>" in page and "Danh sách 0</option>" not in page
    assert "selected>Yên Thành" in page  # the chosen one is always among them


def test_a_list_that_is_gone_is_no_list(officer):
    assert count(officer, vi="Chào", list="404").status_code == 200


# -- the table


def test_messages_are_found_by_title_without_accents(officer):
    made(officer, title="Thuyền nhỏ qua biển")
    found = words(officer.get("/messages?find=thuyen nho"))
    assert "Thuyền nhỏ qua biển" in found
    assert "Lưu số 111" not in found
    assert "Thuyền nhỏ" not in words(officer.get("/messages?find=khong co"))


def test_many_messages_are_shown_a_page_at_a_time(officer, rt):
    for n in range(55):
        authoring.write(rt.db, title=f"Tin số {n:02}", vi=VI, by=None, now=NOW)
    first = words(officer.get("/messages"))
    assert "Tin số 54" in first and "Tin số 01" not in first
    assert "Tin số 01" in words(officer.get("/messages?page=2"))
