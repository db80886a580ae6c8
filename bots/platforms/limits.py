"""What a platform allows, looked at before it is asked: how long after somebody wrote, how many messages, how long."""

from datetime import datetime

from bots.platform import ChatTraits, Reply
from sms.gateway import Outcome

#: How long a reply waits that is over the free number, in seconds: the person may write again meanwhile.
QUOTA_WAIT = 3600.0


def refusal(traits: ChatTraits, reply: Reply, now: datetime, messages: int = 1) -> Outcome | None:
    """Why these messages are not handed over; None when they may be."""
    if reply.heard_at is None:
        return None
    since = now - reply.heard_at
    if traits.window is not None and since > traits.window:
        return Outcome.refused("window-closed", f"they wrote {since.days} days ago")
    if traits.free is None or reply.urgent:
        return None
    most, within = traits.free
    if since > within or reply.said_since + messages > most:
        hours = int(since.total_seconds() // 3600)
        return Outcome.refused("quota", f"{reply.said_since} messages, {hours} hours since they wrote", QUOTA_WAIT)
    return None


def pieces(text: str, longest: int) -> list[str]:
    """`text` in pieces of at most `longest` UTF-16 units, cut after a paragraph, else after a line, else after a word.

    >>> pieces("one two\\n\\nthree", 9)
    ['one two', 'three']
    """
    found, rest = [], text.strip()
    while _units(rest) > longest:
        head = _head(rest, longest)
        cut = next((at for mark in ("\n\n", "\n", " ") if (at := _last(mark, rest, len(head))) > 0), len(head))
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*found, rest]


def _last(mark: str, text: str, within: int) -> int:
    """Where to cut before `mark`; 0 when that would leave a piece of a few words."""
    at = text.rfind(mark, 0, within + len(mark))
    return at if at > within // 4 else 0


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _head(text: str, longest: int) -> str:
    """The longest beginning of `text` in so many units."""
    head = text[:longest]
    while _units(head) > longest:
        head = head[: len(head) - (_units(head) - longest + 1) // 2]
    return head
