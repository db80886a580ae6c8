"""The page of settings: what is ready, what is missing, and what staff should know of it."""

from messages.errors import sentence
from sms.gateway import Readiness
from tests.web.doors import signed_in


def test_what_is_wrong_with_a_platform_stands_beside_it(app, rt, monkeypatch):
    admin = signed_in(app, rt, "quantri@anlo.example")
    before = admin.get("/settings").get_data(as_text=True)
    monkeypatch.setattr(rt.platforms["zalo"], "readiness", lambda: Readiness((), ("tokens-lost", "tokens-old")))
    after = admin.get("/settings").get_data(as_text=True)
    for code in ("tokens-lost", "tokens-old"):
        assert sentence(code, "vi") in after and sentence(code, "vi") not in before
    assert "ZALO_APP_ID, ZALO_APP_SECRET" in before and "ZALO_APP_ID, ZALO_APP_SECRET" not in after.replace("\n", "")
