"""A message as its page shows it: the three texts counted and priced, without judging them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from campaigns import prices
from campaigns.model import Texts
from db.engine import Database
from sms.segments import Count, count

#: In the order of the page; the names are those of the form and of Texts.
NAMES = ("vi", "vi_unaccented", "en")


@dataclass(frozen=True)
class Draft:
    """`prices` are the columns of the price trio: words, segments, VND for one, VND for all, is the cheapest."""

    title: str
    texts: Mapping[str, str]
    counts: Mapping[str, Count]
    prices: list[tuple]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The bubbles on the preview phone: every text that is written, with words for which one it is."""
        words = _words()
        return [(self.texts[name], words[name]) for name in NAMES if self.texts[name]]


def draft(db: Database, gateway: str, now: datetime, *, title: str = "", texts: Mapping[str, str]) -> Draft:
    """`texts` by NAMES; line ends as browsers send them (CR LF) count as one character."""
    texts = {name: texts.get(name, "").replace("\r\n", "\n").strip() for name in NAMES}
    counts = {name: count(text) for name, text in texts.items()}
    return Draft(title, texts, counts, _columns(texts, counts, _price(prices.on(db, gateway, now))))


def texts_of(texts: Texts) -> dict[str, str]:
    return {name: getattr(texts, name) for name in NAMES}


def _words() -> dict[str, str]:
    return {"vi": _("With accents"), "vi_unaccented": _("Without accents"), "en": _("English")}


def _price(known: Mapping[str, int]) -> int | None:
    """What a segment costs at most: carriers differ, and one message does not say whose it is."""
    return max(known.values(), default=None)


def _columns(texts: Mapping[str, str], counts: Mapping[str, Count], price: int | None) -> list[tuple]:
    words = _words()
    written = {name: counts[name].segments for name in NAMES if texts[name]}
    least = min((n for name, n in written.items() if name != "en"), default=0)
    return [_column(words[name], written.get(name, 0), price, name != "en", least, len(written)) for name in NAMES]


def _column(words: str, segments: int, price: int | None, rival: bool, least: int, written: int) -> tuple:
    """The cheaper of the two Vietnamese texts is marked; English is for other readers, so it is no rival."""
    one = None if price is None or not segments else segments * price
    return words, segments, one, None, rival and written > 1 and segments == least > 0
