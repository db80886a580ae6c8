"""The people of a list as the author of a message meets them: whose text is the longest, and who lacks a value."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from campaigns import links
from campaigns.deliveries.script import values_for
from campaigns.masking import masked, masked_inside
from campaigns.model import Form, Texts
from campaigns.store import readers as store
from db.engine import Database
from db.seal import CannotOpen, Seal
from messages import render
from messages.errors import Mistake
from sms import segments

#: People shown on the phone, and people named as lacking a value.
EXAMPLES = 5
NAMED = 10
#: The column that lists keep a person's name in.
NAME = "name"
#: What it is called in a Vietnamese message; {{ name }} is the same.
TEN = "ten"


@dataclass(frozen=True)
class Reader:
    """One person. `language` is the one they are written to in; number and fields are opened when asked for."""

    contact_id: int
    language: str
    carrier: str
    _seal: Seal
    _number: bytes
    _fields: bytes | None

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """Column → text; none when they were sealed under a lost key."""
        try:
            return json.loads(self._seal.open(self._fields, "contacts.fields")) if self._fields else {}
        except CannotOpen:
            return {}

    @property
    def shown_fields(self) -> Mapping[str, str]:
        """The fields as pages show them: what reads as a phone number is masked."""
        return {column: masked_inside(value) for column, value in self.fields.items()}

    @property
    def name(self) -> str:
        """As pages show it."""
        return masked_inside(self.fields.get(NAME, ""))

    @property
    def number(self) -> str:
        """Masked."""
        try:
            return masked(self._seal.open(self._number, "contacts.number"))
        except CannotOpen:
            return "–"


@dataclass(frozen=True)
class Example:
    """What one person would read, phone numbers among their values masked; counted as it is sent."""

    reader: Reader
    text: str
    segments: int
    units: int


@dataclass(frozen=True)
class Lacking:
    """`people` of those looked at lack the value `field`; `named` are the first of them."""

    field: str
    people: int
    named: Sequence[Reader]


def some(
    db: Database, list_id: int, *, size: int, most: int, leaves_machine: bool, now: datetime
) -> list[Reader]:
    """At most about `most` people of the list, spread over it, or all of its `size` when they are no more."""
    with db.reading() as c:
        rows = store.some(c, list_id, size=size, most=most, leaves_machine=leaves_machine, now=now)
    return [Reader(row.id, row.language, row.carrier, db.seal, row.number_sealed, row.fields_sealed) for row in rows]


def of_form(readers: Sequence[Reader], form: str) -> list[Reader]:
    """Whom a text of this form is for: English for who reads it, or for everybody where nobody does."""
    if form != Form.EN:
        return [reader for reader in readers if reader.language != "en"]
    return [reader for reader in readers if reader.language == "en"] or list(readers)


def examples(readers: Sequence[Reader], text: str, form: str, *, most: int = EXAMPLES) -> list[Example]:
    """The people with the longest texts, the longest first; who lacks a value is not among them. Raises Mistake for a
    text that is no template.
    """
    template = render.compile(text)
    filled = [example for reader in readers if (example := _example(template, form, reader))]
    return sorted(filled, key=lambda each: (-each.segments, -each.units))[:most]


def _example(template: render.Template, form: str, reader: Reader) -> Example | None:
    try:
        sent, shown = (_filled(template, form, fields) for fields in (reader.fields, reader.shown_fields))
    except Mistake:
        return None
    counted = segments.count(sent)
    return Example(reader, shown, counted.segments, counted.units)


def _filled(template: render.Template, form: str, fields: Mapping[str, str]) -> str:
    return template.render({**values_for(form, "vi" if form != Form.EN else "en", fields), **links.SAMPLE})


def lacking(readers: Sequence[Reader], texts: Texts) -> list[Lacking]:
    """The values that somebody's text cannot do without and that they lack, the commonest first."""
    needed = {"vi": _needed(texts.vi, texts.vi_unaccented), "en": _needed(texts.en)}
    without: dict[str, list[Reader]] = {}
    for reader in readers:
        for field in needed[reader.language]:
            if not _has(reader, field):
                without.setdefault(field, []).append(reader)
    found = [Lacking(field, len(those), those[:NAMED]) for field, those in without.items()]
    return sorted(found, key=lambda each: -each.people)


def _needed(*texts: str) -> list[str]:
    return sorted(set().union(*(render.compile(text).needed for text in texts)) - links.SAMPLE.keys())


def _has(reader: Reader, field: str) -> bool:
    """As the rendering itself would find it."""
    try:
        render.compile(f"{{{{ {field} }}}}").render(reader.fields)
    except Mistake:
        return False
    return True


def means_the_name(field: str) -> bool:
    """Whether a placeholder asks for the person's own name, by whichever of its names."""
    return bool(render.compile(f"{{{{ {field} or '' }}}}").render({NAME: "x"}))


def columns(readers: Sequence[Reader]) -> list[str]:
    """The columns that somebody of `readers` has a value in, the commonest first."""
    return [column for column, _ in Counter(column for reader in readers for column in reader.fields).most_common()]


def known_fields(readers: Sequence[Reader]) -> list[str]:
    """The same as they are written in a message."""
    named = (TEN if column == NAME else render.field_name(column) for column in columns(readers))
    return [name for name in named if name]
