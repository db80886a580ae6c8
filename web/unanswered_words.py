"""How groups of questions stand on pages: where they stand, in words, and their bars."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bots.unanswered.model import Group
from campaigns.figures.masking import LEAST, masked
from web.charts import Bars, share_bars
from web.language import calendar
from web.words import Chip

STATUSES = {
    "open": Chip(_l("To decide"), "draft"),
    "done": Chip(_l("Answered now"), "good", "good"),
    "outside": Chip(_l("None of ours"), "stopped"),
    "ignored": Chip(_l("Set aside"), "stopped"),
}
#: Open groups for which something is under way.
UNDER_WAY = {
    "example": Chip(_l("Example waits for approval"), "clock", "info"),
    "draft": Chip(_l("Answer being written"), "draft", "info"),
    "outside": Chip(_l("Lines wait for approval"), "clock", "info"),
}
LINES = {
    "submitted": Chip(_l("Waiting for approval"), "clock", "info"),
    "live": Chip(_l("The bot has learnt it"), "good", "good"),
    "returned": Chip(_l("Returned"), "warn", "warn"),
    "withdrawn": Chip(_l("Withdrawn"), "stopped"),
}


def chip(group: Group) -> Chip:
    return UNDER_WAY[group.decision] if group.under_way else STATUSES[group.status]


def why(group: Group) -> str:
    """Why its questions are here, in a few words."""
    if group.not_helpful == group.asked:
        return _("the answer did not help")
    if group.not_helpful:
        return _("not answered, or the answer did not help")
    return _("not answered")


def week_bars(weeks: Sequence[tuple[str, int]]) -> Bars:
    return share_bars((calendar(date.fromisoformat(monday)), n) for monday, n in weeks[-12:])


def place_bars(areas: Mapping[str, int], place: Callable[[str], str]) -> tuple[Bars, list[str]]:
    """The areas that may be told, and the names of those of which few asked: below ten a number points at somebody."""
    told = masked(areas, sum(areas.values()))
    found = sorted(areas, key=lambda code: -areas[code])
    shown = [(place(code), told[code]) for code in found if told[code] is not None]
    return share_bars(shown), sorted(place(code) for code in found if told[code] is None)


def of_an_area(n: int, area: str) -> int | None:
    """What a group counts, where it is counted in one `area` ("" is everywhere): None for too few to be told."""
    return None if area and 0 < n < LEAST else n
