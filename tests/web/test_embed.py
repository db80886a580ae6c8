"""The chat on partners' sites: only where it was allowed, without a cookie, and one's own words stay one's own."""

import re
import shutil

import pytest

import web
from messages.errors import Mistake
from runtime import settings
from runtime.build import build
from tests.web.doors import words
from web.headers import CONTENT_SECURITY_POLICY

PARTNERS = "https://nghean.example.vn, http://localhost:8123"
FRAMED = "/chat?embedded=1&lang=vi"


@pytest.fixture
def browser(lived_in, tmp_path):
    shutil.copytree(lived_in, tmp_path / "partners")
    given = {"DATA_DIR": str(tmp_path / "partners"), "SECRET_KEY": "s" * 40, "CHAT_HOSTS": PARTNERS}
    rt = build(settings.load(given, env_file=None))
    yield web.create_app(rt).test_client()
    rt.close()


def ask(browser, text, who=""):
    return browser.post("/chat/messages?embedded=1&lang=vi", json={"text": text, "who": who}).json


def test_only_the_chat_in_a_frame_may_be_framed_and_only_by_partners(browser):
    for path in (FRAMED, "/chat/about?embedded=1"):
        headers = browser.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "frame-ancestors https://nghean.example.vn http://localhost:8123;" in policy
        assert policy.replace("https://nghean.example.vn http://localhost:8123", "'none'") == CONTENT_SECURITY_POLICY
        assert "X-Frame-Options" not in headers
    for path in ("/chat", "/chat?embed=1", "/sign-in?embedded=1", "/?embedded=1"):
        headers = browser.get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"


def test_without_partners_nobody_frames_anything(visitor):
    headers = visitor.get(FRAMED).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "hosts",
    ["http://nghean.example.vn", "nghean.example.vn", "https://*.example.vn", "*", "https://a.vn/page", "https://a.vn;",
     "https://a.vn 'unsafe-inline'", "javascript:alert(1)", "https://", "https://a.vn, http://b.vn", "http://localhost.a.vn",
     "https://\u017fo.vn", "https://\u212ao.vn", "https://a.vn:\u0664\u0664", "https://u@a.vn", "https://a.vn.", "https://[::1]"],
)  # fmt: skip
def test_a_host_that_is_no_exact_and_safe_origin_is_refused_at_the_start(hosts):
    with pytest.raises(Mistake) as refused:
        settings.load({"CHAT_HOSTS": hosts}, env_file=None)
    assert refused.value.code == "setting-unusable"


@pytest.mark.parametrize(
    ("hosts", "origins"),
    [
        ("", ()),
        ("https://A.example.vn/", ("https://a.example.vn",)),
        ("https://a.vn:443, http://localhost:80/", ("https://a.vn", "http://localhost")),
        ("https://a.vn:8443, http://127.0.0.1:5000,", ("https://a.vn:8443", "http://127.0.0.1:5000")),
    ],
)
def test_hosts_are_read_as_browsers_name_them(hosts, origins):
    assert settings.load({"CHAT_HOSTS": hosts}, env_file=None).chat_hosts == origins


def test_a_framed_conversation_goes_on_without_a_cookie(browser):
    answer = browser.post("/chat/messages?embedded=1", json={"text": "gọi số nào khi bị lừa"})
    assert "Set-Cookie" not in answer.headers
    who = answer.json["token"]
    assert "111" in answer.json["reply"]
    news = browser.get("/chat/messages?embedded=1&after=0", headers={"X-Chat": who}).json
    assert "111" in news["messages"][0]["text"]
    assert browser.get("/chat/messages?embedded=1&after=0").json["messages"] == []


def test_a_framed_conversation_works_without_the_script(browser):
    """Each page carries the conversation to the next: no way off it is a plain link."""
    page = browser.post("/chat/messages?embedded=1&lang=vi", data={"text": "gọi số nào khi bị lừa", "who": ""})
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    who = re.search(r'name="who" value="([^"]+)"', page.get_data(as_text=True))[1]
    second = browser.post("/chat/messages?embedded=1&lang=vi", data={"text": "xin chào", "who": who})
    assert "gọi số nào khi bị lừa" in words(second)
    larger = re.search(r'formaction="([^"]+)" id="size"', second.get_data(as_text=True))[1].replace("&amp;", "&")
    page = browser.post(larger, data={"who": who, "text": "đang gõ dở"})
    assert 'class="big"' in page.get_data(as_text=True)
    assert "gọi số nào khi bị lừa" in words(page)
    assert "đang gõ dở</textarea>" in page.get_data(as_text=True)
    judge = re.search(r'value="(\d+:1)" formaction="([^"]+)"', page.get_data(as_text=True))
    thanked = browser.post(judge[2].replace("&amp;", "&"), data={"judge": judge[1], "who": who})
    assert "Cảm ơn bạn." in words(thanked)


def test_a_cookie_is_no_token_and_a_token_no_cookie(browser):
    """A page in a foreign frame shows nothing of the conversation that this browser has with us directly."""
    browser.post("/chat/messages", json={"text": "chuyện riêng của tôi"})
    cookie = browser.get_cookie("chat", path="/chat").value
    assert "chuyện riêng" not in words(browser.get(FRAMED))
    assert "chuyện riêng" not in words(browser.post(FRAMED, data={"who": cookie}))
    who = ask(browser, "chuyện trong khung")["token"]
    browser.set_cookie("chat", who, path="/chat")
    assert "chuyện trong khung" not in words(browser.get("/chat"))


@pytest.mark.parametrize("who", ["", "forged", "Im1pbmUi.forged", 5, ["x"], None, {"a": 1}])
def test_a_forged_token_begins_anew(browser, who):
    ask(browser, "chuyện riêng của tôi")
    answer = browser.post("/chat/messages?embedded=1", json={"text": "xin chào", "who": who})
    assert answer.status_code == 200
    framed = browser.post(FRAMED, data={"who": answer.json["token"]})
    assert "chuyện riêng" not in words(framed)


def test_a_token_never_stands_in_an_address(browser):
    who = ask(browser, "xin chào")["token"]
    page = browser.post(FRAMED, data={"who": who}).get_data(as_text=True)
    assert page.count(who) == 1
    assert not re.search(rf'(?:href|action|formaction|data-[a-z]+)="[^"]*{re.escape(who)}', page)


def test_the_script_knows_who_may_show_the_chat(browser, visitor):
    script = browser.get("/chat/embed.js")
    assert script.mimetype == "text/javascript"
    assert '("https://nghean.example.vn http://localhost:8123")' in script.get_data(as_text=True)
    assert "max-age" in script.headers["Cache-Control"]
    assert "Set-Cookie" not in script.headers
    assert '("")' in visitor.get("/chat/embed.js").get_data(as_text=True)
