"""Every page of a case, in both languages: whole, light, one heading, every box with its label."""

import re

import pytest
from sqlalchemy import update

from bots.cases import work
from db.tables import conversations, turns
from tests.bots.cases.people import handed_over
from tests.web.conftest import NOW
from tests.web.doors import signed_in, words
from tests.web.test_pages import Tags, _weight, in_language

PAGES = (
    *("/cases", "/cases?tab=mine", "/cases?tab=closed", "/cases/1", "/cases/2", "/cases/1/close"),
    *("/cases/1/hand-over", "/cases/1/take-over", "/cases/1/restrict", "/cases/conversations"),
    "/cases/conversations/1/open",
)


@pytest.fixture
def hoa(app, rt):
    for who in "ab":
        handed_over(rt.db, NOW, who=who, platform="web")
    work.claim(rt.db, 1, by=3, version=0, now=NOW)
    return signed_in(app, rt, "hoa@anlo.example")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_is_whole_and_light(hoa, lang):
    for path in PAGES:
        answer = hoa.get(in_language(path, lang))
        page = answer.get_data(as_text=True)
        tags = Tags(page)
        assert answer.status_code == 200, path
        assert not tags.faults and tags.open in ([], ["html"]), path
        assert sum(tag == "h1" for tag, _ in tags.seen) == 1, path
        assert len(tags.ids) == len(set(tags.ids)), f"{path}: an id stands twice"
        labelled = {attrs.get("for") for tag, attrs in tags.seen if tag == "label"}
        boxes = [attrs for tag, attrs in tags.seen if tag == "textarea" or attrs.get("type") in ("text", "search")]
        assert all(box["id"] in labelled for box in boxes), path
        assert _weight(page) <= 60 * 1024, path


def test_what_the_browser_puts_into_place_stands_on_the_page(hoa):
    page, live = (hoa.get(path).get_data(as_text=True) for path in ("/cases/1", "/cases/1/live"))
    parts = re.compile(r'data-part="(\w+)"')
    assert set(parts.findall(page)) == (set(parts.findall(live)) - {"locked"}) | {"offered", "meter"}
    assert 'name="text"' not in live, "a reply that is being written is never replaced"


def test_what_cannot_be_opened_keeps_nobody_from_the_desk(app, rt):
    """Rows sealed under a key that is gone: the queue, the case and the conversations still open."""
    handed_over(rt.db, NOW)
    with rt.db.transaction() as c:
        c.execute(update(turns).values(text_sealed=b"damaged", danger="red"))
        c.execute(update(conversations).values(address_sealed=b"damaged"))
    browser = signed_in(app, rt, "thuy@anlo.example")
    for page in ("/cases", "/cases/1", "/cases/conversations"):
        answer = browser.get(page)
        assert (answer.status_code, "[?]" in words(answer)) == (200, True), page
