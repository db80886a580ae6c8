"""Two rates side by side, and whether chance alone explains what lies between them: never "better" when it does."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from campaigns.figures.funnel import Funnel
from campaigns.figures.intervals import Rate, difference
from campaigns.figures.masking_rates import alone
from campaigns.holding_back import Effect
from web.language import number
from web.rates import hidden_note, rate_words


@dataclass(frozen=True)
class Compared:
    """`sentence` is all that may be said of the difference, with its interval in `interval`."""

    words: str
    first: Rate
    second: Rate
    interval: str
    sentence: str


def compared(first: Funnel, second: Funnel) -> list[Compared]:
    measures = (
        (_("Delivered, of those handed over"), "delivered"),
        (_("Wrote back, of those it may have reached"), "replied"),
        (_("Asked the machine something, of those it may have reached"), "asked"),
        (_("Opted out, of those it may have reached"), "opted_out"),
    )
    return [_compared(words, getattr(first, name), getattr(second, name)) for words, name in measures]


def _compared(words: str, first: Rate, second: Rate) -> Compared:
    found = difference(first, second)
    if found is None:
        return Compared(words, first, second, "–", _("One of them reached nobody: nothing can be compared."))
    return Compared(words, first, second, points(found), _sentence(found))


def _sentence(found: tuple[float, float, float]) -> str:
    low, _measured, high = found
    if low <= 0 <= high:
        return _("No more than chance explains: no difference may be spoken of.")
    if low > 0:
        return _("Higher in the first wave, by more than chance explains.")
    return _("Higher in the second wave, by more than chance explains.")


def points(found: tuple[float, float, float]) -> str:
    """A difference in points of a hundred with its interval: "+2,1 (0,4 to 3,8)"."""
    low, measured, high = (signed(share) for share in found)
    return _("%(measured)s percentage points (95%%: %(low)s to %(high)s)", measured=measured, low=low, high=high)


def signed(share: float) -> str:
    """A difference of shares, of a hundred: "+2,1"."""
    points = round(share * 100, 1)
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{number(abs(points), 1)}"


def of_effect(effect: Effect | None, percent_held: int | None) -> Sequence[str]:
    """What may be said of cause: with a control group what it shows, without one that there is no proof."""
    if percent_held is None:
        return [
            _("That people asked or opted out after this wave is no proof that it made them: others may have done so"
              " without it. Only a wave with a control group can tell.")
        ]  # fmt: skip
    if effect is None:
        return [_("%(n)s %% of the people were held back for comparison. Both groups are counted within half an hour"
                  " after the wave begins.", n=percent_held)]  # fmt: skip
    found = effect.difference
    got, held = (alone(each) for each in (effect.got, effect.held))
    said = [
        _("Wrote to us within a week: of those who were to get it %(got)s; of those held back %(held)s.",
          got=rate_words(got), held=rate_words(held))
    ]  # fmt: skip
    if found is None:
        return [_("One of the two groups is empty: nothing can be said of an effect."), *said]
    # From one rate and what lies between both the other one could be reckoned.
    difference_said = [_("Difference: %(points)s.", points=points(found))] if got and held else [hidden_note()]
    return [_verdict(effect, found), *said, *difference_said]


def _verdict(effect: Effect, found: tuple[float, float, float]) -> str:
    if not effect.final:
        return _("Too early to speak of an effect: a week must pass after the last message.")
    if not effect.surely:
        return _("The control group shows no effect beyond chance: as many may have written without the wave.")
    if found[0] > 0:
        return _("The wave made people write to us: beyond what chance explains, more of those who got it did so.")
    return _("The wave kept people from writing to us: beyond what chance explains, fewer of those who got it did so.")
