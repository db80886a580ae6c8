"""A SQLite file of figures to share: every table and column says what it is, in it and, for Datasette, beside it."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Rows written in one go.
BATCH = 5_000


@dataclass(frozen=True)
class Sheet:
    """A table: `columns` maps each name to (type of its values, what it says), `key` names the columns that are unique
    together. `rows` follow the order of the columns.
    """

    name: str
    told: str
    columns: Mapping[str, tuple[type, str]]
    key: Sequence[str]
    rows: Iterable[Sequence[object]]


def write(path: Path, sheets: Iterable[Sheet], *, title: str, told: str) -> dict[str, int]:
    """Writes the file and its `….metadata.json`; table → rows. What stood there goes only once all is written."""
    from sqlite_utils import Database  # late: 0.15 s that no other command needs

    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(b"")  # a folder that is not there, or no right to write: an OSError says so
    db, counts, tables = Database(draft), {}, {}
    try:
        for sheet in sheets:
            counts[sheet.name] = _fill(db, sheet)
            tables[sheet.name] = _described(sheet)
        counts |= _describe(db, tables)
        db.vacuum()
    except BaseException:
        db.close()
        draft.unlink(missing_ok=True)
        raise
    db.close()
    draft.replace(path)
    metadata = {"title": title, "description": told, "databases": {path.stem: {"tables": tables}}}
    metadata_path(path).write_text(json.dumps(metadata, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return counts


def metadata_path(path: Path) -> Path:
    """Where the metadata for Datasette lies: `datasette figures.db -m figures.metadata.json`."""
    return path.with_name(f"{path.stem}.metadata.json")


def _fill(db, sheet: Sheet) -> int:
    table = db[sheet.name]
    table.create({name: kind for name, (kind, _) in sheet.columns.items()}, pk=tuple(sheet.key))
    rows = (dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows)
    table.insert_all(rows, batch_size=BATCH)
    return table.count


def _described(sheet: Sheet) -> dict[str, object]:
    return {"description": sheet.told, "columns": {name: told for name, (_, told) in sheet.columns.items()}}


def _describe(db, tables: Mapping[str, Mapping]) -> dict[str, int]:
    """What every table and column is, as tables of the file itself."""
    db["about_tables"].insert_all(({"table": name, "says": it["description"]} for name, it in tables.items()),
                                  pk="table")  # fmt: skip
    columns = ((name, column, told) for name, it in tables.items() for column, told in it["columns"].items())
    db["about_columns"].insert_all(
        ({"table": table, "column": column, "says": told} for table, column, told in columns), pk=("table", "column")
    )
    return {name: db[name].count for name in ("about_tables", "about_columns")}
