"""What stands around every officer's page: the rail, the strip that says when nothing leaves this machine, the red
button, and the strip nobody can miss while everything is stopped.
"""

from dataclasses import dataclass

from flask import Flask, g, request
from flask_babel import lazy_gettext as _l

from campaigns import halts
from web.here import officer, rt
from web.ringing import now_waiting, words
from web.story import names


@dataclass(frozen=True)
class Place:
    """A link of the rail: where it leads, its picture and words, the permission without which it is not shown, and the
    other blueprints whose pages belong to it.
    """

    endpoint: str
    icon: str
    words: object
    needed: str = "read"
    also: frozenset[str] = frozenset()

    @property
    def current(self) -> bool:
        return request.blueprint in self.also | {self.endpoint.partition(".")[0]}


RAIL = (
    Place("home.show", "home", _l("Today")),
    Place("messages.index", "messages", _l("Messages"), also=frozenset({"prices", "starters", "trials", "versions"})),
    Place("lists.index", "lists", _l("Lists"), also=frozenset({"uploads", "members", "areas", "optouts", "posters"})),
    Place("waves.index", "waves", _l("Waves"),
          also=frozenset({"campaigns", "series", "rehearsals", "experiments", "restored"})),
    Place("answers.index", "answers", _l("Answers"),
          also=frozenset({"adoptions", "answer_drafts", "answer_versions", "answers_due", "outside", "unanswered"})),
    Place("cases.index", "cases", _l("Cases"), also=frozenset({"duty"})),
    Place("figures.show", "figures", _l("Figures"),
          also=frozenset({"figures_bot", "figures_map", "figures_report", "wave_figures"})),
    Place("handsets.index", "handsets", _l("Test phones")),
    Place("agencies.index", "shield", _l("Agencies")),
    Place("settings.show", "settings", _l("Settings"), needed="admin"),
)


def install(app: Flask) -> None:
    app.context_processor(_around)


def _around() -> dict:
    """The stop is looked up when a page of the desk is drawn, not for a fragment or the public chat."""
    return {
        "officer": officer,
        "trying_out": trying_out(),
        "rail_links": rail_links,
        "halt": standing,
        "bell": now_waiting,
        "bell_words": words,
        "staff_name": lambda staff_id: names()(staff_id),
    }


def standing() -> halts.Halt | None:
    """The stop of everything that holds now."""
    if "halt" not in g:
        g.halt = halts.standing(rt.db)
    return g.halt


def rail_links() -> list[Place]:
    """The places this person may open."""
    return [place for place in RAIL if officer and officer.may(place.needed)]


def trying_out() -> bool:
    """True while the gateway that waves use is one whose messages never leave this machine."""
    gateway = rt.gateways.get(rt.settings["SMS_GATEWAY"])
    return gateway is not None and not gateway.traits.leaves_machine
