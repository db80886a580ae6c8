"""The public chat: by form and by script, light, and careful with what it keeps."""

import gzip
import html
import re
from pathlib import Path

import pytest

from bots import desk
from tests.web.doors import words
from web.views.chat import linked

STATIC = Path(__file__).parent.parent.parent / "web" / "static"


def ask(browser, text, **more):
    return browser.post("/chat/messages", json={"text": text, **more})


def test_the_page_says_what_it_is_and_offers_four_choices(visitor):
    page = visitor.get("/chat")
    said = words(page)
    assert "máy trả lời tự động" in said
    assert "111" in said
    assert "Thoát nhanh" in said
    assert len(re.findall(r'<button name="choice"', page.get_data(as_text=True))) == 4
    assert "Set-Cookie" not in page.headers, "no cookie before somebody writes"


def test_a_question_as_json_is_answered(visitor):
    answer = ask(visitor, "gọi số nào khi bị lừa đi nước ngoài")
    assert answer.status_code == 200
    assert "111" in answer.json["reply"]
    assert answer.json["topic"]
    assert {"reply", "choices", "topic", "danger", "language", "source", "next_key"} <= answer.json.keys()
    assert all(choice.keys() == {"text", "say"} for choice in answer.json["choices"])


def test_a_question_as_a_form_comes_back_with_its_answer(visitor):
    page = visitor.get("/chat").get_data(as_text=True)
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    answer = visitor.post("/chat/messages?lang=vi", data={"key": key, "text": "gọi số nào khi bị lừa"})
    assert (answer.status_code, answer.location.partition("#")[0]) == (303, "/chat?lang=vi")
    said = words(visitor.get("/chat"))
    assert "gọi số nào khi bị lừa" in said
    assert "111" in said


def test_a_quick_reply_works_without_the_script(visitor):
    page = visitor.get("/chat").get_data(as_text=True)
    say = html.unescape(re.search(r'<button name="choice" value="([^"]+)"', page)[1])
    assert visitor.post("/chat/messages", data={"key": "k1", "choice": say, "text": ""}).status_code == 303
    assert say in words(visitor.get("/chat"))


def test_the_same_message_twice_is_one_message(visitor, rt):
    first = ask(visitor, "xin chào", key="same")
    second = ask(visitor, "xin chào", key="same")
    assert second.json["reply"] == first.json["reply"]
    assert desk.counts(rt.db).heard == 1


def test_two_people_do_not_see_each_other(app):
    one, other = app.test_client(), app.test_client()
    ask(one, "tôi tên là Nguyễn Văn Bí Mật")
    ask(other, "xin chào")
    assert "Bí Mật" in words(one.get("/chat"))
    assert "Bí Mật" not in words(other.get("/chat"))


def test_a_forged_conversation_is_a_new_one(visitor, app):
    ask(visitor, "chuyện riêng của tôi")
    forger = app.test_client()
    forger.set_cookie("chat", "Im1pbmUi.forged", path="/chat")
    assert "chuyện riêng" not in words(forger.get("/chat"))


def test_quick_exit_forgets_here_and_goes_elsewhere(visitor):
    ask(visitor, "chuyện riêng của tôi")
    answer = visitor.get("/chat/leave")
    assert answer.status_code == 303
    assert not answer.location.startswith("/")
    assert "chuyện riêng" not in words(visitor.get("/chat"))


@pytest.mark.parametrize("sent", [{"text": ""}, {"text": "   "}, {}, {"text": 5}, {"text": ["a"]}, ["text"], "text"])
def test_nothing_asked_is_one_kind_sentence(visitor, sent):
    answer = visitor.post("/chat/messages", json=sent)
    assert answer.status_code == 422
    assert answer.json["sentence"] == "Chưa có câu hỏi. Gõ câu hỏi vào ô rồi bấm Gửi."


def test_bad_json_is_no_surprise(visitor):
    answer = visitor.post("/chat/messages", data=b"{not json", content_type="application/json")
    assert answer.status_code == 422


def test_an_empty_form_shows_the_page_with_the_sentence(visitor):
    answer = visitor.post("/chat/messages", data={"text": " "})
    assert answer.status_code == 422
    assert "Gõ câu hỏi vào ô" in words(answer)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 1234*4321 }}", "a\x00b", "😀" * 300, "x" * 9000])
def test_odd_words_are_only_words(visitor, text):
    assert ask(visitor, text).status_code == 200
    page = visitor.get("/chat").get_data(as_text=True)
    assert "<script>alert" not in page
    assert str(1234 * 4321) not in page


def test_a_huge_message_is_too_large(visitor):
    assert ask(visitor, "x" * 70_000).status_code == 413


def test_only_web_addresses_become_links():
    shown = linked('Xem https://dolab.gov.vn/a?b=1&c=2. <b> javascript:alert(1) "https://x.vn"')
    assert '<a href="https://dolab.gov.vn/a?b=1&amp;c=2" rel="noopener noreferrer" target="_blank">' in shown
    assert "&lt;b&gt;" in shown
    assert shown.count("<a ") == 2
    assert 'href="javascript' not in shown
    assert '<a href="http://www.dolab.gov.vn"' in linked("Tra trên www.dolab.gov.vn.")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_everything_the_chat_loads_is_light(visitor, lang):
    """Under 30 KB with everything, even where nothing is gzipped on the way."""
    page = visitor.get(f"/chat?lang={lang}").get_data()
    loaded = set(re.findall(rb'(?:href|src)="/static/([\w.-]+)', page))
    assert loaded == {b"mark.svg", b"chat.css", b"chat.js"}
    whole = len(page) + sum((STATIC / name.decode()).stat().st_size for name in loaded)
    assert whole < 30 * 1024
    assert (
        sum(len(gzip.compress((STATIC / name.decode()).read_bytes())) for name in loaded) + len(gzip.compress(page))
        < 10 * 1024
    )
