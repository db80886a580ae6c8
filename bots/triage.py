"""Danger first: whether somebody needs help now, judged before anything else is.

Rules over `words/danger.toml` decide alone when they are sure; a trained `Alarm`, when there is one, hears what is said
sideways. It must never be the only gate: staff read what was refused, and every refusal shows the help line.
"""

from dataclasses import dataclass
from typing import Protocol

from bots import cues
from bots.model import DANGERS
from bots.normalise import Plain
from bots.places import help_for, named
from bots.tables import table


@dataclass(frozen=True)
class Danger:
    """`level` is red, amber or none; `help` names whose help line comes first: vn, uk, eu, abroad or unknown.

    `plain`: the rules said so, from words that stand there; else the model heard it.
    """

    level: str
    help: str = "unknown"
    reasons: tuple[str, ...] = ()
    plain: bool = True


class Model(Protocol):
    """What may sit beside the rules."""

    def level(self, plain: Plain) -> tuple[str, float]: ...


def judge(plain: Plain, model: Model | None = None) -> Danger:
    """The danger in a message; the higher of what the rules and the model say."""
    level, reasons = by_rules(plain)
    stated = True
    if model and plain.folded:
        heard, chance = model.level(plain)
        if DANGERS.index(heard) > DANGERS.index(level):
            level, stated, reasons = heard, False, (*reasons, f"sounds {heard} ({chance:.2f})")
    return Danger(level, help_for(named(plain)), reasons if level != "none" else (), stated)


def by_rules(plain: Plain) -> tuple[str, tuple[str, ...]]:
    """The level the rules give, and the cues with their words."""
    limits = table("danger")["limits"]
    harm, signs, amber = cues.find(plain.folded).values()
    heaviest, *others = sorted(_weights("harm", harm), reverse=True) or [0.0]
    red = heaviest + sum(others) / 2 + sum(_weights("signs", signs))
    if heaviest >= limits["harm"] and red >= limits["red"]:
        return "red", _reasons(harm, signs)
    held_back = min(0.0, *(weight for weight in [0.0, *_weights("signs", signs)]))
    if sum(_weights("amber", amber)) + held_back >= limits["amber"]:
        return "amber", _reasons(amber, {})
    return "none", ()


def _weights(kind: str, found: dict[str, str]) -> list[float]:
    return [cues.weight(kind, name) for name in found]


def _reasons(first: dict[str, str], then: dict[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}: {words}" for name, words in [*first.items(), *then.items()])
