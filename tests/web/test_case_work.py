"""What staff do with a case by its pages: two people never do the same thing unknowingly."""

import re
from datetime import timedelta

import pytest

from bots.cases import queue
from staff import accounts
from tests.bots.cases.people import handed_over, writes
from tests.web.conftest import NOW
from tests.web.doors import press, signed_in, words

EARLIER = NOW - timedelta(minutes=30)


@pytest.fixture
def hoa(app, rt):
    return signed_in(app, rt, "hoa@anlo.example")


@pytest.fixture
def admin(app, rt):
    return signed_in(app, rt, "quantri@anlo.example")


@pytest.fixture(autouse=True)
def case(rt):
    return handed_over(rt.db, EARLIER, platform="web")


def standing(rt):
    return queue.show(rt.db, next(each for each in accounts.everybody(rt.db) if each.role == "admin"), 1)


def do(browser, act, **fields):
    """As the case's page (or the page that asks once more) sends it."""
    page = browser.get("/cases/1").get_data(as_text=True)
    version = re.search(r'name="version" value="(\d+)"', page)
    fields.setdefault("version", version[1] if version else standing_version(browser))
    return press(browser, f"/cases/1/{act}", **fields)


def standing_version(browser):
    return re.search(r'name="version" value="(\d+)"', browser.get("/cases/1/close").get_data(as_text=True))[1]


def after(browser, answer):
    assert answer.status_code == 303, words(answer)
    return words(browser.get(answer.location.partition("#")[0]))


def test_taken(hoa, rt):
    seen = after(hoa, do(hoa, "claim"))
    assert "Bạn đã nhận việc" in seen and "Bạn đang giữ việc này." in seen and "Lê Thị Hoa nhận việc" in seen
    assert (standing(rt).status, standing(rt).claimed_by) == ("claimed", 3)


def test_the_second_is_told_who_has_it(hoa, admin, rt):
    """Both looked at the free case; one was faster."""
    do(hoa, "claim")
    seen = after(admin, press(admin, "/cases/1/claim", version=0))
    assert "Lê Thị Hoa đang giữ việc này" in seen
    assert standing(rt).claimed_by == 3
    assert 'name="text"' not in admin.get("/cases/1").get_data(as_text=True)


def test_laid_down_it_waits_again(hoa, rt):
    do(hoa, "claim")
    assert "Chưa ai nhận việc này" in after(hoa, do(hoa, "release"))
    assert standing(rt).claimed_by is None


def test_taken_over_after_being_asked_once_more(hoa, admin, rt):
    do(hoa, "claim")
    ask = words(admin.get("/cases/1/take-over"))
    assert "Lê Thị Hoa giữ việc này từ" in ask
    assert "Bạn đang giữ việc này." in after(admin, do(admin, "take-over", version=standing(rt).version))
    assert "Quản trị đang giữ việc này." in words(hoa.get("/cases/1"))


def test_handed_to_a_colleague(hoa, rt):
    do(hoa, "claim")
    ask = words(hoa.get("/cases/1/hand-over"))
    assert "Phạm Thị Thuý" in ask and "Nguyễn Thị Lan" not in ask, "only to those whose work it is"
    assert "Phạm Thị Thuý đang giữ việc này" in after(hoa, do(hoa, "hand-over", to=4))
    assert "Lê Thị Hoa chuyển cho Phạm Thị Thuý" in words(hoa.get("/cases/1"))


@pytest.mark.parametrize("to", ["", "1", "999", "x"])
def test_handed_to_nobody(hoa, rt, to):
    do(hoa, "claim")
    answer = do(hoa, "hand-over", to=to)
    assert answer.status_code == 422
    assert standing(rt).claimed_by == 3


def test_a_restricted_one_is_handed_to_trained_people_only(app, rt):
    handed_over(rt.db, EARLIER, who="b", reason="raped")
    thuy = signed_in(app, rt, "thuy@anlo.example")
    ask = words(thuy.get("/cases/2/hand-over"))
    assert "Quản trị" in ask and "Lê Thị Hoa" not in ask


