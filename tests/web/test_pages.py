"""Every page, in both languages: it is there, speaks one language, has one heading and is light."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import web
from tests.web.doors import signed_in
from web import translations_check

STATIC = Path(__file__).parent.parent.parent / "web" / "static"
PAGES = (
    "/",
    "/messages",
    "/messages/new",
    "/messages/1",
    "/messages/1/edit",
    "/messages/1?list=1",
    "/messages/1/edit?list=1",
    "/messages/1/versions",
    "/messages/starters",
    "/messages/starters/hotline-111",
    "/messages/test",
    "/prices",
    "/routes",
    "/lists",
    "/lists/upload",
    "/lists/1",
    "/lists/1?after=30",
    "/lists/1/delete",
    "/lists/1/name",
    "/lists/1/communes",
    "/lists/1/people/1",
    "/lists/1/people/1/remove",
    "/lists/1/people/new",
    "/lists/new",
    "/lists/dead",
    "/areas",
    "/areas?by=communes",
    "/areas?find=do+thanh",
    "/areas/17530",
    "/areas/426",
    "/optouts",
    "/optouts/new",
    "/lists/uploads/1",
    "/waves",
    "/waves?status=over",
    "/waves/new",
    "/waves/new?list=1&version=1&find_areas=yen+thanh",
    "/halts",
    "/waves/1",
    "/waves/2",
    "/waves/2/review",
    "/waves/2/edit",
    "/waves/2/cancel",
    "/waves/2/rehearsals",
    "/waves/2/rehearsals/1",
    "/campaigns",
    "/campaigns/new",
    "/campaigns/1",
    "/campaigns/1/edit",
    "/campaigns/1/layout",
    "/campaigns/calendar",
    "/campaigns/calendar?month=2027-02",
    "/series",
    "/series/new",
    "/series/1",
    "/series/1/edit",
    "/series/1/review",
    "/series/1/end",
    "/answers/adoption",
    "/answers/adoption/law",
    "/answers",
    "/answers?find=tien+coc",
    "/answers/korea-eps",
    "/answers/korea-eps/vi/edit",
    "/answers/korea-eps/en/edit",
    "/answers/new",
    "/answers/due",
    "/answers/versions/1",
    "/cases",
    "/cases?tab=closed",
    "/cases/conversations",
    "/duty",
    "/duty/new",
    "/figures",
    "/figures?period=7",
    "/figures/report",
    "/figures/report/2026-12",
    "/figures/report/2027-05",
    "/figures/waves",
    "/figures/waves/1",
    "/figures/waves/2",
    "/figures/campaigns/1",
    "/figures/compare",
    "/figures/compare?a=1&b=1",
    "/figures/map",
    "/figures/map?what=opted-out&by=districts",
    "/figures/map?wave=1&what=asked",
    "/handsets",
    "/agencies",
    "/agencies?name=Sovana",
    "/agencies/new",
    "/settings",
    "/sign-in/password",
)
FRAGMENTS = (
    "/cases/queue",
    "/messages/1/tests",
    "/waves/1/progress?was=sending",
    "/waves/1/communes",
    "/lists/uploads/1/part",
    "/handsets/wall",
    "/answers/versions/1/replay",
)
OPEN = ("/sign-in", "/sign-in/some-token", "/chat", "/nowhere")


@pytest.fixture(scope="module")
def app(house):
    app = web.create_app(house)
    app.testing = True
    return app


@pytest.fixture(scope="module")
def admin(app, house):
    return signed_in(app, house, "quantri@anlo.example")


def in_language(path: str, lang: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={lang}"


@pytest.fixture(scope="module")
def english() -> set[str]:
    """The English sentences that stand on pages, long enough to be told from a name."""
    asked = (message.id for message in translations_check.extracted() if isinstance(message.id, str))
    return {sentence for sentence in asked if len(sentence) > 12 and "%" not in sentence}


class Tags(HTMLParser):
    """The tags of a page and whether they close in order."""

    EMPTY = frozenset({"meta", "link", "input", "br", "img", "rect", "path", "use", "hr"})
    SELF_CLOSING = frozenset({"option", "li", "dt", "dd", "p"})

    def __init__(self, page: str):
        super().__init__()
        self.seen, self.open, self.faults, self.ids = [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        while self.open and self.open[-1] != tag and self.open[-1] in self.SELF_CLOSING:
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("path", [*PAGES, *OPEN])
def test_a_page(app, admin, path, lang):
    browser = app.test_client() if path in OPEN else admin
    answer = browser.get(in_language(path, lang))
    assert answer.status_code == (404 if path == "/nowhere" else 200)
    page = answer.get_data(as_text=True)
    tags = Tags(page)
    assert not tags.faults
    assert tags.open in ([], ["html"])
    assert sum(tag == "h1" for tag, _ in tags.seen) == 1
    assert len(tags.ids) == len(set(tags.ids)), "an id stands twice"
    assert f'<html lang="{lang}">' in page
    assert re.search(r"<title>[^<·]+ · An Lộ</title>", page)
    assert not any("style" in attrs for _, attrs in tags.seen)
    assert _weight(page) <= 60 * 1024


def _weight(page: str) -> int:
    """The page as it is and its files as they travel."""
    names = set(re.findall(r"/static/([\w.-]+)", page))
    return len(page.encode()) + sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names)


@pytest.mark.parametrize("path", [*PAGES, *OPEN])
def test_a_vietnamese_page_says_nothing_in_english(app, admin, english, path):
    browser = app.test_client() if path in OPEN else admin
    page = browser.get(in_language(path, "vi")).get_data(as_text=True)
    assert not [sentence for sentence in english if f">{sentence}<" in page]


@pytest.mark.parametrize("path", FRAGMENTS)
def test_a_fragment_is_only_a_part(admin, path):
    page = admin.get(path).get_data(as_text=True)
    assert "<html" not in page
    assert page.strip()


@pytest.mark.parametrize("path", PAGES)
def test_every_field_has_a_label(admin, path):
    tags = Tags(admin.get(path).get_data(as_text=True))
    labelled = {attrs.get("for") for tag, attrs in tags.seen if tag == "label"}
    fields = [
        attrs
        for tag, attrs in tags.seen
        if tag in ("input", "select", "textarea") and attrs.get("type") not in ("hidden", "checkbox", "radio")
    ]
    assert all(attrs.get("id") in labelled for attrs in fields)
