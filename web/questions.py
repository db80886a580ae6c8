"""The ten questions that whoever reviews the work asks most, and the page that answers each: one click on Figures, one
on the question. docs/officers.*.md lists them in the same words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext as _l

from campaigns import periods
from campaigns.waves import browsing
from db.engine import Database


@dataclass(frozen=True)
class Facts:
    """What the addresses depend on: the month that ended last, and the two waves that opened last, the newest first."""

    month: str
    waves: Sequence[int]


#: Waves looked at for the two newest in which there is anybody.
_LOOKED_AT = 50


def _report(part: str) -> Callable[[Facts], str]:
    return lambda facts: url_for("figures_report.show", month=facts.month, _anchor=part)


def _newest_wave(part: str) -> Callable[[Facts], str]:
    return lambda facts: (
        url_for("wave_figures.show", wave_id=facts.waves[0], _anchor=part)
        if facts.waves
        else url_for("wave_figures.index")
    )


def _two_newest(facts: Facts) -> str:
    if len(facts.waves) < 2:
        return url_for("wave_figures.index")
    return url_for("wave_figures.compare", a=facts.waves[0], b=facts.waves[1])


def _map(facts: Facts) -> str:
    newest = {"wave": facts.waves[0]} if facts.waves else {}
    return url_for("figures_map.show", **newest, _anchor="table")


def _at(endpoint: str, part: str | None = None) -> Callable[[Facts], str]:
    return lambda facts: url_for(endpoint, _anchor=part)


#: (the question, where it is answered)
QUESTIONS = (
    (_l("How many messages arrived last month, and what did one that arrived cost?"), _report("sentences")),
    (_l("Which commune opted out most last month?"), _report("opt-outs")),
    (_l("How much of its budget has each campaign used?"), _at("campaigns.index")),
    (_l("Why did messages of the newest wave not arrive?"), _newest_wave("failures")),
    (_l("Did the last two waves differ?"), _two_newest),
    (_l("In which communes do the fewest messages arrive?"), _map),
    (_l("What do people ask about most?"), _at("figures_bot.show", "topics")),
    (_l("What was asked after the newest wave?"), _newest_wave("asked")),
    (_l("What could the bot not answer?"), _at("figures_bot.show", "unanswered")),
    (_l("How long do people wait for a person?"), _at("figures_bot.show", "desk")),
)


def links(db: Database, now: datetime) -> list[tuple[object, str]]:
    """(question, address), as a page lists them."""
    there = [wave.id for wave, figures in browsing.opened(db, _LOOKED_AT) if figures.total]
    facts = Facts(f"{periods.before(periods.today_of(now)):%Y-%m}", there[:2])
    return [(question, address(facts)) for question, address in QUESTIONS]
