"""A mail server on this machine: EHLO, STARTTLS, AUTH PLAIN and LOGIN, MAIL, RCPT, DATA; refusals, silence and drops by
script.

In a test:            with smtp.serve() as server: Smtp("127.0.0.1", server.port, …)
"""

import base64
import socket
import socketserver
import ssl
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "alerts@anlo.example", "mật khẩu thư"


@dataclass(frozen=True)
class Step:
    """What happens the next time at `at` (greeting, EHLO, AUTH, MAIL, RCPT, DATA, or "." after the letter): an answer
    `code`, a connection that `drops` without one, a `delay` in seconds before it; `keep`: the letter is there all the
    same.
    """

    at: str
    code: int = 0
    drops: bool = False
    delay: float = 0.0
    keep: bool = False


@dataclass
class Office:
    """The server's memory: the letters it took, with the people it took them for."""

    users: dict[str, str] = field(default_factory=lambda: {USER: PASSWORD})
    #: Letters are only taken from who signed in.
    wants_sign_in: bool = False
    #: No STARTTLS is offered.
    plain: bool = False
    #: TLS from the first byte.
    tls_at_once: bool = False
    letters: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    steps: deque[Step] = field(default_factory=deque)
    context: ssl.SSLContext | None = None

    def script(self, *steps: Step) -> None:
        """Each happens once, when its place comes; then all is normal again."""
        self.steps.extend(steps)

    def step(self, at: str) -> Step | None:
        found = next((step for step in self.steps if step.at == at), None)
        if found:
            self.steps.remove(found)
        return found


class _Drop(Exception):
    pass


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    def setup(self):
        self.office: Office = self.server.office
        self.secure = self.office.tls_at_once
        if self.secure:
            self.request = self.office.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self):
        self._sender = self._to = self._user = ""
        with suppress(_Drop, OSError):
            self._say("greeting", 220, "anlo.example")
            while line := self.rfile.readline():
                verb, _, rest = line.decode().strip().partition(" ")
                getattr(self, f"_on_{verb.lower()}", self._on_unknown)(rest.strip())

    def finish(self):
        with suppress(OSError):
            super().finish()
        if self.secure:  # the caller closes the one it gave us, not the encrypted one around it
            self.rfile.close()
            self.wfile.close()
            self.request.close()

    def _say(self, at: str, code: int, *lines: str) -> bool:
        """Answers as scripted, else so; False when that was a refusal."""
        step = self.office.step(at) or Step(at)
        time.sleep(step.delay)
        if step.drops:
            raise _Drop
        said = step.code or code
        words = lines if said == code else ("scripted",)
        marks = ["-"] * (len(words) - 1) + [" "]
        self.wfile.write("".join(f"{said}{m}{w}\r\n" for m, w in zip(marks, words, strict=True)).encode())
        return said < 400

    def _on_unknown(self, rest):
        self._say("unknown", 502, "not implemented")

    def _on_ehlo(self, rest):
        offers = [] if self.office.plain or self.secure else ["STARTTLS"]
        self._say("EHLO", 250, "anlo.example", *offers, "AUTH PLAIN LOGIN", "8BITMIME")

    def _on_starttls(self, rest):
        self._say("STARTTLS", 220, "go ahead")
        self.connection = self.request = self.office.context.wrap_socket(self.request, server_side=True)
        self.rfile.close()
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", buffering=0)
        self.secure = True

    def _on_auth(self, rest):
        kind, _, first = rest.partition(" ")
        if kind.upper() == "PLAIN":
            _, user, password = base64.b64decode(first or self._asked("")).decode().split("\0")
        else:
            user = base64.b64decode(first or self._asked("VXNlcm5hbWU6")).decode()
            password = base64.b64decode(self._asked("UGFzc3dvcmQ6")).decode()
        right = self.office.users.get(user) == password
        if self._say("AUTH", *((235, "welcome") if right else (535, "5.7.8 wrong"))):
            self._user = user
            self.office.signed_in.append(user)

    def _asked(self, words: str) -> bytes:
        self.wfile.write(f"334 {words}\r\n".encode())
        return self.rfile.readline().strip()

    def _on_mail(self, rest):
        stranger = self.office.wants_sign_in and not self._user
        self._say("MAIL", *((530, "5.7.0 sign in first") if stranger else (250, "ok")))

    def _on_rcpt(self, rest):
        self._to = rest[rest.index("<") + 1 : rest.index(">")]
        self._say("RCPT", 250, "ok")

    def _on_data(self, rest):
        if not self._say("DATA", 354, "end with a dot"):
            return
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        scripted = next((step for step in self.office.steps if step.at == "."), None)
        if scripted is None or scripted.keep or not (scripted.code or scripted.drops):
            self.office.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
            self.office.to.append(self._to)
        self._say(".", 250, "taken")

    def _on_rset(self, rest):
        self._say("RSET", 250, "ok")

    def _on_quit(self, rest):
        self._say("QUIT", 221, "bye")
        raise _Drop


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A caller that does not trust the certificate hangs up; that is what is tested."""


@dataclass(frozen=True)
class Running:
    port: int
    office: Office
    #: What a caller must trust.
    trusted: ssl.SSLContext


@contextmanager
def serve(folder: Path, port: int = 0, **office) -> Iterator[Running]:
    """A server in a thread of this process; the other arguments are Office's. `folder` holds its certificate."""
    certificate, key = _made_up(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    memory = Office(context=context, **office)
    with _Server(("127.0.0.1", port), _Talk) as server:
        server.office = memory
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="mail-server", daemon=True)
        thread.start()
        try:
            yield Running(server.server_address[1], memory, ssl.create_default_context(cafile=certificate))
        finally:
            server.shutdown()
            thread.join(10)


def _made_up(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = builder.sign(key, hashes.SHA256())
    paths = folder / "mail.crt", folder / "mail.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, plain))
    return paths


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
