"""`offers check`: the signs of danger in a job offer, with the very words that show them."""

import sys
from collections.abc import Iterator
from functools import partial

import click

from bots import agencies
from bots.language import detect
from bots.offers import checking
from bots.offers.checking import Check
from cli.context import emit, with_runtime
from messages.book import Book
from messages.errors import Mistake, sentence


@click.group()
def offers():
    """Job offers, adverts and chats with a broker."""


@offers.command(context_settings={"ignore_unknown_options": True})
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["auto", "vi", "en"]), default="auto", help="the language to answer in")
@with_runtime
def check(rt, text, as_json, lang):
    """The signs of danger in TEXT (- reads standard input), what to ask and how to verify. Never says it is safe."""
    text = _read(text)
    spoken = lang if lang != "auto" else "en" if detect(text).language == "en" else "vi"
    found = checking.check(rt.book, text, language=spoken, agency_of=partial(agencies.named_in, rt.db))
    told = {**found.told(), "language": spoken, "advice": _advice(rt.book, found, spoken)}
    emit(as_json, told, _lines(rt.book, found, spoken))


def _read(text: str | None) -> str:
    """TEXT, or all of standard input; bytes that are no UTF-8 would break the printing."""
    if text is None:
        raise Mistake("text-missing")
    if text == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig", "replace").replace("\r\n", "\n")
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _advice(book: Book, found: Check, spoken: str) -> str:
    """What to do now: the questions of the gravest flag, or how to check what showed none."""
    if not found.flags:
        return book.phrase(checking.PHRASES[found.level], spoken, "chat", signs="")
    return " ".join(told.flag.ask for told in found.flags[:1])


def _lines(book: Book, found: Check, spoken: str) -> Iterator[str]:
    signs = "\n\n".join(f"[{told.flag.level}] {told.id}: “{' '.join(told.quote.split())}”\n{told.flag.reason}\n"
                        f"→ {told.flag.ask}" for told in found.flags)
    yield book.phrase(checking.PHRASES[found.level], spoken, "chat", signs=signs)
    if found.agency:
        yield sentence("offer-agency", spoken, named=found.agency["named"], verdict=found.agency["verdict"])
