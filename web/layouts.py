"""The form that lays waves out over former districts, communes or lists, and the values behind it."""

from collections.abc import Mapping
from datetime import datetime

from campaigns import areas, layout
from campaigns.layout import Part, Plan
from messages.errors import Mistake
from web import plans
from web.here import rt
from web.ids import id_of

#: Fields of one value, and what stands there at first.
_ONE = {
    "over": "districts",
    "find_lists": "",
    "version": "",
    "form": "vi",
    "at": "",
    "order": "given",
    "daily_quota": "",
    "rate": "",
    "on_holidays": "",
}
#: The field a mistake is about; the others stand above the form.
_FIELDS = {
    "version-unknown": "version",
    "wave-no-text": "form",
    "time-wrong": "at",
    "quota-wrong": "daily_quota",
    "layout-endless": "daily_quota",
    "rate-wrong": "rate",
    "layout-empty": "districts",
    "layout-large": "districts",
}


def field_of(mistake: Mistake) -> str:
    return _FIELDS.get(mistake.code, "")


def given(form: Mapping) -> dict:
    """The form as it was sent, or as it stands at first."""
    shown = {name: form.get(name, usual) for name, usual in _ONE.items()}
    shown |= {name: form.getlist(name) for name in ("districts", "lists")}
    return shown | {"gateway": form.get("gateway", rt.settings["SMS_GATEWAY"])}


def plan_of(form: Mapping) -> Plan:
    """Raises Mistake: rate-wrong, quota-wrong."""
    return Plan(
        version_id=id_of(form["version"]) or 0,
        gateway=form["gateway"],
        form=form["form"],
        rate=plans.rate_of(form),
        daily_quota=plans.quota_of(form),
        on_holidays=bool(form["on_holidays"]),
        link_base=rt.settings.public_url,
    )


def first_of(form: Mapping, now: datetime) -> datetime:
    """When the first wave begins. Raises Mistake: time-wrong."""
    return max(now, plans.starts_of({**form, "when": "at"}))


def parts_of(form: Mapping) -> list[Part]:
    """Raises Mistake: what campaigns.audience.checked raises."""
    lists = [number for each in form["lists"] if (number := id_of(each))]
    if form["over"] == "lists":
        return layout.parts_of_lists(rt.db, lists)
    return layout.parts_of_areas(rt.db, _codes(form), lists)


def _codes(form: Mapping) -> list[str]:
    """The chosen former districts, or today's communes and wards in them."""
    if form["over"] != "communes":
        return form["districts"]
    chosen = [branch for branch in areas.tree(rt.db) if branch.district.code in form["districts"]]
    return [unit.code for branch in chosen for unit in branch.communes]
