"""SMPP over TLS: only with somebody whose certificate we trust; and both directions at once."""

import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from sms.gateway import Fate, Outgoing
from sms.gateways.smpp import Smpp
from tests.servers import smsc


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A key and a certificate for localhost, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    path = tmp_path_factory.mktemp("tls") / "pair.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate)
    return path


@pytest.fixture
def server(pair):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    with smsc.serve(tls=context, receipt="DELIVRD") as server:
        yield server
        assert server.fake.wrongs == []


@pytest.fixture
def gateway_at(server):
    opened = []

    def gateway_at(host, **other):
        opened.append(Smpp(host, server.port, smsc.SYSTEM_ID, smsc.PASSWORD, "AN LO", tls=True, **other))
        return opened[-1]

    yield gateway_at
    for gateway in opened:
        gateway.close()


def test_much_in_both_directions_at_once(server, gateway_at, pair, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(pair))
    gateway, reported, fates = gateway_at("localhost", window=50), [], []
    gateway.listen(reported.extend, lambda message: None)

    def send(first):
        batch = [Outgoing(str(n), f"+8491{n:07d}", "Đừng tin. " * 30) for n in range(first, first + 100)]
        fates.extend(outcome.fate for outcome in gateway.send(batch))

    threads = [threading.Thread(target=send, args=(1000 * n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fates == [Fate.ACCEPTED] * 300 and set(server.fake.messages.values()) == {1}
    end = time.monotonic() + 10
    while len(reported) < len(server.fake.submits) and time.monotonic() < end:
        time.sleep(0.05)
    assert len(reported) == len(server.fake.submits) == 1500


@pytest.mark.parametrize(("host", "trusted"), [("localhost", False), ("127.0.0.1", True)], ids=["nobody", "other name"])
def test_whom_we_do_not_trust_gets_no_password(server, gateway_at, pair, monkeypatch, host, trusted):
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(pair))
    (outcome,) = gateway_at(host).send([Outgoing("1", "+84912345678", "Xin chào")])
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, "not-connected")
    assert server.fake.bind_count == 0 and "ertificate" in outcome.error.raw
