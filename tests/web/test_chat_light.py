"""The chat for an old phone on a slow line: under 30 KB with everything it loads, however long the conversation."""

import gzip
import re
from html.parser import HTMLParser

import pytest

MOST = 30 * 1024
MOST_SQUEEZED = 10 * 1024


class Loads(HTMLParser):
    """What a browser fetches for a page without being asked."""

    def __init__(self, page: str):
        super().__init__()
        self.addresses: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        if tag in ("script", "img", "iframe", "source", "audio", "video", "embed") and has.get("src"):
            self.addresses.add(has["src"])
        if tag == "link" and has.get("href") and has.get("rel") in ("icon", "stylesheet", "preload", "manifest"):
            self.addresses.add(has["href"])


def everything(browser, path: str) -> dict[str, bytes]:
    """Address → bytes, not squeezed, of a page and all it loads; of what its stylesheets load too."""
    found = {path: browser.get(path).get_data()}
    for address in Loads(found[path].decode()).addresses:
        answer = browser.get(address, buffered=True)
        assert answer.status_code == 200
        found[address] = answer.get_data()
        assert not re.search(rb"@import|url\(", found[address]), "that would load more"
    return found


def told(browser, times: int) -> None:
    for n in range(times):
        text = f"{n}: em muốn đi xuất khẩu lao động Nhật Bản, cần giấy tờ gì? " + "Mong được trả lời. " * 40
        assert browser.post("/chat/messages", json={"text": text}).status_code == 200


@pytest.mark.parametrize("path", ["/chat?lang=vi", "/chat?lang=en", "/chat/about?lang=vi", "/chat?embedded=1"])
def test_a_first_page_is_light(visitor, path):
    loaded = everything(visitor, path)
    assert sum(map(len, loaded.values())) < MOST * 2 / 3
    assert sum(len(gzip.compress(each)) for each in loaded.values()) < MOST_SQUEEZED


def test_a_long_conversation_is_light_too(visitor):
    """The newest messages are on the page, the earlier ones a tap away, down to the first."""
    told(visitor, 10)
    loaded = everything(visitor, "/chat?lang=vi")
    assert sum(map(len, loaded.values())) < MOST
    page, seen = visitor.get("/chat?lang=vi").get_data(as_text=True), []
    while earlier := re.search(r'href="(/chat[^"]*before=\d+[^"]*)"', page):
        seen += re.findall(r'<li id="t(\d+)" class="mine"', page)
        page = visitor.get(earlier[1].replace("&amp;", "&")).get_data(as_text=True)
        assert len(page.encode()) < MOST / 2
        assert 'src="/static/chat.js' not in page, "the script would add what is new below what is old"
    seen += re.findall(r'<li id="t(\d+)" class="mine"', page)
    assert len(seen) == len(set(seen)) == 10


def test_news_weigh_next_to_nothing(visitor):
    visitor.post("/chat/messages", json={"text": "gặp cán bộ"})
    last = visitor.get("/chat/messages?after=0").json["last"]
    assert len(visitor.get(f"/chat/messages?after={last}").get_data()) < 100
