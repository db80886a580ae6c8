"""eSMS at the providers' door: by GET, proven by the token in the address."""

import pytest
from sqlalchemy import select

from db.tables import receipts
from runtime.build import secret_key
from sms import hook_token
from tests.servers.esms_callbacks import fields

HOOK = "/hooks/sms/esms/receipt"
REPORT = fields({"SMSID": "d533", "Phone": "0912345678"}, "5", 1, 0)


def kept(rt) -> list:
    with rt.db.reading() as c:
        found = c.execute(select(receipts).where(receipts.c.gateway == "esms")).all()
    return [(row.ref, row.status, row.delivery_id) for row in found]


@pytest.fixture
def ours(rt):
    return {"token": hook_token.token(secret_key(rt.settings), "esms"), "key": "1", **REPORT}


def test_a_callback_is_kept_once_however_often_it_comes(visitor, rt, ours):
    assert [visitor.get(HOOK, query_string=ours).status_code for _ in range(5)] == [200] * 5
    assert kept(rt) == [("d533", "delivered", 1)]


@pytest.mark.parametrize("token", [None, "", "0" * 32])
def test_a_wrong_token_changes_nothing(visitor, rt, ours, token):
    given = {name: value for name, value in {**ours, "token": token}.items() if value is not None}
    assert visitor.get(HOOK, query_string=given).status_code == 403
    assert kept(rt) == []


def test_what_is_not_in_its_form_or_comes_another_way_changes_nothing(visitor, rt, ours):
    assert visitor.get(HOOK, query_string={"token": ours["token"]}).status_code == 400
    assert visitor.post(HOOK, query_string=ours).status_code == 405
    assert visitor.get("/hooks/sms/esms/inbound", query_string=ours).status_code in (403, 405)
    assert kept(rt) == []
