"""The form of a wave's plan: what was given, the values behind it, and which field a mistake is about."""

import math
from collections.abc import Mapping
from datetime import datetime

from campaigns import controls, routing
from campaigns.model import FAILURE_LIMIT, Wave
from messages.errors import Mistake
from web.here import rt
from web.ids import id_of

_LOCAL = "%Y-%m-%dT%H:%M"
#: Fields of one value, and what stands there at first.
_ONE = {
    "name": "",
    "campaign": "",
    "find_lists": "",
    "find_areas": "",
    "language": "",
    "messaged_days": "",
    "joined_from": "",
    "joined_to": "",
    "version": "",
    "form": "vi",
    "link_target": "",
    "link_personal": "",
    "when": "now",
    "at": "",
    "rate": "",
    "daily_quota": "",
    "budget": "",
    "failure_limit": str(FAILURE_LIMIT),
    "control": "",
    "on_holidays": "",
    "outside_hours": "",
}
#: Fields of any number of values.
MANY = ("lists", "areas", "carriers", "sources", "except_lists", "except_waves")
#: The field a mistake is about; the others stand above the form.
_FIELDS = {
    "wave-unnamed": "name",
    "wave-name-unusable": "name",
    "audience-empty": "find_lists",
    "audience-list-gone": "find_lists",
    "area-unknown": "find_areas",
    "audience-area-former": "find_areas",
    "audience-days": "messaged_days",
    "days-wrong": "messaged_days",
    "version-unknown": "version",
    "message-blocked": "version",
    "wave-no-text": "form",
    "form-unknown": "form",
    "one-way-promise": "version",
    "one-way-no-stop": "version",
    "stop-address-local": "version",
    "stop-base-missing": "version",
    "link-target-missing": "link_target",
    "link-target-wrong": "link_target",
    "time-wrong": "at",
    "rate-wrong": "rate",
    "quota-wrong": "daily_quota",
    "budget-wrong": "budget",
    "failure-limit-wrong": "failure_limit",
    "control-wrong": "control",
    "campaign-unknown": "campaign",
    "campaign-closed": "campaign",
}


def field_of(mistake: Mistake) -> str:
    return _FIELDS.get(mistake.code, "")


def given(form: Mapping) -> dict:
    """The form as it was sent, or as a link asks for it (`list`, `version`, `campaign`)."""
    shown = {name: form.get(name, usual) for name, usual in _ONE.items()}
    shown |= {name: [value for value in form.getlist(name) if value] for name in MANY}
    shown["lists"] = shown["lists"] or form.getlist("list")
    shown["gateway"] = form.get("gateway", rt.settings["SMS_GATEWAY"])
    return shown


def plan_of(wave: Wave) -> dict:
    """The form of a wave that stands already."""
    local = wave.starts_at.astimezone(rt.settings.zone).strftime(_LOCAL) if wave.starts_at else ""
    return {
        **_ONE,
        **_audience_of(wave.audience),
        "name": wave.name,
        "campaign": _shown(wave.campaign_id),
        "version": str(wave.version_id),
        "form": wave.form,
        "link_target": wave.link_target or "",
        "link_personal": wave.link_personal or "",
        "when": "at" if local else "now",
        "at": local,
        "rate": "" if wave.rate is None else f"{wave.rate:g}",
        "gateway": wave.gateway,
        "daily_quota": _shown(wave.daily_quota),
        "budget": _shown(wave.budget_vnd),
        "failure_limit": str(wave.failure_limit),
        "control": _shown(wave.control),
        "on_holidays": _ticked(wave.on_holidays),
        "outside_hours": _ticked(wave.ignore_quiet_hours),
    }


def _audience_of(audience: Mapping) -> dict:
    excluded, joined = audience.get("except", {}), audience.get("joined", {})
    many = {name: audience.get(name, ()) for name in ("lists", "areas", "carriers", "sources")}
    many |= {"except_lists": excluded.get("lists", ()), "except_waves": excluded.get("waves", ())}
    return {
        **{name: [str(value) for value in values] for name, values in many.items()},
        "language": audience.get("language", ""),
        "messaged_days": _shown(excluded.get("messaged_days")),
        "joined_from": joined.get("from", ""),
        "joined_to": joined.get("to", ""),
    }


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)


def _ticked(value: bool) -> str:
    return "1" if value else ""


