"""The public chat: by form and by script, light, and careful with what it keeps."""

import html
import re
import shutil

import pytest

import web
from bots import desk, inbox
from runtime import settings
from runtime.build import build
from tests.web.doors import words
from web.chat_turns import linked


def ask(browser, text, **more):
    return browser.post("/chat/messages", json={"text": text, **more})


def test_the_page_says_what_it_is_and_offers_four_choices(visitor):
    page = visitor.get("/chat")
    said = words(page)
    assert "máy trả lời tự động" in said
    assert "Khi bạn cần gặp người, cán bộ sẽ trả lời" in said
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


def test_the_same_page_sent_again_with_other_words_is_another_message(visitor, rt):
    """Somebody goes back, changes their words and sends: the form still holds the old key."""
    ask(visitor, "xin chào", key="same")
    other = ask(visitor, "gọi số nào khi bị lừa đi nước ngoài", key="same")
    assert "111" in other.json["reply"]
    assert desk.counts(rt.db).heard == 2


def test_a_message_that_came_but_was_not_answered_is_answered_when_it_is_sent_again(visitor, rt, monkeypatch):
    """The line broke, or the process ended, between the two."""
    with monkeypatch.context() as broken:
        broken.setattr(inbox, "answer", lambda *_: None)
        assert ask(visitor, "gọi số nào khi bị lừa", key="k").json["reply"] == ""
    assert "111" in ask(visitor, "gọi số nào khi bị lừa", key="k").json["reply"]
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


def test_the_page_hands_on_what_it_was_asked_with(visitor):
    """No cookie remembers the language or the large letters: every address of the page does."""
    page = visitor.get("/chat?lang=en&big=1&c=17329&foreign=1").get_data(as_text=True)
    assert '<html lang="en" class="big">' in page
    assert re.search(r'action="/chat/messages\?lang=en&amp;big=1&amp;c=17329"', page)
    assert "foreign" not in page
    assert '<html lang="en">' in visitor.get(re.search(r'href="([^"]+)" id="size"', page)[1]).get_data(as_text=True)
    posted = visitor.post("/chat/messages?lang=en&big=1", data={"text": "hello"})
    assert "lang=en" in posted.location
    assert "big=1" in posted.location


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_who_answers_and_what_is_kept_is_said(visitor, rt, lang):
    """And nothing is promised that the software does not do: there is no erasing yet, only asking for it."""
    said = words(visitor.get(f"/chat/about?lang={lang}"))
    kept = {"vi": ("xin xoá", "viết cho cơ quan"), "en": ("ask for your conversation", "write to the office")}
    assert all(part in said for part in kept[lang])
    assert not any(promise in said for promise in ("cán bộ xoá khi", "staff delete it"))
    assert not re.search(r"\d+ (ngày|tháng|days|months)", said)
    assert "111" in said


def test_the_office_that_runs_it_is_named(lived_in, tmp_path):
    shutil.copytree(lived_in, tmp_path / "data")
    given = {"DATA_DIR": str(tmp_path / "data"), "SECRET_KEY": "s" * 40, "RUN_BY": "Sở Ngoại vụ <Nghệ An>"}
    rt = build(settings.load(given, env_file=None))
    browser = web.create_app(rt).test_client()
    assert "do Sở Ngoại vụ <Nghệ An> thực hiện" in words(browser.get("/chat"))
    assert "do Sở Ngoại vụ <Nghệ An> thực hiện" in words(browser.get("/chat/about"))
    rt.close()


def test_only_web_addresses_become_links():
    shown = linked('Xem https://dolab.gov.vn/a?b=1&c=2. <b> javascript:alert(1) "https://x.vn"')
    assert '<a href="https://dolab.gov.vn/a?b=1&amp;c=2" rel="noopener noreferrer" target="_blank">' in shown
    assert "&lt;b&gt;" in shown
    assert shown.count("<a ") == 2
    assert 'href="javascript' not in shown
    assert '<a href="http://www.dolab.gov.vn"' in linked("Tra trên www.dolab.gov.vn.")


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("Gọi ngay 111 (miễn phí).", ["111"]),
        ("UK 999; EU 112; +84 981 84 84 84.", ["999", "112", "+84981848484"]),
        ("08000 121 700, 024 3824 9517, 0300 004 0202", ["08000121700", "02438249517", "03000040202"]),
        ("Nghị định 112/2021/NĐ-CP, Luật 69/2020", []),
        ("1.111.000 đồng, 2.111, 111.000, 111,5, 1111", []),
        ("từ 2019 đến 2024, hơn 24.000 người", []),
        ("https://x.vn/111/999 và http://a.vn?tel=08000 ", []),
    ],
)
def test_the_numbers_we_say_can_be_tapped(text, called):
    assert re.findall(r'href="tel:([^"]+)"', linked(text, numbers=True)) == called
    assert "tel:" not in linked(text), "what somebody else wrote is not ours to call"


def test_every_number_in_our_answers_that_can_be_tapped_is_a_fact(rt):
    """A year or an amount taken for a number to call would be worse than a number not tapped."""
    known = " ".join(f"{fact.claim_vi} {fact.claim_en}" for fact in rt.book.facts.values()).replace(" ", "")
    answers = [answer.chat for topic in rt.book.topics.values() for answer in topic.answers.values()]
    answers += [phrase.chat for phrases in rt.book.phrases.values() for phrase in phrases.values()]
    tapped = {number for text in answers for number in re.findall(r'href="tel:([^"]+)"', linked(text, numbers=True))}
    assert {"111", "999", "112", "+84981848484", "08000121700"} <= tapped
    assert {number for number in tapped if number not in known} == set()


def test_the_help_line_in_a_red_reply_can_be_tapped(visitor):
    assert ask(visitor, "em bị nhốt trong nhà ở Anh, cứu em").json["danger"] == "red"
    page = visitor.get("/chat").get_data(as_text=True)
    assert '<a href="tel:999">999</a>' in re.search(r'class="red">.*?</li>', page, re.S)[0]
