"""The form of a wave's plan: what it offers, what was given, and the values behind it."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _

from campaigns import authoring, lists
from campaigns.model import Form, Wave
from messages.errors import Mistake
from web.here import rt
from web.words import FORMS

_LOCAL = "%Y-%m-%dT%H:%M"


def choices() -> dict:
    """What there is to choose from: lists, messages, forms of Vietnamese, gateways that are ready."""
    return {
        "lists": lists.all(rt.db),
        "messages": [(each.id, each.title) for each in authoring.messages(rt.db)],
        "forms": [(form.value, FORMS[form.value]) for form in Form],
        "gateways": _gateways(),
    }


def _gateways() -> list[tuple[str, str]]:
    """The usual one first."""
    ready = [name for name, gateway in rt.gateways.items() if gateway.readiness().ready]
    usual = rt.settings["SMS_GATEWAY"]
    return [(name, _gateway_words(name)) for name in sorted(ready, key=lambda name: name != usual)]


def _gateway_words(name: str) -> str:
    return name if rt.gateways[name].traits.leaves_machine else _("%(name)s (nothing leaves this machine)", name=name)


def given(form: Mapping) -> dict:
    """The form as it was sent, or as a link asks for it (`list`, `version`)."""
    chosen = form.getlist("lists") or form.getlist("list")
    return {
        "name": form.get("name", ""),
        "lists": chosen,
        "version": form.get("version", ""),
        "form": form.get("form", "vi"),
        "when": form.get("when", "now"),
        "at": form.get("at", ""),
        "rate": form.get("rate", ""),
        "gateway": form.get("gateway", rt.settings["SMS_GATEWAY"]),
        "outside_hours": bool(form.get("outside_hours")),
    }


def plan_of(wave: Wave) -> dict:
    """The form of a wave that stands already."""
    local = wave.starts_at.astimezone(rt.settings.zone).strftime(_LOCAL) if wave.starts_at else ""
    return {
        "name": wave.name,
        "lists": [str(each) for each in wave.audience["lists"]],
        "version": wave.version_id,
        "form": wave.form,
        "when": "at" if local else "now",
        "at": local,
        "rate": "" if wave.rate is None else f"{wave.rate:g}",
        "gateway": wave.gateway,
        "outside_hours": wave.ignore_quiet_hours,
    }


def values_of(form: Mapping) -> dict:
    """The arguments of campaigns.waves.plan. Raises Mistake for what cannot be read."""
    return {
        "name": form.get("name", ""),
        "version_id": form.get("version", 0, int),
        "audience": {"lists": form.getlist("lists", int)},
        "gateway": form.get("gateway", rt.settings["SMS_GATEWAY"]),
        "form": form.get("form", "vi"),
        "rate": _rate(form.get("rate", "")),
        "starts_at": _moment(form.get("at", "")) if form.get("when") == "at" else None,
        "ignore_quiet_hours": _outside_hours(form),
    }


def _outside_hours(form: Mapping) -> bool:
    """Only an exercise may ignore the night: through a gateway that hands nothing to anybody."""
    if not form.get("outside_hours"):
        return False
    gateway = rt.gateways.get(form.get("gateway", rt.settings["SMS_GATEWAY"]))
    if gateway is None or gateway.traits.leaves_machine:
        raise Mistake("quiet-hours-hold")
    return True


def _rate(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise Mistake("rate-wrong", rate=text) from error


def _moment(text: str) -> datetime:
    """As a browser's date-and-time field sends it, in the zone of the pages."""
    try:
        return datetime.strptime(text, _LOCAL).replace(tzinfo=rt.settings.zone)
    except ValueError as error:
        raise Mistake("time-wrong", text=text) from error
