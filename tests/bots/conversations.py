"""Golden conversations: `tests/conversations/*.toml`, plain enough to be read and written by who knows the villagers.

To add one, write a title, the channel (chat or sms) and what the person says, turn by turn; then
`python -m tests.bots.conversations --update` fills in what the bot made of it, to be read through before it is kept.

A turn says what must hold, so that a change that does harm fails and one that only moves a score does not:
`answered`: the title of the answer, or a list of titles that are all right; asking back is right when it is offered.
  "—" means that nothing was answered. "A + B" means two questions, both answered.
`danger`: red or amber; without it there must be no red. `numbers`: what can be called, in this order, when red first
  thing. `does`: what follows. `says`: sentences of messages/vi/replies.toml that must be in the reply, by their names.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bots.engine import Engine
from bots.model import Context, Heard, OpenCase, Said
from tests import learnt

FOLDER = Path(__file__).parent.parent / "conversations"
#: Nothing was answered.
NOTHING = "—"
_ASKED_BACK = "did you mean: "
#: A number somebody can call stands in the reply: three digits such as 111, or a longer one with its spaces.
_NUMBERS = re.compile(r"(?<![\d.,:/-])(?:\+?\d[\d ]{7,}\d|11[1-5]|999)(?!\d|[.,:/-]\d)")
#: Sentences a reader wants to see named.
_NAMED = ("abstain", "not_covered", "offer_person", "amber", "opted_out", "opted_in", "language_set",
          "language_other", "more", "no_more", "too_long", "empty", "slow_down", "two_questions")


@dataclass(frozen=True)
class Conversation:
    """`turns` are the tables as they stand in the file; each has at least "person"."""

    file: Path
    title: str
    channel: str
    turns: Sequence[dict]


def conversations() -> list[Conversation]:
    return [_read(file) for file in sorted(FOLDER.glob("*.toml"))]


def replies(engine: Engine, conversation: Conversation) -> Iterator[tuple[Mapping, Said]]:
    """Each turn with what the engine says now."""
    context = Context()
    for turn in conversation.turns:
        said = engine.respond(Heard(turn["person"], conversation.channel, None, context))
        context = said.context
        yield turn, said


def differences(engine: Engine, turn: Mapping, said: Said) -> list[str]:
    """What `turn` asks for and `said` does not do."""
    now = described(engine, said)
    checks = {
        "answered": _answers(turn.get("answered", NOTHING), now["answered"], _offers(engine, said)),
        "language": turn.get("language", now["language"]) == now["language"],
        "danger": _is_as_dangerous(turn.get("danger"), said.danger),
        "numbers": _can_be_called(turn.get("numbers", ()), now.get("numbers", ()), said.danger),
        "does": turn.get("does", []) == now.get("does", []),
        "says": set(turn.get("says", ())) <= set(now.get("says", ())),
    }
    return [f"{name}: {turn.get(name)} became {now.get(name)}" for name, holds in checks.items() if not holds]


def described(engine: Engine, said: Said) -> dict:
    """What a reader needs to judge the reply, without its wording, which belongs to the content."""
    facts: dict[str, object] = {"answered": _topic(engine, said), "language": said.language}
    if said.danger != "none":
        facts["danger"] = said.danger
    if said.danger != "none" or said.topic is None:
        facts["numbers"] = _numbers(said.reply)
    facts["does"] = [_effect(effect) for effect in said.effects]
    facts["says"] = [name for name in _NAMED if _is_said(engine, name, said.reply)]
    return {name: value for name, value in facts.items() if value}


def _answers(expected: str | Sequence[str], answered: str, offers: Sequence[str]) -> bool:
    """Whether one of the expected answers was given or offered. Where nothing is expected nothing may be claimed."""
    wanted = [expected] if isinstance(expected, str) else expected
    if any(set(each.split(" + ")) == set(answered.split(" + ")) for each in wanted):
        return True
    return answered.startswith(_ASKED_BACK) and (NOTHING in wanted or any(each in offers for each in wanted))


def _is_as_dangerous(expected: str | None, danger: str) -> bool:
    return danger == expected if expected else danger != "red"


def _can_be_called(expected: Sequence[str], numbers: Sequence[str], danger: str) -> bool:
    if danger == "red":
        return list(numbers[: len(expected)]) == list(expected)
    return set(expected) <= set(numbers)


def _read(file: Path) -> Conversation:
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return Conversation(file, content["title"], content["channel"], content["turn"])


def _topic(engine: Engine, said: Said) -> str:
    if said.topic is None:
        return NOTHING
    title = engine.book.answer(said.topic, said.language).title
    if _is_asked_back(engine, said):
        return _ASKED_BACK + title
    return " + ".join([title, *_besides(engine, said)])


def _besides(engine: Engine, said: Said) -> list[str]:
    """The second answer in a reply to two questions."""
    if not _is_said(engine, "two_questions", said.reply):
        return []
    answers = (topic.answers[said.language] for topic in engine.book.topics.values() if topic.id != said.topic)
    return [answer.title for answer in answers if answer.chat in said.reply]


def _is_asked_back(engine: Engine, said: Said) -> bool:
    return _is_said(engine, "did_you_mean", said.reply)


def _offers(engine: Engine, said: Said) -> list[str]:
    return [engine.book.answer(topic, said.language).title for topic in said.context.offered]


def _is_said(engine: Engine, name: str, reply: str) -> bool:
    phrases = (engine.book.phrases[language][name] for language in ("vi", "en"))
    texts = (phrase.text(form).split("{")[0].strip() for phrase in phrases for form in ("chat", "sms", "sms-accented"))
    return any(text in reply for text in texts)


def _numbers(reply: str) -> list[str]:
    return list(dict.fromkeys(found.strip() for found in _NUMBERS.findall(reply)))


def _effect(effect) -> str:
    return f"opens a case ({effect.danger})" if isinstance(effect, OpenCase) else type(effect).__name__


def _updated(engine: Engine, turn: Mapping, said: Said) -> dict:
    """The turn as it stands where it holds, and as it is now where it does not or says nothing yet."""
    now = described(engine, said)
    if set(turn) == {"person"}:
        return {**turn, **now, "answered": now["answered"].removeprefix(_ASKED_BACK)}
    changed = {difference.split(":")[0] for difference in differences(engine, turn, said)}
    kept = {name: value for name, value in turn.items() if name not in changed}
    kept |= {name: now[name] for name in changed if name in now}
    return {name: kept[name] for name in ("person", "answered", "language", "danger", "numbers", "does", "says")
            if name in kept}


def _written(conversation: Conversation, turns: Sequence[dict]) -> Iterator[str]:
    yield f"title = {_toml(conversation.title)}"
    yield f"channel = {_toml(conversation.channel)}"
    for turn in turns:
        yield "\n[[turn]]"
        yield from (f"{name} = {_toml(value)}" for name, value in turn.items())


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def update() -> None:
    """Writes into every file what the engine does now, where what stands there does not hold."""
    engine = learnt.engine()
    for conversation in conversations():
        turns = [_updated(engine, turn, said) for turn, said in replies(engine, conversation)]
        conversation.file.write_text("\n".join(_written(conversation, turns)) + "\n", encoding="utf-8")


if __name__ == "__main__" and sys.argv[1:] == ["--update"]:
    update()
