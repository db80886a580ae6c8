"""Counting anew how often, and by how many people, each group was asked."""

from bots.unanswered import store
from db.engine import Database


def recount(db: Database) -> dict[tuple, tuple[int, int]]:
    """Makes the counts what the rows say; where they differed: (what, group) → (counted so far, counted anew)."""
    found: dict[tuple, tuple[int, int]] = {}
    with db.reading() as c:
        suspects = [row[0] for row in store.recounted(c)]
    for group_id in suspects:
        found.update(_mended(db, group_id))
    return found


def _mended(db: Database, group_id: int) -> dict[tuple, tuple[int, int]]:
    """Under the group's lock, so that no question comes between counting and writing."""
    with db.transaction() as c:
        store.group(c, group_id, lock=True)
        for _, asked, people, asked_now, people_now in store.recounted(c, group_id):
            store.count(c, group_id, asked_now, people_now)
            said = {"asked": (asked, asked_now), "people": (people, people_now)}
            return {("question_groups", name, group_id): pair for name, pair in said.items() if pair[0] != pair[1]}
    return {}
