"""Messages by the pages: written, counted while typing, the text without accents offered, never applied."""

import pytest

from campaigns import authoring
from tests.web.doors import press, words

VI = "Đừng đưa tiền cọc cho người lạ."


def texts(rt, title="Cọc"):
    return next(each for each in authoring.messages(rt.db) if each.title == title).texts


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
    offered = press(officer, "/messages/new", title="Cọc", vi=VI, vi_unaccented="", en="", do="suggest")
    assert "Dung dua tien coc cho nguoi la." in words(offered)
    assert not [each for each in authoring.messages(rt.db) if each.title == "Cọc"]
    taken = press(officer, "/messages/new", title="Cọc", vi=VI, do="take", suggestion="Dung dua tien coc cho nguoi la.")
    assert "Dung dua tien coc cho nguoi la.</textarea>" in taken.get_data(as_text=True)
    press(officer, "/messages/new", title="Cọc", vi=VI, vi_unaccented="Dung dua tien coc cho nguoi la.", do="save")
    assert texts(rt).vi_unaccented == "Dung dua tien coc cho nguoi la."


def test_a_change_is_a_new_version(officer, rt):
    made = press(officer, "/messages/new", title="Cọc", vi=VI, do="save").location
    press(officer, f"{made}/edit", title="Cọc", vi=VI + " Gọi 111.", do="save")
    assert "Bản số 2" in words(officer.get(made))


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


def test_the_figures_follow_the_typing(officer):
    part = press(officer, "/messages/count", title="", vi="ạ" * 71, vi_unaccented="a" * 160, en="")
    assert part.status_code == 200
    for name in ("meter-vi", "meter-en", "meter-vi_unaccented", "phone", "prices"):
        assert f'data-part="{name}"' in part.get_data(as_text=True)
    said = words(part)
    assert "2 đoạn tin · 71 ký tự · đoạn này còn 63 · UCS-2" in said
    assert "1 đoạn tin · 160 ký tự · đoạn này còn 0 · GSM-7" in said


def test_the_characters_that_cost_are_named(officer):
    said = words(press(officer, "/messages/count", vi="", vi_unaccented="gia “re” 😀", en="it’s"))
    assert "“ ” 😀" in said
    assert "’" in said


def test_line_ends_count_as_one_character(officer):
    assert "3 ký tự" in words(press(officer, "/messages/count", vi="", vi_unaccented="a\r\nb", en=""))


def test_a_text_is_only_text(officer):
    made = press(officer, "/messages/new", title="<b>x</b>", vi="<script>alert(1)</script> ạ", do="save")
    page = officer.get(made.location).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
