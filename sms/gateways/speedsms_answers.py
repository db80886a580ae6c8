"""SpeedSMS' answers in our words, one outcome a number; the table is sms/gateways/speedsms_errors.toml."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from sms.gateway import Outcome
from sms.http import Answer, seconds

#: A refusal without a code in it, by its HTTP status.
_BY_HTTP_STATUS = {401: "credentials", 403: "credentials", 404: "configuration", 405: "configuration"}
_NUMBER = re.compile(r"\+?\d[\d .-]{6,}\d")


def outcomes_of(answer: Answer, numbers: Sequence[str], ref: Callable[[str, str], str]) -> list[Outcome]:
    """What the answer to a call means for each of its `numbers` (digits, no two alike). `ref` makes our id of a message
    from the call's tranId and its number.
    """
    content = answer.content or {}
    if answer.status == 200 and content.get("status") == "success":
        return _taken(content, numbers, ref)
    if answer.status < 500 and content.get("status") == "error" and "code" in content:
        return _refused(content, numbers)
    return [_without_code(answer)] * len(numbers)


def _taken(content: Mapping, numbers: Sequence[str], ref: Callable[[str, str], str]) -> list[Outcome]:
    """Numbers it names as invalid were left out. When it names one that we do not know, or no tranId, nobody can tell
    what became of the others.
    """
    found = content.get("data") if isinstance(content.get("data"), dict) else {}
    tran_id, invalid = _plain(found.get("tranId")), _numbers(found)
    if not tran_id or invalid - set(numbers):
        otherwise = [Outcome.unknown("no tranId" if not tran_id else "invalidPhone")] * len(numbers)
    else:
        otherwise = [Outcome.accepted(ref(tran_id, number)) for number in numbers]
    return _with_invalid(numbers, invalid, otherwise)


def _refused(content: Mapping, numbers: Sequence[str]) -> list[Outcome]:
    """Nothing of the call was sent, as far as the code says so. Because of a wrong number (105) the others are refused
    too: those are right as far as we know, and go again in smaller calls until it is known which one it was.
    """
    code, words = _plain(content["code"]), _plain(content.get("message"))
    raw = _NUMBER.sub("…", f"{code} {words}").strip()[:300]
    ours = _table()["codes"].get(code, "unknown")
    if ours == "unknown":
        return [Outcome.unknown(raw)] * len(numbers)
    if ours != "number-invalid" or len(numbers) == 1:
        return [Outcome.refused(ours, raw)] * len(numbers)
    return _with_invalid(numbers, _numbers(content), [Outcome.refused("one-of-many", raw)] * len(numbers))


def _without_code(answer: Answer) -> Outcome:
    """Not in SpeedSMS' form: too many calls, a proxy in between, an error of its web server."""
    raw = _NUMBER.sub("…", answer.words)
    if answer.status == 429:
        return Outcome.refused("too-fast", raw, seconds(answer.headers.get("x-rate-limit-reset")) or answer.wait)
    if answer.status < 300 or answer.status >= 500:
        return Outcome.unknown(raw)
    otherwise = "configuration" if answer.status < 400 else "gateway-trouble"
    return Outcome.refused(_BY_HTTP_STATUS.get(answer.status, otherwise), raw)


def _with_invalid(numbers: Sequence[str], invalid: set[str], outcomes: Sequence[Outcome]) -> list[Outcome]:
    left_out = Outcome.refused("number-invalid", "invalidPhone")
    return [left_out if number in invalid else each for number, each in zip(numbers, outcomes, strict=True)]


def _numbers(content: Mapping) -> set[str]:
    """The numbers under invalidPhone, as we write them."""
    listed = content.get("invalidPhone") or []
    return {as_sent(_plain(each)) for each in (listed if isinstance(listed, list) else [listed])}


def as_sent(number: str) -> str:
    """Digits with the country's code.

    >>> as_sent("+84912345678"), as_sent("0912 345 678")
    ('84912345678', '84912345678')
    """
    digits = re.sub(r"\D", "", number)
    return "84" + digits[1:] if digits.startswith("0") else digits


def status_of(reported: int) -> str:
    """What a delivery report means: a failure that may pass says no more than that the message was taken."""
    reports = _table()["reports"]
    if reported == reports["arrived"]:
        return "delivered"
    return "undelivered" if reported >= reports["final_failure_from"] else "accepted"


def limits() -> Mapping[str, int]:
    """numbers_per_call, calls_per_minute."""
    return _table()["limits"]


def _plain(value: object) -> str:
    """Ids, codes and numbers come as numbers or as text."""
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


@cache
def _table() -> Mapping[str, Mapping]:
    with open(Path(__file__).with_name("speedsms_errors.toml"), "rb") as file:
        return tomllib.load(file)
