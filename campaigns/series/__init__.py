"""Waves that come again by themselves: every so many days, on weekdays, or so many days after somebody joined a list.

Two people stand behind a series as behind a wave: `planning.py` (plan, change), `deciding.py` (submit, approve, return,
pause, resume, end). What they approve is the rule itself (`rule.py`); `occurring.py` makes each of its days into an
ordinary wave under that approval. Its days stand in campaigns.timetable. `reading.py` (show, all, upcoming).
"""

from campaigns.series.deciding import approve, end, pause, resume, return_to_author, submit
from campaigns.series.occurring import open_series
from campaigns.series.planning import change, plan
from campaigns.series.reading import Shown, all, of_campaign, show, upcoming
from campaigns.series.rule import SERIES_STEPS, Series, SeriesStatus

__all__ = [
    "SERIES_STEPS",
    "Series",
    "SeriesStatus",
    "Shown",
    "all",
    "approve",
    "change",
    "end",
    "of_campaign",
    "open_series",
    "pause",
    "plan",
    "resume",
    "return_to_author",
    "show",
    "submit",
    "upcoming",
]
