"""The Runtime and how it is put together."""

import os
import socket
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from bots.alerts.model import Mail
from bots.arrivals import Arrivals
from bots.platform import Platform
from campaigns import recall
from campaigns.deliveries import Receipts
from campaigns.workers import Watch
from db import canary, migrate
from db.engine import Database, open_database
from db.seal import Seal, key_from_file, read_key
from db.watermark import Watermark
from messages.book import Book
from messages.errors import Mistake
from runtime import doors, lines
from runtime.answers import Answers
from runtime.gateways import Gateways, gateways
from runtime.mail import Smtp
from runtime.platforms import build_platforms
from runtime.settings import Settings
from sms.gateway import Gateway

if TYPE_CHECKING:
    from bots.engine import Engine


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Runtime:
    """What the doors share. Frozen: nothing is hung on it later; the slow parts are built when first used."""

    settings: Settings
    db: Database
    gateways: Gateways
    platforms: Mapping[str, Platform]
    #: This process, as the rows it claims name it.
    worker: str
    clock: Callable[[], datetime] = _now
    #: Set to poke whoever waits for work.
    wake: threading.Event = field(default_factory=threading.Event)
    #: How long other workers have been silent, as seen from here.
    watch: Watch = field(default_factory=Watch)
    #: By which it is known that the database went back in time.
    mark: Watermark | None = None

    @cached_property
    def arrivals(self) -> Arrivals:
        """Where the doors of chat platforms lay down what they heard; it pokes whoever waits for work."""
        return Arrivals(self.db, self.wake)

    @cached_property
    def receipts(self) -> Receipts:
        """Where the doors of gateways lay down what became of messages."""
        return Receipts(self.db)

    @cached_property
    def mail(self) -> Mail:
        """Who sends letters to the people on duty."""
        return Smtp.of(self.settings)

    @cached_property
    def answers(self) -> Answers:
        """What is answered now; it follows what staff approve, in whichever process."""
        return Answers(self.db, self.settings.data_dir / "cache")

    @property
    def book(self) -> Book:
        """The shipped answers, and over them those that staff wrote and another person approved."""
        return self.answers.book

    @property
    def engine(self) -> "Engine":
        """The bot, trained from the book; the trained model is kept under DATA_DIR/cache by what there is to learn."""
        return self.answers.engine

    @property
    def uploads(self) -> Path:
        return self.settings.data_dir / "uploads"

    def gateway(self, name: str | None = None) -> Gateway:
        """The gateway called `name` (SMS_GATEWAY when None). Raises Mistake when there is none or it lacks settings."""
        name = name or self.settings["SMS_GATEWAY"]
        if name not in self.gateways:
            raise Mistake("gateway-unknown", name=name, known=", ".join(self.gateways))
        missing = self.gateways[name].readiness().missing
        if missing:
            raise Mistake("gateway-not-ready", name=name, missing=", ".join(missing))
        return self.gateways[name]

    def leaves(self, platform: str, gateway: str | None) -> bool:
        """Whether a reply on this platform (by SMS: through this gateway) goes out into the world."""
        return doors.leaves(self.settings, self.gateways, self.platforms, platform, gateway)

    @property
    def doors_out(self) -> tuple[str, ...]:
        """The names of the gateways and chats that are set up and lead out of this machine."""
        return doors.leading_out(self.settings, self.gateways, self.platforms)

    def close(self) -> None:
        for platform in self.platforms.values():
            platform.close()
        self.gateways.close()
        self.db.close()


def build(settings: Settings) -> Runtime:
    """Opens (and upgrades, where it is behind) the database and builds every adapter; nothing is sent or heard yet."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    db = opened(settings)
    upgrade(db)
    if not canary.key_fits(db):
        raise Mistake("key-wrong")
    mark = Watermark(db, settings.data_dir / "keys")
    recall.notice(db, mark, _now())
    through = gateways(settings, db.seal, secret_key(settings))
    rt = Runtime(
        settings=settings,
        db=db,
        gateways=through,
        platforms=build_platforms(settings, through, db),
        worker=f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}",
        mark=mark,
    )
    through.when_built = lambda gateway: lines.connect(gateway, db, rt.receipts, clock=rt.clock, wake=rt.wake)
    return rt


def opened(settings: Settings) -> Database:
    """The database of the settings, not connected yet. Raises Mistake when its kind or its driver is missing."""
    try:
        return open_database(settings.database_url, Seal([phone_key(settings)]))
    except (ArgumentError, NoSuchModuleError) as why:
        raise Mistake("database-url-wrong") from why
    except ModuleNotFoundError as missing:
        raise Mistake("driver-missing", name=missing.name) from missing


def upgrade(db: Database) -> str | None:
    """Brings the tables up to date; returns the revision before. Raises Mistake when the database cannot be used."""
    try:
        return migrate.upgrade(db)
    except migrate.Unreachable as why:
        raise Mistake("database-unreachable", why=why) from why
    except migrate.Newer as found:
        raise Mistake("database-newer", found=found) from found


def phone_key(settings: Settings) -> bytes:
    return read_key(settings["PHONE_KEY"] or key_from_file(settings.data_dir / "keys" / "phone"))


def secret_key(settings: Settings) -> str:
    return settings["SECRET_KEY"] or key_from_file(settings.data_dir / "keys" / "secret")
