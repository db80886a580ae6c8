"""Public holidays of the countries whose people we write to: Vietnam's with Tết, England's bank holidays. Pure.

The days are those of the `holidays` library, which knows the decrees of each year and works out Tết and Easter for the
years to come; days off in lieu are only announced year by year. In other countries no day is kept.
"""

from datetime import date
from functools import lru_cache

import holidays as library

VIETNAM, UNITED_KINGDOM = "VN", "GB"
#: Country → the part of it whose days are meant.
KEPT = {VIETNAM: None, UNITED_KINGDOM: "ENG"}
_NAMES = {VIETNAM: {"vi": "vi", "en": "en_US"}, UNITED_KINGDOM: {"vi": "en_GB", "en": "en_GB"}}


def on(day: date, country: str = VIETNAM) -> bool:
    """Whether `day` is a public holiday in `country` (ISO code).

    >>> on(date(2027, 2, 6)), on(date(2027, 2, 6), "GB"), on(date(2026, 12, 25), "GB")
    (True, False, True)
    """
    return country in KEPT and day in _days(country, day.year, "en")


def sendable(day: date) -> bool:
    """Whether waves may go out on `day` in Vietnam."""
    return not on(day)


def name(day: date, country: str = VIETNAM, language: str = "vi") -> str | None:
    """What the holiday is called: in Vietnamese or English where the country has a name in it; None on other days.

    >>> name(date(2026, 9, 2))
    'Quốc khánh'
    """
    return _days(country, day.year, language).get(day) if country in KEPT else None


@lru_cache(maxsize=64)
def _days(country: str, year: int, language: str) -> dict[date, str]:
    spoken = _NAMES[country].get(language, "en_GB")
    found = library.country_holidays(country, subdiv=KEPT[country], years=year, language=spoken)
    return {day: title for day, title in found.items() if day.year == year}
