"""What is Twilio's own: its address, its errors, its silence, its signature."""

import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from twilio.request_validator import RequestValidator

from sms.gateway import ERRORS, BadSignature, Fate, HookRequest, Outgoing, OutOfReach, Whereabouts
from sms.gateways import twilio_wire
from sms.gateways.twilio import Twilio
from sms.gateways.twilio_errors import _table, our_code
from tests.contracts.gateways import PUBLIC_URL, signed_by_twilio
from tests.servers import twilio
from tests.servers.raw_http import Answer, in_a_thread
from tests.servers.twilio import Step
from tests.servers.twilio_callbacks import Callbacks

NUMBER = "+84912345678"
MESSAGE = Outgoing("17", NUMBER, "Xin chào")


@pytest.fixture
def server():
    with twilio.serve() as server:
        yield server


@pytest.fixture
def at():
    """A gateway at an address; closed at the end."""
    opened = []

    def at(base, **other):
        settings = {"sender": "AN LO", "public_url": PUBLIC_URL, **other}
        opened.append(Twilio(twilio.ACCOUNT_SID, twilio.AUTH_TOKEN, api_base=base, **settings))
        return opened[-1]

    yield at
    for gateway in opened:
        gateway.close()


def long_ago():
    return datetime.now(UTC) - timedelta(hours=1)


# -- the address


@pytest.mark.parametrize(
    ("base", "leaves"),
    [
        ("", True),
        ("https://api.twilio.com", True),
        ("http://127.0.0.1:9000", False),
        ("http://127.8.8.8", False),
        ("https://localhost:9000/prefix/", False),
        ("http://[::1]:9000", False),
        ("https://127.0.0.1.example.com", True),
        ("https://localhost.example.com", True),
        ("https://localhost@example.com", True),
        ("https://10.0.0.5", True),
        ("https://0.0.0.0", True),
        ("127.0.0.1:9000", True),
        ("ftp://127.0.0.1", True),
        ("https://127.1", True),
    ],
)
def test_whether_messages_leave_this_machine(at, base, leaves):
    assert at(base).traits.leaves_machine is leaves


def test_the_address_may_have_a_path():
    with twilio.serve(prefix="/twilio/api") as server:
        gateway = Twilio(twilio.ACCOUNT_SID, twilio.AUTH_TOKEN, "AN LO", api_base=server.url + "/")
        assert gateway.send([MESSAGE])[0].ref
        assert gateway.find(MESSAGE, long_ago()).where is Whereabouts.THERE
        assert all(request.target.startswith("/twilio/api/2010-04-01/") for request in server.fake.requests)
        gateway.close()


@pytest.mark.parametrize("base", ["http://sms.example", "sms.example", "file:///etc"])
def test_numbers_never_go_over_the_net_unencrypted(at, base):
    gateway = at(base)
    assert gateway.readiness().missing == ("TWILIO_API_BASE",)
    assert gateway.send([MESSAGE])[0].error.code == "configuration"


def test_what_is_missing_is_named_and_nothing_is_sent():
    gateway = Twilio()
    assert gateway.readiness().missing == ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM")
    assert gateway.send([MESSAGE])[0].error.code == "configuration"
    with pytest.raises(OutOfReach):
        gateway.find(MESSAGE, long_ago())
    assert Twilio("AC1", "token", messaging_service_sid="MG1").readiness().ready
    gateway.close()


