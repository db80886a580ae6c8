"""Every setting in one table: its name, default, kind and help. Read from the environment and from `.env`.

`load()` is the only place that looks at the environment; nothing else may.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from messages.errors import Mistake

#: The project's own folder: `.env` and the default DATA_DIR stand beside app.py.
HOME = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Setting:
    """`kind`: text | secret | folder | port | number | zone | choice (then `choices`) | origins | rate | day | mails.
    """

    name: str
    default: str
    kind: str
    help: str
    choices: tuple[str, ...] = ()


TABLE = (
    Setting("DATA_DIR", "data", "folder", "where the database, keys and uploads lie"),
    Setting("DATABASE_URL", "", "secret", "empty: SQLite in DATA_DIR; else postgresql+psycopg://…"),
    Setting("SECRET_KEY", "", "secret", "signs sessions; empty: made on first run in DATA_DIR/keys"),
    Setting("PHONE_KEY", "", "secret", "seals numbers; empty: made on first run in DATA_DIR/keys. Keep it!"),
    Setting("PUBLIC_URL", "", "text", "where providers and people reach this server, such as https://anlo.example.vn"),
    Setting("HOST", "127.0.0.1", "text", "the address to listen on"),
    Setting("PORT", "8000", "port", "the port to listen on"),
    Setting("TIMEZONE", "Asia/Ho_Chi_Minh", "zone", "the zone of times on pages; quiet hours are Vietnam's"),
    Setting("RUNNER", "embedded", "choice", "who does the work: this process, cluster workers, or nobody",
            ("embedded", "cluster", "off")),
    Setting("SMS_GATEWAY", "simulator", "text", "the gateway a wave and a reply use unless told otherwise"),
    Setting("TWILIO_ACCOUNT_SID", "", "text", "Twilio: account SID (AC…)"),
    Setting("TWILIO_AUTH_TOKEN", "", "secret", "Twilio: auth token"),
    Setting("TWILIO_FROM", "", "text", "Twilio: registered sender name or number"),
    Setting("TWILIO_MESSAGING_SERVICE_SID", "", "text", "Twilio: messaging service (MG…), instead of TWILIO_FROM"),
    Setting("TWILIO_API_BASE", "https://api.twilio.com", "text", "Twilio: another address that speaks its API"),
    Setting("ESMS_API_KEY", "", "secret", "eSMS: API key"),
    Setting("ESMS_SECRET_KEY", "", "secret", "eSMS: secret key"),
    Setting("ESMS_BRANDNAME", "", "text", "eSMS: registered brand name; not needed for a fixed number"),
    Setting("ESMS_SMS_TYPE", "2", "choice", "eSMS: under the brand name (2), or from a fixed number (8)", ("2", "8")),
    Setting("ESMS_SANDBOX", "0", "choice", "eSMS: 1 = it only looks at messages, nothing is sent", ("0", "1")),
    Setting("ESMS_API_BASE", "https://rest.esms.vn", "text", "eSMS: another address that speaks its API"),
    Setting("SPEEDSMS_TOKEN", "", "secret", "SpeedSMS: access token"),
    Setting("SPEEDSMS_SENDER", "", "text", "SpeedSMS: registered brand name, or the device id of one's own phone"),
    Setting("SPEEDSMS_TYPE", "3", "choice",
            "SpeedSMS: sent from 2 a number of theirs, 3 a brand name, 4 their own name, 5 one's own Android phone",
            ("2", "3", "4", "5")),
    Setting("SPEEDSMS_REPORTS", "no", "choice", "SpeedSMS: whether it has been told to report to our hook",
            ("no", "yes")),
    Setting("SPEEDSMS_API_BASE", "https://api.speedsms.vn/index.php", "text",
            "SpeedSMS: another address that speaks its API"),
    Setting("SMPP_HOST", "", "text", "SMPP: the operator's host"),
    Setting("SMPP_PORT", "2775", "port", "SMPP: its port"),
    Setting("SMPP_SYSTEM_ID", "", "text", "SMPP: system id"),
    Setting("SMPP_PASSWORD", "", "secret", "SMPP: password"),
    Setting("SMPP_SOURCE", "", "text", "SMPP: registered sender: a name, +84… or a short code"),
    Setting("SMPP_WINDOW", "10", "number", "SMPP: parts that may be unanswered at once, by contract"),
    Setting("SMPP_RATE", "", "rate", "SMPP: parts a second, by contract; empty: as many as the window lets through"),
    Setting("SMPP_ID_FORM", "same", "choice", "SMPP: how ids are written in answers, and then in receipts",
            ("same", "hex-to-decimal", "decimal-to-hex")),
    Setting("SMPP_CODES", "", "text", "SMPP: the operator's own codes as our errors: 0x410=balance, 0xFF=unknown"),
    Setting("SMPP_TLS", "no", "choice", "SMPP: whether the operator speaks TLS at that port", ("no", "yes")),
    Setting("TELEGRAM_BOT_TOKEN", "", "secret", "Telegram: the bot's token"),
    Setting("TELEGRAM_API_BASE", "https://api.telegram.org", "text", "Telegram: another address that speaks its API"),
    Setting("TELEGRAM_WEBHOOK_SECRET", "", "secret", "Telegram: secret of the webhook"),
    Setting("ZALO_APP_ID", "", "text", "Zalo Official Account: app id"),
    Setting("ZALO_APP_SECRET", "", "secret", "Zalo Official Account: app secret"),
    Setting("ZALO_OA_SECRET", "", "secret", "Zalo Official Account: OA secret key of the webhook"),
    Setting("ZALO_REFRESH_TOKEN", "", "secret", "Zalo Official Account: first refresh token"),
    Setting("ZALO_OA_ID", "", "text", "Zalo Official Account: its id, for links and posters"),
    Setting("ZALO_SIGNATURE", "either", "choice", "Zalo Official Account: whose timestamp the webhook signs",
            ("either", "body", "header")),
    Setting("ZALO_API_BASE", "https://openapi.zalo.me", "text", "Zalo Official Account: another address of its API"),
    Setting("ZALO_OAUTH_BASE", "https://oauth.zaloapp.com", "text", "Zalo Official Account: another OAuth address"),
    Setting("ZALO_BOT_TOKEN", "", "secret", "Zalo Bot Platform: token"),
    Setting("ZALO_BOT_WEBHOOK_SECRET", "", "secret", "Zalo Bot Platform: secret of the webhook, 8 to 256 characters"),
    Setting("ZALO_BOT_API_BASE", "https://bot-api.zaloplatforms.com", "text", "Zalo Bot Platform: another address"),
    Setting("RUN_BY", "", "text", "the office that runs this service, as the chat names it"),
    Setting("CHAT_HOSTS", "", "origins", "partner sites that may show the chat, with commas: https://nghean.example.vn"),
    Setting("SMS_NUMBER", "", "text", "the number or short code people write to, for posters"),
    Setting("SILENT_HOURS", "12", "number", "hours the machine stays silent after a person of the staff wrote"),
    Setting("ALERT_MINUTES", "5", "number", "minutes until an alert about somebody in danger is repeated"),
    Setting("SMTP_HOST", "", "text", "mail server for alerts"),
    Setting("SMTP_PORT", "587", "port", "mail server: its port"),
    Setting("SMTP_SECURITY", "starttls", "choice", "mail server: how it encrypts", ("starttls", "tls", "none")),
    Setting("SMTP_USER", "", "text", "mail server: user"),
    Setting("SMTP_PASSWORD", "", "secret", "mail server: password"),
    Setting("SMTP_FROM", "", "text", "mail server: the address alerts come from"),
    Setting("REPORT_TO", "", "mails", "who gets the month's report, with commas; en: before who reads English"),
    Setting("REPORT_DAY", "1", "day", "day of the month on which the report of the month before is sent"),
)
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?/?", re.I | re.ASCII)
_MAIL = re.compile(r"(?:(?:vi|en):)?[^\s@,:<>]+@[^\s@,:<>]+")
_BY_NAME = {setting.name: setting for setting in TABLE}


@dataclass(frozen=True)
class Settings:
    """The values of TABLE, checked. `settings["TWILIO_FROM"]` is text; the properties are what they say."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    @property
    def data_dir(self) -> Path:
        folder = Path(self["DATA_DIR"]).expanduser()
        return folder if folder.is_absolute() else HOME / folder

    @property
    def database_url(self) -> str:
        return self["DATABASE_URL"] or f"sqlite:///{self.data_dir / 'an-lo.db'}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self["TIMEZONE"])

    @property
    def port(self) -> int:
        return int(self["PORT"])

    @property
    def public_url(self) -> str:
        """Where people and providers reach us, without a slash at the end; this machine's address when not set."""
        return (self["PUBLIC_URL"] or f"http://{self['HOST']}:{self['PORT']}").rstrip("/")

    @property
    def chat_hosts(self) -> tuple[str, ...]:
        """The origins (scheme, host and port) of sites that may show the chat in a frame, as browsers write them."""
        return tuple(_as_browsers_write(each) for each in self["CHAT_HOSTS"].split(",") if each.strip())

    def with_values(self, **changes: str) -> "Settings":
        return load({**self.values, **changes}, env_file=None)


