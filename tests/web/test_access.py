"""Who may open what: every view says so, and saying nothing opens nothing."""

import pytest

from tests.web.doors import signed_in
from web.access import LEVELS, access

PUBLIC = {
    "static",
    "sign_in.show",
    "sign_in.enter",
    "sign_in.link",
    "sign_in.redeem",
    "sign_in.leave",
    "language.change",
    "chat.show",
    "chat.about",
    "chat.again",
    "chat.judge",
    "chat.leave",
    "chat.messages",
    "chat.news",
    "embed.script",
    "links.follow",
    "stop.personal",
    "stop.press",
    "stop.show",
    "health.healthz",
    "health.readyz",
}


def test_every_route_declares_its_access(app):
    silent = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "access", None) not in LEVELS
    ]
    assert not silent


def test_what_is_open_to_everybody_is_listed_here(app):
    assert {name for name, view in app.view_functions.items() if view.access == "public"} == PUBLIC


def test_a_view_that_says_nothing_opens_for_nobody(app, rt):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    for browser in (app.test_client(), signed_in(app, rt, "quantri@anlo.example")):
        assert browser.get("/forgotten").status_code == 403


def test_only_known_levels_can_be_declared():
    with pytest.raises(ValueError, match="no such access"):
        access("everybody")


def pages(app):
    """Every page of officers that needs no value in its address."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and not rule.arguments
        and app.view_functions[rule.endpoint].access not in ("public", "machine")
    )


def test_a_stranger_is_asked_to_sign_in(app, visitor):
    for path in pages(app):
        answer = visitor.get(path)
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in"), path


@pytest.mark.parametrize(
    "email,path,status",
    [
        ("hoa@anlo.example", "/waves", 200),
        ("hoa@anlo.example", "/waves/new", 403),
        ("hoa@anlo.example", "/lists/upload", 403),
        ("hoa@anlo.example", "/messages/new", 403),
        ("hoa@anlo.example", "/waves/2/review", 403),
        ("lan@anlo.example", "/waves/new", 200),
        ("lan@anlo.example", "/settings", 403),
        ("quantri@anlo.example", "/settings", 200),
    ],
)
def test_a_role_opens_its_own_pages_only(app, rt, email, path, status):
    assert signed_in(app, rt, email).get(path).status_code == status


@pytest.mark.parametrize(
    "path", ["/waves/1/pause", "/waves/2/approve", "/lists/upload", "/messages/new", "/handsets/answer"]
)
def test_a_form_without_its_token_changes_nothing(officer, path):
    answer = officer.post(path)
    assert answer.status_code == 400
    assert "tải lại trang" in answer.get_data(as_text=True)


def test_the_figures_for_machines_stay_on_this_machine(visitor):
    assert visitor.get("/metrics").status_code == 200
    assert visitor.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 403
    assert visitor.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403
