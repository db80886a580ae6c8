"""What a provider's answer means for a message, where its own codes say nothing: by the HTTP status."""

from collections.abc import Sequence

from sms.gateway import Outcome
from sms.http import Answer

#: Longest piece of a provider's words that is kept for staff.
LONGEST_WORDS = 300
#: Seconds to wait when a provider only says that it is too much.
TOO_FAST_WAIT = 60.0
_BY_STATUS = {401: "credentials", 404: "configuration", 413: "too-long"}


def by_status(answer: Answer) -> Outcome:
    """A refusal where it surely is one; else nobody can tell."""
    if answer.status == 429:
        return Outcome.refused("too-fast", answer.words, answer.wait or TOO_FAST_WAIT)
    if 300 <= answer.status < 400:
        return Outcome.refused("configuration", answer.words)
    if 400 <= answer.status < 500:
        return Outcome.refused(_BY_STATUS.get(answer.status, "gateway-trouble"), answer.words)
    return Outcome.unknown(answer.words)  # 5xx: it may have been sent all the same; 2xx without the provider's form too


def number(value: object) -> int | None:
    """An error code as providers write it, 5 or "5"; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    digits = str(value).strip()
    return int(digits) if digits.isascii() and digits.lstrip("-").isdecimal() and len(digits) < 12 else None


def hidden(words: str, *secrets: str) -> str:
    """The provider's words without tokens and people's ids, which it likes to repeat."""
    for secret in (each for each in secrets if len(each) > 3):
        words = words.replace(secret, "…")
    return words[:LONGEST_WORDS]


def together(outcomes: Sequence[Outcome], whole: int) -> Outcome:
    """What became of a message that went in `whole` pieces, `outcomes` so far: part of it arrived, so a repeat would
    say that part again.
    """
    last = outcomes[-1]
    if last.error is None or len(outcomes) == 1:
        return last
    return Outcome.unknown(f"piece {len(outcomes)} of {whole}: {last.error.code} {last.error.raw}"[:LONGEST_WORDS])