def load(environ: Mapping[str, str] | None = None, env_file: Path | None = HOME / ".env") -> Settings:
    """Settings from `environ` (the process's own when None) over `env_file` over the defaults.

    Raises Mistake naming the setting whose value cannot be used.
    """
    environ = os.environ if environ is None else environ
    given = {**_env_file(env_file), **{name: environ[name] for name in _BY_NAME if name in environ}}
    values = {setting.name: given.get(setting.name, "").strip() or setting.default for setting in TABLE}
    for name, value in values.items():
        _check(_BY_NAME[name], value)
    return Settings(values)


def _env_file(path: Path | None) -> dict[str, str]:
    if path is None or not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.removeprefix("export ").partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, sign, value in pairs if sign}


def _check(setting: Setting, value: str) -> None:
    usable = {
        "port": lambda: value.isdecimal() and 0 <= int(value) < 65536,
        "number": lambda: value.isdecimal() and 0 < int(value) < 10_000,
        "day": lambda: value.isdecimal() and 1 <= int(value) <= 31,
        "mails": lambda: all(_is_mail(each) for each in value.split(",") if each.strip()),
        "rate": lambda: not value or (value.isdecimal() and 0 < int(value) < 100_000),
        "zone": lambda: _is_zone(value),
        "choice": lambda: value in setting.choices,
        "origins": lambda: all(_is_origin(each) for each in value.split(",") if each.strip()),
    }.get(setting.kind, lambda: True)()
    if not usable:
        raise Mistake("setting-unusable", name=setting.name, value=value, help=setting.help)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_mail(text: str) -> bool:
    """An address, perhaps with the reader's language before it: "en:partner@example.org"."""
    return _MAIL.fullmatch(text.strip()) is not None


def _as_browsers_write(origin: str) -> str:
    """Small, and without the port that goes without saying."""
    plain = origin.strip().rstrip("/").lower()
    return plain.removesuffix(":443" if plain.startswith("https:") else ":80")


def _is_origin(text: str) -> bool:
    """https and a host, perhaps a port, nothing else; http only on this machine."""
    found = _ORIGIN.fullmatch(text.strip())
    return found is not None and (found["scheme"] == "https" or found["host"] in ("localhost", "127.0.0.1"))
