"""What a message takes of a whole audience: its segments, written out per person where texts are personal, and what
they cost at each carrier's price.

`weigh` and `priced` take values; `of_list` asks the database, for the page where a message is written.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from campaigns import kinds, links, list_figures, prices, readers
from campaigns.deliveries.script import Script
from campaigns.list_figures import Makeup
from campaigns.model import Form, Texts
from campaigns.readers import Reader
from campaigns.store import lists as list_store
from campaigns.store import readers as store
from db.engine import Database
from db.seal import CannotOpen
from messages.errors import Mistake

#: Personalised texts are written out for at most this many people to estimate the segments of a larger audience.
SAMPLE = 2000
#: A list with more people can only be estimated on a page: from so many, which is soon done.
LOOKED_AT = 400


class Group(Protocol):
    """So many (`n`, a fraction where it is an estimate) people who read `reader` ("vi" or "en") at `carrier`: a row of
    a store, or a People.
    """

    reader: str
    carrier: str
    n: float


class People(NamedTuple):
    reader: str
    carrier: str
    n: float


class Person(NamedTuple):
    """One of the audience; `fields` is called only when a text has placeholders."""

    reader: str
    carrier: str
    fields: Callable[[], Mapping[str, str]]


@dataclass(frozen=True)
class Weight:
    """Segments by carrier. `exact` is False when they are estimated from a sample; `unwritable` people lack a value
    that their message needs (estimated likewise) and take nothing. `spread`: segments of one message → how many of
    those looked at take so many.
    """

    by_carrier: Mapping[str, float]
    exact: bool
    unwritable: int
    spread: Mapping[int, int]


@dataclass(frozen=True)
class CarrierCost:
    """`price` is VND per segment and `vnd` the sum; None when nobody wrote the price down."""

    carrier: str
    people: int
    segments: int
    price: int | None
    vnd: int | None


@dataclass(frozen=True)
class FormCost:
    """What a wave of this form (campaigns.model.Form) takes of an audience. `vnd` is None when a price is missing;
    `without_text` people read a language in which nothing is written.
    """

    form: str
    recipients: int
    without_text: int
    weight: Weight
    carriers: Sequence[CarrierCost]
    vnd: int | None

    @property
    def segments(self) -> int:
        return round(sum(self.weight.by_carrier.values()))


@dataclass(frozen=True)
class ListCost:
    """The three forms for everybody on a list who can be reached; `counted` is False where the figures kept of a large
    list were taken, so that numbers are estimates. `readers` are the people looked at when a text is personal.
    """

    name: str
    people: int
    counted: bool
    forms: Mapping[str, FormCost]
    readers: Sequence[Reader]

    @property
    def all_looked_at(self) -> bool:
        return len(self.readers) >= self.people


def weigh(script: Script, people: Iterable[Person], going: Sequence[Group]) -> Weight:
    """The segments of `script` for `going`; `people` are all of them or a sample, asked for when a text is personal."""
    if not script.personal:
        return _same_for_all(script, going)
    sizes: Counter[tuple[str, str]] = Counter()
    seen: Counter[str] = Counter()
    spread: Counter[int] = Counter()
    for person in people:
        seen[person.reader] += 1
        if segments := _segments(script, person):
            sizes[person.reader, person.carrier] += segments
            spread[segments] += 1
    whole, looked_at = sum(group.n for group in going), seen.total()
    exact = looked_at >= whole
    by_carrier = _as_seen(sizes) if exact else _as_on_average(sizes, seen, going)
    unwritable = round((looked_at - spread.total()) * whole / max(1, min(looked_at, whole)))
    return Weight(by_carrier, exact, unwritable, spread)


def on_average(weights: Sequence[Weight]) -> Weight:
    """What wordings take that share an audience in equal parts."""
    if len(weights) == 1:
        return weights[0]
    by_carrier, spread, share = Counter(), Counter(), len(weights)
    for weight in weights:
        for carrier, segments in weight.by_carrier.items():
            by_carrier[carrier] += segments / share
        for segments, people in weight.spread.items():
            spread[segments] += people / share
    unwritable = max(weight.unwritable for weight in weights)
    return Weight(by_carrier, False, unwritable, spread)


def _same_for_all(script: Script, going: Sequence[Group]) -> Weight:
    by_carrier: Counter[str] = Counter()
    spread: Counter[int] = Counter()
    for group in going:
        segments = script.write(group.reader, dict).segments
        by_carrier[group.carrier] += group.n * segments
        spread[segments] += group.n
    return Weight(by_carrier, exact=True, unwritable=0, spread=spread)


def _segments(script: Script, person: Person) -> int:
    """0 for whom nothing can be written."""
    try:
        return script.write(person.reader, person.fields).segments
    except (Mistake, CannotOpen):
        return 0


def _as_seen(sizes: Mapping[tuple[str, str], int]) -> Counter[str]:
    by_carrier: Counter[str] = Counter()
    for (_, carrier), segments in sizes.items():
        by_carrier[carrier] += segments
    return by_carrier


def _as_on_average(sizes: Mapping, seen: Mapping[str, int], going: Sequence[Group]) -> Counter[str]:
    """Every reader of a language takes what those looked at take on average."""
    sums: Counter[str] = Counter()
    for (reader, _), segments in sizes.items():
        sums[reader] += segments
    by_carrier: Counter[str] = Counter()
    for group in going:
        by_carrier[group.carrier] += group.n * sums[group.reader] / max(1, seen[group.reader])
    return by_carrier


def priced(
    form: str, texts: Texts, groups: Sequence[Group], people: Iterable[Person], known: Mapping[str, int]
) -> FormCost:
    """The FormCost of `texts` for `groups` at the prices `known` (carrier → VND per segment)."""
    going = [group for group in groups if texts.for_reader(group.reader, form)]
    readers_of = [person for person in people if texts.for_reader(person.reader, form)]
    weight = weigh(Script(texts, form, links.SAMPLE), readers_of, going)
    recipients = sum(group.n for group in going)
    return FormCost(
        form=form,
        recipients=round(recipients),
        without_text=round(sum(group.n for group in groups) - recipients),
        weight=weight,
        carriers=_carriers(going, weight, known),
        vnd=prices.cost(weight.by_carrier, known),
    )


def _carriers(going: Sequence[Group], weight: Weight, known: Mapping[str, int]) -> list[CarrierCost]:
    """Most people first."""
    people: Counter[str] = Counter()
    for group in going:
        people[group.carrier] += group.n
    return [_carrier(name, n, weight.by_carrier.get(name, 0), known) for name, n in people.most_common()]


def _carrier(name: str, people: float, segments: float, known: Mapping[str, int]) -> CarrierCost:
    price = prices.price_of(name, known)
    return CarrierCost(name, round(people), round(segments), price, prices.cost({name: segments}, known))


def of_list(
    db: Database, list_id: int, texts: Texts, *, gateway: str, leaves_machine: bool, now: datetime, most: int = SAMPLE
) -> ListCost:
    """What each form of `texts` costs for the people of a list who can be reached through `gateway`.

    Personal texts are written out for at most `most` of them. Raises Mistake: list-unknown.
    """
    with db.reading() as c:
        row = list_store.row(c, list_id)
        if row is None:
            raise Mistake("list-unknown", name=list_id)
        kept = list_figures.kept_of(c, row)
        groups = (
            _as_kept(kept, leaves_machine)
            if kept
            else store.counted(c, list_id, leaves_machine=leaves_machine, now=now)
        )
    looked_at = ()
    if any(Script(texts, form, links.SAMPLE).personal for form in Form):
        enough = most if row.people <= most else min(most, LOOKED_AT)
        looked_at = readers.some(db, list_id, size=row.people, most=enough, leaves_machine=leaves_machine, now=now)
    people = [Person(reader.language, reader.carrier, lambda reader=reader: reader.fields) for reader in looked_at]
    known = prices.on(db, gateway, now)
    forms = {str(form): priced(str(form), texts, groups, people, known) for form in Form}
    return ListCost(row.name, round(sum(group.n for group in groups)), kept is None, forms, looked_at)


def _as_kept(kept: Makeup, leaves_machine: bool) -> list[Group]:
    """From the figures of a large list: as if every kind of people had opted out or changed numbers alike."""
    reachable = kinds.by(kept.kinds, lambda kind: (kind.reader, kind.carrier, leaves_machine and kind.made_up))
    share = 1 - min(1, (kept.opted_out + kept.dead) / max(1, reachable.total()))
    return [People(reader, carrier, n * share) for (reader, carrier, left_out), n in reachable.items() if not left_out]
