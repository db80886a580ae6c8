"""Which countries a message names, and whose help line that calls for."""

from collections.abc import Sequence
from functools import cache

from bots import letters
from bots.normalise import Plain
from bots.phrases import Phrases
from bots.tables import table


def named(plain: Plain) -> set[str]:
    """The countries named, by their keys in `words/meanings.toml`."""
    return {country for found in _names().find_all(plain.folded) for country in found.means}


def asked(plain: Plain) -> set[str]:
    """The countries a question is about: those named, by one word too ("visa Úc"), without the ones refused.

    Home goes without saying, so Vietnam counts only when it stands alone. For danger ask `named`: there a wrong
    country is worse than none.
    """
    places = [place for place in _places(plain) if not _is_refused(plain.folded, place[0])]
    countries = {country for _, _, found in places for country in found}
    return countries - {"vietnam"} or countries


def refused(plain: Plain) -> set[str]:
    """The countries that are said not to be meant: "không phải Hàn, Nhật cơ"."""
    return {country for at, _, found in _places(plain) if _is_refused(plain.folded, at) for country in found}


def only(words: Sequence[str]) -> set[str]:
    """The country when `words`, folded, are nothing but one of its short names: "anh", "nhat"."""
    return set(_short("unaccented").get(words[0], ())) if len(words) == 1 else set()


def without(words: Sequence[str]) -> list[str]:
    """Standard words without the countries among them, as they are called in more words than one."""
    folded = [letters.fold(word) for word in words]
    taken = {at for names in (_names(), _others()) for found in names.find_all(folded)
             for at in range(found.at, found.at + found.words)}
    return [word for at, word in enumerate(words) if at not in taken]


def name(country: str, language: str) -> str:
    """What a country is called in "vi" or "en"."""
    names = table("countries")["names"].get(country)
    return names[language == "en"] if names else _listed(table("countries")["others"][country])[0]


def spelled_out(plain: Plain) -> str:
    """The standard words with a one-word name in full, which says more: "qua Hàn" is "qua Hàn Quốc"."""
    words, known = list(plain.standard), named(plain)
    for at, size, countries in _places(plain):
        if size == 1 and not set(countries) & known:
            words[at] = name(countries[0], "vi")
    return " ".join(words)


def is_known(country: str) -> bool:
    """Whether `country` is a key of the tables, as they stand now."""
    return country in table("countries")["names"] or country in table("countries")["others"]


def regions(country: str) -> Sequence[str]:
    """The parts of the world a country lies in that are spoken of as one."""
    return [region for region, listed in table("countries")["regions"].items() if country in _listed(listed)]


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


def _places(plain: Plain) -> list[tuple[int, int, Sequence[str]]]:
    """(first word, words, countries) of every place named, but not where the words mean something else."""
    found = [(place.at, place.words, place.means)
             for names in (_names(), _others()) for place in names.find_all(plain.folded)]
    if len(plain.standard) != len(plain.folded):
        return found
    found += [(at, 1, means) for at in range(len(plain.folded)) if (means := _one_word(plain, at))]
    if not found:
        return []
    other = {at for place in _never().find_all(plain.standard) for at in range(place.at, place.at + place.words)}
    return [place for place in found if place[0] + place[1] - 1 not in other]


def _one_word(plain: Plain, at: int) -> Sequence[str]:
    word, folded = plain.standard[at], plain.folded[at]
    if folded not in _short("unaccented"):
        return ()
    if word != folded or plain.writing.accented:
        accented = _short("alone").get(word, ())
        if accented or word != folded:
            return accented
    return _short("unaccented").get(folded, ()) if _ends_with(_frames(), plain.folded[:at]) else ()


def _is_refused(folded: Sequence[str], at: int) -> bool:
    return _ends_with(_refusals(), folded[:at])


def _ends_with(phrases: frozenset[tuple[str, ...]], words: Sequence[str]) -> bool:
    return any(tuple(words[-size:]) in phrases for size in range(1, 5) if size <= len(words))


@cache
def _names() -> Phrases:
    entries: dict[str, list[str]] = {}
    for country, phrases in table("meanings")["countries"].items():
        for phrase in phrases.split(","):
            entries.setdefault(" ".join(phrase.split()), []).append(country)
    return Phrases(entries.items())


@cache
def _others() -> Phrases:
    """Countries nothing is known of: they must not be answered with what is known of others."""
    return Phrases((phrase, (country,)) for country, phrases in table("countries")["others"].items()
                   for phrase in _listed(phrases))


def _listed(words: str) -> list[str]:
    return [" ".join(word.split()) for word in words.split(",") if word.strip()]


@cache
def _short(kind: str) -> dict[str, tuple[str, ...]]:
    """One-word names → the countries they stand for."""
    return {word: (country,) for country, words in table("countries")[kind].items() for word in _listed(words)}


@cache
def _never() -> Phrases:
    return Phrases((phrase, None) for phrase in _listed(table("countries")["frames"]["never"]))


@cache
def _frames() -> frozenset[tuple[str, ...]]:
    return _phrases("frames", "before")


@cache
def _refusals() -> frozenset[tuple[str, ...]]:
    return _phrases("refused", "words")


def _phrases(kind: str, key: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in _listed(table("countries")[kind][key]))
