"""`ask` and `bot`: the bot in the terminal and its figures, from the shipped content; a database is not needed."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bots import evaluate as measure
from bots.beside import learn_beside
from bots.engine import Engine
from bots.model import Context, Heard, Said
from cli import adopted
from cli.context import emit, language, say
from messages import catalog
from messages.errors import Mistake, sentence
from runtime import settings

_LANGUAGES = click.Choice(["auto", "vi", "en"])
_CHANNELS = click.Choice(["chat", "sms"])
_FILE = click.Path(path_type=Path)


def _engine() -> Engine:
    return Engine.train(catalog.load(catalog.SHIPPED), settings.load().data_dir / "cache", elsewhere=_learn)


def _learnt_anew() -> Engine:
    with TemporaryDirectory() as empty:
        return Engine.train(catalog.load(catalog.SHIPPED), Path(empty), elsewhere=_learn)


def _learn(missing, lines) -> None:
    """Said first: nobody shall wait for half a minute before a silent terminal."""
    say(sentence("learning-first", language()))
    learn_beside(missing, lines)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("text", required=False)
@click.option("--lang", type=_LANGUAGES, default="auto", help="the language to answer in")
@click.option("--channel", type=_CHANNELS, default="chat")
@click.option("--batch", type=_FILE, help='lines of {"text": …}; writes one JSON object a line')
@click.option("--json", "as_json", is_flag=True)
def ask(text, lang, channel, batch, as_json):
    """What the bot answers to TEXT, and why."""
    if batch is None and text is None:
        raise Mistake("text-missing")
    lines = [measure.Line(text)] if batch is None else measure.read(batch)
    engine = _engine()
    names = _adopted(engine)
    for line in lines:
        answered = _asked(engine, line.text, None if lang == "auto" else lang, channel)
        emit(as_json or batch is not None, answered, _told(engine, answered))
        if batch is None:
            adopted.say_topic(answered["topic"], names)
    if batch is not None:
        adopted.say_content(engine.book, names)


def _adopted(engine: Engine) -> frozenset[str]:
    return adopted.adopted(settings.load(), engine.book)


def _asked(engine: Engine, text: str, lang: str | None, channel: str) -> dict:
    """Asked as somebody who has been told before that a machine answers."""
    start = time.perf_counter()
    said = engine.respond(Heard(text, channel, lang, Context(greeted=True)))
    return {
        "topic": said.topic, "confidence": said.confidence, "danger": said.danger, "language": said.language,
        "reply": said.reply, "alternatives": list(said.alternatives), "why": list(said.why),
        "ms": round((time.perf_counter() - start) * 1000, 3),
    }


def _told(engine: Engine, answered: dict) -> Iterator[str]:
    yield answered["reply"]
    yield from _sources(engine, answered["topic"], answered["language"])
    yield ""
    yield f"{answered['topic'] or '—'}  {answered['confidence']:.2f}  {answered['danger']}  {answered['ms']} ms"
    yield from (f"  {reason}" for reason in answered["why"])


def _sources(engine: Engine, topic: str | None, spoken: str) -> Iterator[str]:
    """Which facts an answer rests on, and the day a person last read it over."""
    if topic in engine.book.topics:
        answer = engine.book.answer(topic, spoken)
        yield f"  {answer.reviewed.isoformat()}: {', '.join(answer.sources)}".rstrip(": ")


@click.group()
def bot():
    """The bot in the terminal, and how well it understands."""


@bot.command()
@click.option("--lang", type=_LANGUAGES, default="auto")
@click.option("--channel", type=_CHANNELS, default="chat")
def talk(lang, channel):
    """A conversation, until an empty line."""
    engine, context = _engine(), Context()
    click.echo(sentence("talk-begins", language()), err=True)
    names = _adopted(engine)
    adopted.say_content(engine.book, names)
    while text := _next_line():
        said = engine.respond(Heard(text, channel, None if lang == "auto" else lang, context))
        context = said.context
        for line in _spoken(engine, said):
            click.echo(line)
        adopted.say_topic(said.topic, names)


def _next_line() -> str:
    if sys.stdin.isatty():
        click.echo("> ", nl=False, err=True)
    return sys.stdin.readline().strip()


def _spoken(engine: Engine, said: Said) -> Iterator[str]:
    yield said.reply
    yield from _sources(engine, said.topic, said.language)
    if said.choices:
        yield "  ".join(f"[{place}] {choice.text}" for place, choice in enumerate(said.choices, start=1))
    effects = "".join(f"  {type(effect).__name__}" for effect in said.effects)
    yield f"  ({said.topic or '—'}  {said.confidence:.2f}  {said.danger}{effects})"
    yield ""


@bot.command()
@click.option("--test", "test_file", type=_FILE, required=True, help='lines of {"text", "topic", "danger"}')
@click.option("--train", "train_file", type=_FILE, help='lines of {"text", "topic"} to learn instead of the content')
@click.option("--json", "as_json", is_flag=True)
def evaluate(test_file, train_file, as_json):
    """How well the bot does on a file of questions."""
    test = measure.read(test_file)
    if not test:
        raise Mistake("questions-without-topics", file=test_file)
    start = time.perf_counter()
    if train_file:
        router = measure.train(_with_topics(train_file))
        learnt = time.perf_counter() - start
        found = measure.with_router(router, test)
    else:
        engine = _learnt_anew()
        learnt = time.perf_counter() - start
        found = measure.with_engine(engine, test)
        adopted.say_content(engine.book, _adopted(engine))
    figures = measure.figures(found, learnt)
    emit(as_json, figures, _listed({**figures, **measure.more_figures(found)}))


def _with_topics(file: Path) -> list[measure.Line]:
    lines = [line for line in measure.read(file) if line.topic and line.topic != measure.OUTSIDE]
    if not lines:
        raise Mistake("questions-without-topics", file=file)
    return measure.read(file)


def _listed(figures: dict) -> Iterator[str]:
    for name, value in figures.items():
        if isinstance(value, list):
            yield from (f"{name}:", *(f"  {item}" for item in value))
        else:
            yield f"{name}: {json.dumps(value, ensure_ascii=False)}"
