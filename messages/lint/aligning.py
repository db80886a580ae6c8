"""Which word of the unaccented text stands for which word of the accented one."""

from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from messages.lint.text import Text, Word

#: A text with more words is no SMS; the comparison of a repeated word would take its square in time.
_MOST_WORDS = 800


class Block(NamedTuple):
    """A run of words in both texts; `same` when they differ in accents only."""

    same: bool
    accented: tuple[Word, ...]
    unaccented: tuple[Word, ...]


@lru_cache(maxsize=8)
def align(accented: Text, unaccented: Text) -> tuple[Block, ...]:
    """The first 800 words of both texts in order, block by block."""
    ours, theirs = accented.words[:_MOST_WORDS], unaccented.words[:_MOST_WORDS]
    matcher = SequenceMatcher(None, [word.flat for word in ours], [word.flat for word in theirs], autojunk=False)
    return tuple(
        Block(tag == "equal", ours[start:end], theirs[first:last])
        for tag, start, end, first, last in matcher.get_opcodes()
    )
