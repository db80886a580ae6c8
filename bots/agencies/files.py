"""A file of agencies as it comes: any encoding, delimiter, workbook or page, read as lists of people are."""

import io
from functools import partial

from bots.agencies import rows
from campaigns import upload
from campaigns.delimited import DELIMITERS
from campaigns.reading import Choices
from messages.errors import Mistake

MOST_BYTES = 10 << 20
MOST_FIRMS = 20_000
_NO_HEADING = 0


def read(content: bytes, *, encoding: str | None = None, sheet: str | None = None) -> rows.Reading:
    """What `content` holds.

    Raises Mistake for what is no list (campaigns.upload), agencies-no-name-column, agencies-many-sheets,
    agencies-none, agencies-too-many, agencies-status-missing.
    """
    if len(content) > MOST_BYTES:
        raise Mistake("upload-too-big", most=MOST_BYTES >> 20)
    reading = _best(content, encoding, sheet)
    if not reading.columns:
        raise Mistake("agencies-no-name-column")
    if reading.bad_news:
        raise Mistake("agencies-status-missing")
    if not reading.agencies:
        raise Mistake("agencies-none", refused=len(reading.refused))
    if len(reading.agencies) > MOST_FIRMS:
        raise Mistake("agencies-too-many", most=MOST_FIRMS)
    return reading


def _best(content: bytes, encoding: str | None, sheet: str | None) -> rows.Reading:
    look = _look(content, Choices(encoding=encoding, sheet=sheet, heading_row=_NO_HEADING))
    if look.reading.kind == "text":
        ways = [Choices(encoding=encoding, heading_row=_NO_HEADING, delimiter=delimiter) for delimiter in DELIMITERS]
        return max((_rows(content, _look(content, way)) for way in ways), key=rows.score)
    if look.reading.kind == "page" or sheet is not None:
        return _rows(content, look)
    found = {}
    for place, (_, name) in enumerate(look.sheets, start=1):
        choices = Choices(encoding=encoding, sheet=str(place), heading_row=_NO_HEADING)
        reading = _sheet(content, choices, name)
        if reading.columns:
            found[name] = reading
    if len(found) > 1:
        raise Mistake("agencies-many-sheets", sheets=", ".join(found))
    return next(iter(found.values()), rows.Reading({}))


def _sheet(content: bytes, choices: Choices, name: str) -> rows.Reading:
    """A sheet that is empty holds no list, which is no mistake while another one does."""
    try:
        return _rows(content, _look(content, choices), name)
    except Mistake as mistake:
        if mistake.code in ("upload-no-rows", "upload-empty"):
            return rows.Reading({})
        raise


def _look(content: bytes, choices: Choices):
    look = upload.look(partial(io.BytesIO, content), len(content), choices)
    if look.hint and not choices.encoding:
        raise Mistake("upload-looks-tcvn3", before=look.hint[0], after=look.hint[1])
    if "upload-encoding" in look.doubts:
        raise Mistake("upload-encoding")
    return look


def _rows(content: bytes, look, title: str = "") -> rows.Reading:
    return rows.read(upload.records(io.BytesIO(content), look.reading), title)
