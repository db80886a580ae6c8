"""What is wrong with the signs of danger in offers: a language, a source, a level or a length."""

from collections.abc import Iterator

from messages.book import Book, Flag
from messages.check_rules import Counter, Finding, finding, fits, sourced
from messages.errors import LANGUAGES

LEVELS = ("stop", "careful")
#: So much room is left in two segments beside the quote and the reply's own words.
SMS_UNITS = 110


def flags(book: Book, count: Counter) -> Iterator[Finding]:
    """Everything to correct in the flags of `book`."""
    every = {name for told in book.flags.values() for name in told}
    for name in sorted(every):
        forms = {language: book.flags.get(language, {}).get(name) for language in LANGUAGES}
        for language, flag in forms.items():
            file = f"{language}/flags.toml"
            if flag is None:
                yield finding("check-language-missing", file=file, name=name)
                continue
            yield from _flag(book, file, name, flag)
            yield from fits(file, f"{name}.sms", flag.sms_unaccented, SMS_UNITS, language, count)
        yield from _same(name, [flag for flag in forms.values() if flag])


def _flag(book: Book, file: str, name: str, flag: Flag) -> Iterator[Finding]:
    if flag.level not in LEVELS:
        yield finding("check-flag-level", file=file, name=name, level=flag.level, known=", ".join(LEVELS))
    if not flag.sources:
        yield finding("check-flag-source-missing", file=file, name=name)
    yield from sourced(book, file, flag.sources, (flag.reason, flag.ask, flag.sms, flag.sms_unaccented))


def _same(name: str, forms: list[Flag]) -> Iterator[Finding]:
    if len({(flag.level, flag.sources) for flag in forms}) > 1:
        yield finding("check-flags-differ", name=name)
