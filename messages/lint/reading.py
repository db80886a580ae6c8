"""How hard a message is to read: long sentences, words of offices, an English grade."""

import re
from collections.abc import Iterable, Iterator

from messages.lint.finding import Finding
from messages.lint.tables import Patterns, table
from messages.lint.text import Sentence, Text

_TABLE = table("plain")
_LIMITS: dict = _TABLE["limits"]
_PLAIN_WORDS: dict[str, str] = _TABLE["officialese"]
#: The longest first, so that "theo quy định của pháp luật" is not read as its parts.
_OFFICIALESE = Patterns(sorted(_PLAIN_WORDS, key=len, reverse=True))
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
#: How many officialese words a finding names.
_NAMED = 3


def check(texts: Iterable[Text]) -> Iterator[Finding]:
    for text in texts:
        yield from _long_sentences(text)
        if text.form == "vi":
            yield from _officialese(text)
        elif text.form == "en":
            yield from _grade(text)


def _long_sentences(text: Text) -> Iterator[Finding]:
    most = _LIMITS["sentence"]["en" if text.form == "en" else "vi"]
    for sentence in text.sentences:
        if (n := len(_WORD.findall(sentence.text))) > most:
            end = sentence.at + len(sentence.text)
            yield text.finding("sentence-long", "advice", sentence.at, end, words=n, most=most)


def _officialese(text: Text) -> Iterator[Finding]:
    found = list(_OFFICIALESE.find(text))
    syllables = sum(len(match[0].split()) for match in found)
    if len(found) < _LIMITS["officialese_words"] or syllables < _LIMITS["officialese_share"] * len(text.words):
        return
    named = dict.fromkeys(match[0].lower() for match in found)
    plain = {word: _PLAIN_WORDS[word] for word in named if word in _PLAIN_WORDS}
    said = "; ".join(f"{word} → {plain[word]}" for word in list(plain)[:_NAMED])
    yield text.finding("officialese", "advice", found[0].start(), found[0].end(), instead=said)


def _grade(text: Text) -> Iterator[Finding]:
    if sum(len(_WORD.findall(sentence.text)) for sentence in text.sentences) < _LIMITS["grade_words"]:
        return
    if (found := grade(text.sentences)) > _LIMITS["grade"]:
        yield text.finding("reading-hard", "advice", grade=round(found), most=round(_LIMITS["grade"]))


def grade(sentences: Iterable[Sentence]) -> float:
    """The Flesch–Kincaid grade: years of school an English text asks of its reader.

    Kincaid, Fishburne, Rogers, Chissom: Derivation of new readability formulas … (1975): 0.39 words a sentence + 11.8
    syllables a word − 15.59. Syllables are counted as runs of vowels, a silent e left out; names and numbers count as
    one syllable, for "Nghe An" and "08000" say nothing of the writing.
    """
    counts = [[_syllables(word) for word in _WORD.findall(sentence.text)] for sentence in sentences]
    counts = [words for words in counts if words]
    if not counts:
        return 0.0
    total = sum(map(len, counts))
    return 0.39 * total / len(counts) + 11.8 * sum(map(sum, counts)) / total - 15.59


def _syllables(word: str) -> int:
    if not word.islower() or not word.isascii():
        return 1
    stem = word.removesuffix("es").removesuffix("ed").removesuffix("e") if not word.endswith("le") else word
    return max(1, len(_VOWELS.findall(stem)))
