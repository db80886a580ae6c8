"""Who a wave is for: a small JSON object, checked here, compiled to a SELECT of contacts in the store.

{"lists": [3, 7]} = everybody who is on list 3 or list 7 (and has not expired there), once. All keys:

    "lists": ids, "areas": codes     on one of the lists AND living in one of the areas; at least one of the two keys
    "language": "vi" | "en"          how they are written to: "vi" is everybody who does not read English
    "carriers": names, "sources": words
    "joined": {"from": t, "to": t}   joined one of the lists at or after `from` and before `to` (either may be absent)
    "except": {"lists": ids, "waves": ids, "messaged_days": n}

Whoever "except" names stays in the audience and is skipped with a reason, so that an officer sees how many and why.
The stored form is canonical and says nothing that is not asked for: equal audiences are equal bytes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from campaigns import controls
from campaigns.audience_form import canonical, moment
from campaigns.kinds import share_out
from campaigns.model import Form, Skip, Texts
from campaigns.places import FORMER_COMMUNE
from campaigns.store import areas as area_store
from campaigns.store import audience as store
from campaigns.store import audience_counts as counting
from db.engine import Database
from messages.errors import Mistake


@dataclass(frozen=True)
class AreaPeople:
    """Recipients in one commune or ward of today; `code` None where it is not known."""

    code: str | None
    name: str | None
    people: int


@dataclass(frozen=True)
class Counted:
    """Who would get a message now, and who not. The counts by language, carrier and area are of the recipients.

    `skipped`: reason (campaigns.model.Skip) → people, in the order in which the reasons are looked for. `by_language`
    has the keys "vi" and "en" where there is anybody. `by_area`: most people first, at most `top` of them; `areas` is
    how many there are. `readers`: (language, carrier) → people, for prices. `recipients` and `skipped` are always
    exact; of a large audience the rest is shared out in proportion to who is in it, and `exact` is False.
    """

    recipients: int
    skipped: Mapping[str, int]
    by_language: Mapping[str, int]
    by_carrier: Mapping[str, int]
    by_area: Sequence[AreaPeople]
    areas: int
    readers: Mapping[tuple[str, str], int]
    exact: bool = True

    @property
    def people(self) -> int:
        """Everybody in the audience, skipped or not."""
        return self.recipients + sum(self.skipped.values())


@dataclass(frozen=True)
class Described:
    """An audience with names instead of ids, for a page to word. Empty where nothing was asked for.

    `areas` are (code, name); `joined` is (from, before), either may be None; `except_waves` are (id, name).
    """

    lists: Sequence[str] = ()
    areas: Sequence[tuple[str, str]] = ()
    language: str | None = None
    carriers: Sequence[str] = ()
    sources: Sequence[str] = ()
    joined: tuple[datetime | None, datetime | None] | None = None
    except_lists: Sequence[str] = ()
    except_waves: Sequence[tuple[int, str]] = field(default_factory=tuple)
    messaged_days: int | None = None


def of_lists(db: Database, names: Sequence[str]) -> dict[str, list[int]]:
    """The audience of the lists called `names`. Raises Mistake for a name nobody gave, and for no name at all."""
    if not names:
        raise Mistake("audience-empty")
    with db.reading() as c:
        known = store.list_ids(c, names)
    for name in names:
        if name not in known:
            raise Mistake("list-unknown", name=name)
    return {"lists": sorted(set(known.values()))}


def checked(db: Database, audience: Mapping[str, object]) -> dict[str, object]:
    """`audience` in its one canonical form, everything it names being there.

    Ids may come as text, empty parts count as absent. Raises Mistake: audience-empty (neither list nor area),
    audience-wrong (a part that is none of the above), audience-list-gone, audience-wave-gone, area-unknown,
    audience-area-former (a commune that is no more: today's is to be chosen).
    """
    found = canonical(audience)
    if not found.get("lists") and not found.get("areas"):
        raise Mistake("audience-empty")
    excluded = found.get("except", {})
    with db.reading() as c:
        _check_lists(c, [*found.get("lists", ()), *excluded.get("lists", ())])
        _check_areas(c, found.get("areas", ()))
        _check_waves(c, excluded.get("waves", ()))
    return found


def names(db: Database, audience: Mapping[str, object]) -> list[str]:
    """The names of the audience's lists, or of its areas when it has no lists: short, for a table of waves."""
    with db.reading() as c:
        if audience.get("lists"):
            return store.list_names(c, audience["lists"])
        return [name for _, name in store.area_names(c, audience["areas"])]


def described(db: Database, audience: Mapping[str, object]) -> Described:
    """What the audience says, with names in place of ids. What has been deleted since is left out."""
    excluded, joined = audience.get("except", {}), audience.get("joined")
    with db.reading() as c:
        return Described(
            lists=store.list_names(c, audience.get("lists", ())),
            areas=store.area_names(c, audience.get("areas", ())),
            language=audience.get("language"),
            carriers=tuple(audience.get("carriers", ())),
            sources=tuple(audience.get("sources", ())),
            joined=(moment(joined.get("from")), moment(joined.get("to"))) if joined else None,
            except_lists=store.list_names(c, excluded.get("lists", ())),
            except_waves=store.wave_names(c, excluded.get("waves", ())),
            messaged_days=excluded.get("messaged_days"),
        )


def count(
    db: Database,
    audience: Mapping[str, object],
    *,
    form: str = Form.VI,
    texts: Texts | None = None,
    leaves_machine: bool,
    now: datetime,
    control: int | None = None,
    top: int = 15,
) -> Counted:
    """Who would get a wave to `audience` if it opened `now`, and who not and why: for the live count of a page.

    `audience` as `checked` gave it. `texts` are those of the message; None = not chosen yet, nobody is skipped for want
    of a text. `leaves_machine` is the trait of the gateway. `control` percent will be held back by chance: who that is
    nobody knows yet, so as many as are to be expected are left out in proportion. A million people take well under a
    second.
    """
    with db.reading() as c:
        found = counting.count(c, audience, form=form, texts=texts, leaves_machine=leaves_machine, now=now)
        held = controls.expected(found.going.total(), control)
        going = share_out(found.going, found.going.total() - held) if held else found.going
        places = _by(going, 2)
        named = dict(store.area_names(c, [code for code in list(places)[:top] if code]))
    return Counted(
        recipients=going.total(),
        skipped={str(why): n for why in Skip if (n := held if why == Skip.CONTROL else found.skipped[why])},
        by_language=_by(going, 0),
        by_carrier=_by(going, 1),
        by_area=tuple(AreaPeople(code, named.get(code), n) for code, n in list(places.items())[:top]),
        areas=sum(code is not None for code in places),
        readers=_by(going, slice(2)),
        exact=found.exact and not held,
    )


def _by(going: Mapping[tuple, int], part: int | slice) -> dict:
    """Most people first; of as many, in the order of their names."""
    counts: Counter = Counter()
    for key, n in going.items():
        if n:
            counts[key[part]] += n
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0] or "~")))


def _check_lists(c: Connection, ids: Sequence[int]) -> None:
    if gone := set(ids) - set(store.lists_among(c, ids)):
        raise Mistake("audience-list-gone", id=min(gone))


def _check_waves(c: Connection, ids: Sequence[int]) -> None:
    if gone := set(ids) - {id for id, _ in store.wave_names(c, ids)}:
        raise Mistake("audience-wave-gone", id=min(gone))


def _check_areas(c: Connection, codes: Sequence[str]) -> None:
    levels = area_store.levels(c, codes)
    for code in codes:
        if code not in levels:
            raise Mistake("area-unknown", text=code)
        if levels[code] == FORMER_COMMUNE:
            raise Mistake("audience-area-former", text=code)
