"""Counting an audience without opening it: who would get something, who not and why.

A few people are counted by the very statement that would open the wave. For many that takes seconds, so there the
kinds of people that are kept anyway are added up, and only those who are left out are looked for.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, exists, func, select

from campaigns import kinds as rules
from campaigns.kinds import Kinds
from campaigns.model import Skip, Texts
from campaigns.store import audience as store
from campaigns.store import kinds as kept
from campaigns.store import left_out
from campaigns.store import lists as list_store
from db.tables import contacts, list_members

#: Up to so many people are counted by the statement that opens a wave.
FEW = 20_000
#: Stands for a message that is not chosen yet: nobody lacks a text.
_ANY_TEXT = Texts("?", "?", "?")
_ORDER = list(Skip)

#: (reader's language, carrier, area or None) → people.
Going = Counter[tuple[str, str, str | None]]


@dataclass(frozen=True)
class Counts:
    """`going` adds up to the recipients; how they are made up is shared out in proportion when it is not `exact`."""

    skipped: Counter[Skip]
    going: Going
    exact: bool


@dataclass(frozen=True)
class Question:
    """Everything the answer depends on besides the tables."""

    audience: Mapping[str, object]
    form: str
    texts: Texts
    leaves_machine: bool
    now: datetime

    @property
    def lists(self) -> Sequence[int]:
        return self.audience.get("lists", ())

    @property
    def mute(self) -> set[str]:
        """The languages whose readers would get an empty message."""
        return {language for language in ("vi", "en") if not self.texts.for_reader(language, self.form)}

    def because_of_kind(self, made_up: bool, mute: bool) -> Skip | None:
        """Why somebody is left out for what they are, whatever else is known of them."""
        return Skip.MADE_UP if made_up and self.leaves_machine else Skip.NO_TEXT if mute else None


def count(
    c: Connection,
    audience: Mapping[str, object],
    *,
    form: str,
    texts: Texts | None,
    leaves_machine: bool,
    now: datetime,
    few: int = FEW,
) -> Counts:
    asked = Question(audience, form, texts or _ANY_TEXT, leaves_machine, now)
    if asked.lists and list_store.largest(c, asked.lists)[1] <= few:
        return _by_opening(c, asked)
    kinds = _kinds(c, asked)
    return _by_opening(c, asked) if kinds.total() <= few else _by_leaving_out(c, asked, kinds)


def _by_opening(c: Connection, asked: Question) -> Counts:
    reason = store.skipped(
        asked.audience, asked.form, asked.texts, leaves_machine=asked.leaves_machine,
        limit_matters=store.limit_matters(c, 0, asked.now), now=asked.now,
    ).label("reason")  # fmt: skip
    people, belong = store.people(asked.audience, asked.now)
    columns = reason, store.reader().label("reader"), contacts.c.carrier, contacts.c.area
    skipped: Counter[Skip] = Counter()
    going: Going = Counter()
    grouped = select(*columns, func.count().label("n")).select_from(people).where(belong).group_by(*columns)
    for why, *kind, n in c.execute(grouped):
        if why is None:
            going[tuple(kind)] += n
        else:
            skipped[Skip(why)] += n
    return Counts(skipped, going, exact=True)


def _by_leaving_out(c: Connection, asked: Question, kinds: Kinds) -> Counts:
    """Whoever is left out for their kind, and whoever is looked for and found; of two reasons the first holds."""
    reasons = {kind: asked.because_of_kind(kind.made_up, kind.reader in asked.mute) for kind in kinds}
    skipped: Counter[Skip] = Counter()
    for kind, n in kinds.items():
        if reasons[kind]:
            skipped[reasons[kind]] += n
    flags = left_out.Flags(
        made_up=asked.leaves_machine and any(kind.made_up for kind in kinds),
        mute=asked.mute & {kind.reader for kind in kinds},
    )
    for found in left_out.found(c, asked.audience, flags, asked.now):
        other = asked.because_of_kind(found.made_up, found.mute)
        if other is None or _ORDER.index(found.why) < _ORDER.index(other):
            skipped[found.why] += found.people
            skipped[other] -= found.people if other else 0
    able: Going = Counter()
    for kind, n in kinds.items():
        if not reasons[kind]:
            able[kind.reader, kind.carrier, kind.area] += n
    return Counts(skipped, rules.share_out(able, kinds.total() - skipped.total()), exact=False)


def _kinds(c: Connection, asked: Question) -> Kinds:
    """Everybody in the audience by kind."""
    homes = kept.homes(c, asked.audience["areas"]) if "areas" in asked.audience else None
    everybody = _of_lists(c, asked) if asked.lists else kept.of_everybody(c)
    return rules.chosen(everybody, asked.audience, homes)


def _of_lists(c: Connection, asked: Question) -> Kinds:
    """The largest list, from what is kept of it when that holds; then who is on another one and on none before."""
    largest, _ = list_store.largest(c, asked.lists)
    found = _of_one(c, asked, largest)
    before = [largest]
    for list_id in (each for each in asked.lists if each != largest):
        others = list_members.alias("others")
        elsewhere = store.on_lists(asked.audience, before, asked.now, others)
        there_too = exists().where(others.c.contact_id == list_members.c.contact_id, elsewhere)
        found = found + kept.of_members(c, and_(store.on_lists(asked.audience, [list_id], asked.now), ~there_too))
        before.append(list_id)
    return found


def _of_one(c: Connection, asked: Question, list_id: int) -> Kinds:
    known = None if "joined" in asked.audience else kept.kept_of(c, list_id)
    if known and known.holds(list_store.row(c, list_id), asked.now):
        return known.kinds
    return kept.of_members(c, store.on_lists(asked.audience, [list_id], asked.now))
