"""The words of the report, the same figures in Vietnamese and in English: its lines, and the letter made of them."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from babel.numbers import format_currency, format_decimal, format_percent

import messages
from campaigns.figures.intervals import Rate
from campaigns.figures.masking import LEAST
from messages.book import Book
from messages.errors import LANGUAGES
from runtime.report.summary import Summary

_HERE = Path(messages.__file__).parent
#: Topics named in the letter.
NAMED = 5


@cache
def words(language: str) -> Mapping[str, str]:
    """What stands in report.toml of "vi" or "en"."""
    with open(_HERE / (language if language in LANGUAGES else "vi") / "report.toml", "rb") as file:
        return tomllib.load(file)


def month_name(first: date, language: str) -> str:
    return words(language)["month"].format(month=f"{first:%m}", year=first.year)


def subject(told: Summary, language: str) -> str:
    return words(language)["subject"].format(month=month_name(told.period.start, language))


def letter(told: Summary, language: str, book: Book, url: str) -> str:
    """The whole text."""
    said, name = words(language), month_name(told.period.start, language)
    listed = "\n".join(f"- {line}" for line in lines(told, language, book))
    return "\n\n".join((said["begins"].format(month=name), listed, said["ends"].format(url=url))) + "\n"


def lines(told: Summary, language: str, book: Book) -> list[str]:
    """What the time came to, a sentence each."""
    form = _Form(language)
    return [*_sent(told, form), *_asked(told, form, book), *_people(told, form)]


class _Form:
    """Sentences and numbers as readers of one language write them."""

    def __init__(self, language: str):
        self.language, self._words = language, words(language)

    def say(self, key: str, **values: object) -> str:
        return self._words[key].format(**values)

    def count(self, n: int | None) -> str:
        """None: a number on its own, too small to be told."""
        return self.say("few", n=LEAST) if n is None else format_decimal(n, locale=self.language)

    def share(self, n: int, of: int) -> str:
        """ "94%; 93–95%": with the interval in which the true share lies."""
        rate = Rate(min(n, of), of)
        if not rate:
            return "–"
        # A rare thing, or nearly everything, is not rounded away.
        digits = 1 if 0 < min(rate.share, 1 - rate.share) < 0.05 else 0
        share, low, high = (self._percent(each, digits) for each in (rate.share, rate.low, rate.high))
        return self.say("share", share=share, low=low.removesuffix("%").rstrip(), high=high)

    def _percent(self, share: float, digits: int) -> str:
        return format_percent(round(share, digits + 2), locale=self.language, decimal_quantization=False)

    def money(self, vnd: float) -> str:
        return format_currency(round(vnd), "VND", locale=self.language, format="#,##0\u00a0¤")

    def lasting(self, span: timedelta) -> str:
        """As the pages write it (web.language.lasting): "1 giờ 39 phút"."""
        hours, minutes = divmod(max(1, int(span.total_seconds() + 30) // 60), 60)
        if hours >= 48:
            return self.say("days", n=self.count(round(hours / 24)))
        told = [self.say("hours", n=self.count(hours))] if hours else []
        told += [self.say("minutes", n=self.count(minutes))] if minutes else []
        return " ".join(told)


def _sent(told: Summary, form: _Form) -> Iterator[str]:
    if not told.sent:
        yield form.say("sent_none")
        return
    yield _arrived(told, form)
    if told.vnd:
        key, each = ("cost", form.money(told.vnd_each)) if told.vnd_each else ("cost_so_far", "")
        yield form.say(key, vnd=form.money(told.vnd), segments=form.count(told.segments), each=each)


def _arrived(told: Summary, form: _Form) -> str:
    """Without a single receipt nobody knows yet what arrived; of what is on its way nobody does either."""
    rest = told.sent - told.arrived - told.lost
    key = "sent_so_far" if rest == told.sent else "sent_rest" if rest > 0 else "sent"
    return form.say(
        key, sent=form.count(told.sent), waves=form.count(told.waves), arrived=form.count(told.arrived),
        share=form.share(told.arrived, told.sent), lost=form.count(told.lost), rest=form.count(rest),
    )  # fmt: skip


def _asked(told: Summary, form: _Form, book: Book) -> Iterator[str]:
    yield _understood(told, form)
    if not told.heard:
        return
    # Of what is hidden nobody may say that it is asked most.
    if most := [(topic, n) for topic, n in told.topics[:NAMED] if n is not None]:
        named = (form.say("topic", title=title(topic, form.language, book), n=form.count(n)) for topic, n in most)
        yield form.say("topics", topics=", ".join(named))
    if told.judged:
        share = form.share(told.helpful, told.judged)
        yield form.say("helpful", helpful=form.count(told.helpful), judged=form.count(told.judged), share=share)
    yield form.say("danger", red=form.count(told.red), amber=form.count(told.amber))


def _understood(told: Summary, form: _Form) -> str:
    if not told.asked:
        return form.say("asked_none")
    share = form.share(told.understood, told.asked)
    return form.say("asked", asked=form.count(told.asked), understood=form.count(told.understood), share=share)


def _people(told: Summary, form: _Form) -> Iterator[str]:
    cases, waited = form.count(told.desk.opened), told.desk.until_answered
    yield form.say("desk", cases=cases) if waited is None else form.say(
        "desk_waited", cases=cases, wait=form.lasting(waited)
    )
    yield form.say("optouts", n=form.count(told.optouts))


def title(topic: str, language: str, book: Book) -> str:
    known = book.topics.get(topic)
    return known.answers[language].title if known else topic
