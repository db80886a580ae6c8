"""Signing in: links that work once, passwords, the lock, and what a stranger may learn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from messages.errors import Mistake
from staff import accounts, audit

GOOD = "trâu già thích gặm cỏ non"


def newcomer(db, now, email="lan@vinh.example", role="officer"):
    token = accounts.add(db, email=email, role=role, now=now)
    officer = accounts.redeem(db, token=token, now=now)
    return accounts.set_password(db, staff_id=officer.id, password=GOOD, now=now)


def code_of(call, **arguments) -> str:
    with pytest.raises(Mistake) as raised:
        call(**arguments)
    return raised.value.code


def test_a_newcomer_uses_the_link_sets_a_password_and_signs_in(db, now):
    lan = newcomer(db, now)
    again = accounts.sign_in(db, email=" Lan@Vinh.example ", password=GOOD, now=now)
    assert (again.id, again.role) == (lan.id, "officer")
    assert audit.first_broken(db) is None


def test_a_link_works_once(db, now):
    token = accounts.add(db, email="a@b.vn", role="staff", now=now)
    accounts.redeem(db, token=token, now=now)
    assert code_of(accounts.redeem, db=db, token=token, now=now) == "link-stale"


def test_a_link_runs_out(db, now):
    token = accounts.add(db, email="a@b.vn", role="staff", now=now)
    late = now + timedelta(hours=accounts.LINK_HOURS, seconds=1)
    assert code_of(accounts.redeem, db=db, token=token, now=late) == "link-stale"


def test_reset_ends_password_links_and_sessions(db, now):
    lan = newcomer(db, now)
    old_link = accounts.reset(db, email=lan.email, now=now)
    new_link = accounts.reset(db, email=lan.email, now=now)
    assert code_of(accounts.sign_in, db=db, email=lan.email, password=GOOD, now=now) == "sign-in-wrong"
    assert code_of(accounts.redeem, db=db, token=old_link, now=now) == "link-stale"
    assert accounts.redeem(db, token=new_link, now=now).session_stamp != lan.session_stamp


def test_five_wrong_passwords_lock_even_the_right_one_for_a_while(db, now):
    lan = newcomer(db, now)
    for _ in range(accounts.FAILURES_BEFORE_LOCK):
        assert code_of(accounts.sign_in, db=db, email=lan.email, password="sai", now=now) == "sign-in-wrong"
    assert code_of(accounts.sign_in, db=db, email=lan.email, password=GOOD, now=now) == "sign-in-locked"
    later = now + timedelta(minutes=accounts.LOCK_MINUTES, seconds=1)
    assert accounts.sign_in(db, email=lan.email, password=GOOD, now=later).id == lan.id


def test_a_stranger_hears_the_same_sentence_as_somebody_with_a_wrong_password(db, now):
    newcomer(db, now)
    known = code_of(accounts.sign_in, db=db, email="lan@vinh.example", password="sai", now=now)
    unknown = code_of(accounts.sign_in, db=db, email="nobody@vinh.example", password="sai", now=now)
    assert known == unknown


@pytest.mark.parametrize(
    ("password", "code"),
    [("ngắn", "password-short"), ("aaaaaaaaaaaaaa", "password-common"), ("1234567890", "password-common")],
)
def test_weak_passwords(db, now, password, code):
    lan = newcomer(db, now)
    assert code_of(accounts.set_password, db=db, staff_id=lan.id, password=password, now=now) == code


@pytest.mark.parametrize(
    ("email", "role", "code"),
    [
        ("lan", "officer", "email-wrong"),
        ("a@b.vn", "king", "role-unknown"),
        ("lan@vinh.example", "staff", "staff-exists"),
    ],
)
def test_mistakes_when_adding(db, now, email, role, code):
    newcomer(db, now)
    assert code_of(accounts.add, db=db, email=email, role=role, now=now) == code


def test_only_safeguarding_roles_see_numbers(db, now):
    seeing = {role: newcomer(db, now, f"{role}@vinh.example", role).may("see-numbers")
              for role in ("officer", "staff", "safeguard", "admin")}
    assert seeing == {"officer": False, "staff": False, "safeguard": True, "admin": True}


def test_forty_guesses_at_once_are_counted_as_forty(db, now):
    lan = newcomer(db, now)
    with ThreadPoolExecutor(8) as pool:
        guess = dict(db=db, email=lan.email, password="sai", now=now)
        codes = list(pool.map(lambda _: code_of(accounts.sign_in, **guess), range(40)))
    assert codes.count("sign-in-wrong") == accounts.FAILURES_BEFORE_LOCK


def test_signing_out_ends_every_session_and_a_disabled_person_stays_out(db, now):
    lan = newcomer(db, now)
    accounts.sign_out(db, staff_id=lan.id, now=now)
    assert accounts.by_id(db, lan.id).session_stamp != lan.session_stamp
    accounts.disable(db, email=lan.email, now=now)
    assert not accounts.by_id(db, lan.id).may("read")
    assert code_of(accounts.sign_in, db=db, email=lan.email, password=GOOD, now=now) == "sign-in-wrong"
