"""Every page says who may open it."""

import pytest

import web
from runtime import settings
from runtime.build import build
from web import access


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    rt = build(settings.load({"DATA_DIR": str(folder), "RUNNER": "off"}, env_file=None))
    yield web.create_app(rt)
    rt.close()


def test_every_view_has_an_access_rule(app):
    open_to_nobody = {name for name, view in app.view_functions.items() if getattr(view, "access", None) is None}
    assert sorted(open_to_nobody) == []


def test_every_rule_is_a_known_one(app):
    rules = {name: view.access for name, view in app.view_functions.items() if hasattr(view, "access")}
    assert {name: rule for name, rule in rules.items() if rule not in access.LEVELS} == {}


#: What opens without signing in, on purpose; a new entry is a decision, so it is written down here too.
PUBLIC = {"chat", "embed", "health", "hooks", "language", "sign_in", "stop", "links"}


def test_only_these_open_without_signing_in(app):
    public = {name for name, view in app.view_functions.items() if getattr(view, "access", None) == "public"}
    assert {name.partition(".")[0] for name in public} - {"static"} <= PUBLIC


def test_what_changes_something_is_not_a_get(app):
    """A link that a mail scanner follows must change nothing: views named for a change answer POST only."""
    changing = ("approve", "cancel", "pause", "resume", "submit", "delete", "remove", "send", "schedule", "sign_out")
    found = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[2] in changing and "POST" not in rule.methods
    ]
    assert found == []
