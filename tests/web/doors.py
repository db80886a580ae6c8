"""Ways into the web door for tests: a signed-in browser, its form tokens, the simulator's way back in."""

import re

from staff import accounts


def give_door(rt, app) -> None:
    """The simulator posts its receipts and answers straight into this app."""
    browser = app.test_client()
    rt.gateways["simulator"].post = lambda path, headers, body: (
        browser.post(path, data=body, headers=dict(headers)).status_code
    )


def signed_in(app, rt, email: str):
    """A browser in which this demo officer is signed in already."""
    person = next(each for each in accounts.everybody(rt.db) if each.email == email)
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["staff"], session["stamp"] = person.id, person.session_stamp
    return browser


def token(browser, path: str = "/waves") -> str:
    """A form token of this browser's session."""
    page = browser.get(path).get_data(as_text=True)
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def press(browser, path: str, /, *, on: str = "/waves", **fields):
    """Sends a form as the page `on` would."""
    return browser.post(path, data={"csrf_token": token(browser, on), **fields})


def words(answer) -> str:
    """What a reader sees of an answer."""
    return plain(answer.get_data(as_text=True))


def plain(html: str) -> str:
    """Tags away, entities and white space plain."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.S)
    text = re.sub(r"<[^>]+>", " ", text)
    for entity, sign in (("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return " ".join(text.split())


def part_of(page: str, id: str) -> str:
    """The section with this id; the main part of the page without one."""
    begin = page.index(f'id="{id}"') if id else page.index("<main")
    return page[begin : page.index("</section>" if id else "</main>", begin)]


def lines_of(html: str) -> list[list[str]]:
    """The rows of its tables, in words, without their headings."""
    rows = re.findall(r"<tr\b.*?</tr>", re.sub(r"<thead>.*?</thead>", "", html, flags=re.S), re.S)
    return [[plain(cell) for cell in re.findall(r"<t[hd]\b.*?</t[hd]>", row, re.S)] for row in rows]
