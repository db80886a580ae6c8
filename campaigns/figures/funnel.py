"""What came of a wave, step by step: chosen, left out, handed over, arrived, and what people did within a week.

A wave's own whole numbers; broken down by place they are masked (campaigns.figures.places).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from campaigns.figures.intervals import Rate
from campaigns.model import DeliveryStatus as S
from campaigns.responses import ASKED, OPTED_OUT, REPLIED
from campaigns.store import funnels as store
from db.engine import Database

#: A gateway has them, or had them.
HANDED_OVER = (S.ACCEPTED, S.DELIVERED, S.UNDELIVERED, S.UNKNOWN)
#: Handed over, and nobody said that it did not arrive.
PERHAPS_ARRIVED = (S.ACCEPTED, S.DELIVERED, S.UNKNOWN)
LOST = (S.UNDELIVERED, S.FAILED)


@dataclass(frozen=True)
class Funnel:
    """`counts`: status → n; `left_out` and `lost`: reason → n; `responses`: kind (campaigns.responses) → people;
    `vnd`: what was spent, as far as prices are known.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    lost: Mapping[str, int] = field(default_factory=dict)
    responses: Mapping[str, int] = field(default_factory=dict)
    vnd: int = 0

    @property
    def selected(self) -> int:
        return sum(self.counts.values())

    @property
    def recipients(self) -> int:
        """Those who were not left out."""
        return self.selected - self.counts.get(S.SKIPPED, 0)

    @property
    def to_get(self) -> Rate:
        return Rate(self.recipients, self.selected)

    @property
    def handed_over(self) -> Rate:
        return Rate(self._sum(HANDED_OVER), self.recipients)

    @property
    def delivered(self) -> Rate:
        """Of those handed over."""
        return Rate(self.counts.get(S.DELIVERED, 0), self.handed_over.n)

    @property
    def replied(self) -> Rate:
        return self._response(REPLIED)

    @property
    def asked(self) -> Rate:
        return self._response(ASKED)

    @property
    def opted_out(self) -> Rate:
        return self._response(OPTED_OUT)

    @property
    def perhaps_arrived(self) -> int:
        """What people did is measured on these: some gateways never say that a message arrived."""
        return self._sum(PERHAPS_ARRIVED)

    @property
    def vnd_each(self) -> float | None:
        """VND for a person reached; None where nobody was, or no price is known."""
        return self.vnd / self.delivered.n if self.vnd and self.delivered.n else None

    def _sum(self, statuses: Iterable[str]) -> int:
        return sum(self.counts.get(status, 0) for status in statuses)

    def _response(self, kind: str) -> Rate:
        # Somebody may write and be reported as not reached later.
        return Rate(min(self.responses.get(kind, 0), self.perhaps_arrived), self.perhaps_arrived)


def of_wave(db: Database, wave_id: int) -> Funnel:
    return of_waves(db, [wave_id])[wave_id]


def of_waves(db: Database, wave_ids: Sequence[int]) -> dict[int, Funnel]:
    """Each wave's, also one that has not begun."""
    parts: dict[int, dict[str, Counter]] = {
        wave_id: {"counts": Counter(), "left_out": Counter(), "lost": Counter(), "responses": Counter()}
        for wave_id in wave_ids
    }
    with db.reading() as c:
        for wave_id, status, reason, n in store.stands(c, wave_ids):
            _add(parts[wave_id], status, reason, n)
        for wave_id, kind, n in store.responded(c, wave_ids):
            parts[wave_id]["responses"][kind] += n
        spent = store.spent(c, wave_ids)
    return {wave_id: _funnel(each, spent.get(wave_id, 0)) for wave_id, each in parts.items()}


def together(funnels: Iterable[Funnel]) -> Funnel:
    """Several waves added up: somebody who got two of them counts twice."""
    parts: dict[str, Counter] = {"counts": Counter(), "left_out": Counter(), "lost": Counter(), "responses": Counter()}
    vnd = 0
    for each in funnels:
        for name, counts in parts.items():
            counts.update(getattr(each, name))
        vnd += each.vnd
    return _funnel(parts, vnd)


def _add(parts: Mapping[str, Counter], status: str, reason: str, n: int) -> None:
    parts["counts"][status] += n
    if status == S.SKIPPED:
        parts["left_out"][reason] += n
    elif status in LOST:
        parts["lost"][reason] += n


def _funnel(parts: Mapping[str, Counter], vnd: int) -> Funnel:
    """Without what stands at nothing, the most first."""
    return Funnel(**{name: {key: n for key, n in each.most_common() if n} for name, each in parts.items()}, vnd=vnd)
