"""Tokens that a provider renews: a short-lived access token, and a refresh token that works once and dies with its use.

Whoever loses a pair needs the account's owner in person. So exactly one asks for the next pair (a claim in the row), no
transaction is open meanwhile, and the new pair is sealed and on the disk before anybody uses it.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from bots.kept_tokens import Kept, KeptTokens, Pair
from db.engine import Database

log = logging.getLogger(__name__)

#: Longer than any request: who has not come back by then has died.
CLAIM = timedelta(seconds=120)
#: How long a message waits while another process renews, in seconds.
PATIENCE = 10.0
#: Nobody renewed the pair for so long: somebody should look before the refresh token dies as well.
OLD = timedelta(days=14)
#: After a failure this process does not ask again for so long; after a refusal (somebody must act) for longer.
PAUSE, PAUSE_REFUSED = timedelta(seconds=15), timedelta(minutes=10)
#: A provider that does not take a token this young will not like the next one better.
YOUNG = timedelta(minutes=1)
SAVE_TRIES, SAVE_PAUSE = 3, 0.5


class Refused(Exception):
    """The provider answered, and said no to the refresh token."""


class NotAsked(Exception):
    """The request for a new pair never left: the old refresh token still works."""


class NoToken(Exception):
    """There is no token to work with now; `code` is one of sms.gateway.ERRORS."""

    def __init__(self, code: str, words: str):
        super().__init__(words)
        self.code = code


@runtime_checkable
class KeepsTokens(Protocol):
    """A platform whose tokens are renewed ahead of time."""

    def keep_tokens(self) -> Mapping[str, int]: ...


class Tokens:
    """The pair of one platform, shared by every process on the database. Thread-safe.

    `first` is the refresh token of the settings: used when nothing is stored, and when it is one never used before.
    `ask` gives the next pair for a refresh token; it raises Refused, NotAsked, or anything else where nobody can tell.
    """

    def __init__(
        self, db: Database, platform: str, first: str, ask: Callable[[str], Pair], clock: Callable[[], datetime]
    ):
        self._platform, self._first, self._ask, self._clock = platform, first, ask, clock
        self._digest = db.seal.index(f"{platform}-refresh-token:{first}").hex() if first else ""
        self._row = KeptTokens(db, platform)
        self._one_at_a_time = threading.Lock()
        self._unsaved: tuple[Pair, str] | None = None
        self._resting: tuple[datetime, NoToken] | None = None
        self._first_was_refused = False

    def access(self) -> str:
        """A token that holds now; renewed first when it does not. Raises NoToken."""
        kept = self._row.find()
        if kept and kept.access and self._clock() < kept.expires_at:
            return kept.access
        return self._renewed(kept).access

    def instead_of(self, rejected: str) -> str:
        """Another token than the one the provider would not take. Raises NoToken."""
        kept = self._row.find()
        if kept and kept.access and kept.access != rejected:
            return kept.access
        if kept and kept.access and self._clock() - kept.refreshed_at < YOUNG:
            raise NoToken("credentials", "a token that was just renewed is not taken")
        return self._renewed(kept).access

    def keep(self) -> dict[str, int]:
        """Renews the pair ahead of time; says in the log, each time, when somebody has to act."""
        kept, counts = self._row.find(), {}
        due = self._unsaved or kept is None or not kept.refresh or self._clock() >= kept.due_at
        if due or (self._is_new(kept) and not self._first_was_refused):
            try:
                now_kept = self._renewed(kept, only_first=not due)
                counts["renewed"] = int(now_kept.renewals > (kept.renewals if kept else 0))
            except NoToken as why:
                counts["failed"] = 1
                log.error("%s: no new tokens: %s", self._platform, why)
        for note in self.notes():
            log.error("%s: %s", self._platform, note)
        return counts

    def notes(self) -> tuple[str, ...]:
        """Codes of sentences for staff: what is wrong with the tokens."""
        kept, now = self._row.find(), self._clock()
        if kept is None:
            return ()
        asking = kept.renewing_until is not None and kept.renewing_until > now
        notes = (f"tokens-{kept.trouble}",) if kept.trouble and not asking else ()
        return (*notes, "tokens-old") if kept.renewals and now - kept.refreshed_at > OLD else notes

    @property
    def stored(self) -> bool:
        """Whether there is a pair, whatever the settings say."""
        kept = self._row.find()
        return bool(kept and kept.refresh)

    def close(self) -> None:
        """A pair that could not be written down gets a last chance."""
        if self._unsaved:
            self._save()

    def _renewed(self, seen: Kept | None, only_first: bool = False) -> Kept:
        with self._one_at_a_time:
            if self._resting and self._clock() < self._resting[0]:
                raise self._resting[1]
            self._resting = None
            if self._unsaved:
                return self._written()
            kept = self._row.find() or self._row.begin(self._clock())
            if kept.renewals != (seen.renewals if seen else 0):
                return kept
            asked_with = self._candidates(kept, only_first)
            until = self._clock() + CLAIM
            if not self._row.claim(seen=kept.renewals, now=self._clock(), until=until):
                return self._by_another(kept)
            return self._asked(kept, asked_with, until)

    def _is_new(self, kept: Kept) -> bool:
        return bool(self._digest) and self._digest not in kept.began_with.split()

    def _candidates(self, kept: Kept, only_first: bool) -> list[tuple[str, str]]:
        """(refresh token, digest when it is a first one), in the order they are tried."""
        first = [(self._first, self._digest)] if self._is_new(kept) else []
        candidates = first + ([(kept.refresh, "")] if kept.refresh and not only_first else [])
        if not candidates:
            raise self._failed("credentials", "there is no refresh token", PAUSE_REFUSED)
        if kept.trouble == "unheard":
            log.warning("%s: the last renewal left no pair behind; asking with the old refresh token", self._platform)
        return candidates

    def _by_another(self, seen: Kept) -> Kept:
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            kept = self._row.find() or seen
            if kept.renewals != seen.renewals:
                return kept
            if kept.renewing_until is None:
                break  # it failed, and said so in its own log
            time.sleep(0.05)
        raise NoToken("gateway-trouble", "another process renews the tokens")

    def _asked(self, kept: Kept, candidates: Sequence[tuple[str, str]], until: datetime) -> Kept:
        refusal = None
        for refresh, digest in candidates:
            try:
                pair = self._ask(refresh)
            except Refused as words:
                refusal, which = words, "first" if digest else "stored"
                self._first_was_refused |= bool(digest)
                log.error("%s: the %s refresh token was refused: %s", self._platform, which, words)
            except NotAsked as words:
                self._row.let_go(until=until, trouble=kept.trouble)
                raise self._failed("not-connected", str(words), PAUSE) from words
            except Exception as why:
                self._row.let_go(until=until, trouble="unheard")
                log.error("%s: no answer to a renewal; the pair may be lost: %s", self._platform, type(why).__name__)
                raise self._failed("gateway-trouble", f"no answer: {type(why).__name__}", PAUSE) from why
            else:
                self._unsaved = pair, f"{kept.began_with} {digest}".strip()
                return self._written()
        return self._refused(kept, candidates, until, refusal)

    def _refused(self, kept: Kept, candidates: Sequence[tuple[str, str]], until: datetime, words: object) -> Kept:
        if kept.refresh and candidates[-1][1]:
            # Only the settings' token was tried: the stored pair is as good as before.
            self._row.let_go(until=until, trouble=kept.trouble)
            return kept
        self._row.let_go(until=until, trouble="lost" if kept.trouble in ("unheard", "lost") else "refused")
        raise self._failed("credentials", str(words), PAUSE_REFUSED)

    def _failed(self, code: str, words: str, pause: timedelta) -> NoToken:
        why = NoToken(code, words)
        self._resting = (self._clock() + pause, why)
        return why

    def _written(self) -> Kept:
        if not self._save():
            raise self._failed("gateway-trouble", "the new tokens could not be written down", PAUSE)
        log.info("%s: tokens renewed", self._platform)
        return self._row.find()

    def _save(self) -> bool:
        """Writes the pair down that only this process knows. Until then it is not used, and the old one is dead."""
        for left in reversed(range(SAVE_TRIES)):
            try:
                self._row.write(*self._unsaved, self._clock())
            except Exception:
                log.critical("%s: new tokens could not be written down and the old ones are dead. Do not stop this "
                             "process before the database works again", self._platform, exc_info=True)  # fmt: skip
                if left:
                    time.sleep(SAVE_PAUSE)
            else:
                self._unsaved = None
                return True
        return False
