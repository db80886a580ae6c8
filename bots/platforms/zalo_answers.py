"""Zalo's answers in our words; the table is bots/platforms/zalo_errors.toml."""

import logging
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bots.platforms.answers import by_status, number
from sms.gateway import Outcome
from sms.http import Answer

log = logging.getLogger(__name__)
#: Fewer messages left than this are worth a line in the log.
FEW_LEFT = 100


def outcome_of(answer: Answer) -> Outcome:
    """Zalo says no inside HTTP 200: only `error` 0 is a yes. After HTTP 5xx nobody can tell."""
    content = answer.content
    code = number(content.get("error")) if content else None
    if code is None or answer.status >= 500:
        return by_status(answer)
    if code == 0:
        return _accepted(content) if answer.status < 300 else by_status(answer)
    ours = our_code(code)
    words = f"{code} {content.get('message', '')}"
    return Outcome.refused(ours, words, answer.wait or _table()["waits"].get(ours))


def our_code(code: int) -> str:
    """Our error for Zalo's; a code nobody knows is a refusal that is not tried again."""
    return _table()["codes"].get(str(code), "content-refused")


def _accepted(content: Mapping) -> Outcome:
    told = content.get("data")
    told = told if isinstance(told, dict) else {}
    _note_quota(told.get("quota"))
    return Outcome.accepted(str(told.get("message_id") or ""))


def _note_quota(quota: object) -> None:
    """`reply` counts the 8 free answers to one person; what comes from another quota costs money, and runs out."""
    if not isinstance(quota, dict) or quota.get("quota_type") in (None, "reply"):
        return
    left = number(quota.get("remain"))
    if left is not None and left < FEW_LEFT:
        log.warning("Zalo: %s messages left of %s", left, str(quota["quota_type"])[:40])


@cache
def _table() -> Mapping[str, Mapping]:
    with open(Path(__file__).with_name("zalo_errors.toml"), "rb") as file:
        return tomllib.load(file)
