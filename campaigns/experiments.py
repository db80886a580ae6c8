"""Two or three wordings compared inside one wave: people fall to an arm by chance, the outcome is chosen beforehand.

Everybody handed a message counts, whether it arrived or not (intention to treat), once their days to answer are over.
What may be concluded, and when, stands in campaigns.comparison.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns import comparison, links
from campaigns.looks import OUTCOMES, REPEATING, Experiment, Look, experiment_of, look
from campaigns.model import WAVE_STEPS, Form, WaveStatus, actor
from campaigns.store import authoring
from campaigns.store import experiments as store
from campaigns.store import waves as wave_store
from db.engine import Database
from messages.errors import Mistake
from staff import audit

MOST_DAYS = 30
#: A running comparison is looked at this often.
EVERY = timedelta(minutes=30)


def plan(
    db: Database, wave_id: int, *, others: Sequence[tuple[int, str]], outcome: str, expected: float, smallest: float,
    days: int, by: int | None, now: datetime,
) -> int:
    """Compares the wave's own wording with `others` (version id, form); the people needed per arm.

    `expected` and `smallest` are shares: 0.02 and 0.01 = "about 2 % answer; one point more or less would matter".
    Whatever was approved no longer holds. Raises Mistake: wave-unknown, wave-cannot-change, experiment-arms-wrong,
    experiment-outcome-wrong, experiment-shares-wrong, experiment-days-wrong, experiment-link-missing, version-unknown,
    wave-no-text.
    """
    with db.transaction() as c:
        wave = _changeable(c, wave_id)
        arms = [(wave.version_id, wave.form), *((int(version), str(form)) for version, form in others)]
        _check(c, wave, arms, outcome, days)
        sample = _sample(expected, smallest, len(arms))
        row = {"arms": [{"version": version, "form": form} for version, form in arms], "outcome": outcome, "days": days}
        row |= {"expected": round(expected * 10_000), "smallest": round(smallest * 10_000), "sample": sample}
        store.put(c, wave_id, {**row, "arms": json.dumps(row["arms"]), "created_by": by, "created_at": now})
        wave_store.change(c, wave_id, status=WaveStatus.DRAFT, author_id=by)
        if wave.link_target:
            links.for_wave(c, wave, len(arms), now)
        _record(c, "experiments.plan", wave_id, by, now, **row)
    return sample


def drop(db: Database, wave_id: int, *, by: int | None, now: datetime) -> None:
    """The wave has one wording again. Raises Mistake: wave-unknown, wave-cannot-change."""
    with db.transaction() as c:
        _changeable(c, wave_id)
        if store.remove(c, wave_id):
            wave_store.change(c, wave_id, status=WaveStatus.DRAFT, author_id=by)
            _record(c, "experiments.drop", wave_id, by, now)


def show(db: Database, wave_id: int) -> Experiment | None:
    with db.reading() as c:
        return of(c, wave_id)


def of(c: Connection, wave_id: int) -> Experiment | None:
    """The comparison of a wave, in the caller's transaction."""
    row = store.get(c, wave_id)
    return row and experiment_of(row)


def review(db: Database, now: datetime) -> dict[str, int]:
    """Looks at every running comparison that was not looked at lately: starts, stops an arm that raises opt-outs, ends.

    An arm that is stopped writes to nobody any more; who was to get it gets the arm with the fewest opt-outs.
    """
    with db.reading() as c:
        due = [experiment_of(row) for row in store.unfinished(c)]
    counts = {"looked": 0, "stopped": 0, "ended": 0}
    for experiment in due:
        if not _looked_lately(experiment, now):
            seen = look(db, experiment, now)
            with db.transaction() as c:
                _note(c, experiment, seen, now, counts)
    return counts


