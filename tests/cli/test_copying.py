"""`db copy` as an operator meets it: the demo moves to PostgreSQL and back; refusals are one sentence."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from campaigns import workers
from campaigns.store import workers as worker_store
from cli.commands import commands
from db.lock import FileLock
from db.tables import metadata
from runtime import demo
from runtime.build import build
from runtime.settings import load

pytestmark = pytest.mark.postgresql


@pytest.fixture
def empty(postgres_template):
    yield postgres_template.create("an_lo_empty")
    postgres_template.drop("an_lo_empty")


@pytest.fixture
def run(tmp_path):
    def command(*words, **settings):
        env = {"LC_ALL": "en_GB.UTF-8", "DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": "", **settings}
        result = CliRunner(env=env).invoke(commands, ["db", *words], standalone_mode=False)
        code = result.return_value if isinstance(result.return_value, int) else result.exit_code
        return code, result.stdout, result.stderr

    return command


@pytest.fixture
def rt(tmp_path):
    runtime = build(load({"DATA_DIR": str(tmp_path / "data")}, env_file=None))
    yield runtime
    runtime.close()


def counts(url, tmp_path) -> dict:
    rt = build(load({"DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": url}, env_file=None))
    with rt.db.reading() as c:
        there = metadata.sorted_tables
        found = {each.name: c.execute(select(func.count()).select_from(each)).scalar() for each in there}
    rt.close()
    return found


def test_the_demo_moves_there_and_back(rt, run, empty, tmp_path):
    demo.load_once(rt)
    before = counts("", tmp_path)
    code, out, said = run("copy", "--to", empty, "--json")
    assert code == 0, said
    there = json.loads(out)
    assert (there["from"], there["to"]) == ("sqlite", "postgresql")
    rows = {each["table"]: each["rows"] for each in there["tables"]}
    assert rows == before == counts(empty, tmp_path)
    assert rows["contacts"] > 100 and rows["areas"] > 100 and sum(rows.values()) == there["rows"]
    code, out, said = run("copy", "--to", f"sqlite:///{tmp_path / 'back.db'}", "--json", DATABASE_URL=empty)
    assert code == 0, said
    assert json.loads(out)["tables"] == there["tables"]
    assert run("check", DATABASE_URL=f"sqlite:///{tmp_path / 'back.db'}")[0] == 0


def refused(result) -> str:
    code, out, said = result
    assert (code, out) == (2, "")
    assert len(said.strip().splitlines()) == 1
    return said


def test_not_over_what_is_there(rt, run, empty):
    demo.load_once(rt)
    assert run("copy", "--to", empty)[0] == 0
    assert "is not empty (table" in refused(run("copy", "--to", empty))
    assert "the database in use" in refused(run("copy", "--to", rt.settings.database_url))
    assert "does not open" in refused(run("copy", "--to", "sqlite:////nowhere/at/all/x.db"))


def test_not_into_one_begun_with_another_key(rt, run, empty, tmp_path):
    """`db upgrade` made it, by somebody whose keys are not ours."""
    assert run("upgrade", DATABASE_URL=empty, DATA_DIR=str(tmp_path / "theirs"))[0] == 0
    assert "another PHONE_KEY" in refused(run("copy", "--to", empty))


def test_the_old_one_sends_nothing_any_more(rt, run, empty):
    """Somebody starts the old server by habit: what waits there may have gone out from the new place."""
    assert run("copy", "--to", empty)[0] == 0
    assert json.loads(run("restored", "show", "--json")[1])["stopped"]
    assert not json.loads(run("restored", "show", "--json", DATABASE_URL=empty)[1])["stopped"]


def test_into_one_made_by_db_upgrade(rt, run, empty):
    assert run("upgrade", DATABASE_URL=empty)[0] == 0
    assert run("copy", "--to", empty)[0] == 0


def test_not_while_the_server_runs(rt, run, empty, tmp_path):
    server = FileLock(tmp_path / "data" / "an-lo.runner")
    assert server.take()
    assert "at work on this database (app.py run)" in refused(run("copy", "--to", empty))
    server.release()
    assert run("copy", "--to", empty)[0] == 0


def test_not_while_a_sender_lives(rt, run, empty):
    """`waves run` beside a stopped server; once it is dead, what it held moves with the rest."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as sender:
        with rt.db.transaction() as c:
            worker_store.seen(c, name="m:1/1", host=workers.host(), pid=sender.pid, kind="sender", now=rt.clock())
        assert "(m:1/1)" in refused(run("copy", "--to", empty))
        sender.kill()
    assert run("copy", "--to", empty)[0] == 0


def test_not_while_pages_are_served(rt, run, empty):
    """RUNNER=off or cluster: nobody works there, but who presses stop writes into the old database."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as server:
        with rt.db.transaction() as c:
            worker_store.seen(c, name="m:1/pages", host=workers.host(), pid=server.pid, kind=workers.SERVING,
                              now=rt.clock())
        assert "(m:1/pages)" in refused(run("copy", "--to", empty))
        server.kill()


def test_one_of_another_machine_lives_when_it_beats(rt, monkeypatch):
    with rt.db.transaction() as c:
        worker_store.seen(c, name="far:1", host="far", pid=1, kind="process", now=rt.clock())
    assert workers.at_work(rt.db, watch_for=0.2) == []

    def watch(seconds):
        with rt.db.transaction() as c:
            worker_store.seen(c, name="far:1", host="far", pid=1, kind="process", now=rt.clock())

    monkeypatch.setattr(workers.time, "sleep", watch)
    assert workers.at_work(rt.db) == ["far:1"]
