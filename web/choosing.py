"""What a plan may choose from, a handful at a time: what is chosen stays in sight, the rest is found by its name."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns import areas, atlas, lists, routing
from campaigns import sources as source_room
from campaigns.folding import fold
from campaigns.places import COMMUNE, FORMER_COMMUNE
from campaigns.routes import ROUTES
from campaigns.waves import browsing
from sms.numbers import carriers as known_carriers
from web.here import rt
from web.language import number, short
from web.route_words import GATEWAYS
from web.words import CARRIERS

#: Offered at once; whoever wants another types a part of its name.
SHOWN = 8
_KIND = re.compile(r"^(Thành phố|Thị xã|Huyện) ")


@dataclass(frozen=True)
class Pick:
    value: str
    words: str
    hint: str = ""


@dataclass(frozen=True)
class Picks:
    """`chosen` stand first; `found` are offered beside them, `more` would fit as well."""

    chosen: Sequence[Pick]
    found: Sequence[Pick]
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.chosen or self.found)


def _picks(all_of_them: Iterable[Pick], chosen: Collection[str], found: Iterable[Pick]) -> Picks:
    known = {pick.value: pick for pick in all_of_them}
    others = list({pick.value: pick for pick in found if pick.value not in chosen}.values())
    return Picks([known[value] for value in chosen if value in known], others[:SHOWN], max(len(others) - SHOWN, 0))


def of_lists(chosen: Collection[str], text: str) -> Picks:
    """Lists by a part of their name; without one, the newest."""
    rows = sorted(lists.all(rt.db), key=lambda row: row.created_at, reverse=True)
    picks = [Pick(str(row.id), row.name, _people(row.people)) for row in rows]
    return _picks(picks, chosen, _named(picks, text))


def _people(n: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", n, n=number(n))


def of_waves(chosen: Collection[str], own: int | None = None) -> Picks:
    """Waves that went out, the newest first; not the plan's `own`."""
    rows = [wave for wave, _figures in browsing.page(rt.db, browsing.WENT_OUT).waves if wave.opened_at]
    rows = [wave for wave in rows if wave.id != own]
    picks = [Pick(str(wave.id), wave.name, short(wave.opened_at)) for wave in rows]
    return _picks(picks, chosen, picks)


def _named(picks: Sequence[Pick], text: str) -> Iterable[Pick]:
    folded = fold(text)
    return (pick for pick in picks if folded in fold(pick.words))


def of_areas(chosen: Collection[str], text: str) -> Picks:
    """Places of today by any name they ever had; nothing before somebody types one."""
    found = [pick for each in atlas.search(rt.db, text) if (pick := _place(each))]
    with rt.db.reading() as c:
        names = areas.names(c) if chosen else {}
    known = [Pick(code, former(names[code])) for code in chosen if code in names]
    return _picks([*known, *found], chosen, found)


def districts() -> list[Pick]:
    """The former districts: what officers and villagers still say."""
    return [_district(branch) for branch in areas.tree(rt.db)]


def _district(branch: areas.Branch) -> Pick:
    n = len(branch.communes)
    hint = ngettext("%(num)s commune or ward today", "%(num)s communes and wards today", n)
    return Pick(branch.district.code, former(branch.district.name), hint)


def _place(found: atlas.Found) -> Pick | None:
    """A commune that is no more stands for the one it went into; None when nobody knows which."""
    unit, where = found.unit, former(found.district.name) if found.district else ""
    if unit.level != FORMER_COMMUNE:
        return Pick(unit.code, former(unit.name), where if unit.level == COMMUNE else "")
    return found.today and Pick(found.today.code, found.today.name, _("took in %(name)s", name=unit.name))


def former(name: str) -> str:
    """ "Huyện Yên Thành" as it is said now that it is none: "Yên Thành (huyện cũ)"; other names as they are."""
    kind = _KIND.match(name)
    if kind is None:
        return name
    bare = _KIND.sub("", name)
    if kind[1] == "Thành phố":
        return _("%(name)s (former city)", name=bare)
    return _("%(name)s (former town)", name=bare) if kind[1] == "Thị xã" else _(
        "%(name)s (former district)", name=bare
    )


def carriers() -> list[Pick]:
    """By prefix, as our dated table has them, and those nobody can tell."""
    return [Pick(name, str(CARRIERS.get(name, name))) for name in (*known_carriers(), "unknown")]


def sources(chosen: Collection[str]) -> list[Pick]:
    """What the latest uploads said of themselves, and what is chosen already."""
    return [Pick(name, name) for name in dict.fromkeys((*chosen, *source_room.newest(rt.db)))]


def gateways() -> list[tuple[str, str]]:
    """Those that are ready, the usual one first; and the routing table, when it can be used."""
    ready = [name for name, gateway in rt.gateways.items() if gateway.readiness().ready]
    usual = rt.settings["SMS_GATEWAY"]
    found = [(name, _gateway(name)) for name in sorted(ready, key=lambda name: name != usual)]
    with rt.db.reading() as c:
        return [*found, (ROUTES, str(GATEWAYS[ROUTES]))] if routing.leads(c, ROUTES, rt.gateways) else found


def _gateway(name: str) -> str:
    return name if rt.gateways[name].traits.leaves_machine else _("%(name)s (nothing leaves this machine)", name=name)
