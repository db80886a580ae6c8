"""Twilio's refusals in our words; the table is sms/gateways/twilio_errors.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from twilio.base.exceptions import TwilioRestException, TwilioServiceException

from sms.gateway import Outcome

#: A refusal whose code is not in the table, by its HTTP status.
_BY_HTTP_STATUS = {401: "credentials", 403: "credentials", 404: "configuration"}


def our_code(code: object, otherwise: str = "gateway-trouble") -> str:
    """Our error for Twilio's `code`."""
    return _table().get(str(code), otherwise)


def outcome_of(error: TwilioRestException | TwilioServiceException) -> Outcome:
    """What an answer of HTTP 3xx, 4xx or 5xx means for the message.

    After a 5xx the message may exist all the same: Twilio says that a repeat can reach the person twice
    (https://www.twilio.com/docs/api/errors/20500). After a 4xx it does not exist.
    """
    words = getattr(error, "msg", "") or getattr(error, "detail", "") or getattr(error, "title", "")
    raw = f"{error.status} {error.code or ''} {words}"
    if error.status >= 500:
        return Outcome.unknown(raw)
    otherwise = "configuration" if error.status < 400 else _BY_HTTP_STATUS.get(error.status, "gateway-trouble")
    return Outcome.refused(our_code(error.code, otherwise), raw)


@cache
def _table() -> Mapping[str, str]:
    with open(Path(__file__).with_suffix(".toml"), "rb") as file:
        return tomllib.load(file)["codes"]
