from dataclasses import replace
from datetime import UTC, datetime

import pytest

from campaigns import rules
from campaigns.model import WAVE_STEPS, Texts, Wave, WaveStatus, is_news
from messages.errors import Mistake

WAVE = Wave(
    id=1,
    name="Đợt 1",
    campaign_id=None,
    version_id=3,
    form="vi",
    audience={"lists": [1, 2]},
    gateway="twilio",
    rate=None,
    ignore_quiet_hours=False,
    starts_at=datetime(2026, 11, 24, 2, tzinfo=UTC),
    status="submitted",
    pause_reason=None,
    author_id=5,
    created_at=datetime(2026, 11, 24, tzinfo=UTC),
    opened_at=None,
    finished_at=None,
)
TEXTS = Texts("Đừng đi.", "Dung di.", "Do not go.")
DIGEST = rules.digest(WAVE, TEXTS)


@pytest.mark.parametrize(
    "edit",
    [
        {"name": "Đợt 2"},
        {"version_id": 4},
        {"form": "vi-unaccented"},
        {"audience": {"lists": [1]}},
        {"gateway": "simulator"},
        {"rate": 5.0},
        {"ignore_quiet_hours": True},
        {"starts_at": None},
        {"daily_quota": 100},
        {"budget_vnd": 1_000_000},
        {"on_holidays": True},
        {"failure_limit": 50},
        {"link_target": "/chat"},
        {"link_base": "https://an-lo.example"},
        {"link_personal": "để gọi lại người chưa mở"},
        {"control": 10},
        {"control_key": "1-2-3-4"},
    ],
)
def test_any_edit_voids_an_approval(edit):
    assert rules.digest(replace(WAVE, **edit), TEXTS) != DIGEST


@pytest.mark.parametrize("texts", [Texts("Đừng đi!", "Dung di.", "Do not go."), Texts("Đừng đi.", "Dung di.", "")])
def test_any_other_byte_voids_an_approval(texts):
    assert rules.digest(WAVE, texts) != DIGEST


def test_what_an_approval_does_not_cover():
    assert rules.digest(replace(WAVE, id=9, status="sending", pause_reason="x", author_id=7), TEXTS) == DIGEST


def test_the_wordings_of_a_comparison_void_an_approval():
    assert rules.digest(WAVE, TEXTS, arms=[["vi", "Đừng đi.", "", ""]]) != DIGEST


@pytest.mark.parametrize(
    ("people", "digest"),
    [
        ((), "7edb4b0b949fb7439c275428d4445841b1e7ce69fa3052a07c50be7b92e138f8"),
        ([(1, 200, "2026-11-20T01:00:00Z")], "caa8147b898b918978c31517b29e38fa398eebef6bccc1fb2bf5d798383e61da"),
    ],
)
def test_approvals_given_before_waves_had_limits_still_hold(people, digest):
    """As they were computed when plans said less."""
    assert rules.digest(WAVE, TEXTS, people) == digest


@pytest.mark.parametrize(
    ("author", "by", "seen", "code"),
    [
        (5, 5, DIGEST, "approval-own"),
        (None, None, DIGEST, "approval-own"),
        (5, 6, "0" * 64, "approval-stale"),
        (5, 6, "", "approval-stale"),
    ],
)
def test_who_may_not_approve(author, by, seen, code):
    with pytest.raises(Mistake) as told:
        rules.check_approval(author, by, seen, DIGEST)
    assert told.value.code == code


def test_another_officer_may_approve():
    assert rules.check_approval(5, 6, DIGEST, DIGEST) is None, "nothing is raised"


@pytest.mark.parametrize(
    ("decision", "holds"),
    [
        (None, False),
        ({"decision": "approved", "digest": DIGEST}, True),
        ({"decision": "approved", "digest": "other"}, False),
        ({"decision": "returned", "digest": DIGEST}, False),
    ],
)
def test_whether_an_approval_still_holds(decision, holds):
    assert rules.still_approved(decision, DIGEST) is holds


@pytest.mark.parametrize("step", WAVE_STEPS)
def test_every_refused_step_has_its_sentence(step):
    refused = next(status for status in WaveStatus if status not in WAVE_STEPS[step])
    with pytest.raises(Mistake) as told:
        rules.check_step(step, refused)
    if step not in ("open", "finish", "reopen"):  # never asked for by a person
        assert told.value.sentence("vi") and told.value.sentence("en")


@pytest.mark.parametrize(
    ("before", "after", "news"),
    [
        ("queued", "delivered", True),  # the receipt of a message that was thought lost
        ("sending", "accepted", True),
        ("sending", "delivered", True),
        ("unknown", "accepted", True),
        ("unknown", "delivered", True),
        ("accepted", "accepted", False),
        ("accepted", "undelivered", True),
        ("delivered", "accepted", False),
        ("delivered", "failed", False),
        ("failed", "delivered", False),
        ("skipped", "delivered", False),
    ],
)
def test_receipts_only_add_to_what_is_known(before, after, news):
    assert is_news(before, after) is news
