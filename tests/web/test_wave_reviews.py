"""The second officer's page: exact words, real readers, what changed since the last decision, many people typed out."""

import re
from datetime import timedelta

import pytest

from campaigns import authoring, waves
from campaigns.waves.changes import since_last_decision
from tests.web.conftest import NOW
from tests.web.doors import press, words
from tests.web.test_waves import approve, planned, status
from web import reviews

VI = "An Lộ: Đừng đưa tiền cọc cho người lạ hứa việc. Cần giúp, gọi 111. Ngừng: TU CHOI."
EN = "An Lo: Pay no deposit to strangers who promise work. For help call 111. To stop: STOP."


def write(rt, **texts) -> int:
    return authoring.write(rt.db, title="Tiền cọc", by=1, now=NOW, **{"vi": VI, "en": EN, **texts})


def returned(officer, second_officer, **changes) -> str:
    address = planned(officer, do="submit", **changes).location
    press(second_officer, f"{address}/return", note="Sửa câu cuối giúp.")
    return address


def test_five_real_readers_are_shown_the_longest_first(officer, second_officer, rt):
    named = (VI.replace("Đừng", "Chào {{ name }}, đừng"), EN.replace("Pay", "Hello {{ name }}, pay"))
    version = write(rt, vi=named[0], en=named[1])
    address = planned(officer, do="submit", version=str(version)).location
    page = words(second_officer.get(f"{address}/review"))
    shown = re.findall(r"Chào [^,]+, đừng đưa tiền cọc", page)
    assert len(shown) >= 5
    assert "{{ name }}" in page, "the text with its blanks stays one step away"
    assert "***" in page, "numbers are masked"


def test_the_same_words_for_all_are_said_to_be_so(officer, second_officer):
    address = planned(officer, do="submit").location
    assert "Ai cũng nhận đúng lời này" in words(second_officer.get(f"{address}/review"))


def test_what_changed_since_it_was_returned_is_told_field_by_field_and_word_by_word(officer, second_officer, rt):
    first = write(rt)
    message_id = authoring.version(rt.db, first).message_id
    second = write(rt, message_id=message_id, vi=VI.replace("tiền cọc", "giấy tờ"))
    address = returned(officer, second_officer, version=str(first))
    press(
        officer, f"{address}/edit", do="submit", name="Đợt thử", lists="2", version=str(second), form="vi",
        when="now", gateway="simulator", daily_quota="300",
    )  # fmt: skip
    page = second_officer.get(f"{address}/review").get_data(as_text=True)
    assert "<del>tiền cọc</del><ins>giấy tờ</ins>" in page
    told = words(second_officer.get(f"{address}/review"))
    assert "Khác với lúc Trần Văn Minh trả lại" in told
    assert "Sửa câu cuối giúp." in told
    assert "Yên Thành – diễn tập Toàn tỉnh – diễn tập" in told
    assert "Số tin mỗi ngày không 300" in told
    assert "Bắt đầu" not in page.partition("<del>")[0].rpartition("<h3>")[2], "what is the same is not told"


def test_nothing_changed_is_said_too(officer, second_officer, rt):
    address = returned(officer, second_officer)
    press(officer, f"{address}/submit")
    assert "Kế hoạch và lời tin không đổi" in words(second_officer.get(f"{address}/review"))


def test_a_first_review_tells_no_changes(officer, second_officer, rt):
    address = planned(officer, do="submit").location
    assert "Khác với lúc" not in words(second_officer.get(f"{address}/review"))


def test_decisions_before_plans_were_kept_tell_nothing(rt):
    wave = waves.show(rt.db, 2).wave
    assert since_last_decision(rt.db, wave) is None


def test_many_people_are_typed_out(officer, second_officer, rt, monkeypatch):
    """Eleven thousand people are not made for this: the limit is lowered instead."""
    monkeypatch.setattr(reviews, "MANY", 100)
    monkeypatch.setattr("web.views.waves.deciding.MANY", 100)
    address = planned(officer, do="submit").location
    page = second_officer.get(f"{address}/review").get_data(as_text=True)
    assert 'name="typed"' in page
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    for wrong in ("", "234", "2350"):
        assert press(second_officer, f"{address}/approve", digest=digest, typed=wrong).status_code == 422
    assert status(rt, address) == "submitted"
    assert press(second_officer, f"{address}/approve", digest=digest, typed="235").status_code == 303
    assert status(rt, address) == "scheduled"


def test_few_people_need_no_typing(officer, second_officer, rt):
    address = planned(officer, do="submit").location
    assert 'name="typed"' not in second_officer.get(f"{address}/review").get_data(as_text=True)
    assert approve(second_officer, address).status_code == 303


def test_a_draft_says_when_it_was_counted_and_counts_again_when_asked(officer, rt):
    address = planned(officer).location
    wave_id = int(address.rpartition("/")[2])
    assert "đếm lúc 09:00 01/12" in words(officer.get(address))
    with_later = waves.last_preview(rt.db, wave_id).at
    assert with_later == NOW
    waves.preview(rt.db, wave_id, rt.gateways, NOW + timedelta(minutes=5))
    assert "đếm lúc 09:05 01/12" in words(officer.get(address))
    assert press(officer, f"{address}/recount").status_code == 303
    assert "đếm lúc 09:00 01/12" in words(officer.get(address))


@pytest.mark.parametrize(
    ("text", "n"), [("12.345", 12345), ("12,345", 12345), (" 12 345 ", 12345), ("12x", None), ("", None)]
)
def test_a_typed_number_is_read_as_people_write_it(text, n):
    assert reviews.typed(text) == n


def test_advice_of_reading_it_over_stands_on_the_page(officer, second_officer, rt):
    version = write(rt, vi=VI.replace("Đừng", "Chào {{ name }}, đừng"))
    address = planned(officer, do="submit", version=str(version)).location
    page = words(second_officer.get(f"{address}/review"))
    assert "Đọc soát thấy" in page
    assert "name" in page.partition("Đọc soát thấy")[2]


def test_a_text_with_a_fault_is_not_submitted_and_the_draft_stays(officer, rt):
    version = str(write(rt, vi="Gọi ngay 0912345678 để nhận việc.", en=""))
    before = len(waves.all(rt.db))
    answer = planned(officer, do="submit", version=version)
    assert answer.status_code == 422
    assert 'id="version-error"' in answer.get_data(as_text=True)
    assert len(waves.all(rt.db)) == before + 1
    address = f"/waves/{waves.all(rt.db)[0][0].id}"
    assert f'action="{address}/edit"' in answer.get_data(as_text=True), "saved once, edited from here on"
    assert status(rt, address) == "draft"
    press(officer, f"{address}/submit")
    assert "lỗi phải sửa trước khi duyệt" in words(officer.get(address))


def test_every_wording_of_a_comparison_is_shown_and_read_over(officer, second_officer, rt):
    other = write(rt, vi=VI.replace("tiền cọc", "giấy tờ"))
    address = planned(officer, lists="2", version=str(write(rt))).location
    press(
        officer, f"/experiments/{address.rpartition('/')[2]}", second=f"{other}:vi", outcome="reply", expected="10",
        smallest="40", days="7",
    )  # fmt: skip
    press(officer, f"{address}/submit")
    page = words(second_officer.get(f"{address}/review"))
    assert "so sánh 2 lời tin" in page
    assert "A · Tiếng Việt có dấu" in page
    assert "B · Tiếng Việt có dấu" in page
    assert "Đừng đưa giấy tờ" in page
