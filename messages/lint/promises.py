"""Promises of a visa, of work, of pay, of safety: nobody can keep them, and fraud begins with them.

A sentence that denies a promise or warns of one is not a promise: "không ai bảo đảm được visa", "đừng tin lời hứa bao
đậu".
"""

import re
from collections.abc import Iterable, Iterator

from messages.lint.finding import Finding
from messages.lint.tables import Patterns, table
from messages.lint.text import Sentence, Text

_TABLE = table("promises")
_KINDS = ("visa", "work", "pay", "safety", "no_risk")
_LANGUAGES = ("vi", "en")


_BAO = (
    r"(?<!thông )(?<!thong )(?<!cảnh )(?<!canh )(?<!tin )"
    r"bao(?! giờ| gio| lâu| nhiêu| gồm| xa| hộ| vệ| lãnh| trợ| cáo| tin| công an| cho| với| ngay)"
)


def _each(*keys: str) -> dict[str, Patterns]:
    found = _TABLE
    for key in keys:
        found = found[key]
    return {language: Patterns(source.replace("<bao>", _BAO) for source in found[language]) for language in _LANGUAGES}


_PROMISED = {kind: _each(kind) for kind in _KINDS}
_DENIED = _each("denied")
_RIGHT_BEFORE = _each("denied", "right_before")
_REPORTED = _each("reported")
_QUOTED = _each("quoted")
_FIGURE = _each("figure")
_QUOTATION = re.compile(r"[\"“„«‘'][^\"“”„«»‘’']*[\"”»’']")
#: Where a clause ends; a comma or a dot inside a number does not end one.
_CLAUSE_END = re.compile(r"[,;:](?=\s)|\s[–-]\s")


def check(texts: Iterable[Text]) -> Iterator[Finding]:
    for text in texts:
        for sentence in text.sentences:
            yield from _broken(text, sentence)


def _broken(text: Text, sentence: Sentence) -> Iterator[Finding]:
    start, end = sentence.at, sentence.at + len(sentence.text)
    language = "en" if text.form == "en" else "vi"
    if _REPORTED[language].within(text, start, end):
        return
    for kind in _KINDS:
        if kind == "pay" and _FIGURE[language].within(text, start, end):
            continue
        for match in _PROMISED[kind][language].find(text, start, end):
            if not _is_told(text, language, sentence, match) and (
                kind == "no_risk" or not _is_denied(text, language, start, match.start())
            ):
                yield text.finding(f"promise-{kind.replace('_', '-')}", "stop", match.start(), match.end())
                break


def _is_told(text: Text, language: str, sentence: Sentence, match: re.Match) -> bool:
    """Whether the promise is quoted in a sentence that turns against it."""
    start, end = sentence.at, sentence.at + len(sentence.text)
    quotations = [found.span() for found in _QUOTATION.finditer(text.read, start, end)]
    if not any(opens < match.start() and match.end() < closes for opens, closes in quotations):
        return False
    edges = [start, *(place for span in quotations for place in span), end]
    outside = zip(edges[::2], edges[1::2], strict=True)
    return any(_QUOTED[language].within(text, begins, stops) for begins, stops in outside)


def _is_denied(text: Text, language: str, start: int, at: int) -> bool:
    clause = max((found.end() for found in _CLAUSE_END.finditer(text.read, start, at)), default=start)
    if _DENIED[language].within(text, clause, at):
        return True
    end = len(text.read[:at].rstrip())
    return any(match.end() == end for match in _RIGHT_BEFORE[language].find(text, clause, at))
