"""A platform's pair of tokens as it lies in the database, sealed."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots import token_store as store
from db.engine import Database
from db.seal import CannotOpen

log = logging.getLogger(__name__)
#: A pair is renewed ahead of time after this part of its life.
RENEWED_AT = 0.8
#: No provider's token lives longer; whoever says so is not believed.
LONGEST_LIFE = timedelta(days=30)


@dataclass(frozen=True)
class Pair:
    """What a provider gives for a refresh token; `life` is the access token's."""

    access: str
    refresh: str
    life: timedelta


@dataclass(frozen=True)
class Kept:
    """The row, opened. Tokens are "" when there are none yet."""

    access: str
    refresh: str
    expires_at: datetime
    refreshed_at: datetime
    began_with: str
    renewals: int
    renewing_until: datetime | None
    trouble: str | None

    @property
    def due_at(self) -> datetime:
        return self.refreshed_at + RENEWED_AT * (self.expires_at - self.refreshed_at)


class KeptTokens:
    """The row of one platform. Each call is a transaction of its own, on the disk when it returns."""

    def __init__(self, db: Database, platform: str):
        self._db, self._platform = db, platform

    def find(self) -> Kept | None:
        with self._db.reading() as c:
            row = store.find(c, self._platform)
        if row is None:
            return None
        rest = (row.expires_at, row.refreshed_at, row.began_with, row.renewals, row.renewing_until, row.trouble)
        if not row.renewals:
            return Kept("", "", *rest)
        return Kept(self._opened(row.access_sealed, "access"), self._opened(row.refresh_sealed, "refresh"), *rest)

    def begin(self, now: datetime) -> Kept:
        """The row, without tokens when there was none."""
        with self._db.transaction() as c:
            store.begin(c, self._platform, empty=self._db.seal.seal("", "platform_tokens.nothing"), now=now)
        return self.find()

    def claim(self, *, seen: int, now: datetime, until: datetime) -> bool:
        """Whether the caller, and nobody else, asks for the pair after the one `seen`, until then."""
        with self._db.transaction(durable=True) as c:
            return store.claim(c, self._platform, seen=seen, now=now, until=until)

    def let_go(self, *, until: datetime, trouble: str | None) -> None:
        with self._db.transaction(durable=True) as c:
            store.let_go(c, self._platform, until=until, trouble=trouble)

    def write(self, pair: Pair, began_with: str, now: datetime) -> None:
        access = self._db.seal.seal(pair.access, "platform_tokens.access")
        refresh = self._db.seal.seal(pair.refresh, "platform_tokens.refresh")
        with self._db.transaction(durable=True) as c:
            store.keep(
                c, self._platform, access_sealed=access, refresh_sealed=refresh, began_with=began_with,
                refreshed_at=now, expires_at=now + min(pair.life, LONGEST_LIFE),
            )  # fmt: skip

    def _opened(self, sealed: bytes, which: str) -> str:
        try:
            return self._db.seal.open(sealed, f"platform_tokens.{which}")
        except CannotOpen:
            log.error("%s: the stored %s token was sealed with another key", self._platform, which)
            return ""
