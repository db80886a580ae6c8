"""What the bot may say: sentences of the Book, and between them only what a field of a sentence is for."""

import re
from collections.abc import Iterable, Iterator

from messages.book import Book
from sms.unaccent import unaccent

FORMS = ("chat", "sms", "sms-accented")
_FIELD = re.compile(r"\\\{(\w+)\\\}")


class Approved:
    """Takes replies apart into what `book` holds."""

    def __init__(self, book: Book):
        self._answers = _answers(book)
        phrases = {form for language in ("vi", "en") for phrase in book.phrases[language].values()
                   for form in map(phrase.text, FORMS)}
        titles = {_plain(title) for topic in book.topics.values() for answer in topic.answers.values()
                  for title in (answer.title, unaccent(answer.title))}
        self._whole = sorted({*self._answers, *(_plain(text) for text in phrases if "{" not in text)}, key=len,
                             reverse=True)
        cut = {part.strip() for text in phrases if "{signs}" in text for part in _plain(text).split("{signs}")} - {""}
        self._whole = sorted({*self._whole, *cut}, key=len, reverse=True)
        self._with_fields = [*(_pattern(_plain(text), titles) for text in phrases if "{" in text), *_signs(book)]
        self._told = [_plain(form(answer.chat)) for topic in book.topics.values() for answer in topic.answers.values()
                      for form in (str, unaccent)]
        self._more = [_plain(phrase.text(form)) for language in ("vi", "en")
                      for phrase in [book.phrases[language].get("more")] if phrase for form in FORMS]

    def left_over(self, reply: str, heard: str = "", quotes: Iterable[str] = ()) -> str:
        """What no sentence of the Book accounts for: "" when all is approved.

        A field may hold numbered titles, a date, a time, or the person's own words: something out of `heard` or
        `quotes`.
        """
        allowed = [_plain(form(text)).casefold() for text in (heard, *quotes) for form in (str, unaccent)]
        text = _plain(reply)
        return min(self._without(text, allowed), key=len) if text else ""

    def _without(self, text: str, allowed: list[str]) -> Iterator[str]:
        yield "" if not text or self._is_told(text) else text
        for whole in self._whole:
            if text.startswith(whole):
                yield from self._without(text[len(whole) :].strip(), allowed)
        for pattern in self._with_fields:
            found = pattern.match(text)
            if found and all(_may_stand(value, allowed) for value in found.groups()):
                yield from self._without(text[found.end() :].strip(), allowed)

    def _is_told(self, text: str) -> bool:
        """A part of a long answer, between its sentences or clauses."""
        for more in self._more:
            text = text.removesuffix(more).strip()
        return any(f" {text} " in f" {told} " for told in self._told)


def _answers(book: Book) -> set[str]:
    return {_plain(answer.text(form)) for topic in book.topics.values() for answer in topic.answers.values()
            for form in FORMS}


def _signs(book: Book) -> Iterator[re.Pattern]:
    """A sign of danger in an offer with the person's words before it, or by SMS perhaps without."""
    for flags in book.flags.values():
        for flag in flags.values():
            yield re.compile(rf"• “(.+?)”: {re.escape(_plain(f'{flag.reason} {flag.ask}'))}(?=\s|$)")
            for sign in (flag.sms, flag.sms_unaccented):
                yield re.compile(rf'(?:"([^"]+)": )?{re.escape(_plain(sign))}(?=\s|$)')


def _pattern(text: str, titles: set[str]) -> re.Pattern:
    listed = "|".join(sorted(map(re.escape, titles), key=len, reverse=True))
    numbered = rf"(?:\d\.? (?:{listed}),? ?)+?"
    return re.compile(_FIELD.sub(lambda found: numbered if found[1] == "choices" else "(.+?)", re.escape(text).replace(
        r"\ ", " ")) + r"(?=\s|$)")


def _may_stand(value: str, allowed: Iterable[str]) -> bool:
    return not value or bool(re.fullmatch(r"[\d.:/ -]+", value)) or any(value.casefold() in text for text in allowed)


def _plain(text: str) -> str:
    return " ".join(text.split())
