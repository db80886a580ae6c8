"""Some of the people of a wave and what each of them would read, the longest first: what an approver should look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns import costs, routing
from campaigns.deliveries import wordings
from campaigns.deliveries.script import Script, Written
from campaigns.deliveries.writing import fields_of
from campaigns.masking import masked, masked_inside
from campaigns.store import opening
from campaigns.waves.keeping import kept
from campaigns.waves.steps import texts_of, wave_for
from db.engine import Database
from db.seal import CannotOpen
from messages.errors import Mistake
from sms.gateway import Gateway

#: Of a wave that says the same to everybody it does not matter whom one looks at.
FEW = 100


@dataclass(frozen=True)
class Reader:
    """Somebody who would get the wave. `number` is masked, and so is what reads as one in `name` and in the values in
    `text`; `name` "" where the list says none. `segments`: of the text as it is sent.
    """

    number: str
    name: str
    language: str
    text: str
    segments: int


def readers(
    db: Database, wave_id: int, n: int = 5, *, now: datetime, gateways: Mapping[str, Gateway] | None = None
) -> list[Reader]:
    """`n` of those who would get the wave, the longest texts first, out of some thousands spread over the audience.

    With `gateways`, made-up people are left out where the wave's gateway leaves them out. Raises Mistake: wave-unknown.
    """
    with db.reading() as c:
        wave = wave_for(c, wave_id)
        texts = texts_of(c, wave)
        scripts, last = wordings.scripts(c, wave, texts), kept(c, wave)
        traits = routing.traits(c, wave.gateway, gateways or {})
        leaves = traits is not None and traits.leaves_machine
        if last is not None:
            whole = last.preview.recipients
        else:
            rows = opening.would_be(c, wave, texts, leaves_machine=leaves, now=now)
            whole = sum(row.n for row in rows if row.reason is None)
        personal = any(script.personal for script in scripts)
        most = costs.SAMPLE if personal else max(n, FEW)
        # Who gets the same as everybody need not be looked for all over a million people.
        of = whole if personal else most
        found = list(opening.recipients(c, wave, texts, leaves_machine=leaves, now=now, most=most, of=of))
    return [reader for script in scripts for reader in _longest(db, script, found, max(1, n // len(scripts)))]


def _longest(db: Database, script: Script, rows: Sequence, n: int) -> list[Reader]:
    written = [(row, text) for row in rows if (text := _written(db, script, row))]
    longest = sorted(written, key=lambda each: (-each[1].segments, -len(each[1].text)))[:n]
    return [_reader(db, script, row, text) for row, text in longest]


def _written(db: Database, script: Script, row) -> Written | None:
    """None where a value is missing."""
    try:
        return script.write(row.language, lambda: fields_of(db, row.fields_sealed))
    except (Mistake, CannotOpen):
        return None


def _reader(db: Database, script: Script, row, written: Written) -> Reader:
    try:
        number = db.seal.open(row.number_sealed, "contacts.number")
    except CannotOpen:
        number = ""
    fields = _shown_fields(db, row)
    language = "en" if row.language == "en" else "vi"
    text = script.write(row.language, lambda: fields).text
    return Reader(masked(number) if number else "–", fields.get("name", ""), language, text, written.segments)


def _shown_fields(db: Database, row) -> Mapping[str, str]:
    """None where they cannot be opened: a text that needs them is not among those shown."""
    try:
        return {column: masked_inside(value) for column, value in fields_of(db, row.fields_sealed).items()}
    except CannotOpen:
        return {}
