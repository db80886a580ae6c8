"""The desk: people in danger stand first, and only those whose work it is read what was said."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bots.cases import search
from bots.cases.model import OUTCOMES as ENDINGS
from bots.cases.queue import mark
from bots.platform import NOT_TEXT
from db.tables import turns
from staff import accounts
from tests.bots.cases.people import handed_over, machine_says, writes
from tests.web.conftest import NOW
from tests.web.doors import press, signed_in, words
from web.case_words import CASE_EVENTS, CASE_REASONS, KINDS, OUTCOMES

ROOT = Path(__file__).parent.parent.parent
DANGER = ROOT / "bots" / "words" / "danger.toml"
EARLIER = NOW - timedelta(minutes=30)


@pytest.fixture
def staff(app, rt):
    return signed_in(app, rt, "hoa@anlo.example")


@pytest.fixture
def trained(app, rt):
    return signed_in(app, rt, "thuy@anlo.example")


def test_nobody_waits_at_first(officer):
    assert "Không có ai đang chờ" in words(officer.get("/cases"))


def test_a_cry_for_help_is_on_the_desk(app, rt, visitor, officer, staff):
    told = visitor.post("/chat/messages", json={"text": "cứu em với, em đang bị nhốt ở Campuchia"}).json
    assert told["danger"] == "red"
    desk = words(officer.get("/cases"))
    assert "Đang nguy hiểm" in desk
    assert "bị giam giữ" in desk.lower()
    for browser in (officer, staff):
        assert "1 người đang chờ cán bộ" in words(browser.get("/"))
    row = words(staff.get("/cases"))
    assert "cứu em với, em đang bị nhốt ở Campuchia" in row
    assert "Đã báo số giúp đỡ" in row
    assert "chưa ai" in row


def test_an_officer_learns_that_somebody_waits_and_not_what_they_said(officer, rt):
    handed_over(rt.db, EARLIER, text="cứu em với, em bị nhốt")
    seen = words(officer.get("/cases"))
    assert "Việc số 1" in seen and "Đang nguy hiểm" in seen
    assert "em bị nhốt" not in seen
    assert 'href="/cases/1"' not in officer.get("/cases").get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    ["/cases/1", "/cases/1/live", "/cases/1/close", "/cases/1/take-over", "/cases/1/hand-over", "/cases/1/restrict",
     "/cases/conversations", "/cases/conversations/1/open"],
)  # fmt: skip
def test_what_was_said_is_for_those_whose_work_it_is(officer, staff, rt, path):
    handed_over(rt.db, EARLIER)
    assert officer.get(path).status_code == 403
    assert staff.get(path).status_code == 200


@pytest.mark.parametrize("act", ["claim", "release", "reopen", "note", "take-over", "hand-over", "restrict", "close",
                                 "reply", "count"])  # fmt: skip
def test_nobody_else_works_with_a_case(officer, rt, act):
    case_id = handed_over(rt.db, EARLIER)
    assert press(officer, f"/cases/{case_id}/{act}", version=0).status_code == 403
    assert press(officer, "/cases/search", find="em").status_code == 403


def test_red_stands_first_then_who_waits_longest(staff, rt):
    handed_over(rt.db, NOW - timedelta(hours=5), who="a", danger="none", reason="asked for a person")
    handed_over(rt.db, NOW - timedelta(hours=1), who="b", danger="red")
    handed_over(rt.db, NOW - timedelta(hours=2), who="c", danger="red")
    handed_over(rt.db, NOW - timedelta(minutes=1), who="d", danger="amber", reason="asked for a person")
    page = words(staff.get("/cases"))
    assert re.findall(r"Việc số (\d)", page) == ["3", "2", "4", "1"]


def test_who_is_in_somebodys_hands_stands_apart(staff, trained, rt):
    for who in "ab":
        handed_over(rt.db, EARLIER, who=who)
    press(staff, "/cases/1/claim", version=0)
    page = words(trained.get("/cases"))
    assert page.index("Chưa ai nhận") < page.index("Việc số 2") < page.index("Đang có người giữ")
    assert page.index("Đang có người giữ") < page.index("Việc số 1") < page.index("Lê Thị Hoa")
    assert "Việc số 1" in words(staff.get("/cases?tab=mine"))
    assert "Bạn chưa giữ việc nào" in words(trained.get("/cases?tab=mine"))


def test_new_words_of_somebody_who_was_answered_are_marked(staff, rt):
    handed_over(rt.db, EARLIER, platform="web")
    press(staff, "/cases/1/claim", version=0)
    press(staff, "/cases/1/reply", text="Bạn đang ở đâu?", do="send", seen=99)
    assert "có tin mới" not in words(staff.get("/cases"))
    writes(rt.db, NOW, "em ở bến xe", platform="web")
    assert "có tin mới" in words(staff.get("/cases"))


class TestRestricted:
    """A case for safeguarding staff: others learn how many there are and nothing else."""

    @pytest.fixture(autouse=True)
    def case(self, rt):
        handed_over(rt.db, EARLIER, reason="child-taken", text="con tôi bị bắt đi rồi")

    def test_it_is_counted_and_not_shown(self, staff, officer):
        for browser in (staff, officer):
            page = words(browser.get("/cases"))
            assert "Còn 1 việc chỉ dành cho cán bộ được tập huấn" in page
            assert "Việc số 1" not in page and "con tôi" not in page

    @pytest.mark.parametrize("path", ["/cases/1", "/cases/1/close", "/cases/1/restrict", "/cases/conversations/1/open"])
    def test_it_is_not_there(self, staff, path):
        assert staff.get(path).status_code == 404

    @pytest.mark.parametrize("act", ["claim", "note", "hand-over", "take-over", "restrict", "close", "reply", "count"])
    def test_nothing_can_be_done_with_it(self, staff, act):
        assert press(staff, f"/cases/1/{act}", version=0, note="x", text="x", outcome="helped").status_code == 404

    def test_a_page_that_is_open_is_taken_away(self, staff):
        answer = staff.get("/cases/1/live")
        assert answer.headers["X-Finished"] == "1" and not answer.data

    def test_its_conversation_is_on_no_list_of_theirs(self, staff, trained):
        assert "/cases/1" not in staff.get("/cases/conversations").get_data(as_text=True)
        assert 'href="/cases/1"' in trained.get("/cases/conversations").get_data(as_text=True)

    def test_the_tab_is_only_for_who_is_trained(self, staff, trained):
        assert "tab=restricted" not in staff.get("/cases").get_data(as_text=True)
        assert "Việc số 1" not in words(staff.get("/cases?tab=restricted"))
        page = words(trained.get("/cases?tab=restricted"))
        assert "Việc số 1" in page and "hạn chế" in page
        assert "con tôi bị bắt đi rồi" in words(trained.get("/cases/1"))


class TestTheLivePart:
    """The browser asks every two seconds and shows what it is given."""

    def test_somebody_new_is_in_the_next_answer(self, staff, rt):
        handed_over(rt.db, EARLIER, who="a")
        first = staff.get("/cases/queue")
        assert "<html" not in first.get_data(as_text=True)
        again = staff.get("/cases/queue", headers={"X-Mark": first.headers["X-Mark"]})
        assert (again.status_code, again.data) == (204, b"")
        handed_over(rt.db, NOW, who="b")
        next_ = staff.get("/cases/queue", headers={"X-Mark": first.headers["X-Mark"]})
        assert next_.status_code == 200 and "Việc số 2" in words(next_)

    def test_the_page_carries_the_mark_of_what_it_shows(self, staff, rt):
        handed_over(rt.db, EARLIER)
        page = staff.get("/cases").get_data(as_text=True)
        shown = re.search(r'data-mark="([^"]+)"', page)[1]
        assert shown.startswith(mark(rt.db, _person(rt, "hoa")))
        assert staff.get("/cases/queue", headers={"X-Mark": shown}).status_code == 204


def _person(rt, name):
    return next(each for each in accounts.everybody(rt.db) if each.email == f"{name}@anlo.example")


def test_whether_a_help_line_was_told_is_on_the_row(staff, rt):
    handed_over(rt.db, EARLIER, text="cứu em")
    _say_red(rt)
    assert "Chưa báo được số giúp đỡ" in words(staff.get("/cases"))
    machine_says(rt.db, 1, EARLIER, "Gọi ngay +84 981 84 84 84")
    for status, told in (("failed", "Chưa báo được số"), ("to-send", "đang được gửi"), ("sent", "Đã báo số giúp đỡ")):
        _say_red(rt, status)
        assert told in words(staff.get("/cases"))
    assert "+84 981 84 84 84" in words(staff.get("/cases/1"))


def _say_red(rt, status="sent"):
    """All that was said so far was about danger; what we said has this status."""
    with rt.db.transaction() as c:
        c.execute(update(turns).values(danger="red"))
        c.execute(update(turns).where(turns.c.direction == "out").values(status=status))


def test_found_again_by_words_without_accents(staff, trained, rt):
    handed_over(rt.db, EARLIER, who="a", text="em bị nhốt ở Campuchia")
    handed_over(rt.db, EARLIER, who="b", text="cháu bị nhốt trong phòng", reason="child-taken")
    search.index(rt.db)
    found = words(press(staff, "/cases/search", find="bi nhot"))
    assert "Tìm thấy 1 việc" in found and "Việc số 1" in found and "Bị giam giữ" in found
    assert "Việc số 2" not in found
    assert "Tìm thấy 2 việc" in words(press(trained, "/cases/search", find="nhốt"))
    for nothing in ("", "zzzz"):
        assert "Không tìm thấy việc nào" in words(press(staff, "/cases/search", find=nothing))


@pytest.mark.parametrize("tab", ["", "mine", "closed", "nonsense"])
def test_an_empty_tab_says_so(staff, tab):
    assert staff.get(f"/cases?tab={tab}").status_code == 200


class TestWords:
    """Nothing that can stand in a row is shown as a bare code."""

    def test_every_harm_the_bot_knows(self):
        harms = tomllib.loads(DANGER.read_text(encoding="utf-8"))["harm"]
        assert set(harms) <= set(CASE_REASONS)

    def test_every_event_by_somebody_and_by_the_machine(self):
        """Those that the desk's own code writes down, found in it."""
        source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bots").rglob("*.py"))
        written = r'kind="([a-z-]+)", (?:by|at)=|\.record\("([a-z-]+)"|kind="(alerted)"|"(restricted)"'
        kinds = set(re.findall(written, source))
        kinds = {kind for found in kinds for kind in found if kind}
        assert kinds >= {"opened", "raised", "claimed", "closed", "note", "replied", "handed-over"}
        assert [kind for kind in kinds if not {kind, f"{kind}-by"} & set(CASE_EVENTS)] == []

    def test_every_ending_in_the_order_one_chooses(self):
        assert tuple(OUTCOMES) == ENDINGS

    def test_everything_that_is_no_text(self):
        assert set(KINDS) >= NOT_TEXT
