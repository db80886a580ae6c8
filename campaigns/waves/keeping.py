"""The last preview of a wave, kept: a page shows it at once and need not count a million people to do so."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns.model import Limit, Preview, Skip, Wave
from campaigns.store import previews as store
from campaigns.waves.steps import digest_of, wave_for
from db.engine import Database
from db.types import from_utc_text, utc_text

_MOMENTS = ("starts", "ends")
#: Reasons that pass by themselves before the wave opens.
_IN_TIME = (Skip.DAILY_LIMIT, Skip.RECENTLY)


@dataclass(frozen=True)
class Kept:
    """A preview and when it was counted. Of exactly what the wave would send, but of people as they were then."""

    preview: Preview
    at: datetime


def keep(c: Connection, wave_id: int, preview: Preview, now: datetime) -> None:
    words = asdict(preview) | {name: utc_text(getattr(preview, name)) for name in _MOMENTS}
    store.keep(c, wave_id=wave_id, digest=preview.digest, at=now, preview=json.dumps(words, ensure_ascii=False))


def last_preview(db: Database, wave_id: int) -> Kept | None:
    """The preview counted last, unless the wave has changed since (its plan, its texts, its lists): then None.

    Raises Mistake: wave-unknown.
    """
    with db.reading() as c:
        return kept(c, wave_for(c, wave_id))


def kept(c: Connection, wave: Wave) -> Kept | None:
    """The same in the caller's transaction."""
    row = store.get(c, wave.id)
    if row is None or row.digest != digest_of(c, wave):
        return None
    return Kept(_preview(json.loads(row.preview)), row.at)


def covers(c: Connection, wave: Wave) -> int | None:
    """How many people an approval of the wave covers: those it was counted to reach, and those whom only time held back
    (three messages a day, messaged lately) or chance (the control group: see opening). None when nobody counted.
    """
    last = kept(c, wave)
    if last is None:
        return None
    return last.preview.recipients + sum(last.preview.skipped.get(str(why), 0) for why in (*_IN_TIME, Skip.CONTROL))


def _preview(words: dict) -> Preview:
    moments = {name: from_utc_text(words[name]) for name in _MOMENTS}
    limits = tuple(Limit(**limit) for limit in words["limits"])
    pairs = {name: tuple(map(tuple, words[name])) for name in ("by_area", "holidays")}
    ways = {gateway: tuple(each) for gateway, each in words.get("ways", {}).items()}
    return Preview(**{**words, **moments, **pairs, "limits": limits, "ways": ways})
