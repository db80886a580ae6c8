"""The words of an alert: who is in danger is never in them, only which case to open. Pure but for reading its words.

They go to staff and stand in messages/{vi,en}/alerts.toml. An SMS is one segment without accents.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import messages
from bots.alerts.model import Alert, Letter
from messages.errors import LANGUAGES
from sms.segments import GSM_7, count
from sms.unaccent import unaccent

#: Reasons named in one alert.
MOST_REASONS = 2
_HERE = Path(messages.__file__).parent
_BLANK = re.compile(r"\s+")


@cache
def words(language: str) -> Mapping:
    """What stands in alerts.toml of "vi" or "en"."""
    with open(_HERE / (language if language in LANGUAGES else "vi") / "alerts.toml", "rb") as file:
        return tomllib.load(file)


def sms(alert: Alert, url: str) -> str:
    """The SMS: as much as one segment holds, the number of the case always."""
    if alert.case_id is None:
        return _plain(words(alert.language)["trial_sms"], url=url)
    number = _told(alert)
    longest, without_reason, shortest = (
        _plain(words(alert.language)[form], case=told, url=url, state=_state(alert))
        for form, told in (("sms", _case(alert)), ("sms", number), ("sms_short", number))
    )
    return next((text for text in (longest, without_reason) if _one_segment(text)), shortest)


def letter(alert: Alert, url: str) -> Letter:
    """The e-mail."""
    said = words(alert.language)
    form = "trial" if alert.case_id is None else "email"
    case = _case(alert)
    return Letter(
        key=f"alert-{alert.id}",
        to=alert.address,
        subject=said[f"{form}_subject"].format(case=case),
        text=said[f"{form}_text"].format(case=case, url=url, round=alert.round, name=alert.name, state=_state(alert)),
    )


def _case(alert: Alert) -> str:
    """“việc số 12, bị nhốt”; only the number where there is no reason to tell."""
    if alert.case_id is None:
        return ""
    reasons = words(alert.language)["reasons"]
    known = [reasons[code] for code in alert.reason.split(", ") if code in reasons]
    return _told(alert, known[:MOST_REASONS])


def _told(alert: Alert, reasons: Sequence[str] = ()) -> str:
    said = words(alert.language)
    more = [said["more"].format(n=alert.more)] if alert.more else []
    return ", ".join((said["case"].format(n=alert.case_id), *reasons, *more))


def _state(alert: Alert) -> str:
    return words(alert.language)["states"]["silent" if alert.claimed else "nobody"]


def _plain(text: str, **values: str) -> str:
    """In one line and without accents; the address of a page stays as it is."""
    return _BLANK.sub(" ", unaccent(text.format(**values))).strip()


def _one_segment(text: str) -> bool:
    counted = count(text)
    return counted.encoding == GSM_7 and counted.segments == 1
