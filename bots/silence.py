"""When the machine says nothing, or only a sentence: floods, other machines, and while a person of the staff answers.

Only what is said is held back. What follows from a message (a case, an opt-out) follows all the same, and staff see it.
Pure.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from bots.model import Context, OpenCase, OptIn, OptOut, Said
from bots.speech import Voice
from messages.folding import fold
from sms import numbers

#: More than so many messages a minute from one person are a flood: one sentence about it, then silence.
FLOOD_MESSAGES = 12
FLOOD_WINDOW = timedelta(minutes=1)
#: The same kind of what is no text is answered once in so long.
KIND_WINDOW = timedelta(minutes=10)
#: Whatever else holds the machine back, the help line is said to a cry if none was for so long.
HELP_WINDOW = timedelta(minutes=30)
#: A danger is near for so long after its case was raised, closed or not.
DANGER_WINDOW = timedelta(hours=24)
#: Who begins to follow us is greeted once in so long.
GREETING_WINDOW = timedelta(days=1)
#: That a stop holds is said once in so long, however often they say it; on our own page, where silence would look
#: broken, each time.
STOP_WINDOW = timedelta(days=1)
#: By SMS: the same words are answered twice in so long, and a number so often in so long.
SAME_WINDOW, MOST_SAME = timedelta(hours=1), 2
SMS_WINDOW, MOST_SMS = timedelta(days=1), 30
#: In chats, where people press the same button again: a person's app that answers by itself ends here too.
MOST_SAME_CHAT, MOST_CHAT = 10, 300

#: No person's number is shorter, whatever form a gateway gives it.
_LEAST_DIGITS = 8
_E164 = re.compile(r"\+[1-9]\d{7,14}", re.ASCII)


@dataclass(frozen=True)
class Past:
    """What has been lately in a conversation; only what matters to the turn is looked up."""

    #: Messages in the last minute, this one included.
    heard: int = 1
    #: A person of the staff answers.
    attended: bool = False
    #: The machine said a help line within HELP_WINDOW, and as far as we know it arrived.
    helped: bool = False
    #: A picture, and another was answered within KIND_WINDOW; or a greeting within GREETING_WINDOW.
    kind_answered: bool = False
    #: They said stop before, it holds, and they heard so within STOP_WINDOW.
    stop_confirmed: bool = False
    #: By SMS only: where from.
    address: str = ""
    #: What they wrote before within SAME_WINDOW, and the machine's replies within SMS_WINDOW (not on our own page).
    texts: tuple[str, ...] = ()
    replies: int = 0


def what_is_said(voice: Voice, said: Said, before: Context, text: str, past: Past) -> Said:
    """`said` as it may be said, or with another sentence in its place, or with none. What was not said is not
    remembered as said: `before` is the memory before it.
    """
    words = _words(voice, said, text, past, pages=said.context.told > before.told)
    if words is None or not said.reply:
        return said
    context = replace(said.context, greeted=before.greeted, offered=before.offered, told=before.told,
                      abstained=before.abstained)
    return replace(said, reply=words, choices=(), context=context)


def _words(voice: Voice, said: Said, text: str, past: Past, pages: bool) -> str | None:
    """What is said instead; None when nothing is in the way of the reply."""
    if said.danger == "red" and not past.helped and not _is_a_code(past.address):
        return None
    if past.attended:
        return None if _in_spite_of_staff(said) else ""
    if past.kind_answered or (past.stop_confirmed and any(isinstance(each, OptOut) for each in said.effects)):
        return ""
    instead = _in_a_loop(voice, said, text, past, pages)
    return _in_a_flood(voice, said, past.heard) if instead is None else instead


def _in_spite_of_staff(said: Said) -> bool:
    """Who says stop hears that it holds."""
    return any(isinstance(effect, OptOut | OptIn) for effect in said.effects)


def _in_a_flood(voice: Voice, said: Said, heard: int) -> str | None:
    if heard <= FLOOD_MESSAGES or (heard <= FLOOD_MESSAGES * 3 and _must_be_said(said)):
        return None
    return voice.phrase("slow_down") if heard == FLOOD_MESSAGES + 1 else ""


def _must_be_said(said: Said) -> bool:
    """Somebody in danger writes many messages in a row; who says stop wants to hear that it holds, and who asks for a
    person that one was called.
    """
    called = not said.withheld and any(isinstance(effect, OptOut | OpenCase) for effect in said.effects)
    return said.danger == "red" or called


def _in_a_loop(voice: Voice, said: Said, text: str, past: Past, pages: bool) -> str | None:
    """Two machines that answer each other stop here. Who pages through a list or a long answer repeats themselves."""
    sms = bool(past.address)
    pages = pages or text.strip().isdecimal()
    if (sms and not is_a_number(past.address)) or (not pages and _is_said_again(text, past.texts, sms)):
        return ""
    if said.danger == "red":
        return None
    if sms and is_a_machine(text):
        return ""
    most = MOST_SMS if sms else MOST_CHAT
    if past.replies < most or _must_be_said(said):
        return None
    return voice.phrase("sms_enough") if past.replies == most else ""


def _is_said_again(text: str, before: Iterable[str], sms: bool) -> bool:
    """A machine says the same, and often: by SMS each answer costs."""
    return _times(text, before) >= (MOST_SAME if sms else MOST_SAME_CHAT)


def _times(text: str, texts: Iterable[str]) -> int:
    return [_plain(each) for each in texts].count(_plain(text))


def is_a_number(address: str) -> bool:
    """Whether somebody may be behind an SMS: a short code or a name ("VIETTEL") is a machine's."""
    return _E164.fullmatch(address) is not None and numbers.read(address).code != "short-code"


def _is_a_code(address: str) -> bool:
    """Whether an answer to this SMS would go to a service (and cost), or to nobody at all: "9029", "VIETTEL"."""
    return bool(address) and (sum(map(str.isdecimal, address)) < _LEAST_DIGITS or any(map(str.isalpha, address)))


def is_a_machine(text: str) -> bool:
    """Whether a message begins as the automatic answers of machines do (machines.toml)."""
    return f"{_plain(text)} ".startswith(_beginnings())


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(text[:1000])).split())


@cache
def _beginnings() -> tuple[str, ...]:
    with open(Path(__file__).with_name("machines.toml"), "rb") as file:
        return tuple(f"{words} " for words in tomllib.load(file)["begins"])
