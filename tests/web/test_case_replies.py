"""What staff write to a person by the case's page: measured, begun from approved answers, never twice, never lost."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from bots import desk
from bots.cases import queue, work
from db.tables import turns
from tests.bots.cases.people import change_talk, handed_over, machine_says, writes
from tests.web.conftest import NOW
from tests.web.doors import press, signed_in, words

EARLIER = NOW - timedelta(minutes=30)
NUMBER = "+84912345678"
HOA, THUY = 3, 4


@pytest.fixture
def hoa(app, rt):
    return signed_in(app, rt, "hoa@anlo.example")


@pytest.fixture
def thuy(app, rt):
    return signed_in(app, rt, "thuy@anlo.example")


def taken(rt, **found):
    case_id = handed_over(rt.db, EARLIER, **{"platform": "web", **found})
    work.claim(rt.db, case_id, by=HOA, version=0, now=EARLIER)


def seen_by(browser) -> str:
    return re.search(r'name="seen" value="(\d+)"', browser.get("/cases/1").get_data(as_text=True))[1]


def send(browser, text, **fields):
    fields = {"do": "send", "seen": fields.pop("seen", None) or seen_by(browser), **fields}
    return press(browser, "/cases/1/reply", text=text, **fields)


def said(rt):
    return [turn.text for turn in desk.conversation(rt.db, 1) if turn.written_by]


def in_the_box(answer) -> str:
    return re.search(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', answer.get_data(as_text=True), re.S)[1]


def test_written_to_the_person_with_the_name_of_who_wrote(hoa, rt):
    taken(rt)
    assert send(hoa, "Bạn đang ở đâu?").status_code == 303
    page = words(hoa.get("/cases/1"))
    assert "Bạn đang ở đâu?" in page and "Lê Thị Hoa · " in page and "Lê Thị Hoa trả lời" in page
    assert len(said(rt)) == 1 and said(rt)[0].endswith("Bạn đang ở đâu?")


def test_pressed_twice_is_sent_once(hoa, rt):
    taken(rt)
    seen = seen_by(hoa)
    for _press in range(2):
        assert send(hoa, "Bạn đang ở đâu?", seen=seen).status_code == 303
    assert len(said(rt)) == 1
    assert send(hoa, "Bạn đang ở đâu?").status_code == 303, "from a newer page it is meant"
    assert len(said(rt)) == 2


def test_only_who_has_the_case_writes(hoa, thuy, rt):
    taken(rt)
    page = thuy.get("/cases/1").get_data(as_text=True)
    assert 'id="text"' not in page and "Lê Thị Hoa đang giữ việc này và trả lời" in page
    refused = send(thuy, "Chào bạn", seen=99)
    assert refused.status_code in (409, 422) and "Lê Thị Hoa đang giữ" in words(refused)
    assert in_the_box(refused) == "Chào bạn"
    assert said(rt) == []


def test_a_colleague_answered_meanwhile(hoa, thuy, rt):
    """Thuý takes the case over, answers and hands it back, all while Hoa types."""
    taken(rt)
    seen = seen_by(hoa)
    press(thuy, "/cases/1/take-over", version=1)
    send(thuy, "Bạn gọi 113 ngay nhé.")
    live = words(hoa.get(f"/cases/1/live?seen={seen}"))
    assert "Phạm Thị Thuý đã trả lời lúc" in live and "vừa nhận thay việc này" in live
    press(thuy, "/cases/1/hand-over", version=queue_version(rt), to=HOA)
    refused = send(hoa, "Bạn đang ở đâu?", seen=seen)
    assert refused.status_code == 409 and "Phạm Thị Thuý vừa trả lời" in words(refused)
    assert in_the_box(refused) == "Bạn đang ở đâu?"
    again = re.search(r'name="seen" value="(\d+)"', refused.get_data(as_text=True))[1]
    assert send(hoa, "Bạn đang ở đâu?", seen=again).status_code == 303
    assert len(said(rt)) == 2


def queue_version(rt):
    return queue.to_do(rt.db, Everybody())[0].version


class Everybody:
    """Who may do everything."""

    def may(self, permission):
        return True


def test_what_was_said_meanwhile_is_told_beside_the_box(hoa, rt):
    taken(rt)
    seen = seen_by(hoa)
    machine_says(rt.db, 1, NOW, "Gọi ngay 111")
    writes(rt.db, NOW, "em sợ lắm", platform="web")
    live = hoa.get(f"/cases/1/live?seen={seen}")
    told = words(live)
    assert "máy có nói thêm" in told and "vừa viết thêm" in told and "em sợ lắm" in told
    assert 'name="text"' not in live.get_data(as_text=True), "the half-written reply is left alone"
    same = hoa.get("/cases/1/live", headers={"X-Mark": live.headers["X-Mark"]})
    assert (same.status_code, same.data) == (204, b"")


@pytest.mark.parametrize("text", ["", "  ", "x" * 5000])
def test_what_cannot_be_sent_says_why_and_stays(hoa, rt, text):
    taken(rt)
    refused = send(hoa, text)
    assert refused.status_code == 422
    assert in_the_box(refused) == text[:8000]
    assert said(rt) == []


def test_nobody_writes_to_who_has_left(hoa, rt):
    taken(rt)
    change_talk(rt.db, queue.to_do(rt.db, Everybody())[0], gone_at=NOW)
    assert "tin không tới được" in words(hoa.get("/cases/1"))
    refused = send(hoa, "Bạn ơi")
    assert refused.status_code == 422 and in_the_box(refused) == "Bạn ơi"


class TestApprovedAnswers:
    def test_found_and_inserted_behind_what_is_typed(self, hoa, rt):
        taken(rt)
        found = send(hoa, "Chào bạn.", do="find", find="dat coc")
        assert in_the_box(found) == "Chào bạn."
        topic = re.search(r'value="insert-([\w-]+)"', found.get_data(as_text=True))[1]
        inserted = in_the_box(send(hoa, "Chào bạn.", do=f"insert-{topic}", find="dat coc"))
        assert inserted.startswith("Chào bạn.\n\n") and len(inserted) > 60
        assert said(rt) == []

    def test_by_an_address(self, hoa, rt):
        taken(rt)
        asked = in_the_box(hoa.get("/cases/1?insert=deposit"))
        assert asked[:40] == rt.book.answer("deposit", "vi").chat[:40]
        assert in_the_box(hoa.get("/cases/1?insert=no-such-topic")) == ""

    def test_by_sms_the_short_form(self, hoa, rt):
        taken(rt, platform="sms", who=NUMBER)
        found = send(hoa, "", do="find", find="dat coc").get_data(as_text=True)
        texts = re.findall(r'data-insert="([^"]*)"', found)
        assert texts and all(len(text) <= 320 for text in texts)

    def test_nothing_found_is_said(self, hoa, rt):
        taken(rt)
        assert "Không có câu trả lời đã duyệt nào" in words(send(hoa, "", do="find", find="zzzz"))

    def test_while_one_types(self, hoa, rt):
        taken(rt)
        part = press(hoa, "/cases/1/count", text="", find="dat coc")
        assert "<html" not in part.get_data(as_text=True) and 'data-part="offered"' in part.get_data(as_text=True)
        assert "data-insert" in part.get_data(as_text=True)


class TestTheMeter:
    @pytest.mark.parametrize(("text", "told"), [("Ban dang o dau?", "1 đoạn"), ("ẫ" * 150, "3 đoạn")])
    def test_by_sms_in_segments_with_the_line_that_a_person_speaks(self, hoa, rt, text, told):
        taken(rt, platform="sms", who=NUMBER)
        part = words(press(hoa, "/cases/1/count", text=text))
        assert told in part and "Người này sẽ đọc" in part

    def test_in_a_chat_in_characters(self, hoa, rt):
        taken(rt)
        part = words(press(hoa, "/cases/1/count", text="Chào"))
        assert "ký tự" in part and "đoạn" not in part


class TestTheNumber:
    def test_masked_but_for_who_may_call(self, hoa, thuy, rt):
        taken(rt, platform="sms", who=NUMBER)
        masked, full = (browser.get("/cases/1").get_data(as_text=True) for browser in (hoa, thuy))
        assert "+84 91* *** 678" in masked and NUMBER not in masked and "tel:" not in masked
        assert f'href="tel:{NUMBER}"' in full and "+84 912 345 678" in full

    def test_nobody_can_be_called_on_a_chat(self, thuy, rt):
        taken(rt, who="khach-abcd")
        page = thuy.get("/cases/1").get_data(as_text=True)
        assert "…abcd" in page and "khach-abcd" not in page and "tel:" not in page


@pytest.mark.parametrize(("kind", "leads"), [("location", True), ("text", False)])
def test_where_somebody_is_opens_in_a_map(hoa, rt, kind, leads):
    """What was only typed stays a text: anybody can type anything."""
    taken(rt, text="18.9712, 105.6042")
    with rt.db.transaction() as c:
        c.execute(update(turns).values(kind=kind))
    page = hoa.get("/cases/1").get_data(as_text=True)
    assert ('href="geo:18.9712,105.6042"' in page) == leads
    assert ("gửi vị trí đang ở" in page) == leads


def test_from_a_cry_to_the_machine_again(hoa, thuy, visitor, rt):
    """The whole walk: within one look of the desk, one of us answers, the machine is silent, then it is back."""
    before = hoa.get("/cases/queue").headers["X-Mark"]
    assert chat(visitor, "cứu em với, em đang bị nhốt ở Campuchia")["danger"] == "red"
    desk_now = hoa.get("/cases/queue", headers={"X-Mark": before})
    assert desk_now.status_code == 200 and "em đang bị nhốt" in words(desk_now)
    press(hoa, "/cases/1/claim", version=0)
    assert send(thuy, "Chào em", seen=99).status_code in (409, 422)
    send(hoa, "Em gửi vị trí cho chị nhé.")
    assert "Em gửi vị trí cho chị nhé." in words(visitor.get("/chat"))
    assert chat(visitor, "đi Hàn Quốc cần giấy tờ gì")["reply"] == ""
    version = re.search(r'name="version" value="(\d+)"', hoa.get("/cases/1/close").get_data(as_text=True))[1]
    closed = press(hoa, "/cases/1/close", version=version, outcome="helped", seen=seen_by(hoa))
    assert closed.status_code == 303
    back = chat(visitor, "đặt cọc bao nhiêu tiền thì đúng luật")
    assert back["reply"].startswith(rt.book.phrase("bot_back", "vi", "chat").strip()[:20])


def chat(visitor, text):
    return visitor.post("/chat/messages", json={"text": text}).json
