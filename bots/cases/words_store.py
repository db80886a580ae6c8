"""The statements of finding cases by words: full text over `case_words`, whose words are digests. Private to bots."""

from collections.abc import Sequence

from sqlalchemy import Connection, Select, exists, func, literal_column, select, table, text

from db.new_rows import insert_into
from db.tables import case_events, case_words, cases, conversations, turns

#: Two that make the index at once.
_LOCK = 7467


def make_index(c: Connection) -> None:
    """The full-text index, where it is missing or half made. It is not of the schema's tables: the whole of it can be
    made again from `case_words`.
    """
    if c.dialect.name == "sqlite":
        import sqlite_utils  # late: a third of a second that only the first search of a process need spend

        raw = c.connection.driver_connection
        database = sqlite_utils.Database(raw, recursive_triggers=False, execute_plugins=False)
        database["case_words"].enable_fts(["folded"], create_triggers=True, replace=True)
        return
    c.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    c.execute(text(
        "CREATE INDEX IF NOT EXISTS ix_case_words_folded ON case_words USING gin (to_tsvector('simple', folded))"
    ))


def with_words(c: Connection, digests: Sequence[str], trained: bool, limit: int) -> list[int]:
    """The cases in which all of these stand, those opened last first; without what is only for who is trained."""
    found = _matching(c, digests)
    statement = select(cases.c.id).where(cases.c.id.in_(found))
    if not trained:
        statement = statement.where(cases.c.restricted.is_(False))
    return list(c.execute(statement.order_by(cases.c.opened_at.desc(), cases.c.id.desc()).limit(limit)).scalars())


def _matching(c: Connection, digests: Sequence[str]) -> Select:
    if c.dialect.name == "sqlite":
        index = table("case_words_fts")
        return select(literal_column("rowid")).select_from(index).where(
            literal_column("case_words_fts").op("MATCH")(" ".join(digests))
        )
    simple = literal_column("'simple'")
    query = func.to_tsquery(simple, " & ".join(digests))
    return select(case_words.c.case_id).where(func.to_tsvector(simple, case_words.c.folded).op("@@")(query))


def of_person(c: Connection, person_index: bytes, limit: int) -> list[int]:
    statement = select(cases.c.id).join(conversations).where(conversations.c.person_index == person_index)
    return list(c.execute(statement.order_by(cases.c.id.desc()).limit(limit)).scalars())


# -- keeping it fresh


def behind(c: Connection, limit: int):
    """Cases in which more was said or noted than they can be found by, the newest first."""
    said = exists().where(turns.c.conversation_id == cases.c.conversation_id, turns.c.id > case_words.c.turn_id)
    done = exists().where(case_events.c.case_id == cases.c.id, case_events.c.id > case_words.c.event_id)
    columns = (cases.c.id, cases.c.conversation_id, case_words.c.folded, case_words.c.turn_id, case_words.c.event_id)
    statement = select(*columns).select_from(cases.outerjoin(case_words))
    statement = statement.where(case_words.c.case_id.is_(None) | said | done)
    return c.execute(statement.order_by(cases.c.id.desc()).limit(limit)).all()


def newer_turns(c: Connection, conversation_id: int, after: int, limit: int):
    """id, direction, written_by and text_sealed of what was said after turn `after`."""
    columns = (turns.c.id, turns.c.direction, turns.c.written_by, turns.c.text_sealed)
    later = (turns.c.conversation_id == conversation_id) & (turns.c.id > after)
    return c.execute(select(*columns).where(later).order_by(turns.c.id).limit(limit)).all()


def newer_events(c: Connection, case_id: int, after: int):
    columns = (case_events.c.id, case_events.c.text_sealed)
    later = (case_events.c.case_id == case_id) & (case_events.c.id > after)
    return c.execute(select(*columns).where(later).order_by(case_events.c.id)).all()


def keep(c: Connection, **values) -> None:
    """The words of a case; nothing older comes over something newer."""
    statement = insert_into(c, case_words).values(**values)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["case_id"],
        set_={"folded": new.folded, "turn_id": new.turn_id, "event_id": new.event_id},
        where=(case_words.c.turn_id <= new.turn_id) & (case_words.c.event_id <= new.event_id),
    )
    c.execute(statement)
