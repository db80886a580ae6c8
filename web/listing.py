"""What the pages about people have in common: their tabs, their chosen countries, and a day as a form sends it."""

from datetime import date, datetime, time

from flask import request, url_for
from flask_babel import gettext as _

from campaigns.checking import COUNTRIES
from messages.errors import Mistake
from web import asked
from web.here import rt


def tabs() -> list[tuple[str, str, None, bool]]:
    """The four pages side by side, as components.tabs takes them."""
    places = (
        ("lists.index", _("Lists")),
        ("areas.index", _("Areas")),
        ("optouts.index", _("Opt-outs")),
        ("lists.dead", _("Numbers out of use")),
    )
    alone = ("areas", "optouts")
    here = f"{request.blueprint}.index" if request.blueprint in alone else request.endpoint
    return [(url_for(endpoint), words, None, here == endpoint) for endpoint, words in places]


def countries() -> list[tuple[str, str]]:
    """Of whose numbers without a prefix there may be some: code and name."""
    return [(code, asked.country(code)) for code in COUNTRIES]


def beginning_of(text: str) -> datetime | None:
    """The beginning of the day that a date field sent, in the zone of the pages; None for nothing. Raises Mistake:
    members-until-wrong.
    """
    try:
        return datetime.combine(date.fromisoformat(text), time(), rt.settings.zone) if text else None
    except ValueError:
        raise Mistake("members-until-wrong", text=text[:40]) from None


def day_field(moment: datetime | None) -> str:
    """The moment's day as a date field has it."""
    return moment.astimezone(rt.settings.zone).date().isoformat() if moment else ""
