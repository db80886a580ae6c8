"""What is wrong with a starter message: what officers begin from must be in order to the last letter."""

from collections.abc import Iterator, Mapping
from datetime import date

from messages import lint, render
from messages.book import Book, Starter
from messages.check_rules import TWO_SEGMENTS, Counter, Finding, dates, finding, fits, sourced, wording
from messages.errors import Mistake
from messages.themes import themes

#: A name as long as names get: the message must keep its two segments for whoever bears it.
LONG_NAME = "Nguyen Thi Phuong Thao Nguyen"
#: About our own messages, not about the world: they may rest on no fact.
WITHOUT_SOURCES = "service"
#: Advice of the lint that a starter may not ignore: others will copy it.
_MUST_NOT = (
    "sender-unnamed", "help-line-missing", "opt-out-missing", "unaccented-ambiguous", "unaccented-rude", "space-before",
    "placeholder-unknown", "placeholder-no-fallback", "shouting", "too-long",
)  # fmt: skip


def starters(book: Book, today: date, count: Counter, known: lint.Approved) -> Iterator[Finding]:
    for name, forms in book.starters.items():
        for language, starter in forms.items():
            file = f"{language}/sms/{name}.md"
            if not starter.sources and starter.theme != WITHOUT_SOURCES:
                yield finding("check-source-missing", file=file)
            if starter.theme not in themes():
                yield finding("check-theme-unknown", file=file, theme=starter.theme, known=", ".join(themes()))
            yield from sourced(book, file, starter.sources, (starter.text, starter.unaccented), starter.expires)
            yield from dates(file, starter.reviewed, starter.expires, today)
            yield from _fits(file, starter, language, count)
        yield from _pair(name, forms, known)


def _fits(file: str, starter: Starter, language: str, count: Counter) -> Iterator[Finding]:
    """The filled message, for who has no name and for who has a long one."""
    try:
        template = render.compile(starter.unaccented)
        filled = [template.render(dict.fromkeys(template.fields, name)) for name in ("", LONG_NAME)]
    except Mistake as mistake:
        yield finding("check-template", file=file, part=next(iter(mistake.values.values()), ""))
        return
    yield from fits(file, "text", max(filled, key=len), TWO_SEGMENTS, language, count)


def _pair(name: str, forms: Mapping[str, Starter], known: lint.Approved) -> Iterator[Finding]:
    vi, en = forms["vi"], forms["en"]
    if (vi.theme, vi.sources) != (en.theme, en.sources):
        yield finding("check-starters-differ", file=f"vi/sms/{name}.md", other=f"en/sms/{name}.md")
    found = lint.check(vi=vi.text, vi_unaccented=vi.unaccented, en=en.text, approved=known)
    yield from wording(f"sms/{name}.md", found, besides=_MUST_NOT)
