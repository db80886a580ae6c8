"""Where a gateway cannot hear an answer, a text must say another way to stop, and promise none that leads nowhere.

"Text TC to stop" through a gateway that Vietnam cannot answer is a lie: whoever believes it texts into the void, and is
written to again. So such a text carries {{ stop }}, the address of a page with the reader's own code. An address on
Zalo would not do: there nobody knows which number a person's messages go to.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from sqlalchemy import Connection

from campaigns import routing
from campaigns.model import STOP, Texts
from campaigns.store import opening
from campaigns.store import waves as store
from messages import lint, render
from messages.errors import Mistake
from sms import numbers
from sms.gateway import Gateway, Traits


class Plan(Protocol):
    """A wave or a series: through which gateway (or the table of routes), and to whom."""

    gateway: str
    audience: Mapping[str, object]


def check(
    c: Connection, plan: Plan, versions: Iterable[tuple[int, str]], base: str | None,
    gateways: Mapping[str, Gateway], now: datetime,
) -> None:  # fmt: skip
    """`versions` are what the plan says, each with its form; `base` is our own address.

    Raises Mistake: one-way-promise, one-way-no-stop, stop-address-local.
    """
    names = [name for name in routing.names(c, plan.gateway) if name in gateways]
    deaf = [name for name in names if _is_deaf(c, plan.audience, gateways[name].traits, now)]
    leaves = any(gateways[name].traits.leaves_machine for name in names)
    for version, form in versions:
        for spoken, text in _sent(store.texts(c, version), form):
            if deaf:
                _check_text(text, spoken, ", ".join(deaf))
            if leaves:
                _check_address(text, base)


def _is_deaf(c: Connection, audience: Mapping, traits: Traits, now: datetime) -> bool:
    """Whether somebody of the audience cannot answer through this gateway."""
    if not traits.inbound:
        return True
    if not traits.one_way_to:
        return False
    deaf = {code.lstrip("+") for code in traits.one_way_to}
    return any(numbers.calling_code(country) in deaf for country in opening.countries(c, audience, now))


def _sent(texts: Texts, form: str) -> Iterator[tuple[str, str]]:
    """The forms that go out and their texts; one that nobody wrote goes to nobody."""
    for language in ("vi", "en"):
        spoken = "en" if "en" in (form, language) else form
        if text := texts.for_reader(language, form):
            yield spoken, text


def _check_text(text: str, form: str, gateway: str) -> None:
    if promise := lint.promises_to_hear(form, text):
        raise Mistake("one-way-promise", gateway=gateway, quote=promise, say=lint.say_stop_page(form))
    if STOP not in render.compile(text).fields:
        raise Mistake("one-way-no-stop", gateway=gateway, say=lint.say_stop_page(form))


def _check_address(text: str, base: str | None) -> None:
    """An address on this machine opens on nobody's phone."""
    if STOP in render.compile(text).fields and urlsplit(base or "").scheme != "https":
        raise Mistake("stop-address-local")
