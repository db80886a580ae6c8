"""What changes when an audience may have grown: marks for the digest of an approval."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from campaigns.store import audience as store
from campaigns.store.lists import members_marks
from db.tables import contacts, lists


def marks(c: Connection, audience: Mapping[str, object]) -> list[tuple[object, ...]]:
    """(list, how many ever joined, when the newest joined) of each of its lists; without lists, the newest contact who
    lives in its areas; and of each list that is left out (list, how many have left it again).
    """
    left_out = audience.get("except", {}).get("lists", ())
    left = select(lists.c.id, lists.c.gone).where(lists.c.id.in_(left_out)).order_by(lists.c.id)
    return [tuple(row) for row in (*_grown(c, audience), *c.execute(left))]


def _grown(c: Connection, audience: Mapping[str, object]) -> list:
    if ids := audience.get("lists"):
        return members_marks(c, ids)
    newest = select(contacts.c.id).where(store.living_in(audience["areas"])).order_by(contacts.c.id.desc()).limit(1)
    return list(c.execute(newest))
