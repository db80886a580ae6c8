"""What the contract suite of chat platforms needs to know of one: how its provider speaks, and its special people."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bots.platform import Platform
from sms.gateway import HookRequest

PUBLIC_URL = "https://an-lo.example"


def posted(path: str, headers: Mapping[str, str], body: bytes) -> HookRequest:
    """A provider's request as our door passes it on."""
    return HookRequest("POST", PUBLIC_URL + path, {"Content-Type": "application/json", **headers}, {}, {}, body)


@dataclass(frozen=True)
class Door:
    """How the provider speaks to us. `event(kind, ref, address, text, **more)` is what it posts when a person does
    something (`more`: fields nobody knows), `sign` makes the provider's request of a body, `forge` the same by
    somebody who knows everything but the secret.
    """

    kinds: frozenset[str]
    event: Callable[..., dict]
    sign: Callable[[bytes], HookRequest]
    forge: Callable[[bytes], HookRequest]
    #: Events of the provider that are none of ours, and bodies that are not in its form.
    others: tuple[dict, ...] = ()
    nonsense: tuple[dict, ...] = ()
    #: The signature covers the body; elsewhere it only proves who speaks.
    signs_body: bool = True
    #: The provider says when it happened, and in which language the person's app is.
    tells_time: bool = True
    tells_language: bool = False

    def request(self, kind: str, ref: str, address: str, text: str = "", **more) -> HookRequest:
        return self.sign(json.dumps(self.event(kind, ref, address, text, **more)).encode())


@dataclass(frozen=True)
class Row:
    """A platform and what the suite needs to know of its provider; None or empty where there is no such thing.

    `people` gives ordinary people by number; `refused` is address → our error; `kept` gives the texts the provider
    has for an address; `pressed` the data of the buttons under the last of them.
    """

    platform: Platform
    people: Callable[[int], str]
    kept: Callable[[str], list[str]] | None = None
    refused: Mapping[str, str] = field(default_factory=dict)
    #: Refused once with a wait of two seconds.
    too_fast: str | None = None
    no_answer_but_kept: str | None = None
    no_answer_and_lost: str | None = None
    #: The provider fails over this one: HTTP 5xx, and nobody can tell whether the message exists.
    trouble: str | None = None
    pressed: Callable[[str], list[str]] | None = None
    #: The same platform when nobody listens at its provider's address, and when nothing is set up.
    out_of_reach: Callable[[], Platform] | None = None
    not_set_up: Callable[[], Platform] | None = None
    missing: frozenset[str] = frozenset()
    #: Must never be seen in an outcome or a log.
    secrets: tuple[str, ...] = ()
    door: Door | None = None
