"""How answers stand on pages: their groups and parts in words, where each language stands, its facts, its lengths."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bots.answering.content import Content, changed
from bots.answering.due import SOON
from bots.answering.model import Version
from bots.answering.proof import Remark
from messages.book import Answer, Book, Fact
from sms import segments
from web.differences import Piece, differences
from web.here import reader
from web.words import Chip

GROUPS = {
    "talk": _l("Conversation"),
    "service": _l("About this service"),
    "help": _l("Help and danger"),
    "risk": _l("Dangers of the journey"),
    "signs": _l("Signs of deceit"),
    "agency": _l("Agencies, brokers, fees"),
    "legal": _l("Legal ways"),
    "papers": _l("Papers"),
    "law": _l("Law abroad"),
    "home": _l("Work and help at home"),
}
LANGUAGES = {"vi": _l("Vietnamese"), "en": _l("English")}
#: The boxes of a form, in its order.
PARTS = {
    "title": _l("Title of the answer"),
    "chat": _l("Answer in a chat"),
    "sms": _l("Answer by SMS, with accents"),
    "sms_unaccented": _l("Answer by SMS, without accents"),
    "questions": _l("Example questions"),
    "sources": _l("Facts it rests on"),
    "choices": _l("Topics offered below it"),
    "reviewed": _l("Read over on"),
    "expires": _l("Expires on"),
    "group": _l("Group"),
}
#: Where an answer stands.
STATES = {
    "draft": Chip(_l("Draft"), "draft"),
    "submitted": Chip(_l("Waiting for approval"), "clock", "info"),
    "returned": Chip(_l("Returned"), "warn", "warn"),
    "live": Chip(_l("Written here, live"), "live", "action"),
    "replaced": Chip(_l("Replaced by a newer one"), "stopped"),
    "withdrawn": Chip(_l("Withdrawn"), "stopped"),
    "soon": Chip(_l("Expires soon"), "clock", "warn"),
    "expired": Chip(_l("Expired: not said any more"), "danger", "danger"),
    "adopted": Chip(_l("Adopted"), "good", "good"),
    "not-adopted": Chip(_l("Not adopted yet"), "warn", "warn"),
}


@dataclass(frozen=True)
class Form:
    """One text of an answer as it is sent. `segments` is 0 for a chat."""

    name: str
    words: object
    text: str
    segments: int = 0
    units: int = 0


@dataclass(frozen=True)
class Told:
    """A remark in the reader's language."""

    blocking: bool
    words: str


def group_words(group: str) -> object:
    return GROUPS.get(group, group)


def forms(answer: Answer, language: str) -> list[Form]:
    """The texts of an answer; an English one has one SMS."""
    names = ("chat", "sms", "sms_unaccented") if language == "vi" else ("chat", "sms")
    return [_form(name, getattr(answer, name), language) for name in names]


def _form(name: str, text: str, language: str) -> Form:
    words = PARTS[name] if language == "vi" or name != "sms" else _("Answer by SMS")
    if name == "chat" or not text:
        return Form(name, words, text)
    counted = segments.count(text)
    return Form(name, words, text, counted.segments, counted.units)


def facts(book: Book, names: Iterable[str]) -> list[tuple[str, Fact | None, str, str]]:
    """(id, fact, publisher and title, address) of each source."""
    return [(name, fact := book.facts.get(name), *(_parts(fact.source) if fact else ("", ""))) for name in names]


def _parts(source: str) -> tuple[str, str]:
    parts = [part.strip() for part in source.split("|")]
    address = parts[2] if len(parts) > 2 and parts[2].startswith(("https://", "http://")) else ""
    return " – ".join(parts[:2]), address


def claim(fact: Fact) -> str:
    return fact.claim_en if reader() == "en" else fact.claim_vi


def states(
    answers: Mapping[str, Answer], open_ones: Sequence[Version], live_here: bool, adopted: bool | None, today: date
) -> list[Chip]:
    """The chips of a topic; `adopted` is None where nobody needs to adopt it."""
    first = min((answer.expires for answer in answers.values()), default=date.max)
    names = [*(["live"] if live_here else []), *dict.fromkeys(each.status for each in open_ones)]
    if first < today:
        names.append("expired")
    elif (first - today).days <= SOON:
        names.append("soon")
    if adopted is not None:
        names.append("adopted" if adopted else "not-adopted")
    return [STATES[name] for name in names]


def told(remarks: Iterable[Remark]) -> list[Told]:
    return [Told(each.blocking, each.finding.sentence(reader())) for each in remarks]


def changes(before: Content | None, after: Content) -> list[tuple[object, list[Piece]]]:
    """(box in words, what became of its text) for every box that differs, in the form's order."""
    found = changed(before, after)
    return [(words, differences(*found[name])) for name, words in PARTS.items() if name in found]
