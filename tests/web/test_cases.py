"""The desk: people in danger stand first, and only those whose work it is read what was said."""

import tomllib
from pathlib import Path

from tests.web.doors import signed_in, words
from web.words import CASE_REASONS

DANGER = Path(__file__).parent.parent.parent / "bots" / "words" / "danger.toml"


def test_nobody_waits_at_first(officer):
    assert "Không có ai đang chờ" in words(officer.get("/cases"))


def test_a_cry_for_help_is_on_the_desk(app, rt, visitor, officer):
    told = visitor.post("/chat/messages", json={"text": "cứu em với, em đang bị nhốt ở Campuchia"}).json
    assert told["danger"] == "red"
    desk = words(officer.get("/cases"))
    assert "Đang nguy hiểm" in desk
    assert "bị giam giữ" in desk
    for who in ("lan@anlo.example", "hoa@anlo.example"):
        assert "1 người đang chờ cán bộ" in words(signed_in(app, rt, who).get("/"))


def test_what_was_said_is_for_those_whose_work_it_is(app, rt, visitor, officer):
    visitor.post("/chat/messages", json={"text": "cứu em với, em đang bị nhốt ở Campuchia"})
    assert officer.get("/cases/1").status_code == 403
    staff = signed_in(app, rt, "hoa@anlo.example")
    assert "em đang bị nhốt ở Campuchia" in words(staff.get("/cases/1"))
    assert staff.get("/cases/2").status_code == 404


def test_every_harm_the_bot_knows_has_its_words():
    harms = tomllib.loads(DANGER.read_text(encoding="utf-8"))["harm"]
    assert set(harms) <= set(CASE_REASONS)
