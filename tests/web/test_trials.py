"""Trying a message on one's own phone: the number, the press, and what became of it."""

import threading

import pytest

from campaigns import halts
from scheduler import trials as sending
from staff import accounts, phone
from tests.conftest import NOW
from tests.web.doors import press, signed_in, words


@pytest.fixture
def lan(rt):
    return next(each for each in accounts.everybody(rt.db) if each.email == "lan@anlo.example")


def test_a_number_is_written_down_shown_to_its_owner_and_forgotten(officer, rt, lan, second_officer):
    assert press(officer, "/messages/test", number="0912 345 678").status_code == 303
    assert phone.of(rt.db, lan.id) == "+84912345678"
    assert "+84912345678" in officer.get("/messages/test").get_data(as_text=True)
    assert "+84912345678" not in second_officer.get("/messages/test").get_data(as_text=True)
    press(officer, "/messages/test", number="")
    assert phone.of(rt.db, lan.id) is None


def test_a_number_that_is_none_is_said(officer):
    answer = press(officer, "/messages/test", number="0238 3847 123")
    assert answer.status_code == 422
    assert "0238 3847 123" in words(answer)


def test_a_test_is_asked_for_sent_and_told(officer, rt):
    assert "Ghi số máy của tôi" in words(officer.get("/messages/1"))
    press(officer, "/messages/test", number="0912345678", message="1")
    answer = press(officer, "/messages/1/test", form="vi-unaccented")
    assert answer.status_code == 303
    assert "Chờ gửi" in words(officer.get("/messages/1/tests"))
    assert "X-Finished" not in officer.get("/messages/1/tests").headers
    assert "data-poll" in officer.get("/messages/1").get_data(as_text=True)
    sending.send_tests(rt, threading.Event())
    assert "Đã gửi" in words(officer.get("/messages/1/tests"))
    assert officer.get("/messages/1/tests").headers["X-Finished"] == "1"
    assert "data-poll" not in officer.get("/messages/1").get_data(as_text=True)
    assert "Đã gửi" in words(officer.get("/messages/1"))
    (message,) = rt.gateways["simulator"].thread("+84912345678")
    assert message.text.startswith("An Lo:")


def test_why_it_was_refused_is_told(officer, rt, lan):
    press(officer, "/messages/1/test", form="vi")
    assert "Chưa có số máy của bạn" in words(officer.get("/messages/1"))
    press(officer, "/messages/test", number="0912345678")
    halts.stop(rt.db, reason="sai giá", by=lan.id, now=NOW)
    press(officer, "/messages/1/test", form="vi")
    assert "đang dừng" in words(officer.get("/messages/1"))


def test_whoever_may_not_write_sends_no_tests(app, rt):
    staff = signed_in(app, rt, "hoa@anlo.example")
    assert staff.get("/messages/test").status_code == 403
    assert staff.get("/messages/1").status_code == 200


def test_a_message_nobody_wrote(officer):
    assert press(officer, "/messages/404/test", form="vi").status_code == 404
