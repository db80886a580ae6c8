"""Web addresses in a message: only known hosts, and nothing that only looks like one."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from messages.lint.finding import Finding
from messages.lint.tables import table
from messages.lint.text import Text

_TABLE = table("hosts")
#: Hosts that belong to a state; what is below them does too.
STATE_HOSTS: tuple[str, ...] = tuple(_TABLE["allowed"])
_SHORTENERS: tuple[str, ...] = tuple(_TABLE["shorteners"])
_ENDS = frozenset(_TABLE["ends"].split())

_WITH_SCHEME = re.compile(r"(?<![\w])(?:[a-z][a-z0-9+.-]{1,11}://|www\.)[^\s<>\"'“”‘’«»\0]+", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w.-])(?:[\w.+-]+@)?((?:[\w-]{1,63}\.)+([\w-]{2,24}))(?::\d{1,5})?(?:/[^\s<>\"“”]*)?")
_TRAILING = ".,;:!?)…]}>"
#: Signs that pass for a letter at a glance.
_PASSES_FOR = str.maketrans("01357$", "olests")


class Link(NamedTuple):
    """`host` is in lower case, without port; `disguised` when what stands before an @ hides it."""

    quote: str
    at: int
    host: str
    disguised: bool


def check(texts: Iterable[Text], hosts: Collection[str]) -> Iterator[Finding]:
    """`hosts` are allowed, with what is below them, beside the state's own."""
    allowed = _allowed(hosts)
    for text in texts:
        for link in read(text):
            if code := _wrong(link, allowed):
                yield text.finding(code, "stop", link.at, link.at + len(link.quote), host=link.host)


def read(text: Text) -> list[Link]:
    """Every web or e-mail address in `text`, in order."""
    found = [_link(match[0], match.start()) for match in _WITH_SCHEME.finditer(text.read)]
    taken = [(link.at, link.at + len(link.quote)) for link in found]
    for match in _BARE.finditer(text.read):
        inside = any(start <= match.start() < end for start, end in taken)
        # "đi.Hỏi" is a missing space: a capital after the dot begins a sentence
        if not inside and match[2].lower() in _ENDS and not match[2].istitle():
            found.append(_link(match[0], match.start()))
    return sorted(found, key=lambda link: link.at)


def is_allowed(link: Link, hosts: Collection[str]) -> bool:
    return _wrong(link, _allowed(hosts)) is None


def _allowed(hosts: Collection[str]) -> set[str]:
    return {host for written in hosts if (host := host_of(written))} | set(STATE_HOSTS)


def host_of(written: str) -> str:
    """The host of "https://anlo.example:8443/x" or "anlo.example"; "" when there is none."""
    try:
        return (urlsplit(written if "://" in written else f"//{written}").hostname or "").rstrip(".")
    except ValueError:  # a bracket of an IPv6 address that does not close
        return ""


def _link(quote: str, at: int) -> Link:
    quote = quote.rstrip(_TRAILING)
    authority = quote.partition("://")[2] if "://" in quote else quote
    authority = re.split(r"[/?#\\]", authority, maxsplit=1)[0]
    return Link(quote, at, host_of(authority), "@" in authority and "://" in quote)


def _wrong(link: Link, allowed: Collection[str]) -> str | None:
    if link.disguised or not link.host.isascii() or "xn--" in link.host:
        return "link-lookalike"
    if "://" in link.quote and link.quote.lower().partition("://")[0] not in ("http", "https"):
        return "link-host-unknown"
    if below(link.host, allowed):
        return None
    if below(link.host, _SHORTENERS):
        return "link-shortener"
    return "link-lookalike" if any(_looks_like(link.host, known) for known in allowed) else "link-host-unknown"


def below(host: str, names: Collection[str]) -> bool:
    """Whether `host` is one of `names` or stands below one.

    >>> below("www.gov.uk", ["gov.uk"]), below("notgov.uk", ["gov.uk"])
    (True, False)
    """
    return any(host == name or host.endswith(f".{name}") for name in names)


def _looks_like(host: str, known: str) -> bool:
    """gov.vn.example.com, gov-vn.com, g0v.vn, qov.vn."""
    spelled = host.translate(_PASSES_FOR).replace("rn", "m").replace("vv", "w")
    words = re.split(r"[.-]", known)
    if below(spelled, [known]) or _in_order(words, re.split(r"[.-]", spelled)):
        return True
    end = ".".join(host.split(".")[-len(known.split(".")) :])
    return len(known) >= 6 and _one_letter_apart(end, known)


def _in_order(words: list[str], labels: list[str]) -> bool:
    return any(labels[at : at + len(words)] == words for at in range(len(labels) - len(words) + 1))


def _one_letter_apart(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
