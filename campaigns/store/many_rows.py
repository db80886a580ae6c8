"""A table made of values that travel with the statement: one statement for many rows instead of one a row.

Besides the work, this spares SQLite's driver from giving up the interpreter's lock for every row, and so from queueing
for it behind the threads that talk to a provider. The statement is built once and the values are handed over with it
(`values_of`): to build one anew takes longer than to run it for a hundred rows.
"""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import BigInteger, ColumnElement, Integer, Text, bindparam, func, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY

#: What the columns may hold, besides NULL.
Kind = type[BigInteger | Integer | Text]


def table_of(dialect: str, columns: Mapping[str, Kind], **same: ColumnElement):
    """A FROM clause with these columns, whose rows `values_of` gives, and those that are the `same` in all rows. In
    PostgreSQL arrays are unnested side by side, in SQLite JSON is taken apart.
    """
    alike = [value.label(name) for name, value in same.items()]
    if dialect == "postgresql":
        parts = [
            func.unnest(bindparam(f"given_{name}", type_=ARRAY(kind()))).label(name) for name, kind in columns.items()
        ]
        return select(*parts, *alike).subquery("given")
    each = func.json_each(bindparam("given_rows")).table_valued("value", name="each_row")
    parts = [
        type_coerce(func.json_extract(each.c.value, f"$[{n}]"), kind()).label(name)
        for n, (name, kind) in enumerate(columns.items())
    ]
    return select(*parts, *alike).subquery("given")


def values_of(dialect: str, columns: Mapping[str, Kind], rows: Sequence[Sequence[object]]) -> dict[str, object]:
    """The parameters of a statement with `table_of` the same columns."""
    if dialect == "postgresql":
        arrays = zip(*rows, strict=True)
        return {f"given_{name}": list(array) for name, array in zip(columns, arrays, strict=True)}
    return {"given_rows": json.dumps(rows)}
