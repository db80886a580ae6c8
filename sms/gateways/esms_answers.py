"""eSMS's answers in our words; the table is sms/gateways/esms_errors.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sms.gateway import Outcome
from sms.http import Answer

#: It has the message; it has had it before, from a hand-over whose answer we did not hear.
ACCEPTED, REPEATED = "100", "124"

#: A refusal without a CodeResult, by its HTTP status.
_BY_HTTP_STATUS = {401: "credentials", 403: "credentials", 404: "configuration", 405: "configuration", 429: "too-fast"}


def our_code(code: str) -> str | None:
    """Our error for eSMS's `code`; None when the table does not say."""
    return _table().get(code)


def outcome_of(answer: Answer, request_id: str) -> Outcome:
    """What an answer means for the message. Where eSMS says no SMSID, as with 124, our RequestId stands for it."""
    content = (answer.content if answer.status == 200 else None) or {}
    code = str(content.get("CodeResult") or "")
    if code in (ACCEPTED, REPEATED):
        return Outcome.accepted(str(content.get("SMSID") or request_id))
    words = f"{code} {content.get('ErrorMessage') or ''}" if code else answer.words
    refused = our_code(code) if code else _by_http_status(answer.status)
    return Outcome.refused(refused, words, answer.wait) if refused else Outcome.unknown(words)


def _by_http_status(status: int) -> str | None:
    """None where nobody can tell: a message may come of an answer that is broken, and of one that says 500."""
    if status == 200 or status >= 500:
        return None
    return _BY_HTTP_STATUS.get(status, "configuration" if status < 400 else "gateway-trouble")


@cache
def _table() -> Mapping[str, str]:
    with open(Path(__file__).with_name("esms_errors.toml"), "rb") as file:
        return tomllib.load(file)["codes"]