def values_of(plan: Mapping) -> dict:
    """The arguments of campaigns.waves.plan, from a form as `given` read it. Raises Mistake for what cannot be read."""
    return {
        "name": plan["name"],
        "campaign_id": id_of(plan["campaign"]),
        "version_id": id_of(plan["version"]) or 0,
        "audience": audience_of(plan),
        "gateway": plan["gateway"],
        "form": plan["form"],
        **links_of(plan),
        "rate": rate_of(plan),
        "starts_at": starts_of(plan),
        "ignore_quiet_hours": _outside_hours(plan),
        **limits_of(plan),
        "control": control_of(plan),
        "on_holidays": bool(plan["on_holidays"]),
    }


def links_of(plan: Mapping) -> dict[str, str | None]:
    """Where the short link of the text leads, and the address of ours it is written with."""
    target = plan["link_target"].strip() or None
    return {
        "link_target": target,
        "link_base": rt.settings.public_url,
        "link_personal": (plan["link_personal"].strip() or None) if target else None,
    }


def limits_of(plan: Mapping) -> dict[str, int | None]:
    """Raises Mistake: quota-wrong, budget-wrong, failure-limit-wrong."""
    return {
        "daily_quota": quota_of(plan),
        "budget_vnd": budget_of(plan),
        "failure_limit": _whole(plan["failure_limit"], "failure-limit-wrong", "limit") or FAILURE_LIMIT,
    }


def audience_of(plan: Mapping) -> dict:
    """The audience as campaigns.audience reads it. Raises Mistake: days-wrong."""
    return {
        **{name: plan[name] for name in ("lists", "areas", "carriers", "sources", "language")},
        "joined": {end: plan[f"joined_{end}"] for end in ("from", "to") if plan[f"joined_{end}"]},
        "except": {
            "lists": plan["except_lists"],
            "waves": plan["except_waves"],
            "messaged_days": _whole(plan["messaged_days"], "days-wrong", "days"),
        },
    }


def _outside_hours(plan: Mapping) -> bool:
    """Only an exercise may ignore the night: through a gateway that hands nothing to anybody."""
    if not plan["outside_hours"]:
        return False
    traits = routing.traits_of(rt.db, plan["gateway"], rt.gateways)
    if traits is None or traits.leaves_machine:
        raise Mistake("quiet-hours-hold")
    return True


def rate_of(plan: Mapping) -> float | None:
    """Messages a second. Raises Mistake: rate-wrong."""
    if not plan["rate"].strip():
        return None
    try:
        rate = float(plan["rate"].replace(",", "."))
    except ValueError as error:
        raise Mistake("rate-wrong", rate=plan["rate"][:40]) from error
    if not math.isfinite(rate):
        raise Mistake("rate-wrong", rate=plan["rate"][:40])
    return rate


def quota_of(plan: Mapping) -> int | None:
    """Messages a day. Raises Mistake: quota-wrong."""
    return _whole(plan["daily_quota"], "quota-wrong", "quota")


def budget_of(plan: Mapping) -> int | None:
    """VND. Raises Mistake: budget-wrong."""
    return _whole(plan["budget"], "budget-wrong", "budget")


def control_of(plan: Mapping) -> int | None:
    """Percent of the people who get nothing. Raises Mistake: control-wrong."""
    percent = plan["control"].strip().removesuffix("%").strip()
    if percent and not (percent.isascii() and percent.isdigit() and len(percent) <= 3):
        raise Mistake("control-wrong", percent=percent[:40], least=controls.LEAST, most=controls.MOST)
    return controls.checked(int(percent)) if percent else None


def _whole(text: str, code: str, name: str) -> int | None:
    """A number as people write it ("1.200.000", "1 200 000"); None for nothing."""
    digits = "".join(letter for letter in text if letter not in " .,\u00a0\u202f")
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        raise Mistake(code, **{name: text[:40]})
    return int(digits) if digits else None


def starts_of(plan: Mapping) -> datetime | None:
    """As a browser's date-and-time field sends it, in the zone of the pages. Raises Mistake: time-wrong."""
    if plan["when"] != "at":
        return None
    try:
        return datetime.strptime(plan["at"], _LOCAL).replace(tzinfo=rt.settings.zone)
    except ValueError as error:
        raise Mistake("time-wrong", text=plan["at"]) from error
