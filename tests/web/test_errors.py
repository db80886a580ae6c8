"""What goes wrong becomes one sentence: for people as a page, for machines as JSON, never a stack trace."""

import pytest

import web
from messages.errors import Mistake
from tests.web.doors import words
from web.access import access


@pytest.fixture
def troubled(rt):
    """The app as it is served, with two pages that fail."""
    app = web.create_app(rt)

    def mistaken():
        raise Mistake("note-missing")

    def untold():
        raise Mistake("a-code-nobody-wrote-a-sentence-for")

    def broken():
        raise RuntimeError("the secret +84912345678")

    for view in (mistaken, untold, broken):
        app.add_url_rule(f"/{view.__name__}", view.__name__, access("public")(view))
    return app.test_client()


def test_a_mistake_is_told_in_the_readers_language(troubled):
    answer = troubled.get("/mistaken?lang=en")
    assert answer.status_code == 422
    assert "There is no note to the author." in words(answer)
    assert "Chưa có lời nhắn" in words(troubled.get("/mistaken"))


def test_machines_get_json(troubled):
    answer = troubled.get("/mistaken?lang=en", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (422, "note-missing")


def test_a_code_without_a_sentence_still_says_something(troubled):
    assert "Xem lại những gì vừa nhập" in words(troubled.get("/untold"))


def test_a_surprise_shows_nothing_of_itself(troubled):
    answer = troubled.get("/broken")
    assert answer.status_code == 500
    said = answer.get_data(as_text=True)
    assert "Hệ thống đang trục trặc" in said
    for secret in ("RuntimeError", "Traceback", "84912345678"):
        assert secret not in said


@pytest.mark.parametrize(
    "path,status",
    [("/nowhere", 404), ("/lists/999", 404), ("/waves/999", 404), ("/messages/999", 404), ("/lists/uploads/999", 404)],
)
def test_what_does_not_exist(officer, path, status):
    answer = officer.get(path)
    assert answer.status_code == status
    assert answer.get_data(as_text=True).count("<h1") == 1
