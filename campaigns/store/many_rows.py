"""A table made of values that travel with the statement: one statement for many rows instead of one a row.

Besides the work, this spares SQLite's driver from giving up the interpreter's lock for every row, and so from queueing
for it behind the threads that talk to a provider.
"""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import BigInteger, Connection, Integer, Text, bindparam, func, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY

#: What the columns may hold, besides NULL.
Kind = type[BigInteger | Integer | Text]


def table_of(c: Connection, columns: Mapping[str, Kind], rows: Sequence[Sequence[object]]):
    """A FROM clause with these columns. In PostgreSQL arrays are unnested side by side, in SQLite JSON is taken
    apart.
    """
    if c.dialect.name == "postgresql":
        arrays = zip(*rows, strict=True)
        parts = [
            func.unnest(bindparam(None, list(array), type_=ARRAY(kind()), unique=True)).label(name)
            for (name, kind), array in zip(columns.items(), arrays, strict=True)
        ]
        return select(*parts).subquery("given")
    each = func.json_each(bindparam(None, json.dumps(rows), unique=True)).table_valued("value", name="each_row")
    parts = [
        type_coerce(func.json_extract(each.c.value, f"$[{n}]"), kind()).label(name)
        for n, (name, kind) in enumerate(columns.items())
    ]
    return select(*parts).subquery("given")
