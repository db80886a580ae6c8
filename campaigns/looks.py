"""What a comparison of wordings has brought so far, and what may be said of it at this moment."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns import comparison
from campaigns.comparison import Arm, Difference
from campaigns.model import WaveStatus
from campaigns.store import experiments as store
from campaigns.store import links
from campaigns.store import waves as wave_store
from db.engine import Database

#: What is counted: people who wrote back; openings of the wave's link; conversations begun behind it.
REPLY, LINK, CONVERSATION = "reply", "link", "conversation"
OUTCOMES = (REPLY, LINK, CONVERSATION)
#: Outcomes that one person can bring more than once, for nobody is followed.
REPEATING = frozenset({LINK, CONVERSATION})


@dataclass(frozen=True)
class Experiment:
    """`arms`: (version id, form) of each, the first the wave's own. Shares are per ten thousand. status: planned |
    running | ended | stopped.
    """

    wave_id: int
    arms: tuple[tuple[int, str], ...]
    outcome: str
    expected: int
    smallest: int
    sample: int
    days: int
    status: str
    stopped_why: str | None
    result: dict = field(default_factory=dict)
    created_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Look:
    """What is known at a moment. `said`: better | no-difference | too-early | too-small | guard; `arm` is the one the
    word is about. `sent` counts everybody, `arms` those whose days are over.
    """

    said: str
    arm: int | None
    final: bool
    sent: tuple[int, ...]
    arms: tuple[Arm, ...]
    opted_out: tuple[int, ...]
    differences: tuple[Difference, ...]


def experiment_of(row) -> Experiment:
    """A row of `experiments` as a value."""
    names = ("wave_id", "outcome", "expected", "smallest", "sample", "days", "status", "stopped_why", "created_at",
             "ended_at")
    arms = ((row.version_id, row.form), *((arm["version"], arm["form"]) for arm in json.loads(row.arms)[1:]))
    result = json.loads(row.result) if row.result else {}
    return Experiment(**{name: row._mapping[name] for name in names}, arms=arms, result=result)


def kept(experiment: Experiment) -> tuple[Look, datetime] | None:
    """The newest look that was kept, and when it was; None when nobody has looked yet."""
    words = dict(experiment.result)
    if not words:
        return None
    at = datetime.fromisoformat(words.pop("at"))
    arms, differences = ([kind(**each) for each in words[name]] for name, kind in _PARTS.items())
    lists = {name: tuple(words[name]) for name in ("sent", "opted_out")}
    return Look(**{**words, **lists, "arms": tuple(arms), "differences": tuple(differences)}), at


_PARTS = {"arms": Arm, "differences": Difference}


def look(db: Database, experiment: Experiment, now: datetime) -> Look:
    """What may be said now. Reads as many rows as people answered; a running comparison keeps its newest look in
    `result`.
    """
    with db.reading() as c:
        counted = _counted(c, experiment, now)
        over = _is_over(c, experiment, now)
    return _judged(experiment, counted, over)


@dataclass(frozen=True)
class _Counted:
    """By arm: everybody sent to, those whose days are over, what came of it, and opt-outs among the latter."""

    sent: tuple[int, ...]
    complete: tuple[int, ...]
    hits: tuple[int, ...]
    out: tuple[int, ...]


def _counted(c: Connection, experiment: Experiment, now: datetime) -> _Counted:
    window, n = timedelta(days=experiment.days), len(experiment.arms)
    sent, complete = store.people(c, experiment.wave_id, now - window, n)
    out = _within(store.opted_out(c, experiment.wave_id), window, now, n)
    if experiment.outcome == REPLY:
        hits = _within(store.replied(c, experiment.wave_id), window, now, n)
    else:
        hits = _openings(c, experiment, n)
    return _Counted(tuple(sent), tuple(complete), tuple(hits), tuple(out))


def _openings(c: Connection, experiment: Experiment, arms: int) -> list[int]:
    """Nobody knows whose they are, so those of people whose days are not over are among them."""
    hits = [0] * arms
    for _, arm, _, people, _, conversations in links.opened(c, experiment.wave_id):
        hits[arm] = people if experiment.outcome == LINK else conversations
    return hits


def _within(rows, window: timedelta, now: datetime, arms: int) -> list[int]:
    """(arm, sent, happened) by arm, of those whose days are over and in whose days it happened."""
    found = [0] * arms
    for arm, sent, happened in rows:
        if sent + window <= now and happened <= sent + window:
            found[arm] += 1
    return found


def _judged(experiment: Experiment, counted: _Counted, over: bool) -> Look:
    counts = experiment.outcome in REPEATING
    full = min(counted.complete) >= experiment.sample
    arms = list(map(Arm, counted.sent if counts else counted.complete, counted.hits))
    guard = comparison.raised(list(map(Arm, counted.complete, counted.out)), experiment.sample)
    if full or over:
        differences = comparison.at_the_end(arms, counts=counts)
    else:
        differences = comparison.on_the_way(arms, experiment.sample, counts=counts)
    said, arm = _word(differences, full, over, guard)
    return Look(said, arm, full or over, counted.sent, tuple(arms), counted.out, tuple(differences))


def _word(differences: Sequence[Difference], full: bool, over: bool, guard: int | None) -> tuple[str, int | None]:
    if guard is not None:
        return "guard", guard
    winners = [each.better for each in differences if each.better is not None]
    if winners:
        return "better", _unbeaten(differences, winners)
    if full:
        return "no-difference", None
    return ("too-small" if over else "too-early"), None


def _unbeaten(differences: Sequence[Difference], winners: Sequence[int]) -> int:
    """With three arms: of those that beat another one, the one that nobody beats."""
    beaten = {each.first + each.second - each.better for each in differences if each.better is not None}
    return next((arm for arm in winners if arm not in beaten), winners[0])


def _is_over(c: Connection, experiment: Experiment, now: datetime) -> bool:
    """Whether nobody else's days will end: the wave is over, and so are the days of its last reader."""
    wave = wave_store.get(c, experiment.wave_id)
    done = wave.status in (WaveStatus.FINISHED, WaveStatus.CANCELLED) and wave.finished_at is not None
    return done and wave.finished_at + timedelta(days=experiment.days) <= now
