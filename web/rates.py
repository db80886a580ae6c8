"""How rates and hidden numbers are written: never without what they were measured on."""

from collections.abc import Callable

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from jinja2 import pass_context

from campaigns.figures.intervals import Rate
from campaigns.figures.masking import LEAST
from web.language import number, percent

#: Stands for a number that is hidden: fewer than ten people, or one from which such a number could be reckoned.
HIDDEN = _l("hidden")
#: Between two ends of an interval; with a blank either side where one of them is negative.
_TO = "–"


def install(app: Flask) -> None:
    app.jinja_env.filters.update({each.__name__: _read_anew(each) for each in (rate, rate_words, shown)})
    app.jinja_env.globals.update(hidden_note=hidden_note, too_few=too_few, only_months=only_months, few_words=few_words)


def _read_anew(words: Callable) -> Callable:
    """As a filter: Jinja would reckon `{{ none|shown }}` once, in the language of whoever read the page first."""
    return pass_context(lambda _context, value: words(value))


def shown(n: int | None) -> str:
    """A number of people, or that it is hidden: `{{ cell|shown }}` for what campaigns.figures.masking returns."""
    return str(HIDDEN) if n is None else number(n)


def hidden_note() -> str:
    """What "hidden" means, for below a table or chart that may hide something."""
    return _(
        "“Hidden” stands for fewer than %(n)s people, and for numbers from which such a one could be reckoned.",
        n=number(LEAST),
    )


def too_few(*, by_commune: bool) -> str:
    """In place of a table of which every line would be hidden."""
    return _("Too few people to tell by commune.") if by_commune else _("Too few people to tell by former district.")


def only_months() -> str:
    """Why the last days are not told by commune (campaigns.figures.places)."""
    return _("By commune only whole months are told, so that nobody is found in what two times share: choose a month.")


def few_words(n: int | None) -> str:
    """A number on its own, which is hidden only where it is small: campaigns.figures.masking of one cell."""
    return _("fewer than %(n)s", n=number(LEAST)) if n is None else number(n)


def rate(of: Rate | None) -> str:
    """The share alone, as narrow as a column needs it: "94 %"; a dash for a rate of nobody, "hidden" for None."""
    if of is None:
        return str(HIDDEN)
    return percent(of.n, of.of, digits(of)) if of else "–"


def rate_words(of: Rate | None) -> str:
    """In full: "94 % (3.120 trong 3.318; 93–95 %)". None is hidden; of nobody there is nothing to say."""
    if of is None:
        return str(HIDDEN)
    if not of:
        return _("nobody yet")
    return _(
        "%(share)s (%(n)s of %(of)s; %(interval)s)", share=rate(of), n=number(of.n), of=number(of.of),
        interval=interval(of.low, of.high, digits(of)),
    )  # fmt: skip


def interval(low: float, high: float, decimals: int = 0) -> str:
    """Two shares from 0 to 1 as "93–95 %"."""
    first, last = percent(low, 1, decimals), percent(high, 1, decimals)
    return first if first == last else f"{_bare(first)}{_TO}{last}"


def digits(of: Rate) -> int:
    """Decimals that say something: a rare thing (0,4 % opted out) is not rounded to none, nor the other end to all."""
    if not of:
        return 0
    edge = min(of.share, 1 - of.share)
    return 0 if edge in (0, 1) or edge >= 0.05 else 1 if edge >= 0.001 else 2


def _bare(share: str) -> str:
    return share.replace("%", "").strip()
