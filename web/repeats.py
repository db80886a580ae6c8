"""The form of a series' rule: what was given, the values behind it, the rule in words, and which field a mistake is
about.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns.pacing import ZONE
from campaigns.series import Series, upcoming
from campaigns.timetable import AFTER_JOINING, REPEATING, Timetable
from messages.errors import Mistake
from web import month, plans
from web.here import rt
from web.ids import id_of
from web.language import calendar

#: Fields of one value, and what stands there at first.
_ONE = {
    "name": "",
    "campaign": "",
    "find_lists": "",
    "find_areas": "",
    "language": "",
    "messaged_days": "",
    "version": "",
    "form": "vi",
    "kind": REPEATING,
    "rhythm": "days",
    "every_days": "7",
    "days_after": "3",
    "at_time": "08:00",
    "starts_on": "",
    "ends_on": "",
    "most_people": "1000",
    "daily_quota": "",
    "budget": "",
}
#: Fields of any number of values.
_MANY = ("lists", "areas", "weekdays")
#: Parts of an audience that this form has no box for.
_NOT_ASKED = {"carriers": [], "sources": [], "except_lists": [], "except_waves": [], "joined_from": "", "joined_to": ""}
#: The field a mistake is about; the others stand above the form.
_FIELDS = {
    "series-unnamed": "name",
    "series-name-unusable": "name",
    "audience-empty": "find_lists",
    "audience-list-gone": "find_lists",
    "series-no-list": "find_lists",
    "audience-area-former": "find_areas",
    "audience-days": "messaged_days",
    "days-wrong": "messaged_days",
    "version-unknown": "version",
    "wave-no-text": "form",
    "series-link": "version",
    "series-time-wrong": "at_time",
    "series-dates-wrong": "starts_on",
    "series-days-wrong": "every_days",
    "series-joining-wrong": "days_after",
    "series-most-wrong": "most_people",
    "quota-wrong": "daily_quota",
    "budget-wrong": "budget",
    "campaign-unknown": "campaign",
    "campaign-closed": "campaign",
}


def field_of(mistake: Mistake) -> str:
    return _FIELDS.get(mistake.code, "")


def given(form: Mapping) -> dict:
    """The form as it was sent, or as a link asks for it (`list`, `version`, `campaign`)."""
    shown = {name: form.get(name, usual) for name, usual in _ONE.items()}
    shown |= {name: form.getlist(name) for name in _MANY}
    shown["lists"] = shown["lists"] or form.getlist("list")
    return shown | {"gateway": form.get("gateway", rt.settings["SMS_GATEWAY"])}


def form_of(series: Series) -> dict:
    """The form of a series that stands already."""
    table, audience = series.table, series.audience
    return {
        **_ONE,
        "name": series.name,
        "campaign": _shown(series.campaign_id),
        "lists": [str(each) for each in audience.get("lists", ())],
        "areas": list(audience.get("areas", ())),
        "language": audience.get("language", ""),
        "messaged_days": _shown(audience.get("except", {}).get("messaged_days")),
        "version": str(series.version_id),
        "form": series.form,
        "gateway": series.gateway,
        "kind": table.kind,
        "rhythm": "weekdays" if table.weekdays else "days",
        "every_days": _shown(table.every_days) or _ONE["every_days"],
        "weekdays": [str(day) for day in table.weekdays],
        "days_after": _shown(table.days_after) or _ONE["days_after"],
        "at_time": f"{table.at_time:%H:%M}",
        "starts_on": table.starts_on.isoformat(),
        "ends_on": table.ends_on.isoformat() if table.ends_on else "",
        "most_people": str(series.most_people),
        "daily_quota": _shown(series.daily_quota),
        "budget": _shown(series.budget_vnd),
    }


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)


def values_of(form: Mapping, now: datetime) -> dict:
    """The arguments of campaigns.series.plan. Raises Mistake for what cannot be read."""
    return {
        "name": form["name"],
        "campaign_id": id_of(form["campaign"]),
        "version_id": id_of(form["version"]) or 0,
        "form": form["form"],
        "gateway": form["gateway"],
        "audience": {name: part for name, part in plans.audience_of({**_NOT_ASKED, **form}).items() if part},
        "table": _table(form, now),
        "most_people": _number(form["most_people"], "series-most-wrong", 1_000_000) or 0,
        "daily_quota": plans.quota_of(form),
        "budget_vnd": plans.budget_of(form),
    }


def _table(form: Mapping, now: datetime) -> Timetable:
    """Raises Mistake: series-time-wrong, series-dates-wrong, series-days-wrong, series-joining-wrong."""
    on_weekdays = form["kind"] == REPEATING and form["rhythm"] == "weekdays"
    if on_weekdays and not form["weekdays"]:
        raise Mistake("series-days-wrong", most=366)
    return Timetable(
        kind=form["kind"],
        at_time=_time(form["at_time"]),
        starts_on=_date(form["starts_on"]) or now.astimezone(ZONE).date(),
        ends_on=_date(form["ends_on"]),
        every_days=_number(form["every_days"], "series-days-wrong", 366) if form["kind"] == REPEATING else None,
        weekdays=tuple(int(day) for day in form["weekdays"] if day in "1234567") if on_weekdays else (),
        days_after=_number(form["days_after"], "series-joining-wrong", 366) if form["kind"] == AFTER_JOINING else None,
    )


def _number(text: str, code: str, most: int) -> int | None:
    digits = text.replace(".", "").replace(",", "").strip()
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Mistake(code, most=most)
    return int(digits) if digits else None


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise Mistake("series-time-wrong", first="07:00", last="21:00") from error


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Mistake("series-dates-wrong") from error


def coming(found: Series, now: datetime, most: int) -> list[tuple[datetime, date | None]]:
    """The next occurrences: (moment, the day on which those joined whom it is for, or None)."""
    back = timedelta(days=found.table.days_after) if found.table.days_after else None
    return [(at, back and day - back) for day, at in upcoming(found, now, most)]


def rhythm(table: Timetable) -> str:
    """How often, in one phrase: "every 7 days at 08:00, from 02/12/2026"."""
    hour, first = f"{table.at_time:%H:%M}", calendar(table.starts_on)
    if table.ends_on:
        return _("%(often)s at %(hour)s, from %(first)s to %(last)s", often=_often(table), hour=hour, first=first,
                 last=calendar(table.ends_on))  # fmt: skip
    return _("%(often)s at %(hour)s, from %(first)s on", often=_often(table), hour=hour, first=first)


def _often(table: Timetable) -> str:
    if table.kind == AFTER_JOINING:
        return ngettext("%(num)s day after joining a list", "%(num)s days after joining a list", table.days_after)
    if table.weekdays:
        return _("every %(days)s", days=", ".join(dict(month.week())[str(day)] for day in table.weekdays))
    if table.every_days == 1:
        return _("every day")
    return ngettext("every %(num)s day", "every %(num)s days", table.every_days)
