"""Whether the three forms of a message say the same: both languages written, the same numbers, the same negations.

A number or a "không" that is in one form only sends some readers the opposite way, so it stops the message.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from messages.lint.aligning import Block, align
from messages.lint.figures import figures, in_words
from messages.lint.finding import Finding, Form
from messages.lint.tables import table
from messages.lint.text import Text, Word

_NEGATIONS: Mapping[str, Mapping[str, list[str]]] = table("negations")
_SURE = {form: frozenset(words["sure"]) for form, words in _NEGATIONS.items()}
#: "Chưa" is often no "not" in English: "chưa tính phụ cấp" is "plus allowances".
_NOT_YET = frozenset({"chưa", "chua"})
_PERHAPS = {form: frozenset(words["perhaps"]) for form, words in _NEGATIONS.items()}
#: Another wording is the author's right; when more than this share of the words differ, it is another message.
_DIFFERENT = 0.35
_NAMED = 6


def check(texts: Mapping[Form, Text]) -> Iterator[Finding]:
    """`texts` are the forms that are written."""
    vi, unaccented, en = (texts.get(form) for form in ("vi", "vi-unaccented", "en"))
    yield from _languages(vi or unaccented, en)
    if vi and unaccented:
        yield from _numbers(vi, unaccented)
        blocks = align(vi, unaccented)
        yield from _negations_without_accents(vi, unaccented, blocks)
        yield from _wording(vi, unaccented, blocks)
    if (vi or unaccented) and en:
        yield from _numbers(vi or unaccented, en)
        yield from _negations_in_english(vi or unaccented, en)


def _languages(vietnamese: Text | None, english: Text | None) -> Iterator[Finding]:
    if vietnamese and not english:
        yield vietnamese.finding("language-missing", "advice", other="en")
    if english and not vietnamese:
        yield english.finding("language-missing", "advice", other="vi")


def _numbers(one: Text, other: Text) -> Iterator[Finding]:
    for here, there in ((one, other), (other, one)):
        said = {figure.value for figure in figures(there)} | in_words(there)
        missing = {figure.value: figure for figure in reversed(figures(here)) if figure.value not in said}
        for figure in sorted(missing.values(), key=lambda figure: figure.at):
            yield here.finding("numbers-differ", "stop", figure.at, figure.at + len(figure.quote), other=there.form)


class Negated(NamedTuple):
    """How often a text says no: at least, and at most."""

    least: int
    most: int

    def agrees(self, other: "Negated") -> bool:
        return self.least <= other.most and other.least <= self.most


def _negated(words: Iterable[Word], form: Form, doubted: frozenset[str] = frozenset()) -> Negated:
    """`doubted` words only perhaps say no."""
    words = [word.text.lower().replace("’", "'") for word in words]
    sure = sum(word in _SURE[form] - doubted for word in words)
    return Negated(sure, sure + sum(word in _PERHAPS[form] | doubted for word in words))


def _negations_without_accents(vi: Text, unaccented: Text, blocks: tuple[Block, ...]) -> Iterator[Finding]:
    """A word that differs in accents only says what the accented one says; other words speak for themselves."""
    changed = [block for block in blocks if not block.same]
    here = [word for block in changed for word in block.accented]
    # "dung", "cam" and "cho" may stand for a đừng, cấm or chớ that is somewhere else in the accented text
    moved = frozenset(word.flat for word in here if word.text.lower() in _SURE["vi"]) - _SURE["vi-unaccented"]
    ours = _negated(here, "vi")
    theirs = _negated([word for block in changed for word in block.unaccented], "vi-unaccented", moved)
    if not ours.agrees(theirs):
        wrong = (block for block in changed if not _of(block)[0].agrees(_of(block)[1]))
    elif ours.least != theirs.least:
        wrong = (block for block in changed if _only_a_no(block))
    else:
        return
    if block := next(wrong, None):
        more_here = ours.least > theirs.most or not block.unaccented
        text, words, other = (
            (vi, block.accented, "vi-unaccented")
            if more_here and block.accented
            else (unaccented, block.unaccented, "vi")
        )
        yield text.finding("negations-differ", "stop", *_span(words or text.words[:1]), other=other)


def _of(block: Block) -> tuple[Negated, Negated]:
    return _negated(block.accented, "vi"), _negated(block.unaccented, "vi-unaccented")


def _only_a_no(block: Block) -> bool:
    """Whether nothing but a "không" and perhaps its neighbour is in one text and not in the other."""
    if block.accented and block.unaccented:
        return False
    ours, theirs = _of(block)
    return len(block.accented + block.unaccented) <= 2 and ours.least != theirs.least


def _negations_in_english(vietnamese: Text, en: Text) -> Iterator[Finding]:
    """Two languages count differently, so only a text that never says no beside one that does is certainly wrong."""
    ours = _negated(_asserted(vietnamese), vietnamese.form, _NOT_YET)
    theirs = _negated(_english_words(en), "en")
    if ours.least and not theirs.most:
        word = next(word for word in _asserted(vietnamese) if word.text.lower() in _SURE[vietnamese.form] - _NOT_YET)
        yield vietnamese.finding("negations-differ", "stop", *_span([word]), other="en")
    if theirs.least and not ours.most:
        word = next(word for word in _english_words(en) if word.text.lower().replace("’", "'") in _SURE["en"])
        yield en.finding("negations-differ", "stop", *_span([word]), other=vietnamese.form)


def _asserted(text: Text) -> list[Word]:
    """The words without the không and chưa that only ask: "đã ký chưa?"."""
    return [word for word in text.words if text.read[word.at + len(word.text) :].lstrip()[:1] != "?"]


def _english_words(text: Text) -> list[Word]:
    """don't is one word."""
    joined: list[Word] = []
    for word in text.words:
        if joined and word.text.lower() == "t" and text.read[word.at - 1] in "'’":
            last = joined.pop()
            word = Word(text.read[last.at : word.at + 1], "", last.at)
        joined.append(word)
    return joined


def _wording(vi: Text, unaccented: Text, blocks: tuple[Block, ...]) -> Iterator[Finding]:
    changed = [block for block in blocks if not block.same]
    different = sum(max(len(block.accented), len(block.unaccented)) for block in changed)
    if different <= _DIFFERENT * max(len(vi.words), len(unaccented.words)):
        return
    words = [word.text for block in changed for word in (block.unaccented or block.accented)][:_NAMED]
    first = next((block.unaccented for block in changed if block.unaccented), ())
    at = _span(first) if first else (-1,)
    yield unaccented.finding("unaccented-differs", "advice", *at, words=", ".join(words))


def _span(words: Iterable[Word]) -> tuple[int, int]:
    words = list(words)
    return words[0].at, words[-1].at + len(words[-1].text)
