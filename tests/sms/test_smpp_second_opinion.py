"""Our SMPP with an SMSC that others wrote (npm's `smpp`), where it is installed: NODE_PATH says where."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from sms.gateway import Fate, Outgoing, Receipt
from sms.gateways.smpp import Smpp
from tests.waiting import until

SCRIPT = Path(__file__).parent.parent / "servers" / "smsc_node.js"
LONG = "Đừng đưa hộ chiếu và tiền cọc cho người lạ hứa việc ở nước ngoài. 😀 " * 3
GSM = "a" * 152 + "€{}" + "b" * 20


def why_not() -> str:
    """Why it cannot be run here; "" when it can."""
    if not shutil.which("node"):
        return "there is no `node` on this machine"
    found = subprocess.run(["node", "-e", "require('smpp')"], capture_output=True, timeout=60, check=False)
    return "" if found.returncode == 0 else "npm's package `smpp` is not installed where NODE_PATH points"


@pytest.fixture(scope="module")
def smsc():
    if why := why_not():
        pytest.skip(why)
    with subprocess.Popen(["node", str(SCRIPT)], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def port(smsc):
    return int(smsc.stdout.readline())


@pytest.fixture
def heard():
    return {"receipts": [], "messages": []}


@pytest.fixture
def gateway(port, heard):
    gateway = Smpp("127.0.0.1", port, "anlo", "geheim", "AN LO")
    gateway.listen(heard["receipts"].extend, heard["messages"].append)
    yield gateway
    gateway.close()


@pytest.mark.parametrize("text", ["Xin chao", "Đừng tin", LONG, GSM], ids=["gsm", "ucs-2", "ucs-2 parts", "gsm parts"])
def test_it_reads_what_we_send_and_we_what_it_reports(smsc, gateway, heard, text):
    (outcome,) = gateway.send([Outgoing("1", "+84912345678", text)])
    assert outcome.fate is Fate.ACCEPTED
    ids = outcome.parts or (outcome.ref,)
    taken = [json.loads(smsc.stdout.readline()) for _ in ids]
    assert "".join(part["message"] for part in taken) == text
    assert {(part["to"], part["from"]) for part in taken} == {("84912345678", "AN LO")}
    if len(ids) > 1:
        assert [part["udh"][-2:] for part in taken] == [[len(ids), n] for n in range(1, len(ids) + 1)]
    until(lambda: len(heard["receipts"]) == len(ids))
    assert heard["receipts"] == [Receipt(id, "delivered") for id in ids]


def test_we_read_what_somebody_wrote(gateway, heard):
    gateway.hold()
    until(lambda: heard["messages"])
    assert (heard["messages"][0].sender, heard["messages"][0].text) == ("+84912345678", "Đừng gửi nữa")


def test_it_throttles(smsc, gateway):
    message = Outgoing("1", "+84900000007", "Xin chao")
    assert gateway.send([message])[0].error.code == "too-fast"
    assert gateway.send([message])[0].fate is Fate.ACCEPTED
    smsc.stdout.readline()


def test_it_refuses_a_wrong_password(smsc, port):
    gateway = Smpp("127.0.0.1", port, "anlo", "wrong", "AN LO")
    assert gateway.send([Outgoing("1", "+84912345678", "Xin chao")])[0].error.code == "credentials"
    gateway.close()
