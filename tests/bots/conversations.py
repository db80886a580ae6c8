"""Golden conversations: `tests/conversations/*.toml`, plain enough to be read and written by who knows the villagers.

To add one, write a title and what the person says; then `python -m tests.bots.conversations --update` fills in what the
bot made of it, to be read through before it is kept. `make test` fails when the bot no longer does what stands there.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bots.engine import Engine
from bots.model import Context, Heard, OpenCase, Said
from messages import catalog

FOLDER = Path(__file__).parent.parent / "conversations"
#: A number somebody can call stands in the reply: three digits such as 111, or a longer one with its spaces.
_NUMBERS = re.compile(r"(?<![\d.,:/-])(?:\+?\d[\d ]{7,}\d|11[1-5]|999)(?!\d|[.,:/-]\d)")


@dataclass(frozen=True)
class Conversation:
    """`turns` are the tables as they stand in the file; each has at least "person"."""

    file: Path
    title: str
    channel: str
    turns: Sequence[dict]


def conversations() -> list[Conversation]:
    return [_read(file) for file in sorted(FOLDER.glob("*.toml"))]


def held(engine: Engine, conversation: Conversation) -> list[dict]:
    """The conversation as the engine holds it now, in the form of the file."""
    context, turns = Context(), []
    for turn in conversation.turns:
        said = engine.respond(Heard(turn["person"], conversation.channel, None, context))
        context = said.context
        turns.append({"person": turn["person"], **_described(engine, said)})
    return turns


def _read(file: Path) -> Conversation:
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return Conversation(file, content["title"], content["channel"], content["turn"])


def _described(engine: Engine, said: Said) -> dict:
    """What a reader needs to judge the reply, without its wording, which belongs to the content."""
    described: dict[str, object] = {"answered": _topic(engine, said), "language": said.language}
    if said.danger != "none":
        described["danger"] = said.danger
    if numbers := list(dict.fromkeys(found.strip() for found in _NUMBERS.findall(said.reply))):
        described["numbers"] = numbers
    if said.choices:
        described["offers"] = [choice.text for choice in said.choices]
    if said.effects:
        described["does"] = [_effect(effect) for effect in said.effects]
    return described


def _topic(engine: Engine, said: Said) -> str:
    if said.topic is None:
        return "—"
    answer = engine.book.answer(said.topic, said.language)
    asks = bool(said.choices) and said.reply.rstrip().endswith(said.choices[-1].text)
    both = " and another" if engine.book.phrase("two_questions", said.language, "chat") in said.reply else ""
    return f"did you mean: {answer.title}" if asks else answer.title + both


def _effect(effect) -> str:
    return f"opens a case ({effect.danger})" if isinstance(effect, OpenCase) else type(effect).__name__


def _written(conversation: Conversation, turns: Sequence[dict]) -> Iterator[str]:
    yield f"title = {_toml(conversation.title)}"
    yield f"channel = {_toml(conversation.channel)}"
    for turn in turns:
        yield "\n[[turn]]"
        yield from (f"{name} = {_toml(value)}" for name, value in turn.items())


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def update() -> None:
    """Writes into every file what the engine does now."""
    engine = Engine.train(catalog.load(catalog.SHIPPED))
    for conversation in conversations():
        lines = _written(conversation, held(engine, conversation))
        conversation.file.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__" and sys.argv[1:] == ["--update"]:
    update()
