"""Web addresses: known hosts pass, others stop the message, and those in disguise are called so."""

import pytest

from messages import lint
from messages.lint.links import read
from messages.lint.text import text_of


def wrong(text: str, allowed=()) -> list[tuple[str, str]]:
    found = [finding for finding in lint.check(vi=text, allowed_hosts=allowed) if finding.code.startswith("link-")]
    assert all(finding.level == "stop" for finding in found)
    return [(finding.code, finding.values["host"]) for finding in found]


@pytest.mark.parametrize(
    "text",
    [
        "Xem www.dolab.gov.vn.",
        "https://www.gov.uk/visas",
        "gov.uk",
        "Xem dolab.gov.vn/danh-sach, rồi hỏi",
        "www.eps.go.kr",
        "HTTPS://WWW.GOV.UK",
        "nghean.gov.vn",
        "http://gov.uk:443/a?b=c#d",
        "(xem gov.uk)",
        "“www.gov.uk”",
        "sub.www.eps.go.kr",
    ],
)
def test_official_hosts_pass(text):
    assert read(text_of("vi", text)), "it is read as an address"
    assert wrong(text) == []


@pytest.mark.parametrize(
    "allowed", ["https://anlo.example", "anlo.example", "https://anlo.example:8443/desk", "http://user@anlo.example"]
)
def test_our_own_host_passes_however_it_is_given(allowed):
    assert wrong("https://anlo.example/s/abc", [allowed]) == []
    assert wrong("anlo.example.evil.com/s", [allowed]) != []


def test_a_local_address_passes_when_it_is_ours():
    assert wrong("http://127.0.0.1:8000/s/abc", ["http://127.0.0.1:8000"]) == []
    assert wrong("http://127.0.0.1:8000/s/abc") != []


@pytest.mark.parametrize(
    ("text", "code", "host"),
    [
        ("xem example.com", "link-host-unknown", "example.com"),
        ("http://vieclamuc.net/dangky", "link-host-unknown", "vieclamuc.net"),
        ("www.facebook.com/abc", "link-host-unknown", "www.facebook.com"),
        ("notgov.uk", "link-host-unknown", "notgov.uk"),
        ("lan@gmail.com", "link-host-unknown", "gmail.com"),
        ("http://1.2.3.4/x", "link-host-unknown", "1.2.3.4"),
        ("ftp://gov.vn/x", "link-host-unknown", "gov.vn"),
        ("hxxp://gov.vn/x", "link-host-unknown", "gov.vn"),
        ("tel://111", "link-host-unknown", "111"),
        ("bit.ly/3abc", "link-shortener", "bit.ly"),
        ("https://tinyurl.com/x", "link-shortener", "tinyurl.com"),
        ("gov.vn.example.com", "link-lookalike", "gov.vn.example.com"),
        ("https://www.gov.uk.visa-help.org", "link-lookalike", "www.gov.uk.visa-help.org"),
        ("gov-vn.com", "link-lookalike", "gov-vn.com"),
        ("dolab-gov-vn.net", "link-lookalike", "dolab-gov-vn.net"),
        ("g0v.uk", "link-lookalike", "g0v.uk"),
        ("www.g0v.vn/dang-ky", "link-lookalike", "www.g0v.vn"),
        ("qov.vn", "link-lookalike", "qov.vn"),
        ("goov.vn", "link-lookalike", "goov.vn"),
        ("www.eps.g0.kr", "link-lookalike", "www.eps.g0.kr"),
        ("https://gov.uk@evil.com/login", "link-lookalike", "evil.com"),
        ("https://www.gov.uk:pass@evil.com", "link-lookalike", "evil.com"),
        ("xn--gv-lia.vn", "link-lookalike", "xn--gv-lia.vn"),
        ("gоv.vn", "link-lookalike", "gоv.vn"),
        ("https://gòv.vn/x", "link-lookalike", "gòv.vn"),
    ],
)
def test_other_hosts_stop_the_message(text, code, host):
    assert (code, host) in wrong(text)


@pytest.mark.parametrize(
    "text",
    [
        "trước khi đi.Hỏi An Lộ",
        "Truoc khi di.Ai hoi thi noi",
        "v.v., TP.HCM",
        "IELTS 4.0",
        "10.000 đồng",
        "Điều 3.Khoản 2",
        "A.B.C",
        "{{ link }}",
    ],
)
def test_a_full_stop_without_a_space_is_no_address(text):
    assert read(text_of("vi", text)) == []


def test_several_addresses_are_each_looked_at():
    assert [code for code, _ in wrong("gov.uk, g0v.uk hay bit.ly/x")] == ["link-lookalike", "link-shortener"]
