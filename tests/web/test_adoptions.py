"""Adopting answers by the pages: read, call the help lines, say yes; and what the public chat says before and after."""

import dataclasses
import gzip
import re

import pytest

import web
from bots import adoption
from staff import audit
from tests import make
from tests.adopting import adopt_groups, call_lines
from tests.fakes import FakeGateway
from tests.web.doors import press, signed_in, token, words

PAGE = "/answers/adoption/law"


def call(browser, number="111", outcome="answered", **more):
    return press(browser, f"{PAGE}/calls", on=PAGE, number=number, outcome=outcome, **more)


def adopt(browser, **fields):
    page = browser.get(PAGE).get_data(as_text=True)
    digest = re.search(r'name="digest" value="([^"]+)"', page)[1]
    return press(browser, PAGE, on=PAGE, **{"digest": digest, "read-all": "1", **fields})


def state(rt):
    return adoption.state(rt.db, rt.book)["law"]


def in_the_world(rt, **settings):
    """The same house with a public address, and its web app."""
    outside = dataclasses.replace(rt, settings=rt.settings.with_values(**settings))
    app = web.create_app(outside)
    app.testing = True
    return outside, app


# -- the pages -------------------------------------------------------------------------------------------------------


def test_a_group_is_read_called_and_adopted(officer, rt):
    page = words(officer.get(PAGE))
    assert "Trước hết kiểm tra các số này: 111." in page
    for topic in state(rt).topics:
        for language in ("vi", "en"):
            answer = rt.book.answer(topic, language)
            for text in (answer.title if language == "vi" else "", answer.chat, answer.sms, answer.sms_unaccented):
                assert " ".join(text.split()) in page
    assert call(officer, note="gặp chị Hoa").status_code == 303
    page = words(officer.get(PAGE))
    assert "gặp chị Hoa" in page and "Nguyễn Thị Lan" in page
    assert adopt(officer, note="quyết định 12").status_code == 303
    assert (state(rt).state, state(rt).note) == ("adopted", "quyết định 12")
    assert "Nguyễn Thị Lan" in words(officer.get("/answers/adoption"))
    assert "quyết định 12" in words(officer.get(PAGE))
    [row] = audit.latest(rt.db, 1, about="answers:law")
    assert state(rt).digest in row.detail


def test_the_sources_stand_with_their_dates(officer, rt):
    page = words(officer.get(PAGE))
    fact = rt.book.facts[rt.book.answer(state(rt).topics[0], "vi").sources[0]]
    assert f"({fact.source_date})" in page


def test_every_group_is_one_page_that_travels_light(officer, rt):
    """Everything is read on one page, so it is longer than others; what travels stays small."""
    for group, found in adoption.state(rt.db, rt.book).items():
        page = officer.get(f"/answers/adoption/{group}").get_data(as_text=True)
        assert page.count("<article") == len(found.topics)
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert len(gzip.compress(page.encode())) < 32 * 1024


def test_before_the_calls_there_is_nothing_to_press_and_pressing_is_refused(officer, rt):
    assert 'name="digest"' not in officer.get(PAGE).get_data(as_text=True)
    answer = press(officer, PAGE, on=PAGE, digest=state(rt).digest, **{"read-all": "1"})
    assert answer.status_code == 422
    assert "111" in words(answer)
    assert state(rt).state == "not adopted"


def test_the_statement_must_be_ticked_and_the_page_be_the_newest(officer, rt):
    call(officer)
    assert "đánh dấu" in words(adopt(officer, **{"read-all": ""}))
    answer = adopt(officer, digest="of yesterday", note="ghi chú cũ")
    assert answer.status_code == 422
    assert "ghi chú cũ" in answer.get_data(as_text=True)
    assert state(rt).state == "not adopted"


def test_a_wrong_number_blocks_the_group(officer, rt):
    call(officer)
    call(officer, outcome="wrong")
    assert "nhầm số" in words(officer.get(PAGE))
    assert 'name="digest"' not in officer.get(PAGE).get_data(as_text=True)