def test_the_environment_is_not_asked(server, at, monkeypatch):
    for name in ("TWILIO_EDGE", "TWILIO_REGION", "TWILIO_ACCOUNT_SID", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert at(server.url).send([MESSAGE])[0].fate is Fate.ACCEPTED


# -- what goes out


def test_the_callback_carries_our_key(server, at):
    at(server.url).send([Outgoing("reply 5&6", NUMBER, "x")])
    (request,) = server.fake.requests
    callback = dict(parse_qsl(request.body.decode()))["StatusCallback"]
    assert callback == "https://an-lo.example/hooks/sms/twilio/receipt?key=reply%205%266"
    assert server.fake.keys == {"reply 5&6": 1}


@pytest.mark.parametrize(
    ("public_url", "called_back"), [("", False), ("http://127.0.0.1:8000", True), (PUBLIC_URL, True)]
)
def test_without_a_public_address_there_is_no_callback(server, at, public_url, called_back):
    at(server.url, public_url=public_url).send([MESSAGE])
    assert (b"StatusCallback" in server.fake.requests[0].body) is called_back


def test_a_messaging_service_goes_before_a_sender(server, at):
    at(server.url, messaging_service_sid="MG" + "0" * 32).send([MESSAGE])
    body = server.fake.requests[0].body
    assert b"MessagingServiceSid=MG" in body and b"From=" not in body


def test_connections_are_kept(server, at):
    gateway = at(server.url)
    for _ in range(20):
        gateway.send([MESSAGE])
    assert server.server.connections == 1


# -- refusals and silence


@pytest.mark.parametrize("code", sorted(_table()))
def test_every_code_of_the_table(server, at, code):
    server.fake.script(NUMBER, Step(400, int(code), f"about {NUMBER}"))
    (outcome,) = at(server.url).send([MESSAGE])
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, our_code(code))
    assert outcome.error.code in ERRORS
    assert code in outcome.error.raw and "912345678" not in outcome.error.raw


