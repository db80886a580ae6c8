"""When a person of ours answers: who speaks is said, it arrives by itself, and answers can be judged."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bots import webtalk
from db.tables import conversations, turns
from tests.conftest import NOW
from tests.web.doors import words

QUESTION = "gọi số nào khi bị lừa đi nước ngoài"


def ask(browser, text, **more):
    return browser.post("/chat/messages", json={"text": text, **more})


def staff_writes(rt, text: str, at=NOW) -> int:
    """What `bots.cases` leaves behind when a person of ours answers in the newest conversation."""
    with rt.db.transaction() as c:
        newest = c.execute(select(conversations.c.id).order_by(conversations.c.id.desc()).limit(1)).scalar_one()
        row = {"conversation_id": newest, "direction": "out", "status": "sent", "written_by": 1, "at": at}
        sealed = rt.db.seal.seal(text, "turns.text")
        return c.execute(insert(turns).values(**row, text_sealed=sealed)).inserted_primary_key[0]


def news(browser, after: int = 0) -> dict:
    return browser.get(f"/chat/messages?after={after}").json


def test_nobody_waits_after_an_ordinary_answer(visitor):
    assert ask(visitor, QUESTION).json["awaited"] is False
    page = visitor.get("/chat").get_data(as_text=True)
    assert "data-awaited" not in page
    assert "Xem tin mới" not in page


def test_who_asked_for_a_person_is_told_what_they_write(visitor, rt):
    asked = ask(visitor, "gặp cán bộ").json
    assert asked["awaited"] is True
    assert news(visitor, asked["last"])["messages"] == []
    turn = staff_writes(rt, "Chào bạn, gọi 111 nhé.")
    came = news(visitor, asked["last"])
    assert [(each["id"], each["text"], each["who"]) for each in came["messages"]] == [
        (turn, "Chào bạn, gọi 111 nhé.", "Cán bộ An Lộ")
    ]
    assert came["last"] == turn
    assert came["awaited"] is True


def test_without_the_script_the_page_says_who_speaks_and_leads_to_the_news(visitor, rt):
    visitor.post("/chat/messages", data={"text": "gặp cán bộ"})
    staff_writes(rt, "Tôi là cán bộ đây.")
    page = visitor.get("/chat")
    assert "Cán bộ An Lộ Tôi là cán bộ đây." in words(page)
    assert "Xem tin mới" in words(page)
    assert "data-awaited" in page.get_data(as_text=True)


def test_a_reply_does_not_hide_what_a_person_wrote_meanwhile(visitor, rt):
    """Their words lie between what the page has seen and the machine's reply."""
    first = ask(visitor, "gặp cán bộ").json
    staff_writes(rt, "Bạn đang ở đâu?")
    second = ask(visitor, QUESTION, after=first["last"]).json
    assert [each["text"] for each in second["messages"]] == ["Bạn đang ở đâu?"]
    assert second["last"] >= second.get("id", 0)


def test_what_was_written_down_late_is_not_missed(visitor, rt):
    """Two write at the same moment: the one with the lower number may be on the disk after the other was read."""
    last = ask(visitor, "gặp cán bộ").json["last"]
    turn = staff_writes(rt, "Vừa viết xong.")
    assert [each["id"] for each in news(visitor, last + 100)["messages"]] == [turn]
    with rt.db.transaction() as c:
        c.execute(update(turns).where(turns.c.id == turn).values(at=NOW - webtalk.OVERLAP - timedelta(seconds=1)))
    assert news(visitor, last + 100)["messages"] == []


def test_news_are_of_ones_own_conversation(app, rt):
    one, other, nobody = app.test_client(), app.test_client(), app.test_client()
    ask(one, "gặp cán bộ")
    ask(other, "gặp cán bộ")
    staff_writes(rt, "Chỉ nói với người thứ hai.")
    assert any("người thứ hai" in each["text"] for each in news(other)["messages"])
    assert not any("người thứ hai" in each["text"] for each in news(one)["messages"])
    assert news(nobody) == {"last": 0, "awaited": False, "messages": []}


@pytest.mark.parametrize("after", ["", "x", "-5", "9" * 30, "1.5"])
def test_odd_news_are_no_surprise(visitor, after):
    ask(visitor, "gặp cán bộ")
    assert visitor.get(f"/chat/messages?after={after}").status_code == 200


def judged(rt) -> list:
    with rt.db.reading() as c:
        found = select(turns.c.helpful).where(turns.c.direction == "out", turns.c.helpful.is_not(None))
        return list(c.execute(found).scalars())


def test_an_answer_can_be_judged_by_form_and_by_script(visitor, rt):
    asked = ask(visitor, QUESTION).json
    assert asked["judge"] is True
    page = visitor.get("/chat").get_data(as_text=True)
    yes, no = re.findall(r'<button name="judge" value="([^"]+)"', page)
    assert (yes, no) == (f"{asked['id']}:1", f"{asked['id']}:0")
    answer = visitor.post("/chat/judge", data={"judge": no})
    assert (answer.status_code, answer.location.partition("#")[2]) == (303, f"t{asked['id']}")
    assert judged(rt) == [False]
    assert "Cảm ơn bạn." in words(visitor.get("/chat"))
    assert 'name="judge"' not in visitor.get("/chat").get_data(as_text=True)
    assert visitor.post("/chat/judge", json={"judge": yes}).status_code == 200
    assert judged(rt) == [True]


def test_judging_does_not_lose_what_stands_in_the_box(visitor):
    turn = ask(visitor, QUESTION).json["id"]
    page = visitor.post("/chat/judge", data={"judge": f"{turn}:1", "text": "còn câu này <b>"})
    assert page.status_code == 200
    assert "còn câu này &lt;b&gt;</textarea>" in page.get_data(as_text=True)


def test_small_talk_danger_and_people_are_not_judged(visitor, rt):
    for text in ("xin chào", "em bị nhốt trong nhà ở Anh, cứu em"):
        assert ask(visitor, text).json["judge"] is False
    staff_writes(rt, "Tôi là cán bộ đây.")
    assert 'name="judge"' not in visitor.get("/chat").get_data(as_text=True)


@pytest.mark.parametrize("said", ["", "1", ":1", "x:1", "1:2", "1:1:1", f"{'9' * 30}:1", "²:1", 5, ["1:1"], None])
def test_an_odd_judgement_is_no_judgement(visitor, rt, said):
    ask(visitor, QUESTION)
    assert visitor.post("/chat/judge", json={"judge": said}).status_code == 200
    assert judged(rt) == []


def test_nobody_judges_for_somebody_else(app, rt):
    one, other = app.test_client(), app.test_client()
    turn = ask(one, QUESTION).json["id"]
    ask(other, "xin chào")
    other.post("/chat/judge", json={"judge": f"{turn}:0"})
    app.test_client().post("/chat/judge", json={"judge": f"{turn}:0"})
    assert judged(rt) == []
