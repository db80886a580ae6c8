"""What words are read as once their accents are gone: "đi tù" (to prison) is also "đi tu" (into a monastery).

A word is looked at only where the accented text has it at the same place, and not inside a phrase that reads clearly.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from messages.folding import flat
from messages.lint.aligning import align
from messages.lint.finding import Finding, Form
from messages.lint.tables import Patterns, table
from messages.lint.text import Text, Word


class Entry(NamedTuple):
    """`word` (one syllable or more, accented) is `read` as other words; `say` instead. `clear` are phrases with it that
    everybody reads right. A word with `alone` is doubted even where no accented text tells what was meant, but in those
    phrases.
    """

    word: tuple[str, ...]
    read: str
    say: str
    rude: bool
    clear: tuple[tuple[str, ...], ...]
    alone: tuple[str, ...]


def _entry(word: str, row: Mapping) -> Entry:
    """What is proposed reads clearly as well: "vụ việc" for "vụ"."""
    phrases = [*row.get("clear", ()), *([row["say"]] if f" {word} " in f" {row['say']} " else [])]
    clear = tuple(tuple(phrase.split()) for phrase in phrases)
    alone = tuple(row.get("alone", ()))
    return Entry(tuple(word.split()), ", ".join(row["read"]), row["say"], row.get("rude", False), clear, alone)


ENTRIES: tuple[Entry, ...] = tuple(_entry(word, row) for word, row in table("ambiguous").items())
#: By first syllable, the longest first.
_BY_FIRST: dict[str, list[Entry]] = {}
for _found in sorted(ENTRIES, key=lambda entry: -len(entry.word)):
    _BY_FIRST.setdefault(_found.word[0], []).append(_found)
_ALONE = {flat(entry.word[0]): entry for entry in ENTRIES if entry.alone}
_CLEAR_ALONE = Patterns(phrase for entry in _ALONE.values() for phrase in entry.alone)


def check(texts: Mapping[Form, Text]) -> Iterator[Finding]:
    """Each word once."""
    vi, unaccented = texts.get("vi"), texts.get("vi-unaccented")
    if unaccented is None:
        return
    found = _misread(vi, unaccented) if vi else _doubtful(unaccented)
    told: set[tuple[str, ...]] = set()
    for entry, words in found:
        if entry.word not in told:
            told.add(entry.word)
            code = "unaccented-rude" if entry.rude else "unaccented-ambiguous"
            values = {"word": " ".join(entry.word), "read": entry.read, "say": entry.say}
            yield unaccented.finding(code, "advice", words[0].at, words[-1].at + len(words[-1].text), **values)


def _misread(vi: Text, unaccented: Text) -> Iterator[tuple[Entry, tuple[Word, ...]]]:
    """The entries that stand in a block where both texts have the same words."""
    ours = [word.text.lower() for word in vi.words]
    theirs = [word.flat for word in unaccented.words]
    before = beside = 0
    for block in align(vi, unaccented):
        at = 0
        while block.same and at < len(block.unaccented):
            entry = _entry_at(ours, before + at, theirs, beside + at)
            length = len(entry.word) if entry else 1
            if entry and at + length <= len(block.unaccented):
                yield entry, block.unaccented[at : at + length]
            at += length
        before += len(block.accented)
        beside += len(block.unaccented)


def _entry_at(ours: list[str], at: int, theirs: list[str], beside: int) -> Entry | None:
    """The longest entry at that place, unless one of its clear phrases covers it in either text."""
    for entry in _BY_FIRST.get(ours[at], ()):
        if tuple(ours[at : at + len(entry.word)]) == entry.word:
            flat_phrases = [tuple(flat(word) for word in phrase) for phrase in entry.clear]
            if not (_covers(entry, entry.clear, ours, at) or _covers(entry, flat_phrases, theirs, beside)):
                return entry
    return None


def _covers(entry: Entry, phrases: Iterable[tuple[str, ...]], words: list[str], at: int) -> bool:
    """Whether one of `phrases` stands in `words` over the entry's word at `at`."""
    return any(
        tuple(words[begin : begin + len(phrase)]) == phrase and begin + len(phrase) >= at + len(entry.word)
        for phrase in phrases
        for begin in range(max(0, at - len(phrase) + 1), at + 1)
    )


def _doubtful(unaccented: Text) -> Iterator[tuple[Entry, tuple[Word, ...]]]:
    clear = [match.span() for match in _CLEAR_ALONE.find(unaccented)]
    for word in unaccented.words:
        entry = _ALONE.get(word.flat)
        if entry and not any(start <= word.at < end for start, end in clear):
            yield entry, (word,)
