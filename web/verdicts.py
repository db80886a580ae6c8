"""What may be said of a comparison of wordings, in words."""

from flask_babel import gettext as _

from campaigns.looks import Experiment, Look

LETTERS = "ABC"


def sentences(experiment: Experiment, seen: Look) -> list[str]:
    """What may be said now, the most important first."""
    said = [_verdict(experiment, seen)]
    if seen.said in ("better", "no-difference", "too-small"):
        said += [_interval(each) for each in seen.differences]
    if not seen.final:
        said.append(_("This look is allowed for: looking often does not make a false finding more likely."))
    return said


def _verdict(experiment: Experiment, seen: Look) -> str:
    arm = LETTERS[seen.arm] if seen.arm is not None else ""
    n = experiment.sample
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
        "%(second)s against %(first)s: %(estimate)s of a hundred; with 95 %% certainty from %(low)s to %(high)s.",
        first=LETTERS[difference.first],
        second=LETTERS[difference.second],
        estimate=_points(difference.estimate),
        low=_points(low),
        high=_points(high),
    )


def _points(share: float) -> str:
    return f"{share * 100:+.1f}"
