"""What may be said of a comparison of wordings, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from campaigns.figures.masking import masked
from campaigns.looks import Experiment, Look
from web.language import number
from web.wave_comparing import signed

LETTERS = "ABC"


@dataclass(frozen=True)
class Counted:
    """The numbers of a wording; None = hidden. `share` is that of `hits` among `people`."""

    letter: str
    sent: int | None
    people: int | None
    hits: int | None
    share: float | None
    opted_out: int | None


def counted(seen: Look) -> list[Counted]:
    """Each wording's, beside which the wave's own numbers stand: so each of them is hidden with another one."""
    sent, people, hits, out = (_masked(row) for row in (
        seen.sent, [arm.people for arm in seen.arms], [arm.hits for arm in seen.arms], seen.opted_out))  # fmt: skip
    return [
        Counted(LETTERS[n], sent[n], people[n], hits[n], None if None in (people[n], hits[n]) else arm.share, out[n])
        for n, arm in enumerate(seen.arms)
    ]


def _masked(numbers: Sequence[int]) -> list[int | None]:
    return list(masked(dict(enumerate(numbers)), sum(numbers)).values())


def sentences(experiment: Experiment, seen: Look) -> list[str]:
    """What may be said now, the most important first."""
    said = [_verdict(experiment, seen)]
    if seen.said in ("better", "no-difference", "too-small"):
        # From one share and what lies between two the other one could be reckoned.
        shown = counted(seen)
        said += [_interval(each) for each in seen.differences
                 if None not in (shown[each.first].share, shown[each.second].share)]  # fmt: skip
    if not seen.final:
        said.append(_("This look is allowed for: looking often does not make a false finding more likely."))
    return said


def _verdict(experiment: Experiment, seen: Look) -> str:
    arm = LETTERS[seen.arm] if seen.arm is not None else ""
    n = number(experiment.sample)
    return {
        "better": _("Wording %(arm)s does better.", arm=arm),
        "no-difference": _("No difference worth the name was found: choose the cheaper or the clearer wording."),
        "too-early": _("Too early to say: each wording needs %(n)s people whose days to answer are over.", n=n),
        "too-small": _("The wave was too small to tell: each wording needed %(n)s people.", n=n),
        "guard": _("Wording %(arm)s makes people opt out. Whoever has not been written to gets another one.", arm=arm),
    }[seen.said]


def _interval(difference) -> str:
    low, high = sorted((difference.low, difference.high))
    return _(
        "%(second)s against %(first)s: %(estimate)s of a hundred; with 95%% certainty from %(low)s to %(high)s.",
        first=LETTERS[difference.first],
        second=LETTERS[difference.second],
        estimate=signed(difference.estimate),
        low=signed(low),
        high=signed(high),
    )
