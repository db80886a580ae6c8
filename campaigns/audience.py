"""Who a wave is for: a small JSON object, checked here, compiled to a SELECT of contacts in the store.

{"lists": [3, 7]} = everybody who is on list 3 or list 7 (and has not expired there), once.
"""

from collections.abc import Mapping, Sequence

from campaigns.store import audience as store
from db.engine import Database
from messages.errors import Mistake


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


def checked(audience: Mapping[str, object]) -> dict[str, list[int]]:
    """`audience` in its one canonical form. Raises Mistake when it names no list."""
    lists = audience.get("lists")
    if set(audience) != {"lists"} or not lists:
        raise Mistake("audience-empty")
    return {"lists": sorted({int(each) for each in lists})}


def names(db: Database, audience: Mapping[str, object]) -> list[str]:
    """The names of the audience's lists, for a page."""
    with db.reading() as c:
        return store.list_names(c, audience["lists"])
