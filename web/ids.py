"""Ids as forms send them."""

#: Digits of the largest id a table holds.
_LONGEST = 18


def id_of(text: str) -> int | None:
    """None for what is no id: letters, other people's digits ("²"), a number no table could hold."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
