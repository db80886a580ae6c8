"""What crosses the engine: what was heard, what is said, what is remembered, and what should be done."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields

#: Why a case was opened, and why a topic was not answered: this installation has not taken the words over.
NOT_ADOPTED = "not adopted"
DANGERS = ("none", "amber", "red")
CHANNELS = ("chat", "sms")
LANGUAGES = ("vi", "en")


class StillLearning(Exception):
    """The bot has not learnt yet, and this is no plain cry for help: it is answered when the bot has."""


def phrase_key(name: str) -> str:
    """How `Heard.may_say` names the bot's own phrase `name`, so that no topic is mistaken for it."""
    return f"phrase:{name}"


@dataclass(frozen=True)
class Choice:
    """A quick reply: `text` is on the button, `say` is what the person says by pressing it."""

    text: str
    say: str


@dataclass(frozen=True)
class OptOut:
    """Send this person nothing but answers from now on."""


@dataclass(frozen=True)
class OptIn:
    """The person wants messages again."""


@dataclass(frozen=True)
class OpenCase:
    """A person of the staff must look: `danger` is red, amber or none; `reason` is a short code for the desk."""

    danger: str
    reason: str


@dataclass(frozen=True)
class SetLanguage:
    """The person chose "vi" or "en"."""

    language: str


Effect = OptOut | OptIn | OpenCase | SetLanguage


@dataclass(frozen=True)
class Context:
    """What the engine remembers of a conversation; nothing in it names the person or quotes them."""

    topic: str | None = None
    #: Topics behind the numbers of the last reply, in order.
    offered: tuple[str, ...] = ()
    #: How many times in a row we did not understand.
    abstained: int = 0
    #: The person has been told that a machine answers.
    greeted: bool = False
    #: The language the person chose or last wrote clearly.
    language: str | None = None
    #: The person asked for `language`; then it stays whatever they write.
    language_chosen: bool = False
    turns: int = 0
    #: The danger somebody was last in; a red one fades to amber once another question is clearly asked.
    danger: str = "none"
    #: Whose help line a red message called for: vn, uk, eu, abroad or unknown.
    help: str = "unknown"
    #: The countries the last question was about, by their keys; gone with the next question about something else.
    places: tuple[str, ...] = ()
    #: What the last question asked about its topic, as meanings: ask-price, ask-time …
    asked: tuple[str, ...] = ()
    #: The topics the last question might have been about instead, likeliest first.
    others: tuple[str, ...] = ()
    #: How much of the long answer to `topic` was sent by SMS, in pieces of speech.
    told: int = 0

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Context":
        """The context `to_json` wrote; fields it does not know are left out, so old rows stay readable."""
        known = {item.name for item in fields(cls)}
        values = {name: value for name, value in json.loads(text or "{}").items() if name in known}
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return cls(**{**values, **lists})


@dataclass(frozen=True)
class Heard:
    """One message. `channel` is "chat" or "sms"; `language` forces "vi" or "en", None means find out.

    `may_say`: the topics, and the bot's own phrases as `phrase_key` names them, that may be said where it came from;
    None means everything.
    """

    text: str
    channel: str = "chat"
    language: str | None = None
    context: Context = field(default_factory=Context)
    may_say: frozenset[str] | None = None


@dataclass(frozen=True)
class Said:
    """The reply and everything that follows from the message.

    `topic` is None when the engine abstained; `confidence` is the chance (0..1) that `topic` is right;
    `alternatives` are up to three other topics, likeliest first; `why` says what decided, for staff.
    """

    topic: str | None
    confidence: float
    danger: str
    language: str
    reply: str
    choices: Sequence[Choice] = ()
    alternatives: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    context: Context = field(default_factory=Context)
    #: What was asked for may not be said here yet: a person was called instead.
    withheld: bool = False
