"""A reply in the making."""

from dataclasses import dataclass

from bots.model import Effect


@dataclass(frozen=True)
class Draft:
    """A reply before it is rounded off: its text, what hangs on it, and how sure it is."""

    text: str
    topic: str | None = None
    confidence: float = 0.0
    offered: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    understood: bool = True
    introduce: bool = True
    #: Something that belongs here may not be said yet.
    withheld: bool = False
    #: By SMS: the chat answer says more; so many of its pieces are told.
    longer: bool = False
    told: int = 0
    #: What else the question may have been about, if this was not it.
    others: tuple[str, ...] = ()
