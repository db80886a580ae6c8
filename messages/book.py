"""What may be said, as values: topics with their answers, the bot's phrases, starter messages, facts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Fact:
    """One sourced claim. `confidence` is high or medium; `source_date` is the source's own date, in its words.

    `source` and `also` (further sources) read "publisher | title | address". `expires` is the last day of a claim that
    ends by itself (a list that runs until December).
    """

    id: str
    claim_vi: str
    claim_en: str
    source: str
    source_date: str
    confidence: str
    also: tuple[str, ...] = ()
    expires: date | None = None

    def supports(self, text: str) -> bool:
        """Whether `text` (a number, a web address) stands in the claim or its source."""
        return any(text in part for part in (self.claim_vi, self.claim_en, self.source, *self.also))


@dataclass(frozen=True)
class Answer:
    """What is said about a topic in one language. `sms_unaccented` is `sms` itself in English."""

    title: str
    questions: tuple[str, ...]
    chat: str
    sms: str
    sms_unaccented: str
    sources: tuple[str, ...]
    reviewed: date
    expires: date
    choices: tuple[str, ...]

    def text(self, channel: str) -> str:
        """The form sent on "chat", "sms" (unaccented: two segments) or "sms-accented"."""
        return _form(self, channel)


@dataclass(frozen=True)
class Topic:
    id: str
    group: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class Phrase:
    """A sentence of the bot's own; {name} marks a field. Fields are the same in every form."""

    chat: str
    sms: str
    sms_unaccented: str
    sources: tuple[str, ...]

    def text(self, channel: str) -> str:
        """The form sent on "chat", "sms" (unaccented) or "sms-accented"."""
        return _form(self, channel)


@dataclass(frozen=True)
class Flag:
    """A sign of danger in a job offer: why it is one, and what to ask. `sms` says both, short.

    `level` is "stop" (do not pay, do not go) or "careful" (ask first). `sms_unaccented` is `sms` itself in English.
    """

    level: str
    reason: str
    ask: str
    sms: str
    sms_unaccented: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Starter:
    """A campaign message to begin from. `unaccented` is `text` itself in English.

    `theme` is the same in both languages; messages.themes has its words.
    """

    title: str
    theme: str
    text: str
    unaccented: str
    sources: tuple[str, ...]
    reviewed: date
    expires: date


@dataclass(frozen=True)
class Book:
    """Everything that may be said. `digest` (hex SHA-256) changes when any content file changes."""

    topics: Mapping[str, Topic]
    phrases: Mapping[str, Mapping[str, Phrase]]
    starters: Mapping[str, Mapping[str, Starter]]
    facts: Mapping[str, Fact]
    #: The day the facts were gathered.
    facts_as_of: date
    digest: str
    #: Language → id → flag; none in a folder without flags.toml.
    flags: Mapping[str, Mapping[str, Flag]] = field(default_factory=dict)
    #: What people wrote that is none of ours, as staff marked it: the bot learns to say that it does not know.
    outside: tuple[str, ...] = ()

    def answer(self, topic: str, language: str) -> Answer:
        return self.topics[topic].answers[language]

    def choices(self, topic: str, language: str) -> tuple[str, ...]:
        """The topics offered under an answer; what names no topic (check.py tells staff) is left out."""
        return tuple(choice for choice in self.answer(topic, language).choices if choice in self.topics)

    def phrase(self, name: str, language: str, channel: str, /, **values: object) -> str:
        """The bot's phrase `name` for "chat", "sms" (unaccented) or "sms-accented", its {fields} filled from `values`.

        KeyError when there is no such phrase or a field has no value.
        """
        text = self.phrases[language][name].text(channel)
        return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), text)


def _form(words: Answer | Phrase, channel: str) -> str:
    return {"chat": words.chat, "sms": words.sms_unaccented, "sms-accented": words.sms}[channel]
