"""Short links: a text says an-lo.example/s/k7m2p, the wave says where that leads, and openings are counted by the hour.

One code stands for a wave (and wording), so that nobody is followed. Codes of single people exist only where an officer
switched them on with a reason (`Wave.link_personal`).
"""

import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection

from campaigns.model import LINK, STOP, Wave
from campaigns.store import links as store
from db.engine import Database
from messages.errors import Mistake

#: Nothing that is taken for something else when it is typed from a small screen: no 0 o, 1 l i.
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
#: 28 million codes: nobody guesses one by trying, and four letters less than a long one cost.
LENGTH, PERSONAL_LENGTH = 5, 9
LONGEST_TARGET = 500
#: What our addresses in a text look like before there is a wave that gives it its own.
SAMPLE = {LINK: "anlo.vn/s/k7m2p", STOP: "anlo.vn/stop/k7m2p4x9d"}

PERSON, MACHINE, CONVERSATION = "person", "machine", "conversation"
#: Programs that open links nobody tapped: previews in messengers, mail scanners, search engines.
_ROBOTS = re.compile(r"bot\b|crawl|spider|preview|facebookexternalhit|slurp|scan|curl|wget|python|http-?client", re.I)


@dataclass(frozen=True)
class Opened:
    """A link's openings: by people, by machines, and conversations that began behind it."""

    code: str
    arm: int
    target: str
    people: int
    machines: int
    conversations: int


def new_code(length: int = LENGTH) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def checked_target(target: str, hosts: Collection[str]) -> str:
    """Where a link may lead: a page of our own ("/chat") or https on one of `hosts` (and below it).

    Raises Mistake: link-target-wrong.
    """
    target = target.strip()
    if len(target) > LONGEST_TARGET or not target.isprintable() or not (_is_own(target) or _is_known(target, hosts)):
        raise Mistake("link-target-wrong", target=target[:80], hosts=", ".join(sorted(hosts)))
    return target


def _is_own(target: str) -> bool:
    plain = re.fullmatch(r"/[\w./?=&#%~-]*", target, re.ASCII) is not None
    return plain and "//" not in target and not target.startswith("/s/")


def _is_known(target: str, hosts: Collection[str]) -> bool:
    try:
        parts = urlsplit(target)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = parts.scheme == "https" and port is None and "@" not in parts.netloc and "\\" not in target
    return plain and any(host == each or host.endswith("." + each) for each in hosts)


def address(base: str, code: str) -> str:
    """What stands in the text. Without "https://": phones make a link of it all the same, and it costs letters.

    >>> address("https://an-lo.example/", "k7m2p")
    'an-lo.example/s/k7m2p'
    """
    return f"{base.removeprefix('https://').rstrip('/')}/s/{code}"


def for_wave(c: Connection, wave: Wave, arms: int, now: datetime) -> dict[int, str]:
    """Arm → code of a wave that has a link; made once, so that what was approved is what goes out."""
    known = store.of_wave(c, wave.id)
    for arm in range(arms):
        if arm not in known:
            known[arm] = _add(c, wave, arm, None, LENGTH, now)
    store.lead(c, wave.id, wave.link_target)
    return known


def for_people(c: Connection, wave: Wave, arms: Mapping[int, int], now: datetime) -> dict[int, str]:
    """Contact → code of their own, for the contacts (with their arms) of a wave that follows single people."""
    known = store.of_people(c, wave.id, list(arms))
    for contact, arm in arms.items():
        if contact not in known:
            known[contact] = _add(c, wave, arm, contact, PERSONAL_LENGTH, now)
    return known


def _add(c: Connection, wave: Wave, arm: int, contact: int | None, length: int, now: datetime) -> str:
    while True:
        code = new_code(length)
        if store.add(c, code=code, wave_id=wave.id, arm=arm, contact_id=contact, target=wave.link_target, now=now):
            return code


def follow(db: Database, code: str, *, machine: bool, now: datetime) -> str | None:
    """Where `code` leads, counted; None when it leads nowhere."""
    with db.transaction() as c:
        target = store.target(c, code)
        if target is not None:
            store.count(c, code, MACHINE if machine else PERSON, _hour(now))
    return target


def began(db: Database, code: str, now: datetime) -> bool:
    """Somebody who came through `code` began a conversation; False when there is no such code."""
    with db.transaction() as c:
        known = store.target(c, code) is not None
        if known:
            store.count(c, code, CONVERSATION, _hour(now))
    return known


def is_machine(agent: str, method: str = "GET", purpose: str = "") -> bool:
    """Whether a program opened the link by itself. A browser that fetches ahead is one too, until somebody taps.

    >>> is_machine("Mozilla/5.0 (Linux; Android 9) Chrome/80"), is_machine("facebookexternalhit/1.1")
    (False, True)
    """
    return method == "HEAD" or "prefetch" in purpose.lower() or not agent or _ROBOTS.search(agent) is not None


def opened(db: Database, wave_id: int) -> list[Opened]:
    """The wave's links by arm. Where single people are followed, their codes are added up."""
    with db.reading() as c:
        return [Opened(*row) for row in store.opened(c, wave_id)]


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