def test_who_keeps_it_to_trained_staff_does_not_see_it_any_more(hoa, app, rt):
    assert "Bạn sẽ không thấy việc này nữa" in words(hoa.get("/cases/1/restrict"))
    seen = after(hoa, do(hoa, "restrict", restricted=1))
    assert "Giờ chỉ cán bộ được tập huấn thấy việc này" in seen and "Việc số 1" not in seen
    assert hoa.get("/cases/1").status_code == 404
    thuy = signed_in(app, rt, "thuy@anlo.example")
    assert "Bạn sẽ không thấy" not in words(thuy.get("/cases/1/restrict"))
    assert "Mọi người trực lại thấy việc này" in after(thuy, do(thuy, "restrict", restricted=0))
    assert hoa.get("/cases/1").status_code == 200


def test_closed_with_how_it_ended(hoa, rt):
    do(hoa, "claim")
    seen = after(hoa, do(hoa, "close", outcome="helped", words="Đã gọi công an."))
    assert "Đã đóng việc số 1" in seen
    page = words(hoa.get("/cases/1"))
    assert "Lê Thị Hoa đã đóng: đã giúp được." in page and "Đã gọi công an." in page
    assert "Đã giúp được" in words(hoa.get("/cases?tab=closed"))
    assert "Bạn đang giữ việc này." in after(hoa, press(hoa, "/cases/1/reopen", version=standing(rt).version))
    assert standing(rt).status == "claimed"


@pytest.mark.parametrize("outcome", ["", "solved"])
def test_not_closed_without_saying_how(hoa, rt, outcome):
    answer = do(hoa, "close", outcome=outcome, words="nhiều chữ đã gõ")
    assert answer.status_code == 422
    assert "nhiều chữ đã gõ" in answer.get_data(as_text=True), "what was typed stands there still"
    assert standing(rt).status == "open"


def test_not_closed_over_words_nobody_has_read(hoa, rt):
    do(hoa, "claim")
    ask = re.search(r'href="(/cases/1/close\?seen=\d+)"', hoa.get("/cases/1").get_data(as_text=True))[1]
    seen = re.search(r'name="seen" value="(\d+)"', hoa.get(ask).get_data(as_text=True))[1]
    writes(rt.db, NOW, "em vẫn bị nhốt", platform="web")
    answer = do(hoa, "close", outcome="helped", seen=seen)
    assert answer.status_code == 422 and "vừa nhắn thêm" in words(answer)
    assert standing(rt).status == "claimed"


@pytest.mark.parametrize("act", ["claim", "release", "take-over", "hand-over", "restrict", "close", "reopen"])
def test_a_form_from_an_older_state_is_not_carried_out(hoa, admin, rt, act):
    do(hoa, "claim")
    do(hoa, "release")
    before = standing(rt)
    more = {"to": 4, "restricted": 1, "outcome": "helped"}
    answer = press(admin, f"/cases/1/{act}", version=0, **more)
    assert answer.status_code == 303
    assert standing(rt) == before


def test_a_note_is_for_colleagues(hoa, admin):
    assert "hẹn 19:00" in after(hoa, press(hoa, "/cases/1/note", note="hẹn 19:00"))
    assert "Lê Thị Hoa ghi chú" in words(admin.get("/cases/1"))


@pytest.mark.parametrize("note", ["", "   ", "x" * 4001])
def test_a_note_that_cannot_be_kept_stays_in_its_box(hoa, note):
    answer = press(hoa, "/cases/1/note", note=note)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'id="note-error"' in page and (not note.strip() or note in page)


def test_other_cases_of_the_person_are_a_press_away(hoa, rt):
    do(hoa, "close", outcome="answered")
    handed_over(rt.db, NOW, platform="web")
    assert 'href="/cases/1"' in hoa.get("/cases/2").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/cases/9", "/cases/9/close", "/cases/9/take-over"])
def test_no_such_case(hoa, path):
    assert hoa.get(path).status_code == 404
    assert press(hoa, "/cases/9/claim", version=0).status_code == 404
