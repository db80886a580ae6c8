"""Which countries a message names, and whose help line that calls for."""

from functools import cache

from bots.normalise import Plain
from bots.phrases import Phrases
from bots.tables import table


def named(plain: Plain) -> set[str]:
    """The countries named, by their keys in `words/meanings.toml`."""
    return {country for found in _names().find_all(plain.folded) for country in found.means}


def help_for(countries: set[str]) -> str:
    """"vn", "uk", "eu", "abroad", or "unknown" when no country is named or several need different help.

    Home is often named beside the place where it happens, so Vietnam counts only when it stands alone.
    """
    calls = {_call(country) for country in countries}
    elsewhere = calls - {"vn"}
    if len(elsewhere) > 1:
        return "unknown"
    return (elsewhere or calls or {"unknown"}).pop()


def _call(country: str) -> str:
    listed = (name for name, countries in table("danger")["help"].items() if country in countries)
    return next(listed, "abroad")


@cache
def _names() -> Phrases:
    entries: dict[str, list[str]] = {}
    for country, phrases in table("meanings")["countries"].items():
        for phrase in phrases.split(","):
            entries.setdefault(" ".join(phrase.split()), []).append(country)
    return Phrases(entries.items())
