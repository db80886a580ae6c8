"""The one form of an audience (campaigns.audience says what it may hold): equal audiences are equal bytes. Pure."""

from collections.abc import Mapping
from datetime import datetime

from db.types import from_utc_text, utc_text
from messages.errors import Mistake

#: "messaged in the last n days": beyond a year it is no longer a matter of being bothered.
MOST_DAYS = 365
_KEYS = {"lists", "areas", "language", "carriers", "sources", "joined", "except"}
_EXCEPT_KEYS = {"lists", "waves", "messaged_days"}


def canonical(audience: Mapping[str, object]) -> dict[str, object]:
    """`audience` sorted, without doubles and empty parts; nothing is looked up. Raises Mistake: audience-wrong."""
    _only(audience, _KEYS)
    excluded = audience.get("except") or {}
    _only(excluded, _EXCEPT_KEYS)
    parts = {
        "lists": _ids("lists", audience),
        "areas": _texts("areas", audience),
        "language": _language(audience.get("language")),
        "carriers": _texts("carriers", audience),
        "sources": _texts("sources", audience),
        "joined": _joined(audience.get("joined") or {}),
        "except": _present(
            {
                "lists": _ids("lists", excluded),
                "waves": _ids("waves", excluded),
                "messaged_days": _days(excluded.get("messaged_days")),
            }
        ),
    }
    if parts["joined"] and not parts["lists"]:
        raise Mistake("audience-wrong", part="joined")
    return _present(parts)


def moment(given: object) -> datetime | None:
    """A stored text, or a datetime as it is."""
    return from_utc_text(given) if isinstance(given, str) else given


def _only(part: object, keys: set[str]) -> None:
    if not isinstance(part, Mapping):
        raise Mistake("audience-wrong", part=part)
    if strange := set(part) - keys:
        raise Mistake("audience-wrong", part=min(map(str, strange)))


def _present(parts: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in parts.items() if value}


def _ids(name: str, part: Mapping[str, object]) -> list[int]:
    try:
        return sorted({int(each) for each in part.get(name) or ()})
    except (TypeError, ValueError):
        raise Mistake("audience-wrong", part=name) from None


def _texts(name: str, part: Mapping[str, object]) -> list[str]:
    given = part.get(name) or ()
    if isinstance(given, str) or not all(isinstance(each, str) for each in given):
        raise Mistake("audience-wrong", part=name)
    return sorted({each for each in given if each.strip()})


def _language(given: object) -> str | None:
    if given not in (None, "", "vi", "en"):
        raise Mistake("audience-wrong", part="language")
    return given or None


def _days(given: object) -> int | None:
    try:
        days = int(given or 0)
    except (TypeError, ValueError):
        raise Mistake("audience-wrong", part="messaged_days") from None
    if not 0 <= days <= MOST_DAYS:
        raise Mistake("audience-days", most=MOST_DAYS)
    return days


def _joined(given: Mapping[str, object]) -> dict[str, str]:
    _only(given, {"from", "to"})
    try:
        return _present({end: utc_text(moment(given.get(end))) for end in ("from", "to") if given.get(end)})
    except (TypeError, ValueError, AttributeError):
        raise Mistake("audience-wrong", part="joined") from None
