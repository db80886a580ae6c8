"""Signing in and out, one-time links, and the lock after too many wrong passwords."""

import pytest

from staff import accounts
from tests.conftest import NOW
from tests.web.doors import press, words
from web.language import local_path

PASSWORD = "duong an toan ve nha"


@pytest.fixture
def lan(rt):
    person = next(each for each in accounts.everybody(rt.db) if each.email == "lan@anlo.example")
    return accounts.set_password(rt.db, staff_id=person.id, password=PASSWORD, now=NOW)


def sign_in(visitor, email="lan@anlo.example", password=PASSWORD, **fields):
    return press(visitor, "/sign-in", on="/sign-in", email=email, password=password, **fields)


def test_the_right_password_leads_home(visitor, lan):
    answer = sign_in(visitor)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Nguyễn Thị Lan" in words(visitor.get("/"))


def test_the_page_asked_for_comes_after_signing_in(visitor, lan):
    asked = visitor.get("/lists?page=2")
    assert asked.status_code == 303
    assert asked.location == "/sign-in?back=/lists?page%3D2"
    assert sign_in(visitor, back="/lists?page=2").location == "/lists?page=2"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_link_cannot_lead_elsewhere(visitor, lan, elsewhere):
    assert sign_in(visitor, back=elsewhere).location == "/"


@pytest.mark.parametrize(
    "email,password", [("lan@anlo.example", "wrong wrong"), ("nobody@anlo.example", PASSWORD), ("", "")]
)
def test_what_is_wrong_is_said_once_and_kindly(visitor, lan, email, password):
    answer = sign_in(visitor, email, password)
    assert answer.status_code == 422
    assert "chưa đúng" in words(answer)
    assert password not in answer.get_data(as_text=True) or not password


def test_five_wrong_passwords_lock_the_door_for_a_while(visitor, lan):
    for _ in range(accounts.FAILURES_BEFORE_LOCK):
        sign_in(visitor, password="wrong wrong")
    answer = sign_in(visitor)
    assert answer.status_code == 429
    assert "phút" in words(answer)


def test_a_one_time_link_lets_in_once_and_asks_for_a_password(visitor, app, rt):
    token = accounts.add(rt.db, email="moi@anlo.example", role="officer", now=NOW)
    assert visitor.get(f"/sign-in/{token}").status_code == 200
    assert visitor.get(f"/sign-in/{token}").status_code == 200, "looking does not use it up"
    assert press(visitor, f"/sign-in/{token}", on=f"/sign-in/{token}").location == "/sign-in/password"
    assert visitor.get("/lists").location == "/sign-in/password"
    short = press(visitor, "/sign-in/password", on="/sign-in/password", password="ngắn")
    assert short.status_code == 422
    assert press(visitor, "/sign-in/password", on="/sign-in/password", password=PASSWORD).location == "/"
    assert visitor.get("/lists").status_code == 200
    again = app.test_client()
    stale = press(again, f"/sign-in/{token}", on=f"/sign-in/{token}")
    assert stale.status_code == 422
    assert "hết hạn" in words(stale)


def test_signing_out_closes_every_page(officer):
    assert officer.get("/lists").status_code == 200
    assert press(officer, "/sign-in/leave").status_code == 303
    assert officer.get("/lists").status_code == 303


def test_a_reset_ends_sessions_that_are_open(officer, rt):
    accounts.reset(rt.db, email="lan@anlo.example", now=NOW)
    assert officer.get("/lists").status_code == 303


def test_the_session_cookie_is_careful(visitor, lan):
    cookie = sign_in(visitor).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(
    "back", ["/\t/evil.example", "//evil.example", "/\\evil.example", "https://evil.example", "/ /x"]
)
def test_a_link_may_not_send_people_elsewhere(back):
    assert local_path(back) == "/"


def test_a_path_of_this_site_is_kept():
    assert local_path("/waves/3?lang=vi") == "/waves/3?lang=vi"
