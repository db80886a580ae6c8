"""The providers' door, with the simulator's signature: what is unsigned or repeated changes nothing."""

import hashlib
import hmac
import json

import pytest
from sqlalchemy import func, select

from db.tables import receipts, turns
from runtime.build import secret_key
from sms.gateways.simulator import SIGNATURE

RECEIPT = {"hook": "receipt", "receipts": [{"id": "sim-x1", "key": "1", "status": "delivered", "code": ""}]}
INBOUND = {"hook": "inbound", "messages": [{"id": "sim-m1", "from": "+84912345678", "to": "AN LO", "text": "xin chào"}]}


def rows(rt, table) -> int:
    with rt.db.reading() as c:
        return c.execute(select(func.count()).select_from(table)).scalar_one()


def post(visitor, rt, kind, content, signature=None):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    signed = hmac.new(secret_key(rt.settings).encode(), body, hashlib.sha256).hexdigest()
    headers = {SIGNATURE: signed if signature is None else signature}
    return visitor.post(f"/hooks/sms/simulator/{kind}", data=body, headers=headers, content_type="application/json")


@pytest.mark.parametrize("kind,content,table", [("receipt", RECEIPT, receipts), ("inbound", INBOUND, turns)])
def test_a_signed_request_is_kept_and_a_repeat_changes_nothing(visitor, rt, kind, content, table):
    before = rows(rt, table)
    assert post(visitor, rt, kind, content).status_code == 200
    assert rows(rt, table) == before + 1
    assert post(visitor, rt, kind, content).status_code == 200
    assert rows(rt, table) == before + 1


@pytest.mark.parametrize("signature", ["", "0" * 64, "ký giả"])
@pytest.mark.parametrize("kind,content,table", [("receipt", RECEIPT, receipts), ("inbound", INBOUND, turns)])
def test_a_bad_signature_changes_nothing(visitor, rt, kind, content, table, signature):
    before = rows(rt, table)
    signature = signature.encode().decode("latin-1")
    assert post(visitor, rt, kind, content, signature).status_code == 403
    assert rows(rt, table) == before


def test_signed_but_not_in_the_form_is_400(visitor, rt):
    assert post(visitor, rt, "receipt", b"not json").status_code == 400
    assert post(visitor, rt, "inbound", RECEIPT).status_code == 400


def test_over_a_megabyte_is_413(visitor, rt):
    padded = {**INBOUND, "padding": "x" * 1_000_000}
    assert post(visitor, rt, "inbound", padded).status_code == 413
    assert post(visitor, rt, "inbound", b"x" * 10_000_000).status_code == 413
    form = visitor.post("/hooks/sms/simulator/inbound", data={"Body": "x" * 1_000_001})
    assert form.status_code == 413


def test_unknown_fields_are_ignored(visitor, rt):
    assert post(visitor, rt, "inbound", {**INBOUND, "new": {"thing": 1}}).status_code == 200


def test_only_known_gateways_and_only_by_post(visitor):
    assert visitor.post("/hooks/sms/nobody/receipt").status_code == 404
    answer = visitor.get("/hooks/sms/simulator/receipt")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS") or answer.status_code == 405


def test_machines_are_answered_without_a_page(visitor, rt):
    answer = post(visitor, rt, "receipt", RECEIPT, signature="0")
    assert answer.is_json
    assert answer.json["error"] == "http-403"


def test_the_url_is_the_public_one_as_it_was_called(visitor, rt, monkeypatch):
    """Providers sign the address they called, query and all."""
    seen = []
    monkeypatch.setattr(
        type(rt.gateways["simulator"]), "read_receipts", lambda self, request: seen.append(request) or []
    )
    visitor.post("/hooks/sms/simulator/receipt?a=1&b=%C3%A9", data={"Body": "x"}, base_url="http://inside:8000")
    assert seen[0].url == "http://localhost/hooks/sms/simulator/receipt?a=1&b=%C3%A9"
    assert seen[0].form == {"Body": "x"}