def settle(db: Database, wave_id: int, arm: int, *, by: int, now: datetime) -> int:
    """An officer ends the comparison: who has not been written to yet gets `arm`; how many those are.

    Raises Mistake: experiment-unknown, experiment-arm-unknown.
    """
    with db.transaction() as c:
        experiment = of(c, wave_id)
        if experiment is None or experiment.status != "running":
            raise Mistake("experiment-unknown", id=wave_id)
        if arm not in range(len(experiment.arms)):
            raise Mistake("experiment-arm-unknown", arm=arm)
        moved = sum(store.move_queued(c, wave_id, other, arm) for other in range(len(experiment.arms)) if other != arm)
        store.change(c, wave_id, status="ended", stopped_why=f"settled:{arm}", ended_at=now)
        _record(c, "experiments.settle", wave_id, by, now, arm=arm, moved=moved)
    return moved


def marks(c: Connection, wave_id: int) -> list[list[object]]:
    """What an approval of the wave covers of its comparison: every arm's texts, and what will be counted."""
    experiment = of(c, wave_id)
    if experiment is None:
        return []
    texts = [wave_store.texts(c, version) for version, _ in experiment.arms]
    forms = [form for _, form in experiment.arms]
    arms = [[form, each.vi, each.vi_unaccented, each.en] for form, each in zip(forms, texts, strict=True)]
    return [*arms, [experiment.outcome, experiment.days, experiment.sample]]


def _changeable(c: Connection, wave_id: int):
    wave = wave_store.get(c, wave_id, lock=True)
    if wave is None:
        raise Mistake("wave-unknown", id=wave_id)
    if wave.status not in WAVE_STEPS["change"]:
        raise Mistake("wave-cannot-change", status=wave.status)
    return wave


def _check(c: Connection, wave, arms: Sequence[tuple[int, str]], outcome: str, days: int) -> None:
    if len(arms) not in comparison.ARMS or len(set(arms)) < len(arms):
        raise Mistake("experiment-arms-wrong")
    if outcome not in OUTCOMES:
        raise Mistake("experiment-outcome-wrong", known=", ".join(OUTCOMES))
    if not 1 <= days <= MOST_DAYS:
        raise Mistake("experiment-days-wrong", most=MOST_DAYS)
    if outcome in REPEATING and not wave.link_target:
        raise Mistake("experiment-link-missing")
    _check_texts(c, arms)


def _check_texts(c: Connection, arms: Sequence[tuple[int, str]]) -> None:
    for version, form in arms:
        if authoring.version(c, version) is None:
            raise Mistake("version-unknown", id=version)
        if form not in set(Form) or not wave_store.texts(c, version).for_reader("vi", form):
            raise Mistake("wave-no-text", form=form)
    if len({bool(wave_store.texts(c, version).en) for version, _ in arms}) > 1:
        raise Mistake("experiment-languages-differ")


def _sample(expected: float, smallest: float, arms: int) -> int:
    try:
        return comparison.sample_size(expected, smallest, arms)
    except ValueError as error:
        raise Mistake("experiment-shares-wrong") from error


def _looked_lately(experiment: Experiment, now: datetime) -> bool:
    at = experiment.result.get("at")
    return at is not None and now - datetime.fromisoformat(at) < EVERY


def _note(c: Connection, experiment: Experiment, seen: Look, now: datetime, counts: dict[str, int]) -> None:
    wave_id, counts["looked"] = experiment.wave_id, counts["looked"] + 1
    result = json.dumps({**asdict(seen), "at": now.isoformat()})
    changes = {"result": result, "status": "running"}
    if seen.said == "guard":
        calm = min(range(len(seen.arms)), key=lambda arm: seen.opted_out[arm] / max(1, seen.arms[arm].people))
        moved = store.move_queued(c, wave_id, seen.arm, calm)
        changes |= {"status": "stopped", "stopped_why": f"guard:{seen.arm}", "ended_at": now}
        counts["stopped"] += 1
        _record(c, "experiments.stop-arm", wave_id, "system", now, arm=seen.arm, moved=moved)
    elif seen.final:
        changes |= {"status": "ended", "ended_at": now}
        counts["ended"] += 1
        _record(c, "experiments.end", wave_id, "system", now, said=seen.said, arm=seen.arm)
    store.change(c, wave_id, **changes)


def _record(c: Connection, action: str, wave_id: int, by: int | str | None, now: datetime, **detail: object) -> None:
    who = by if isinstance(by, str) else actor(by)
    audit.record(c, at=now, actor=who, action=action, object=f"wave:{wave_id}", detail=detail)
