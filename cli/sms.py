"""`segments` and `phone`: what a text costs and how a number is read. They need no database."""

import sys
from collections.abc import Iterator
from dataclasses import asdict

import click

from cli.context import emit, language
from messages.errors import Mistake, sentence
from sms import numbers
from sms.numbers import Number
from sms.segments import count
from sms.unaccent import unaccent

#: A text or a number may begin with a dash; it is no option then.
_DASHES = {"ignore_unknown_options": True}


@click.command(context_settings=_DASHES)
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True)
def segments(text, as_json):
    """Encoding, units and segments of TEXT (- reads standard input), with its accents and without."""
    if text is None:
        raise Mistake("text-missing")
    _no_option(text)
    counted = _counted(_standard_input().removesuffix("\n") if text == "-" else _clean(text))
    emit(as_json, counted, _segment_lines(counted))


def _counted(text: str) -> dict:
    plain = unaccent(text)
    without = count(plain)
    counted = asdict(count(text))
    unaccented = {"encoding": without.encoding, "units": without.units, "segments": without.segments}
    return {**counted, "offending": list(counted["offending"]), "unaccented": {"text": plain, **unaccented}}


def _segment_lines(counted: dict) -> Iterator[str]:
    yield sentence("segments-counted", language(), **counted)
    if counted["offending"]:
        yield sentence("segments-offending", language(), letters=" ".join(counted["offending"]))
        yield sentence("segments-unaccented", language(), **counted["unaccented"])


@click.command(context_settings=_DASHES)
@click.argument("given", nargs=-1, metavar="NUMBER...")
@click.option("--country", default=numbers.HOME, help="how numbers without a country prefix are read")
@click.option("--json", "as_json", is_flag=True)
def phone(given, country, as_json):
    """How each NUMBER is read (- reads standard input, one a line)."""
    if not given:
        raise Mistake("phone-missing")
    _no_option(*given)
    texts = _standard_input().removesuffix("\n").split("\n") if given == ("-",) else map(_clean, given)
    try:
        read = numbers.read_many(texts, country.upper())
    except ValueError:
        raise Mistake("country-unknown", country=country) from None
    emit(as_json, [number._asdict() for number in read], map(_phone_line, read))


def _phone_line(number: Number) -> str:
    if not number.valid:
        return f"{number.input}\t–\t{sentence(f'refused-{number.code}', language())}"
    changed = sentence(f"rewritten-{number.rewritten}", language()) if number.rewritten else ""
    return "\t".join(filter(None, (number.input, number.e164, number.carrier, changed)))


def _standard_input() -> str:
    """All of it as UTF-8, whatever the terminal's own encoding, lines ending in a bare newline."""
    text = sys.stdin.buffer.read().decode("utf-8-sig", "replace")
    return text.replace("\r\n", "\n")


def _no_option(*arguments: str) -> None:
    """A mistyped --option is not counted as a text."""
    for argument in arguments:
        if argument.startswith("--") and argument[2:3].isalpha():
            raise click.NoSuchOption(argument)


def _clean(argument: str) -> str:
    """Bytes of the command line that are no UTF-8 would break the printing."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