@pytest.mark.parametrize(("number", "outcome", "status"), [("0912345678", "answered", 404), ("111", "", 422)])
def test_odd_calls_are_refused_in_words(officer, rt, number, outcome, status):
    assert call(officer, number=number, outcome=outcome).status_code == status
    assert state(rt).untested(rt.clock()) == ("111",)


def test_an_unknown_group_is_no_page(officer):
    assert officer.get("/answers/adoption/weather").status_code == 404
    assert press(officer, "/answers/adoption/weather", on=PAGE, **{"read-all": "1"}).status_code == 404


def test_who_may_not_approve_reads_only(app, rt):
    reader = signed_in(app, rt, "hoa@anlo.example")
    call_lines(rt.db, rt.book, "law", rt.clock())
    page = reader.get(PAGE)
    assert page.status_code == 200
    assert 'name="digest"' not in page.get_data(as_text=True)
    given = {"csrf_token": token(reader), "digest": state(rt).digest, "read-all": "1"}
    assert reader.post(PAGE, data=given).status_code == 403
    assert reader.post(f"{PAGE}/calls", data={**given, "number": "111", "outcome": "answered"}).status_code == 403
    assert state(rt).state == "not adopted"


# -- what is said where ----------------------------------------------------------------------------------------------


def ask(browser, text):
    return browser.post("/chat/messages", json={"text": text, "key": text}).json


def test_the_chat_of_this_machine_says_everything(visitor, rt):
    said = ask(visitor, "lam ho chieu o dau")
    assert rt.book.answer("passport-apply", "vi").chat in said["reply"]


def test_the_chat_with_a_public_address_says_what_was_adopted(rt):
    outside, app = in_the_world(rt, PUBLIC_URL="http://anlo.example.vn")
    visitor = app.test_client()
    said = ask(visitor, "lam ho chieu o dau")
    assert (said["reply"], said["source"]) == (rt.book.phrase("not_adopted", "vi", "chat"), "")
    assert [case.reason for case in make.open_cases(rt.db)] == ["not adopted"]
    adopt_groups(outside.db, outside.book, "papers", now=outside.clock())
    said = ask(visitor, "lam ho chieu o dau vay")
    assert said["reply"] == rt.book.answer("passport-apply", "vi").chat
    assert said["source"]


@pytest.mark.parametrize(
    ("url", "adopted_only"),
    [("", False), ("http://localhost:8000", False), ("http://127.0.0.1", False), ("http://[::1]:80", False),
     ("https://anlo.example.vn", True), ("http://127.0.0.1.example.vn", True), ("http://10.0.0.5", True), ("x", True)],
)  # fmt: skip
def test_which_address_is_this_machine(rt, url, adopted_only):
    outside, _ = in_the_world(rt, PUBLIC_URL=url)
    assert outside.leaves("web", None) is adopted_only


@pytest.mark.parametrize(
    ("platform", "gateway", "leaves"),
    [("terminal", None, False), ("sms", "simulator", False), ("sms", None, False), ("sms", "outside", True),
     ("sms", "gone since", True), ("zalo", None, True)],
)  # fmt: skip
def test_which_door_leaves_this_machine(rt, platform, gateway, leaves):
    gateways = {**rt.gateways, "outside": FakeGateway("outside", leaves_machine=True)}
    assert dataclasses.replace(rt, gateways=gateways).leaves(platform, gateway) is leaves


# -- the warning -----------------------------------------------------------------------------------------------------


def test_help_lines_that_nobody_called_are_warned_of_where_something_leaves(officer, rt):
    assert "Chưa ai gọi thử" not in words(officer.get("/"))
    assert "warnings" not in officer.get("/readyz").json
    outside, app = in_the_world(rt, PUBLIC_URL="http://anlo.example.vn")
    browser = signed_in(app, outside, "lan@anlo.example")
    for path in ("/", "/answers/adoption"):
        page = words(browser.get(path))
        assert "Chưa ai gọi thử" in page and "08000 121 700" in page
    assert "08000 121 700" in browser.get("/readyz").json["warnings"][0]
    call_lines(outside.db, outside.book, "phrases", outside.clock())
    assert "Chưa ai gọi thử" not in words(browser.get("/"))
    assert not any("help lines" in told for told in browser.get("/readyz").json["warnings"])
