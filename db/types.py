"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.types import TypeDecorator

#: SQLite gives out row ids only to a column declared INTEGER.
Id = BigInteger().with_variant(Integer(), "sqlite")


def utc_text(moment: datetime) -> str:
    """`moment` (with a zone) as fixed-width UTC text, so that text order is time order.

    >>> utc_text(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
    '2026-11-24T01:00:00.000000Z'
    """
    if moment.tzinfo is None:
        raise ValueError("a stored time needs its zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def from_utc_text(text: str) -> datetime:
    """The moment that `utc_text` wrote."""
    return datetime.fromisoformat(text)  # strptime takes a hundred times longer: half of the cost of reading a delivery


class UtcText(TypeDecorator):
    """An aware datetime in Python, fixed-width UTC text in the table: the same order and bytes in both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else utc_text(value)

    def process_result_value(self, value, dialect):
        return None if value is None else from_utc_text(value)