@pytest.mark.parametrize(
    ("step", "fate", "code"),
    [
        (Step(401, 20003), Fate.REFUSED, "credentials"),
        (Step(403, 12345), Fate.REFUSED, "credentials"),
        (Step(404, 12345), Fate.REFUSED, "configuration"),
        (Step(400, 12345), Fate.REFUSED, "gateway-trouble"),
        (Step(400, body="<html>no JSON</html>"), Fate.REFUSED, "gateway-trouble"),
        (Step(302), Fate.REFUSED, "configuration"),
        (Step(429, 20429), Fate.REFUSED, "too-fast"),
        (Step(429, body=""), Fate.REFUSED, "too-fast"),
        (Step(500, 20500), Fate.UNKNOWN, "gateway-trouble"),
        (Step(500, 20500, keep=True), Fate.UNKNOWN, "gateway-trouble"),
        (Step(502, body="<html>Bad Gateway</html>"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(503, 20503), Fate.UNKNOWN, "gateway-trouble"),
        (Step(504, body=""), Fate.UNKNOWN, "gateway-trouble"),
        (Step(201, body="<html>a hotel's sign-in page</html>"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(201, body="{}"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(201, body="[]"), Fate.UNKNOWN, "gateway-trouble"),
        (Step(201, body='{"sid": "SM1", "status": "failed", "error_code": 30004}'), Fate.REFUSED, "blocked-by-carrier"),
        (Step(close=True), Fate.UNKNOWN, "gateway-trouble"),
        (Step(close=True, keep=True), Fate.UNKNOWN, "gateway-trouble"),
    ],
    ids=str,
)
def test_what_an_answer_means(server, at, step, fate, code):
    server.fake.script(NUMBER, step)
    (outcome,) = at(server.url).send([MESSAGE])
    assert (outcome.fate, outcome.error.code) == (fate, code)
    assert len(server.fake.requests) == 1, "nothing is tried again by itself"


def test_a_kept_connection_that_breaks_is_unknown_and_the_next_message_goes_out(server, at):
    gateway = at(server.url)
    server.fake.script(NUMBER, Step(), Step(close=True), Step())
    assert [gateway.send([MESSAGE])[0].fate for _ in range(3)] == [Fate.ACCEPTED, Fate.UNKNOWN, Fate.ACCEPTED]


def test_a_slow_answer_is_unknown(server, at, monkeypatch):
    monkeypatch.setattr(twilio_wire, "ANSWER_SECONDS", 0.2)
    server.fake.script(NUMBER, Step(delay=2.0, keep=True))
    gateway = at(server.url)
    assert gateway.send([MESSAGE])[0].fate is Fate.UNKNOWN
    assert gateway.find(MESSAGE, long_ago()).where is Whereabouts.THERE


@pytest.mark.parametrize(("said", "wait"), [("7", 7.0), ("0.5", 0.5), ("", None), ("Wed, 21 Oct 2026 07:28 GMT", None)])
def test_how_long_to_wait(server, at, said, wait):
    server.fake.script(NUMBER, Step(429, 20429, retry_after=said))
    assert at(server.url).send([MESSAGE])[0].wait == wait


def test_nobody_listens(at):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gateway = at(f"http://127.0.0.1:{closed.getsockname()[1]}")
    (outcome,) = gateway.send([MESSAGE])
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, "not-connected")
    with pytest.raises(OutOfReach):
        gateway.find(MESSAGE, long_ago())


@contextmanager
def answering_once(answer):
    """The port of a server that takes one call and lets `answer` have its socket."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def listen():
            connection, _ = listening.accept()
            with suppress(OSError), connection:
                answer(connection)

        thread = threading.Thread(target=listen)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_a_server_that_takes_the_call_and_hangs_up_is_unknown(at):
    with answering_once(lambda connection: connection.recv(10)) as port:
        assert at(f"http://127.0.0.1:{port}").send([MESSAGE])[0].fate is Fate.UNKNOWN


def test_what_speaks_no_tls_gets_no_message(at):
    with answering_once(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        (outcome,) = at(f"https://127.0.0.1:{port}").send([MESSAGE])
    assert (outcome.fate, outcome.error.code) == (Fate.REFUSED, "not-connected")


def test_a_certificate_nobody_trusts_gets_no_message(at, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path / "pair.pem"))
    received = []

    def secured(connection):
        with context.wrap_socket(connection, server_side=True) as tls:
            received.append(tls.recv(100))

    with answering_once(secured) as port:
        (outcome,) = at(f"https://127.0.0.1:{port}").send([MESSAGE])
    assert (outcome.fate, outcome.error.code, received) == (Fate.REFUSED, "not-connected", [])


def self_signed(path):
    """A key and a certificate for 127.0.0.1 that nobody vouches for, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(long_ago()).not_valid_after(long_ago() + timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate)
    return path


# -- find


def test_wrong_credentials_are_no_answer(server):
    gateway = Twilio(twilio.ACCOUNT_SID, "wrong", "AN LO", api_base=server.url)
    assert gateway.send([MESSAGE])[0].error.code == "credentials"
    with pytest.raises(OutOfReach):
        gateway.find(MESSAGE, long_ago())
    gateway.close()


def test_a_trial_accounts_words_in_front_make_no_other_message(server, at):
    at(server.url).send([Outgoing("1", NUMBER, "Sent from your Twilio trial account - Đừng đi “chui”")])
    gateway = at(server.url)
    assert gateway.find(Outgoing("1", NUMBER, "Đừng đi “chui”"), long_ago()).where is Whereabouts.THERE
    assert gateway.find(Outgoing("1", NUMBER, "Đừng đi"), long_ago()).where is Whereabouts.NOT_THERE


def test_a_clock_that_was_hours_ahead_does_not_lose_a_message(server, at):
    gateway = at(server.url)
    gateway.send([MESSAGE])
    assert gateway.find(MESSAGE, datetime.now(UTC) + timedelta(hours=7)).where is Whereabouts.THERE
    assert gateway.find(MESSAGE, datetime.now(UTC) + timedelta(hours=13)).where is Whereabouts.NOT_THERE


def test_of_two_equal_messages_the_one_nearest_in_time_is_ours(server, at):
    gateway = at(server.url)
    first, second = (gateway.send([MESSAGE])[0].ref for _ in range(2))
    server.fake.by_sid[first]["date_created"] = "Sun, 22 Nov 2026 00:00:00 +0000"
    server.fake.by_sid[second]["date_created"] = "Sun, 22 Nov 2026 00:10:00 +0000"
    assert gateway.find(MESSAGE, datetime(2026, 11, 22, 0, 0, 1, tzinfo=UTC)).ref == first
    assert gateway.find(MESSAGE, datetime(2026, 11, 22, 0, 9, 59, tzinfo=UTC)).ref == second


def test_too_many_messages_to_look_through_cannot_tell(server, at):
    gateway = at(server.url)
    for _ in range(201):
        server.fake._keep({"To": NUMBER, "Body": "another", "From": "AN LO"})
    assert gateway.find(MESSAGE, long_ago()).where is Whereabouts.CANNOT_TELL


# -- what comes in


def test_the_worked_example_of_a_signature():
    """Computed by hand from https://www.twilio.com/docs/usage/security, not by the SDK."""
    gateway = Twilio(auth_token="tok", public_url="https://x.example")
    form = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": NUMBER}
    headers = {"X-Twilio-Signature": "qjSiUfS2L7/prTDAjR5gkMTt1ys="}
    request = HookRequest("POST", "https://x.example/twilio/status", headers, form, {}, b"")
    assert gateway.read_receipts(request)[0].ref == "SM1"
    behind_a_proxy = HookRequest("POST", "http://10.0.0.7:8000/twilio/status", headers, form, {}, b"")
    assert gateway.read_receipts(behind_a_proxy)[0].status == "delivered"
    with pytest.raises(BadSignature):
        gateway.read_receipts(HookRequest("POST", "https://x.example/twilio/other", headers, form, {}, b""))


def test_the_fakes_callbacks_are_signed_as_twilio_signs(at):
    came = []

    def our_server(request):
        came.append(request)
        return Answer(200)

    with in_a_thread(our_server) as ours:
        callbacks = Callbacks(twilio.AUTH_TOKEN, ours.url, by_itself=False)
        with twilio.serve(callbacks=callbacks) as server:
            gateway = at(server.url)
            ref = gateway.send([MESSAGE])[0].ref
            assert callbacks.deliver() == [200, 200]
    asked = [
        HookRequest("POST", PUBLIC_URL + r.target, r.headers, dict(parse_qsl(r.body.decode())), {"key": "17"}, r.body)
        for r in came
    ]
    receipts = [gateway.read_receipts(request)[0] for request in asked]
    assert [(receipt.ref, receipt.status, receipt.key) for receipt in receipts] == [
        (ref, "accepted", "17"), (ref, "delivered", "17"),
    ]  # fmt: skip


def test_without_a_token_nothing_is_believed():
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    url = "https://x.example/hooks/sms/twilio/receipt"
    signature = RequestValidator("").compute_signature(url, form)
    with pytest.raises(BadSignature):
        Twilio().read_receipts(HookRequest("POST", url, {"X-Twilio-Signature": signature}, form, {}, b""))


RECEIPT = "/hooks/sms/twilio/receipt"


@pytest.mark.parametrize(
    ("status", "code", "ours", "our_word"),
    [
        ("queued", "", "accepted", ""), ("sending", "", "accepted", ""), ("sent", "", "accepted", ""),
        ("delivered", "", "delivered", ""), ("read", "", "delivered", ""),
        ("undelivered", "30003", "undelivered", "unreachable-now"),
        ("undelivered", "30005", "undelivered", "unreachable-for-good"),
        ("failed", "30007", "failed", "blocked-by-carrier"), ("failed", "99999", "failed", "gateway-trouble"),
        ("canceled", "", "failed", ""),
    ],
)  # fmt: skip
def test_statuses_and_codes_of_receipts(at, status, code, ours, our_word):
    form = {"MessageSid": "SM1", "MessageStatus": status, **({"ErrorCode": code} if code else {})}
    (receipt,) = at("http://127.0.0.1:9").read_receipts(signed_by_twilio(RECEIPT, form, {"key": "17"}))
    assert (receipt.status, receipt.code, receipt.key) == (ours, our_word, "17")


def test_a_status_nobody_knows_is_no_receipt(at):
    form = {"MessageSid": "SM1", "MessageStatus": "teleported"}
    assert at("http://127.0.0.1:9").read_receipts(signed_by_twilio(RECEIPT, form)) == []


def test_a_message_from_a_short_code_is_from_nobody(at):
    form = {"MessageSid": "SM1", "From": "8088", "To": "+1", "Body": "Nap the"}
    assert at("http://127.0.0.1:9").read_inbound(signed_by_twilio("/hooks/sms/twilio/inbound", form)) == []


@pytest.mark.parametrize(
    "base",
    [
        "http://127.0.0.2:8299\\@localhost:1",
        "http://evil.example\\@localhost",
        "http://localhost@evil.example",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://local\thost",
        "https://api.twilio.com",
    ],
)
def test_what_only_looks_like_this_machine_is_not(base):
    """Two readers of one address must not disagree about where made-up people would be sent."""
    assert Twilio("AC1", "token", "AN LO", api_base=base).traits.leaves_machine
