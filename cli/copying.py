"""`db copy`: everything into another database, from SQLite to PostgreSQL or back."""

from contextlib import contextmanager

import click

from campaigns import workers
from cli.context import emit, language, say, with_runtime
from db import copying, migrate
from db.lock import FileLock
from messages.errors import Mistake, sentence
from runtime import build
from scheduler import embedded


@click.command()
@click.option("--to", "url", required=True, metavar="URL", help="an empty database: postgresql+psycopg://… or sqlite:///…")
@click.option("--trial", is_flag=True, help="work goes on in this database; the new one is for trying things out")
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def copy(rt, url, trial, as_json):
    """Copies everything into an empty database, checked by counts and checksums. Nobody may work meanwhile; afterwards
    the work goes on in the new one, and the old one sends nothing before somebody has looked (`db restored`).
    """
    target = build.opened(rt.settings.with_values(DATABASE_URL=url))
    try:
        if target.engine.url == rt.db.engine.url:
            raise Mistake("copy-to-itself")
        with _nobody_works(rt):
            copied = _copied(rt, target, trial)
    finally:
        target.close()
    rows = sum(each.rows for each in copied)
    said = [f"{each.table} {each.rows} {each.checksum}" for each in copied]
    done = sentence("copy-trial" if trial else "copy-done", language(), tables=len(copied), rows=rows)
    report = {
        "from": rt.db.dialect, "to": target.dialect, "trial": trial, "revision": migrate.newest(), "rows": rows,
        "tables": [{"table": each.table, "rows": each.rows, "checksum": each.checksum} for each in copied],
    }  # fmt: skip
    emit(as_json, report, [*said, done])


def _copied(rt, target, trial: bool) -> list[copying.Copied]:
    try:
        return copying.copy(rt.db, target, now=rt.clock(), trial=trial, progress=_tell)
    except migrate.Unreachable as why:
        raise Mistake("copy-unreachable", why=why) from why
    except migrate.Newer as found:
        raise Mistake("database-newer", found=found) from found
    except copying.NotEmpty as table:
        raise Mistake("copy-not-empty", table=table) from table
    except copying.OtherKey as why:
        raise Mistake("copy-other-key") from why
    except copying.Busy as why:
        raise Mistake("copy-busy") from why
    except copying.Refused as why:
        raise Mistake("copy-refused", table=why.table, why=why.why) from why


def _tell(copied: copying.Copied) -> None:
    if copied.rows:
        say(f"{copied.table}: {copied.rows}")


@contextmanager
def _nobody_works(rt):
    """Raises Mistake while somebody works on the old database; keeps the one process from beginning meanwhile."""
    lock = FileLock(embedded.lock_path(rt))
    if not lock.take():
        raise Mistake("copy-while-working", who="app.py run")
    try:
        if who := workers.at_work(rt.db):
            raise Mistake("copy-while-working", who=", ".join(who))
        yield
    finally:
        lock.release()
