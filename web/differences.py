"""What became of a text, word by word, as an approver reads it: kept, gone, new. Pure."""

import re
from difflib import SequenceMatcher

#: ("same" | "gone" | "new", words)
Piece = tuple[str, str]
_WORDS = re.compile(r"\s+|[^\s]+")
#: Texts less alike than this share (blanks between words are always alike) are another text: told one after the other.
ALIKE = 0.72


def differences(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in reading order; joined, "same" and "new" are `after`. A text that has little in common
    with the other is told whole, on a line of its own.

    >>> differences("gọi 111 ngay", "gọi 113 ngay")
    [('same', 'gọi '), ('gone', '111'), ('new', '113'), ('same', ' ngay')]
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if before and after and matcher.ratio() < ALIKE:
        return [("gone", before + "\n"), ("new", after)]
    changes = [("".join(old[a:b]), "".join(new[c:d])) for _, a, b, c, d in matcher.get_opcodes()]
    return [piece for change in _joined(changes) for piece in _pieces(*change)]


def _joined(changes: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Two changes with only a blank between them are one: a new phrase is read at once, not word for word."""
    found: list[tuple[str, str]] = []
    for n, (before, after) in enumerate(changes):
        blank = before == after and not before.strip() and 0 < n < len(changes) - 1
        if found and (blank or found[-1][0] != found[-1][1]) and (blank or before != after):
            before, after = found[-1][0] + before, found.pop()[1] + after
        found.append((before, after))
    return found


def _pieces(before: str, after: str) -> list[Piece]:
    if before == after:
        return [("same", after)]
    return [(kind, words) for kind, words in (("gone", before), ("new", after)) if words]
