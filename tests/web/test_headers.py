"""What every answer carries."""

import pytest

from web.headers import CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("path", ["/sign-in", "/chat", "/nowhere", "/healthz", "/static/app.css", "/"])
def test_the_browser_gets_strict_orders(visitor, path):
    headers = visitor.get(path, buffered=True).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    for order in (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
    ):
        assert order in CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_pages_are_not_kept_and_files_are(officer, visitor):
    assert officer.get("/lists").headers["Cache-Control"] == "no-store"
    page = visitor.get("/sign-in").get_data(as_text=True)
    start = page.index("/static/app.css?v=")
    address = page[start : page.index('"', start)]
    assert "immutable" in visitor.get(address, buffered=True).headers["Cache-Control"]


def test_files_and_the_chat_are_made_small_officers_pages_are_not(officer):
    asked = {"Accept-Encoding": "gzip"}
    assert officer.get("/static/app.css", headers=asked, buffered=True).headers.get("Content-Encoding") == "gzip"
    assert officer.get("/chat", headers=asked).headers.get("Content-Encoding") == "gzip"
    assert "Content-Encoding" not in officer.get("/lists", headers=asked).headers
