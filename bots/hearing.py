"""What is thought about one turn, whatever its kind: words go to the engine, the rest has answers of its own. Pure."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bots.model import LANGUAGES, Context, Heard, OpenCase, Said
from bots.platform import NOT_TEXT
from bots.speech import Voice
from messages.folding import fold

if TYPE_CHECKING:  # the engine brings NumPy and SciPy along, which a hook that only stores does not need
    from bots.engine import Engine

#: The phrases said here and around an answer; a test holds the shipped Book to them.
PHRASES = (
    "got_image", "got_sticker", "got_voice", "got_other", "got_location", "red_location", "red_not_text", "late",
    "late_staff", "bot_back", "judged_thanks", "choices_line", "sms_enough",
)
#: What the engine is told when somebody begins to follow us.
_HELLO = {"vi": "xin chào", "en": "hello"}
#: The answer to who was not helped.
NOT_HELPFUL = "not-helpful"
#: Why a case is opened for who sends a place and was in danger lately.
SENT_A_PLACE = "location"
#: Nobody says longer that something helped.
_LONGEST_JUDGEMENT = 40


@dataclass(frozen=True)
class Turn:
    """What came, and what is known beside it."""

    kind: str
    text: str
    channel: str
    context: Context
    may_say: frozenset[str] | None
    #: A red case stands open, or was raised lately.
    in_danger: bool = False
    #: The answer that words such as "helpful" are about, if there is one.
    last_answer: int | None = None

    @property
    def language(self) -> str:
        return self.context.language if self.context.language in LANGUAGES else "vi"


@dataclass(frozen=True)
class Thought:
    """What would be said. `judged`: the turn of an answer, and whether it helped."""

    said: Said
    judged: tuple[int, bool] | None = None


def think(engine: "Engine", turn: Turn) -> Thought:
    """The reply to one turn and what follows from it."""
    if turn.kind == "follow":
        return Thought(_greeting(engine, turn))
    if turn.kind in ("helpful", "unhelpful"):
        return Thought(_thanks(engine, turn, turn.kind == "helpful"))
    if turn.kind in NOT_TEXT and (turn.kind == "location" or not turn.text.strip()):
        return Thought(_received(engine, turn))
    helpful = judgement(turn.text) if turn.last_answer else None
    if helpful is None:
        return Thought(_answer(engine, turn, turn.text))
    return Thought(_thanks(engine, turn, helpful), (turn.last_answer, helpful))


def _answer(engine: "Engine", turn: Turn, text: str) -> Said:
    return engine.respond(Heard(text=text, channel=turn.channel, context=turn.context, may_say=turn.may_say))


def _greeting(engine: "Engine", turn: Turn) -> Said:
    """Nobody is called because a greeting was not adopted."""
    said = _answer(engine, turn, _HELLO[turn.language])
    return replace(said, reply="", choices=(), effects=(), context=turn.context) if said.withheld else said


def _thanks(engine: "Engine", turn: Turn, helpful: bool) -> Said:
    """Thanks, and for who was not helped the answer for them."""
    voice = _voice(engine, turn)
    thanks = voice.phrase("judged_thanks")
    if helpful or NOT_HELPFUL not in engine.book.topics:
        return _said(turn, thanks, "helpful" if helpful else "unhelpful")
    said = _answer(engine, turn, engine.book.answer(NOT_HELPFUL, turn.language).title)
    both = voice.joined(thanks, said.reply)
    return replace(said, reply=both if voice.fits(both) else said.reply)


def _received(engine: "Engine", turn: Turn) -> Said:
    """What the machine cannot read is kept, and where somebody may be in danger they hear that staff know of it."""
    voice = _voice(engine, turn)
    if turn.in_danger:
        effects = (OpenCase("red", SENT_A_PLACE),) if turn.kind == "location" else ()
        words = voice.phrase("red_location" if turn.kind == "location" else "red_not_text")
        return replace(_said(turn, words, turn.kind), danger="red", effects=effects)
    name = f"got_{'other' if turn.kind == 'file' else turn.kind}"
    return _said(turn, voice.phrase(name), turn.kind)


def _said(turn: Turn, words: str, why: str) -> Said:
    context = replace(turn.context, turns=turn.context.turns + 1)
    return Said(None, 1.0, "none", turn.language, words, why=(why,), context=context)


def _voice(engine: "Engine", turn: Turn) -> Voice:
    return Voice(engine.book, turn.language, turn.channel, accented=False, may_say=turn.may_say)


def judgement(text: str) -> bool | None:
    """Whether the words say that an answer helped, or that it did not; None when they say something else."""
    if len(text) > _LONGEST_JUDGEMENT:
        return None
    words = " ".join("".join(letter if letter.isalnum() else " " for letter in fold(text)).split())
    return _judgements().get(words)


@cache
def _judgements() -> dict[str, bool]:
    with open(Path(__file__).with_name("judgements.toml"), "rb") as file:
        table = tomllib.load(file)
    return {words: name == "helpful" for name in ("helpful", "unhelpful") for words in table[name]}
