"""The contract of bots/platform.py for what comes in by a hook: proven, read into plain values, or refused."""

import json
from dataclasses import replace

import pytest

from bots.platform import KINDS, NOT_TEXT
from sms.gateway import BadRequest, BadSignature
from tests.contracts.test_platforms import AWKWARD

#: Nested so deep that no parser goes to the end.
DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000


@pytest.fixture
def row(called):
    return called


def test_a_message_is_read_and_a_repeat_has_the_same_id(row):
    request = row.door.request("text", "17", row.people(1), AWKWARD, surprise={"new": [1]})
    [heard] = row.platform.receive(request)
    assert (heard.kind, heard.address, heard.text) == ("text", row.people(1), AWKWARD)
    assert heard.provider_id and row.platform.receive(request) == [heard]
    [other] = row.platform.receive(row.door.request("text", "18", row.people(1), AWKWARD))
    assert other.provider_id != heard.provider_id


def test_it_says_when_and_in_which_language(row):
    [heard] = row.platform.receive(row.door.request("text", "17", row.people(1), "chào"))
    assert bool(heard.at) == row.door.tells_time
    assert heard.at is None or (heard.at.tzinfo and heard.at.year == 2026)
    assert heard.language == ("vi" if row.door.tells_language else None)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_named(row, kind):
    if kind not in row.door.kinds:
        pytest.skip("the provider has no such thing")
    text = {"text": "chào", "press": "choice:7:1", "location": "18.67, 105.69", "edit": "sửa"}.get(kind, "")
    [heard] = row.platform.receive(row.door.request(kind, "17", row.people(1), text))
    assert (heard.kind, heard.address) == (kind, row.people(1))
    assert heard.text == text or kind in NOT_TEXT - {"location"}
    assert heard.provider_id and row.people(1) not in heard.provider_id


def test_an_edit_says_which_message_it_changes(row):
    if "edit" not in row.door.kinds:
        pytest.skip("nothing is edited")
    [first] = row.platform.receive(row.door.request("text", "17", row.people(1), "trước"))
    [edit] = row.platform.receive(row.door.request("edit", "17", row.people(1), "sau"))
    assert edit.replaces == first.provider_id != edit.provider_id


def test_other_events_are_none_of_ours(row):
    assert row.door.others
    for event in row.door.others:
        assert row.platform.receive(row.door.sign(json.dumps(event).encode())) == []


def test_what_is_not_signed_is_not_read(row):
    body = json.dumps(row.door.event("text", "17", row.people(1), "chào")).encode()
    good = row.door.sign(body)
    assert row.platform.receive(good)
    bad = [
        replace(good, headers={}),
        replace(good, headers=dict.fromkeys(good.headers, "x" * 28)),
        replace(good, headers=dict.fromkeys(good.headers, "ký giả \udcff")),
        replace(good, headers=dict.fromkeys(good.headers, "")),
        row.door.forge(body),
    ]
    changed = json.dumps(row.door.event("text", "17", row.people(2), "khác")).encode()
    for request in [*bad, *([replace(good, body=changed)] if row.door.signs_body else [])]:
        with pytest.raises(BadSignature):
            row.platform.receive(request)


def test_what_is_not_set_up_believes_nobody(row):
    bare = row.not_set_up()
    with pytest.raises(BadSignature):
        bare.receive(row.door.request("text", "17", row.people(1), "chào"))
    bare.close()


#: A number that Python refuses to read.
ENDLESS = b'{"a":' + b"9" * 9_000 + b"}"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe{}", DEEP, ENDLESS])
def test_signed_nonsense_is_a_bad_request(row, body):
    with pytest.raises((BadRequest, BadSignature)):
        row.platform.receive(row.door.sign(body))


def test_events_out_of_form_are_bad_requests(row):
    assert row.door.nonsense
    for event in row.door.nonsense:
        with pytest.raises(BadRequest):
            row.platform.receive(row.door.sign(json.dumps(event).encode()))


def test_every_field_may_be_of_another_kind(row):
    """Whatever stands where: a list of what happened, or BadRequest; never another error."""
    for kind in sorted(row.door.kinds):
        event = row.door.event(kind, "17", row.people(1), "chào")
        for changed in _one_changed(event):
            try:
                heard = row.platform.receive(row.door.sign(json.dumps(changed).encode()))
            except (BadRequest, BadSignature):
                continue
            for incoming in heard:
                assert isinstance(incoming.text, str) and isinstance(incoming.address, str)
                assert isinstance(incoming.provider_id, str) and incoming.kind in KINDS


def _one_changed(value):
    """The same JSON with one part at a time replaced by something else, or gone."""
    yield from (None, [], {}, "chữ", -1, 10**30, 1.5, True, [[]], {"x": 1})
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in list(parts):
        for changed in _one_changed(part):
            copy = value.copy()
            copy[name] = changed
            yield copy
        if isinstance(value, dict):
            yield {other: one for other, one in value.items() if other != name}


def test_half_a_character_does_no_harm(row):
    [heard] = row.platform.receive(row.door.request("text", "17", row.people(1), "nửa \ud83d chữ"))
    assert heard.text.encode("utf-8")
    [heard] = row.platform.receive(row.door.request("text", "17", row.people(1), "cả 😀"))
    assert heard.text == "cả 😀"


def test_header_names_have_no_case(row):
    request = row.door.request("text", "17", row.people(1), "chào")
    shouted = replace(request, headers={name.upper(): value for name, value in request.headers.items()})
    assert row.platform.receive(shouted)


def test_a_very_long_address_is_passed_on_for_the_inbox_to_drop(row):
    try:
        heard = row.platform.receive(row.door.request("text", "17", "9" * 10_000, "chào"))
    except BadRequest:
        return
    assert not heard or len(heard[0].address) == 10_000
