"""Why a wave does not go on: told in words, with what to do, or until when it waits by itself."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaigns import waves
from campaigns.deliveries.stopping import pause_itself
from campaigns.hours import Hours
from scheduler import tasks
from tests.web.conftest import NOW, STOP
from tests.web.doors import press, words
from tests.web.test_waves import approve, planned
from web.live import seconds_awake
from web.story import resting

VN = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def sending(officer, second_officer, rt):
    """A wave on its way, nothing handed over yet."""
    address = planned(officer, do="submit", daily_quota="100").location
    approve(second_officer, address)
    tasks.open_due(rt, STOP)
    return address


def wave_of(rt, address):
    return waves.show(rt.db, int(address.rpartition("/")[2])).wave


@pytest.fixture
def told(app, rt):
    """What a wave's page says at a moment."""

    def tell(address, now):
        with app.test_request_context(headers={"Accept-Language": "vi"}):
            rest = resting(wave_of(rt, address), now)
            return rest and rest.words

    return tell


def pause(rt, address, reason, **detail):
    with rt.db.transaction() as c:
        pause_itself(c, wave_of(rt, address).id, reason, NOW, **detail)


def test_the_failure_brake_tells_its_figures_the_main_reason_and_what_to_do(officer, sending, rt):
    detail = {"failed": 34, "of": 120, "percent": 28, "limit": 20, "code": "unreachable-for-good"}
    pause(rt, sending, "too-many-failures", **detail)
    page = words(officer.get(sending))
    assert "34 trong 120 tin gần nhất không tới: 28%, quá ngưỡng 20% đã đặt." in page
    assert "Phần lớn vì: Số này không còn ai dùng." in page
    assert "Nếu danh sách sai thì dừng hẳn" in page
    assert "Gửi tiếp" in page


def test_a_budget_used_up_is_said_and_who_may_raise_it(officer, second_officer, sending, rt):
    pause(rt, sending, "budget-used")
    page = words(officer.get(sending))
    assert "Đợt này tự tạm dừng: ngân sách đã hết." in page
    assert "cán bộ khác với người lập có thể tăng ngân sách" in page
    assert f'href="{sending}/limits"' not in officer.get(sending).get_data(as_text=True)
    assert f'href="{sending}/limits"' in second_officer.get(sending).get_data(as_text=True)


def test_an_officers_pause_names_the_officer_and_their_words(officer, second_officer, sending, rt):
    press(second_officer, f"{sending}/pause")
    assert "Trần Văn Minh đã tạm dừng." in words(officer.get(sending))
    press(officer, f"{sending}/resume")
    press(second_officer, f"{sending}/pause", reason="Chờ xã báo lại.")
    assert "Trần Văn Minh đã tạm dừng: Chờ xã báo lại." in words(officer.get(sending))


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (datetime(2026, 12, 1, 10, 0, tzinfo=VN), None),
        (datetime(2026, 12, 1, 22, 30, tzinfo=VN), "đang là đêm: gửi tiếp thứ Tư, 02/12/2026, 07:00"),
        (datetime(2027, 1, 1, 9, 0, tzinfo=VN), "Đang là ngày lễ: gửi tiếp thứ Bảy, 02/01/2027, 07:00"),
    ],
)
def test_nights_and_holidays_are_told_with_their_end(told, sending, now, says):
    rest = told(sending, now)
    assert rest is None if says is None else says in rest


def test_a_days_quota_is_told(told, sending, rt):
    tasks.send(rt, STOP)
    assert told(sending, NOW) == "Đã đủ số tin của hôm nay: gửi tiếp thứ Tư, 02/12/2026, 07:00."


def test_a_wave_set_for_a_holiday_says_so_before_it(officer, second_officer, told):
    address = planned(officer, do="submit", when="at", at="2027-01-01T08:00").location
    approve(second_officer, address)
    rest = told(address, NOW)
    assert rest.startswith("Ngày đã hẹn là ngày lễ (")
    assert rest.endswith("Bắt đầu thứ Bảy, 02/01/2027, 07:00.")
    on_time = planned(officer, do="submit", when="at", at="2026-12-03T08:00").location
    approve(second_officer, on_time)
    assert told(on_time, NOW) == "Bắt đầu thứ Năm, 03/12/2026, 08:00."


def test_a_night_does_not_make_a_wave_slow():
    """Ten minutes before ten in the evening and fifty after seven in the morning."""
    evening = datetime(2026, 12, 1, 21, 50, tzinfo=VN)
    assert seconds_awake(Hours(), evening, evening + timedelta(hours=10)) == (10 + 50) * 60
    assert seconds_awake(Hours(restless=True), evening, evening + timedelta(hours=10)) == pytest.approx(36_000, abs=1)
