"""An audience as a condition on contacts, and why each of them would be skipped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, FromClause, and_, case, exists, func, literal, null, or_, select

from campaigns import controls
from campaigns.model import DAILY_LIMIT, DAY_HOURS, DeliveryStatus, Form, Skip, Texts, Wave
from campaigns.places import COMMUNE, FORMER_DISTRICT
from campaigns.store.controls import held_back
from db.tables import areas, contacts, deliveries, list_members, lists, optouts, waves
from db.types import from_utc_text

S = DeliveryStatus


@dataclass(frozen=True)
class Part:
    """Those of an audience whose id is above `after` and at most `until` (None: all the rest)."""

    after: int = 0
    until: int | None = None

    def holds(self, contact_id: ColumnElement[int]) -> list[ColumnElement[bool]]:
        above = [contact_id > self.after] if self.after else []
        return above if self.until is None else [*above, contact_id <= self.until]


EVERYBODY = Part()
#: Whoever stands so in a wave neither got it nor will: to leave "those of the wave" out does not mean them.
NOT_REACHED = (S.SKIPPED, S.FAILED, S.UNDELIVERED)


def list_ids(c: Connection, names: Sequence[str]) -> dict[str, int]:
    return {name: id for name, id in c.execute(select(lists.c.name, lists.c.id).where(lists.c.name.in_(names)))}


def list_names(c: Connection, ids: Sequence[int]) -> list[str]:
    return list(c.execute(select(lists.c.name).where(lists.c.id.in_(ids)).order_by(lists.c.name)).scalars())


def lists_among(c: Connection, ids: Sequence[int]) -> list[int]:
    return list(c.execute(select(lists.c.id).where(lists.c.id.in_(ids))).scalars())


def area_names(c: Connection, codes: Sequence[str]) -> list[tuple[str, str]]:
    named = select(areas.c.code, areas.c.name).where(areas.c.code.in_(codes))
    return [tuple(row) for row in c.execute(named.order_by(areas.c.folded, areas.c.code))]


def wave_names(c: Connection, ids: Sequence[int]) -> list[tuple[int, str]]:
    return [tuple(row) for row in c.execute(select(waves.c.id, waves.c.name).where(waves.c.id.in_(ids)))]


def lists_of(audience: Mapping[str, object]) -> set[int]:
    """Every list the audience names, to take in or to leave out."""
    return {*audience.get("lists", ()), *audience.get("except", {}).get("lists", ())}


def people(
    audience: Mapping[str, object], now: datetime, part: Part = EVERYBODY
) -> tuple[FromClause, ColumnElement[bool]]:
    """What to select from, and where: `contacts` of the audience, each once, beside their opt-out (NULL when none).

    Of a single list nobody is twice, so it is walked in its own order and no set of a million ids is held in memory.
    """
    ids, traits = audience.get("lists", ()), and_(literal(True), *of_kind(audience))
    if not ids:
        return _beside_optouts(contacts), and_(traits, *part.holds(contacts.c.id))
    belong = and_(on_lists(audience, ids, now), *part.holds(list_members.c.contact_id))
    if len(ids) == 1:
        those = list_members.join(contacts, contacts.c.id == list_members.c.contact_id)
        return _beside_optouts(those), and_(belong, traits)
    return _beside_optouts(contacts), and_(contacts.c.id.in_(select(list_members.c.contact_id).where(belong)), traits)


def end_of_part(c: Connection, audience: Mapping[str, object], after: int, most: int) -> int | None:
    """The id with which a part of about `most` people that begins after `after` ends; None when it is the last. It is
    looked for on each list, or among all contacts where there is none: an index is walked, nothing is sorted.
    """
    member = list_members.c.contact_id
    walks = [(member, [list_members.c.list_id == each]) for each in audience.get("lists", ())] or [(contacts.c.id, [])]
    ends = [
        c.execute(select(id).where(*those, id > after).order_by(id).limit(1).offset(most - 1)).scalar_one_or_none()
        for id, those in walks
    ]
    return min((end for end in ends if end is not None), default=None)


def _beside_optouts(those: FromClause) -> FromClause:
    return those.outerjoin(optouts, optouts.c.person_index == contacts.c.number_index)


def on_lists(
    audience: Mapping[str, object], ids: Sequence[int], now: datetime, members: FromClause = list_members
) -> ColumnElement[bool]:
    """Whether a row of `members` is of one of the lists `ids`, joined when the audience asks, and has not expired."""
    return and_(still_on(ids, now, members), *_joined(audience.get("joined", {}), members.c.joined_at))


def still_on(ids: Sequence[int], now: datetime, members: FromClause = list_members) -> ColumnElement[bool]:
    """Whether a row of `members` is of one of the lists and has not expired."""
    expires = members.c.expires_at
    return and_(members.c.list_id.in_(ids), or_(expires.is_(None), expires > now))


def members_of(list_id: int) -> ColumnElement[bool]:
    """Whether a row of list_members is of the list, its time over or not."""
    return list_members.c.list_id == list_id


def _joined(within: Mapping[str, str], at: ColumnElement) -> list[ColumnElement[bool]]:
    conditions = {"from": at.__ge__, "to": at.__lt__}
    return [conditions[end](from_utc_text(moment)) for end, moment in within.items()]


def of_kind(audience: Mapping[str, object]) -> list[ColumnElement[bool]]:
    """The conditions on a contact itself, as campaigns.kinds.chosen has them for kinds."""
    conditions = {
        "areas": living_in,
        "language": lambda language: reader() == language,
        "carriers": contacts.c.carrier.in_,
        "sources": contacts.c.source.in_,
    }
    return [condition(audience[name]) for name, condition in conditions.items() if name in audience]


def living_in(codes: Sequence[str]) -> ColumnElement[bool]:
    """Whether a contact lives in one of the communes, former districts or provinces.

    In a former district lives who is written down there, and of those of whom only today's commune is known, who lives
    in a commune that came out of it.
    """
    named = or_(areas.c.code.in_(codes), areas.c.province.in_(codes))
    communes = select(areas.c.code).where(areas.c.level == COMMUNE)
    districts = select(areas.c.code).where(areas.c.level == FORMER_DISTRICT, named)
    came_out_of_it = communes.where(areas.c.former_district.in_(codes))
    return or_(
        contacts.c.area.in_(communes.where(named)),
        contacts.c.former_district.in_(districts),
        and_(contacts.c.former_district.is_(None), contacts.c.area.in_(came_out_of_it)),
    )


def skip_reason(
    wave: Wave, texts: Texts, *, leaves_machine: bool, limit_matters: bool, now: datetime, part: Part = EVERYBODY
) -> ColumnElement[str | None]:
    """Why a row of `people` gets nothing from `wave`, or NULL."""
    return skipped(
        wave.audience, wave.form, texts, leaves_machine=leaves_machine, limit_matters=limit_matters, now=now, part=part,
        control=controls.draw(wave.control, wave.control_key),
    )  # fmt: skip


def skipped(
    audience: Mapping[str, object],
    form: str,
    texts: Texts,
    *,
    leaves_machine: bool,
    limit_matters: bool,
    now: datetime,
    part: Part = EVERYBODY,
    control: controls.Draw | None = None,
) -> ColumnElement[str | None]:
    """As `skip_reason`, before there is a wave."""
    reasons = [
        (optouts.c.person_index.is_not(None), Skip.OPTED_OUT),
        *([(contacts.c.made_up, Skip.MADE_UP)] if leaves_machine else []),
        (contacts.c.dead, Skip.DEAD),
        *_excluded(audience.get("except", {}), now, part),
        *((no_text, Skip.NO_TEXT) for no_text in without_text(form, texts)),
        *([(had_enough(now), Skip.DAILY_LIMIT)] if limit_matters else []),
        *([(held_back(control), Skip.CONTROL)] if control else []),
    ]
    return case(*((condition, literal(str(reason))) for condition, reason in reasons), else_=null())


def _excluded(
    those: Mapping[str, object], now: datetime, part: Part
) -> list[tuple[ColumnElement[bool], Skip]]:
    """The conditions of an audience's "except", each with the reason it gives."""
    found = []
    if ids := those.get("lists"):
        on_list = select(list_members.c.contact_id).where(still_on(ids, now), *part.holds(list_members.c.contact_id))
        found.append((contacts.c.id.in_(on_list), Skip.EXCLUDED_LIST))
    if ids := those.get("waves"):
        found.append((contacts.c.id.in_(reached_by(ids, part)), Skip.EXCLUDED_WAVE))
    if days := those.get("messaged_days"):
        found.append((messaged_since(now - timedelta(days=days)), Skip.RECENTLY))
    return found


