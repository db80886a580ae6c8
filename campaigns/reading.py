"""How an uploaded file is read: found out or chosen once, kept with the import, followed by its worker. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from campaigns.columns import Columns


@dataclass(frozen=True)
class Reading:
    """Sheet of a workbook, or encoding and delimiter of text (no delimiter: a page of tables). `total` counts its rows.

    `tcvn3`: the text was typed in fonts of before Unicode. `places` are an officer's answers to place names that may
    mean several: (district, commune, code of a unit), both as written but folded.
    """

    columns: Columns
    total: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    sheet: int | None = None
    tcvn3: bool = False
    places: tuple[tuple[str, str, str], ...] = ()

    @property
    def kind(self) -> str:
        """One of file_kinds: "workbook", "page" or "text"."""
        return "workbook" if self.sheet is not None else "text" if self.delimiter else "page"

    @property
    def answers(self) -> dict[tuple[str, str], str]:
        """`places` as entries.RowReader takes them."""
        return {(district, commune): code for district, commune, code in self.places}

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Reading":
        values = {name: value for name, value in json.loads(text).items() if name in cls.__dataclass_fields__}
        columns = values.pop("columns")
        columns["headings"] = tuple(columns["headings"])
        columns["extra"] = tuple((at, key) for at, key in columns["extra"])
        values["places"] = tuple(map(tuple, values.get("places", ())))
        return cls(columns=Columns(**columns), **values)


@dataclass(frozen=True)
class Choices:
    """What somebody has decided about how a file is read; None leaves it to us.

    `sheet`: the name or number (from 1) of a sheet; `encoding`: one of encodings.OFFERED; `heading_row`: counted from
    1, 0 for none; `columns`: role → column counted from 0, or None for none.
    """

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    heading_row: int | None = None
    columns: Mapping[str, int | None] | None = None


@dataclass(frozen=True)
class Look:
    """A file looked through: how it is read, and what an officer should see before it is.

    `rows` are the first ones, (row number in the file, cells); `places` count the written (district, commune) of all
    rows (`places_whole`: none was left out). `doubts` are codes of mistakes that a choice would settle; `hint` shows
    text as it stands and as TCVN3 would have it.
    """

    reading: Reading
    rows: tuple[tuple[int, list[str]], ...] = ()
    places: Mapping[tuple[str, str], int] = field(default_factory=dict)
    places_whole: bool = True
    sheets: tuple[tuple[int, str], ...] = ()
    doubts: tuple[str, ...] = ()
    hint: tuple[str, str] | None = None
