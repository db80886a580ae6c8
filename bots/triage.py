"""Danger first: whether somebody needs help now, judged before anything else is.

A trained `Alarm` weighs what the rules of `words/danger.toml` found together with all that is said around it. What the
rules call red and the alarm hardly hears ("bị nhốt" in a film) gets the answer with a warning. Without an alarm the
rules decide alone. Neither must be the only gate: staff read what was refused, and every refusal shows the help line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bots import cues
from bots.model import DANGERS
from bots.normalise import Plain
from bots.places import help_for, named
from bots.tables import table

#: Harms done by others: then their help line comes before the words for somebody who wants to die.
_BY_OTHERS = frozenset({"confined", "beaten", "raped", "no-air", "in-water", "ransom"})
#: What the rules call red and the model gives a smaller chance is amber.
_HARDLY_HEARD = 0.12
#: A story of more than two stretches of so many words is judged stretch by stretch too.
_STRETCH = 20


@dataclass(frozen=True)
class Danger:
    """`level` is red, amber or none; `help` names whose help line comes first: vn, uk, eu, abroad or unknown.

    `plain`: the rules said so, from words that stand there; else the model heard it.
    """

    level: str
    help: str = "unknown"
    reasons: tuple[str, ...] = ()
    plain: bool = True

    @property
    def self_harm(self) -> bool:
        """Somebody wants to die, and no other person endangers them as much."""
        harms = [reason.split(":")[0] for reason in self.reasons]
        return "suicide" in harms and not _BY_OTHERS & set(harms)


class Model(Protocol):
    """What may sit beside the rules."""

    def level(self, plain: Plain) -> tuple[str, float]: ...


def judge(plain: Plain, model: Model | None = None) -> Danger:
    """The danger in a message: the higher of what the rules and the model say, but for a red that is hardly heard."""
    level, reasons = by_rules(plain)
    stated = True
    if model and plain.folded:
        heard, chance = model.level(plain)
        if level == "red" and chance < _HARDLY_HEARD and not reasons[0].startswith("cry"):
            level, reasons = "amber", (*reasons, f"hardly sounds red ({chance:.2f})")
        if DANGERS.index(heard) > DANGERS.index(level):
            harms = _reasons(cues.find(plain.folded)["harm"], {}) if heard == "red" else reasons
            level, stated, reasons = heard, False, (*harms, f"sounds {heard} ({chance:.2f})")
    return Danger(level, help_for(_where(plain)), reasons if level != "none" else (), stated)


def _where(plain: Plain) -> set[str]:
    """The countries named, without Britain where somebody is only going there: in a lorry "đi Anh" one is elsewhere."""
    text = f" {plain.text} "
    bound = any(f" {way} " in text for way in table("danger")["bound"]["uk"])
    there = any(f" {way} " in text for way in table("danger")["bound"]["perhaps_in_uk"])
    return named(plain) - {"uk"} if bound and not there else named(plain)


def by_rules(plain: Plain) -> tuple[str, tuple[str, ...]]:
    """The level the rules give, and the cues with their words; of a long story any stretch may be red."""
    if " ".join(plain.folded) in table("danger")["cries"]["whole"]:
        return "red", ("cry: nothing but a call for help",)
    whole = _of_part(plain.folded)
    stretches = () if whole[0] == "red" else map(_of_part, _stretches(plain.folded))
    return next((found for found in stretches if found[0] == "red"), whole)


def _stretches(folded: Sequence[str]) -> Iterator[Sequence[str]]:
    """Overlapping stretches of a long story: a question at its end takes nothing from the danger in its middle."""
    if len(folded) > 2 * _STRETCH:
        for at in range(0, len(folded) - _STRETCH // 2, _STRETCH // 2):
            yield folded[at : at + _STRETCH]


def _of_part(folded: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    limits = table("danger")["limits"]
    harm, signs, amber = cues.find(folded).values()
    heaviest, *others = sorted(_weights("harm", harm), reverse=True) or [0.0]
    red = heaviest + sum(others) / 2 + sum(_weights("signs", signs))
    least = limits["red"] - limits["shortness"] * (len(folded) <= limits["short"])
    if heaviest >= limits["harm"] and red >= least:
        return "red", _reasons(harm, signs)
    held_back = min(0.0, *(weight for weight in [0.0, *_weights("signs", signs)]))
    if sum(_weights("amber", amber)) + held_back >= limits["amber"]:
        return "amber", _reasons(amber, {})
    return "none", ()


def _weights(kind: str, found: dict[str, str]) -> list[float]:
    return [cues.weight(kind, name) for name in found]


def _reasons(first: dict[str, str], then: dict[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}: {words}" for name, words in [*first.items(), *then.items()])
