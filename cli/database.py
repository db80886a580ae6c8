"""`db upgrade`, `db backup`, `db restore`, `db restored`, `db check`, `db copy`."""

from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from campaigns import workers
from cli.context import emit, language, say, with_runtime
from cli.copying import copy
from cli.restored import restored
from db import backup as copies
from db import migrate
from db.lock import FileLock
from messages.errors import Mistake, sentence
from runtime import settings
from runtime.build import opened


@click.group()
def db():
    """The database: tables, copies, integrity."""


db.add_command(copy)
db.add_command(restored)


@db.command()
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def upgrade(rt, as_json):
    """Brings the tables up to date (every other command does so too)."""
    found = migrate.revision(rt.db)
    emit(as_json, {"revision": found}, [sentence("db-upgraded", language(), revision=found)])


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def backup(rt, file, as_json):
    """Copies the SQLite database while it is in use. The keys are not in the copy: keep DATA_DIR/keys apart."""
    _only_sqlite(rt.db.dialect)
    if file.exists():
        raise Mistake("backup-exists", file=file)
    try:
        size = copies.backup(rt.db, file, rt.clock())
    except OSError as error:
        raise Mistake("backup-cannot-write", file=file, why=error.strerror) from error
    emit(as_json, {"file": str(file), "bytes": size}, [sentence("backup-made", language(), file=file, size=size)])


@db.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True)
def restore(file, as_json):
    """Puts a copy back; what was there is kept beside it. The server must be stopped; then nothing is sent until
    somebody has looked (`db restored`).
    """
    loaded = settings.load()
    _only_sqlite(loaded.database_url.partition(":")[0])
    here = Path(loaded.database_url.removeprefix("sqlite:///"))
    lock = FileLock(here.with_suffix(".runner"))
    if not lock.take():
        raise Mistake("restore-while-running")
    try:
        if here.exists() and _is_worked_on(loaded):
            raise Mistake("restore-while-running")
        kept, optouts = copies.restore(file, here)
    except copies.NotADatabase:
        raise Mistake("backup-not-a-database", file=file) from None
    finally:
        lock.release()
    say(sentence("backup-restored", language(), file=file, optouts=optouts))
    done = {"restored": str(file), "kept": str(kept) if kept else None, "optouts": optouts}
    emit(as_json, done, [str(kept or here)])


def _is_worked_on(loaded: settings.Settings) -> bool:
    """`waves run` in another terminal would go on sending from the file that is put aside."""
    there = opened(loaded)
    try:
        return bool(workers.at_work(there))
    except SQLAlchemyError:  # damaged, or of before there were workers: that is why it is replaced
        return False
    finally:
        there.close()


@db.command()
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def check(rt, as_json):
    """Integrity of the file and of its references; exit status 1 when something is wrong."""
    faults = copies.faults(rt.db)
    said = sentence("db-sound" if not faults else "db-faults", language(), n=len(faults))
    emit(as_json, {"sound": not faults, "faults": faults}, [said, *faults])
    if faults:
        raise click.exceptions.Exit(1)


def _only_sqlite(kind: str) -> None:
    if not kind.startswith("sqlite"):
        raise Mistake("backup-postgresql")
