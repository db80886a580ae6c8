"""A message as its page shows it: the three texts measured, priced for one and for a list, and read over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask_babel import gettext as _

from campaigns import authoring, costs, lists, prices, readers
from campaigns.costs import ListCost
from campaigns.deliveries.script import values_for
from campaigns.model import Form, Texts
from campaigns.readers import Example, Lacking, means_the_name
from messages import lint, render
from messages.errors import Mistake
from messages.lint import Finding
from sms.unaccent import unaccent
from web.differences import Piece, differences
from web.here import reader, rt
from web.meters import Shown, Spot, shown
from web.tariffs import CarrierRow, Column, by_carrier, column

#: In the order of the page; the names are those of the form and of Texts.
NAMES = ("vi", "vi_unaccented", "en")
#: The box of each form of a message.
FORMS = {"vi": Form.VI, "vi_unaccented": Form.VI_UNACCENTED, "en": Form.EN}
#: While somebody types, personal texts are written out for so many people at most.
WHILE_TYPING = 200
#: Lists offered to count for: a page must stay light.
OFFERED = 150
#: Stands for the values of people while no list is chosen.
SOMEBODY = "Nguyễn Thị Hương"


@dataclass(frozen=True)
class Told:
    """A finding in words; `spot` is None when it is about a whole text. `stops`: it keeps the message from approval."""

    stops: bool
    form: str
    words: str
    spot: Spot | None


@dataclass(frozen=True)
class Draft:
    """What is in the boxes. `cost` is None while no list is chosen; `rate` is VND for a pound, None when unknown."""

    title: str
    texts: Mapping[str, str]
    advert: bool
    starter: str | None
    list_id: int | None
    cost: ListCost | None
    rate: int | None
    now: datetime

    @cached_property
    def shown(self) -> Mapping[str, Shown]:
        return {name: shown(name, self.texts[name], self._values(name)) for name in NAMES}

    def _values(self, name: str) -> Mapping[str, str]:
        """Those of the person with the longest text, else made up."""
        longest = self.examples[name][:1]
        if longest:
            return _plain(name, longest[0].reader.shown_fields)
        others = [field for field in _fields(self.texts[name]) if not means_the_name(field)]
        return _plain(name, {"name": SOMEBODY, **{field: field.replace("_", " ") for field in others}})

    @cached_property
    def bubbles(self) -> list[tuple[str, str]]:
        """What the preview phone shows: every text that is written, with words for which one it is."""
        return [(self.shown[name].filled, words) for name, words in words_of().items() if self.shown[name]]

    @property
    def words(self) -> Mapping[str, str]:
        return words_of()

    @property
    def written(self) -> list[tuple[str, str]]:
        """The forms there is a text for, with their words."""
        return [(str(FORMS[name]), words) for name, words in words_of().items() if self.texts[name]]

    @cached_property
    def columns(self) -> list[Column]:
        """The cheaper of the two Vietnamese texts is marked; English is for other readers, so it is no rival."""
        known = prices.on(rt.db, rt.settings["SMS_GATEWAY"], self.now)
        segments = {name: each.meter.count.segments if each else 0 for name, each in self.shown.items()}
        rivals = [segments[name] for name in NAMES[:2] if segments[name]]
        best = {name for name in NAMES[:2] if len(rivals) > 1 and segments[name] == min(rivals)}
        forms = self.cost.forms if self.cost else {}
        return [
            column(words, segments[name], known, forms.get(FORMS[name]), best=name in best)
            for name, words in words_of().items()
        ]

    @cached_property
    def by_carrier(self) -> list[CarrierRow]:
        return by_carrier(self.columns)

    @cached_property
    def examples(self) -> Mapping[str, Sequence[Example]]:
        """By box: five people of the list with the longest texts; none where a text is the same for everybody."""
        found = self.cost.readers if self.cost else ()
        return {name: _examples(found, self.texts[name], FORMS[name]) for name in NAMES}

    @property
    def same_for_all(self) -> bool:
        """Whether a list is chosen and nothing in the texts differs from person to person."""
        return self.cost is not None and any(self.texts.values()) and not self.cost.readers and not self.trouble

    @cached_property
    def lacking(self) -> Sequence[Lacking]:
        return readers.lacking(self.cost.readers, Texts(**self.texts)) if self.cost and not self.trouble else ()

    @cached_property
    def known_fields(self) -> Sequence[str]:
        return readers.known_fields(self.cost.readers) if self.cost else ()

    @property
    def trouble(self) -> bool:
        """Whether a text cannot be read as a template."""
        return any(each.trouble for each in self.shown.values())

    @cached_property
    def findings(self) -> Sequence[Told]:
        """What is to be mended, the worst first."""
        return [_told(each) for each in self._found]

    @property
    def stops(self) -> int:
        return sum(each.stops for each in self.findings)

    @cached_property
    def ambiguous(self) -> Sequence[Told]:
        """The words that read as others without accents."""
        return [_told(each) for each in self._found if each.code.startswith("unaccented-")]

    @cached_property
    def _found(self) -> Sequence[Finding]:
        if not any(self.texts.values()):
            return ()
        columns = readers.columns(self.cost.readers) if self.cost and self.cost.readers else None
        hosts = (rt.settings.public_url,)
        return authoring.findings(Texts(**self.texts), advert=self.advert, hosts=hosts, columns=columns)

    @property
    def suggestion(self) -> str:
        """The text without accents as the machine would write it; "" when it stands in its box already."""
        offered = unaccent(self.texts["vi"]).strip()
        return "" if offered == self.texts["vi_unaccented"] else offered

    @property
    def offered(self) -> list[Piece]:
        """What taking the suggestion would change in the box."""
        return differences(self.texts["vi_unaccented"], self.suggestion)


def draft(given: Mapping[str, str], now: datetime, *, most: int = costs.SAMPLE) -> Draft:
    """`given`: what the form holds (texts by NAMES, title, advert, starter, list); line ends as browsers send them
    count as one character.
    """
    texts = {name: given.get(name, "").replace("\r\n", "\n").strip() for name in NAMES}
    list_id = _number(given.get("list", ""))
    return Draft(
        title=given.get("title", ""),
        texts=texts,
        advert=bool(given.get("advert")),
        starter=given.get("starter") or None,
        list_id=list_id,
        cost=_cost(list_id, texts, now, most),
        rate=prices.rate_on(rt.db, now),
        now=now,
    )


def _cost(list_id: int | None, texts: Mapping[str, str], now: datetime, most: int) -> ListCost | None:
    """None when no list is chosen, when it is gone, or when a text is half typed."""
    gateway = rt.gateways.get(rt.settings["SMS_GATEWAY"])
    if list_id is None or gateway is None:
        return None
    try:
        leaves = gateway.traits.leaves_machine
        return costs.of_list(
            rt.db, list_id, Texts(**texts), gateway=gateway.name, leaves_machine=leaves, now=now, most=most
        )
    except Mistake:
        return None


def _told(finding: Finding) -> Told:
    box = finding.form.replace("-", "_")
    spot = Spot(box, finding.at, len(finding.quote), finding.quote) if finding.at >= 0 else None
    return Told(finding.level == "stop", words_of()[box], lint.words(finding, reader()), spot)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _examples(found: Sequence, text: str, form: Form) -> Sequence[Example]:
    if not _fields(text):
        return ()
    return readers.examples(readers.of_form(found, form), text, form)


def _fields(text: str) -> frozenset[str]:
    try:
        return render.compile(text).fields
    except Mistake:
        return frozenset()


def _plain(name: str, values: Mapping[str, str]) -> Mapping[str, str]:
    return values_for(FORMS[name], "en" if name == "en" else "vi", values)


def given_of(texts: Texts) -> dict[str, str]:
    """The texts of a version as the form would hold them."""
    return {name: getattr(texts, name) for name in NAMES}


def words_of() -> dict[str, str]:
    return {"vi": _("With accents"), "vi_unaccented": _("Without accents"), "en": _("English")}


def chosen_lists(chosen: int | None) -> list[tuple[object, str]]:
    """What the list of lists offers: where there are very many, those that somebody joined last, by name."""
    rows = sorted(lists.all(rt.db), key=lambda row: (row.id != chosen, -(row.newest_at or row.created_at).timestamp()))
    offered = sorted(rows[:OFFERED], key=lambda row: row.name)
    return [("", _("no list, only the price of one")), *((row.id, row.name) for row in offered)]
