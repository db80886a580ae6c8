"""What the bot heard and said, in counts: kept as things happen, read by the pages, counted anew by `rebuild`.

`counting` says what a turn counts for, `whence` where its writer is at home and which wave they had got.
"""

from bots.figures.reading import (
    BotFigures,
    after_wave,
    after_waves,
    asked_after,
    by_area,
    by_platform,
    period,
    together,
    topics_by_area,
    topics_by_day,
    topics_by_week,
)
from bots.figures.rebuilding import fill, rebuild

__all__ = [
    "BotFigures",
    "after_wave",
    "after_waves",
    "asked_after",
    "by_area",
    "by_platform",
    "fill",
    "period",
    "rebuild",
    "together",
    "topics_by_area",
    "topics_by_day",
    "topics_by_week",
]
