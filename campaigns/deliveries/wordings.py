"""What a wave says: one script per wording it compares (usually one), with its short link written in."""

from collections.abc import Sequence

from sqlalchemy import Connection

from campaigns import links, stops
from campaigns.deliveries.script import Script
from campaigns.model import LINK, STOP, Texts, Wave
from campaigns.store import experiments, waves
from campaigns.store import links as link_store

#: Stands for a code in a preview of a wave that gives every person a code of their own.
SAMPLE_CODE = "x" * links.PERSONAL_LENGTH


def scripts(c: Connection, wave: Wave, texts: Texts) -> tuple[Script, ...]:
    """By arm, the wave's own wording (`texts`) first."""
    codes = link_store.of_wave(c, wave.id) if wave.link_target and wave.link_base else {}
    arms = [(texts, wave.form), *((waves.texts(c, version), form) for version, form in experiments.others(c, wave.id))]
    return tuple(Script(each, form, _shared(wave, codes.get(n))) for n, (each, form) in enumerate(arms))


def _shared(wave: Wave, code: str | None) -> dict[str, str]:
    shared = {}
    if wave.link_base:
        shared[STOP] = stops.address(wave.link_base, stops.SAMPLE_CODE)
    if code is not None:
        shared[LINK] = links.address(wave.link_base, SAMPLE_CODE if wave.link_personal else code)
    return shared


def personal(those: Sequence[Script], own_links: object) -> bool:
    """Whether hardly two people get the same text: words, an address to stop at or, with `own_links`, a link of their
    own.
    """
    own = {STOP, LINK} if own_links else {STOP}
    return any(script.personal or any(script.uses(field) for field in own) for script in those)


def of_arm(those: Sequence[Script], arm: int | None) -> Script:
    """Who waits since before the comparison was dropped gets the wave's own wording."""
    return those[arm] if arm is not None and arm < len(those) else those[0]
