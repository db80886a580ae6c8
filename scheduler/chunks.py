"""Claimed messages put together for calls to a provider: so many at most and, where it wants that, one text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from campaigns.deliveries import Claimed
from sms.gateway import Traits


@dataclass(frozen=True, slots=True)
class Chunk:
    """Claimed messages of one wave for one call, not to be handed over after `fresh_until` (uptime): by then somebody
    may think us dead and send them in our place.
    """

    rows: Sequence[Claimed]
    fresh_until: float


def chunks(rows: Sequence[Claimed], fresh_until: float, traits: Traits) -> list[Chunk]:
    """The rows in calls, in their order; where a call has one text, those of one text together."""
    size = traits.recipients_per_call
    groups = _by_text(rows).values() if traits.one_text_per_call else [rows]
    return [
        Chunk(group[start : start + size], fresh_until) for group in groups for start in range(0, len(group), size)
    ]


def joined(waiting: Sequence[Chunk], rows: Sequence[Claimed], fresh_until: float, traits: Traits) -> list[Chunk]:
    """The calls that wait, filled up with rows that go with them, and calls for the rest."""
    if not traits.one_text_per_call:
        return [*waiting, *chunks(rows, fresh_until, traits)]
    groups = _by_text(rows)
    filled = []
    for chunk in waiting:
        same = groups.get(_kind(chunk.rows[0]), [])
        room = traits.recipients_per_call - len(chunk.rows)
        filled.append(replace(chunk, rows=[*chunk.rows, *same[:room]]) if room and same else chunk)
        del same[:room]
    return filled + chunks([row for group in groups.values() for row in group], fresh_until, traits)


def halves(rows: Sequence[Claimed], fresh_until: float) -> list[Chunk]:
    """Two smaller calls; of one message one."""
    middle = (len(rows) + 1) // 2
    return [Chunk(part, fresh_until) for part in (rows[:middle], rows[middle:]) if part]


def _by_text(rows: Iterable[Claimed]) -> dict[tuple[int, str], list[Claimed]]:
    groups: dict[tuple[int, str], list[Claimed]] = {}
    for row in rows:
        groups.setdefault(_kind(row), []).append(row)
    return groups


def _kind(row: Claimed) -> tuple[int, str]:
    return row.wave_id, row.outgoing.text
