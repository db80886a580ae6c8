"""Factories with defaults: people, lists, messages, waves. Each returns ids; `db` is a migrated Database."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, insert, select, update

from bots.cases import queue
from bots.cases.model import Case
from campaigns import authoring, waves
from db.engine import Database
from db.tables import areas, contacts, list_members, lists, optouts
from staff.model import Officer

#: Tuesday 1 December 2026, 09:00 in Vinh: no holiday of Vietnam or of the United Kingdom for weeks.
NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)

VI = "Đừng đưa tiền cọc cho người lạ hứa việc ở nước ngoài."
VI_UNACCENTED = "Dung dua tien coc cho nguoi la hua viec o nuoc ngoai."
EN = "Do not pay a deposit to a stranger who promises work abroad."


def number(n: int) -> str:
    """The n-th made-up number."""
    return f"+8490{n:07d}"


def people(db: Database, count: int, *, first: int = 1, area: str | None = None, **columns: object) -> list[int]:
    """`count` contacts with the numbers `number(first)` and on; `columns` overrides any column."""
    rows = [
        {
            "number_index": db.seal.index(number(n)),
            "number_sealed": db.seal.seal(number(n), "contacts.number"),
            "source": "test",
            "area": area,
            "created_at": NOW,
            **columns,
        }
        for n in range(first, first + count)
    ]
    with db.transaction() as c:
        c.execute(insert(contacts), rows)
        indexes = [row["number_index"] for row in rows]
        found = c.execute(select(contacts.c.id).where(contacts.c.number_index.in_(indexes)).order_by(contacts.c.id))
        return list(found.scalars())


def area(db: Database, code: str, name: str = "Yên Thành") -> str:
    with db.transaction() as c:
        c.execute(insert(areas).values(code=code, level="commune", name=name, folded=name.lower(), province="40"))
    return code


def open_cases(db: Database) -> list[Case]:
    """Every case that waits, as somebody sees them who may see all."""
    return queue.to_do(db, Officer(0, "all@example.vn", "All", "admin", "vi", True, True, ""))


def a_list(db: Database, name: str, members: Sequence[int], expires_at: datetime | None = None) -> int:
    with db.transaction() as c:
        statement = insert(lists).values(name=name, folded=name.lower(), created_at=NOW).returning(lists.c.id)
        list_id = c.execute(statement).scalar_one()
        rows = [{"list_id": list_id, "contact_id": id, "joined_at": NOW, "expires_at": expires_at} for id in members]
        if rows:
            c.execute(insert(list_members), rows)
    count_members(db, list_id)
    return list_id


def count_members(db: Database, list_id: int) -> None:
    """The list's own counters, after its rows were written by hand."""
    own = list_members.c.list_id == list_id
    count = select(func.count()).select_from(list_members).where(own).scalar_subquery()
    newest = select(func.max(list_members.c.joined_at)).where(own).scalar_subquery()
    with db.transaction() as c:
        c.execute(update(lists).where(lists.c.id == list_id).values(people=count, newest_at=newest))


def opted_out(db: Database, *numbers: str) -> None:
    with db.transaction() as c:
        c.execute(insert(optouts), [{"person_index": db.seal.index(n), "at": NOW, "channel": "sms"} for n in numbers])


def a_version(db: Database, *, vi: str = VI, vi_unaccented: str = VI_UNACCENTED, en: str = EN) -> int:
    return authoring.write(db, title="Tiền cọc", vi=vi, vi_unaccented=vi_unaccented, en=en, by=None, now=NOW)


def a_wave(
    db: Database,
    *,
    count: int = 3,
    list_ids: Sequence[int] | None = None,
    version_id: int | None = None,
    gateway: str = "fake",
    ready: bool = True,
    **plan: object,
) -> int:
    """A wave to `count` new people (or to `list_ids`), approved by the machine and scheduled unless `ready` is
    False.
    """
    if list_ids is None:
        list_ids = [a_list(db, f"list {_next()}", people(db, count, first=1_000 * _next()))]
    wave_id = waves.plan(
        db,
        **{
            "name": "Đợt 1",
            "version_id": version_id or a_version(db),
            "audience": {"lists": list(list_ids)},
            "gateway": gateway,
            "by": None,
            "now": NOW,
            **plan,
        },
    )
    if ready:
        waves.approve_by_machine(db, wave_id, now=NOW)
    return wave_id


_made = iter(range(1, 1_000_000))


def _next() -> int:
    return next(_made)