def reached_by(wave_ids: Sequence[int], part: Part = EVERYBODY):
    """Ids of those who got one of the waves, or still may."""
    person = deliveries.c.contact_id
    return select(person.label("id")).where(
        deliveries.c.wave_id.in_(wave_ids), deliveries.c.status.not_in(NOT_REACHED), *part.holds(person)
    )


def reader() -> ColumnElement[str]:
    """The language a contact is written to in: "en", and Vietnamese for everybody else."""
    return case((contacts.c.language == "en", literal("en")), else_=literal("vi"))


def without_text(form: str, texts: Texts) -> list[ColumnElement[bool]]:
    """The languages whose readers would get an empty message."""
    if form == Form.EN:
        return [] if texts.en else [literal(True)]
    return [reader() == language for language in ("vi", "en") if not texts.for_reader(language, form)]


def had_enough(now: datetime) -> ColumnElement[bool]:
    """Whether the contact already got DAILY_LIMIT messages."""
    return messaged_since(since(now), DAILY_LIMIT)


def messaged_since(moment: datetime, least: int = 1) -> ColumnElement[bool]:
    """Whether the contact got at least so many messages since then; OFFSET stops at the first row too many."""
    sent = (
        select(literal(1))
        .select_from(deliveries)
        .where(deliveries.c.contact_id == contacts.c.id, deliveries.c.sent_at > moment)
        .limit(1)
        .offset(least - 1)
        .correlate(contacts)
    )
    return exists(sent)


def since(now: datetime) -> datetime:
    """The start of the 24 hours that end `now`."""
    return now - timedelta(hours=DAY_HOURS)


def limit_matters(c: Connection, wave_id: int, now: datetime) -> bool:
    """Whether anybody can have had enough: a wave reaches a person once, so it takes DAILY_LIMIT other recent waves.

    Spares a million look-ups when there were fewer, which is the usual day. A wave that ended counts an hour longer,
    for messages that were on their way.
    """
    recent = select(func.count()).where(
        waves.c.id != wave_id,
        waves.c.opened_at.is_not(None),
        or_(waves.c.finished_at.is_(None), waves.c.finished_at > since(now) - timedelta(hours=1)),
    )
    return c.execute(recent).scalar_one() >= DAILY_LIMIT
