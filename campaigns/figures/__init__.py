"""Figures read from counters, and how honestly they may be shown.

`reading` says what was counted, `rebuilding` counts it anew from the rows. Counters are kept where the rows change:
campaigns.deliveries.moving, campaigns.store.opening, campaigns.responses, campaigns.consent.
"""

from campaigns.figures.reading import (
    PeriodFigures,
    ResponseLinks,
    by_area,
    by_day,
    of_period,
    optouts,
    response_links,
    responses,
    wave_carriers,
    wave_hours,
)
from campaigns.figures.rebuilding import mend, rebuild

__all__ = [
    "PeriodFigures",
    "ResponseLinks",
    "by_area",
    "by_day",
    "mend",
    "of_period",
    "optouts",
    "rebuild",
    "response_links",
    "responses",
    "wave_carriers",
    "wave_hours",
]
