"""How waves stand, for pages and for the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns import stats
from campaigns.model import Figures, Texts, Wave
from campaigns.store import allowances
from campaigns.store import authoring as message_store
from campaigns.store import waves as store
from campaigns.waves.steps import texts_of, wave_for
from db.engine import Database
from staff import audit


@dataclass(frozen=True)
class Shown:
    """A wave with its words and figures."""

    wave: Wave
    title: str
    texts: Texts
    figures: Figures


def show(db: Database, wave_id: int) -> Shown:
    """Raises Mistake: wave-unknown."""
    with db.reading() as c:
        wave = wave_for(c, wave_id)
        texts = texts_of(c, wave)
        title = message_store.version(c, wave.version_id)["title"]
        return Shown(wave, title, texts, stats.figures(c, wave_id))


def all(db: Database, limit: int = 500) -> list[tuple[Wave, Figures]]:
    """The newest waves with their figures (without reasons), newest first."""
    with db.reading() as c:
        waves = store.all_waves(c, limit)
        counts = stats.counts(c, [wave.id for wave in waves])
    return [(wave, Figures(counts[wave.id])) for wave in waves]


def several(db: Database, wave_ids: Sequence[int]) -> list[Wave]:
    """These waves, in that order."""
    with db.reading() as c:
        return store.several(c, wave_ids)


def decisions(db: Database, wave_id: int) -> Sequence[Mapping[str, object]]:
    """Approvals and returns of a wave, newest first: decision, by (None = operator of the machine), note, at,
    digest.
    """
    with db.reading() as c:
        return store.decisions(c, wave_id)


def paused_by_itself(db: Database, wave_id: int) -> bool:
    """Whether nobody but the machinery paused the wave: then something is to be mended before it goes on."""
    pauses = [row for row in audit.latest(db, about=f"wave:{wave_id}") if row.action == "waves.pause"]
    return bool(pauses) and pauses[0].actor == "system"


def stopped_gateways(db: Database, now: datetime) -> dict[str, tuple[datetime, str]]:
    """Gateway → (until, why), for those that rest: too fast, or wrong settings."""
    with db.reading() as c:
        return allowances.stopped(c, now)
