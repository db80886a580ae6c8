"""Letters by SMTP: one connection a letter, the certificate checked, what happened named as an Outcome.

A password goes only through TLS, or to a mail server on this machine. Nothing the server says is kept: only its code.
"""

import re
import smtplib
import ssl
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bots.alerts.model import Letter
from runtime.settings import Settings
from sms.gateway import Outcome, Readiness

#: Seconds for each step of the conversation.
TIMEOUT = 10.0
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_LEADING_DOT = re.compile(rb"(?m)^\.")


class _Refused(Exception):
    """The server said no; `outcome` is what that means."""

    def __init__(self, outcome: Outcome):
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True)
class Smtp:
    """A mail server. `security`: starttls | tls | none; none only on this machine. `context` is for tests."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    context: ssl.SSLContext | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Smtp":
        return cls(
            host=settings["SMTP_HOST"], port=int(settings["SMTP_PORT"]), security=settings["SMTP_SECURITY"],
            user=settings["SMTP_USER"], password=settings["SMTP_PASSWORD"],
            sender=settings["SMTP_FROM"] or settings["SMTP_USER"],
        )  # fmt: skip

    def readiness(self) -> Readiness:
        missing = {
            "SMTP_HOST": not self.host,
            "SMTP_FROM": "@" not in self.sender,
            "SMTP_PASSWORD": bool(self.user and not self.password),
            "SMTP_SECURITY": self.security == "none" and bool(self.host) and self.host not in _LOOPBACK,
        }
        return Readiness(tuple(name for name, lacks in missing.items() if lacks))

    def send(self, letter: Letter) -> Outcome:
        """Hands the letter over. Thread-safe."""
        if missing := self.readiness().missing:
            return Outcome.refused("configuration", ", ".join(missing))
        try:
            server = self._connected()
        except _Refused as refused:
            return refused.outcome
        try:
            return self._hand_over(server, letter)
        finally:
            _leave(server)

    def _connected(self) -> smtplib.SMTP:
        """Connected, encrypted and signed in."""
        try:
            server = self._open()
        except ssl.SSLError as why:
            raise _Refused(Outcome.refused("configuration", f"TLS: {type(why).__name__}")) from None
        except smtplib.SMTPResponseException as why:
            raise _Refused(_said_no(why.smtp_code, "gateway-trouble")) from None
        except (OSError, smtplib.SMTPException) as why:  # nothing was said yet: the letter never left us
            raise _Refused(Outcome.refused("not-connected", type(why).__name__)) from None
        try:
            self._sign_in(server)
        except Exception:
            _leave(server)
            raise
        return server

    def _open(self) -> smtplib.SMTP:
        # By default smtplib greets with a name it asks a name server for.
        named = {"local_hostname": self.sender.partition("@")[2], "timeout": TIMEOUT}
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, context=self._trusted(), **named)
        return smtplib.SMTP(self.host, self.port, **named)

    def _trusted(self) -> ssl.SSLContext:
        return self.context or ssl.create_default_context()

    def _sign_in(self, server: smtplib.SMTP) -> None:
        try:
            if self.security == "starttls":
                server.starttls(context=self._trusted())
            if self.user:
                self._log_in(server)
        except ssl.SSLError as why:
            raise _Refused(Outcome.refused("configuration", f"TLS: {type(why).__name__}")) from None
        except smtplib.SMTPNotSupportedError:  # no STARTTLS, or no way to sign in: neither goes unencrypted
            raise _Refused(Outcome.refused("configuration", "not offered")) from None
        except smtplib.SMTPAuthenticationError as why:
            raise _Refused(_said_no(why.smtp_code, "credentials")) from None
        except smtplib.SMTPResponseException as why:
            raise _Refused(_said_no(why.smtp_code, "configuration")) from None
        except (OSError, smtplib.SMTPException) as why:
            raise _Refused(Outcome.refused("gateway-trouble", type(why).__name__)) from None

    def _log_in(self, server: smtplib.SMTP) -> None:
        """AUTH PLAIN by hand where it is offered: smtplib's own takes no password beyond ASCII (RFC 4616: UTF-8)."""
        server.ehlo_or_helo_if_needed()
        if "PLAIN" not in server.esmtp_features.get("auth", "").upper().split() or self.password.isascii():
            server.login(self.user, self.password)
            return
        said = b64encode(f"\0{self.user}\0{self.password}".encode()).decode()
        code, _ = server.docmd("AUTH", f"PLAIN {said}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, "")

    def _hand_over(self, server: smtplib.SMTP, letter: Letter) -> Outcome:
        """Until the last dot is sent the server cannot have it; from then on only its answer tells."""
        steps = (
            (lambda: server.mail(self.sender), "sender-not-registered"),
            (lambda: server.rcpt(letter.to), "unreachable-for-good"),
            (lambda: server.docmd("DATA"), "content-refused"),
        )
        try:
            server.ehlo_or_helo_if_needed()
            for step, refusal in steps:
                code, _ = step()
                if code >= 400:
                    return _said_no(code, refusal)
        except (OSError, smtplib.SMTPException) as why:
            return Outcome.refused("gateway-trouble", type(why).__name__)
        return self._deliver(server, letter)

    def _deliver(self, server: smtplib.SMTP, letter: Letter) -> Outcome:
        try:
            server.send(_LEADING_DOT.sub(b"..", self._bytes(letter)) + b".\r\n")
            code, _ = server.getreply()
        except (OSError, smtplib.SMTPException) as why:
            return Outcome.unknown(type(why).__name__)
        return _said_no(code, "content-refused") if code >= 400 else Outcome.accepted(letter.key)

    def _bytes(self, letter: Letter) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self.sender, letter.to, letter.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        # The same for a repeat: programs that show letters may then show it once.
        message["Message-ID"] = f"<{letter.key}@{self.sender.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Priority"], message["Importance"] = "1", "high"
        message.set_content(letter.text.strip() + "\n", cte="base64")
        return message.as_bytes()


def _said_no(code: int, for_good: str) -> Outcome:
    """4xx means later; the rest means what the step it was said at means."""
    return Outcome.refused("gateway-trouble" if 400 <= code < 500 else for_good, str(code))


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
