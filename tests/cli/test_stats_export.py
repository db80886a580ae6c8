"""`stats export`: a file of sums that anybody may open, described throughout, with nothing of a person in it."""

import json
import sqlite3

import pytest
from click.testing import CliRunner
from sqlalchemy import LargeBinary, insert, select

from bots import figures as talk
from bots.figures.counting import Counts, Thought
from campaigns import figures
from campaigns.figures import breakdowns
from cli.commands import commands
from db import figures_file
from db.figures_file import Sheet
from db.tables import (
    conversations,
    deliveries,
    metadata,
    responses,
    spending,
    turns,
    wave_topics,
    waves,
)
from messages import catalog
from runtime.report import sheets
from tests import make
from tests.conftest import NOW

#: Free words and personal values that lie in the database while the file is written.
SECRETS = ("Nguyễn Văn Bí Mật", "0912345678", "912345678", "chị ơi cứu em")
DELIVERED, LOST = 40, 3


@pytest.fixture(scope="module")
def book():
    return catalog.load(catalog.SHIPPED)


def lived_in(db) -> int:
    """A wave to 43 people of two communes, of whom some opted out; 30 questions in one commune and 2 in another."""
    for code, name in (("17329", "Yên Thành"), ("17353", "Đô Lương")):
        make.area(db, code, name)
    here = make.people(db, 30, first=1, area="17329", carrier="viettel")
    there = make.people(db, 13, first=100, area="17353", carrier="mobifone")
    list_id = make.a_list(db, "Nguyễn Văn Bí Mật", [*here, *there])
    wave_id = make.a_wave(db, list_ids=[list_id], name="Đợt cho anh 0912.345.678")
    with db.transaction() as c:
        c.execute(waves.update().where(waves.c.id == wave_id).values(status="finished", opened_at=NOW))
        c.execute(insert(deliveries), [
            {"wave_id": wave_id, "contact_id": id, "area": area, "carrier": carrier, "segments": 1, "vnd": 500,
             "status": "delivered" if n < DELIVERED else "undelivered", "reason": None if n < DELIVERED else "expired",
             "sent_at": NOW, "done_at": NOW}
            for n, (id, area, carrier) in enumerate(
                [(id, "17329", "viettel") for id in here] + [(id, "17353", "mobifone") for id in there])
        ])  # fmt: skip
        c.execute(insert(spending).values(wave_id=wave_id, day="2026-12-01", messages=43, segments=43, vnd=21_500))
        c.execute(insert(responses), [
            {"wave_id": wave_id, "contact_id": id, "kind": "opted-out", "area": "17329", "at": NOW} for id in here[:12]
        ])  # fmt: skip
    figures.rebuild(db)
    _asked(db)
    return wave_id


def _asked(db) -> None:
    with db.transaction() as c:
        talker = c.execute(insert(conversations).values(
            platform="web", person_index=db.seal.index("web:x"), created_at=NOW, last_at=NOW,
            address_sealed=db.seal.seal("web:Nguyễn Văn Bí Mật", "conversations.address"),
        ).returning(conversations.c.id)).scalar_one()  # fmt: skip
        c.execute(insert(turns), [
            {"conversation_id": talker, "direction": "in", "status": "answered", "topic": "deposit", "at": NOW,
             "area": "17329" if n < 30 else "17353", "language": "vi", "danger": "none",
             "text_sealed": db.seal.seal(f"chị ơi cứu em {n} 0912345678", "turns.text")}
            for n in range(32)
        ])  # fmt: skip
    talk.rebuild(db)


def written(db, book, path, language="en"):
    counts = figures_file.write(path, sheets.sheets(db, book, language, NOW), title="Figures", told="Sums.")
    return counts, sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def test_the_sums_are_right_and_small_cells_empty(db, book, tmp_path):
    wave_id = lived_in(db)
    counts, file = written(db, book, tmp_path / "figures.db")
    assert set(sheets.TABLES) <= set(counts)
    month = file.execute("SELECT month, sent, arrived, lost, vnd, asked, in_danger FROM months").fetchall()
    assert month == [("2026-12", 43, 40, 3, 21_500, 32, 0)]
    assert file.execute("SELECT wave, sent, arrived, lost FROM waves").fetchall() == [(wave_id, 43, 40, 3)]
    areas = dict((row[0], row[1:]) for row in file.execute("SELECT area, people, arrived FROM wave_areas"))
    assert areas["17353"][1] is None, "3 of 13 did not arrive: both sides of the rate are hidden"
    assert file.execute("SELECT * FROM topic_areas").fetchall() == [], "2 of 32 in two communes: neither is named"


def test_no_cell_holds_fewer_than_ten(db, book, tmp_path):
    """Of the tables that break something down; a wave's own whole numbers are shown as they are."""
    lived_in(db)
    _, file = written(db, book, tmp_path / "figures.db")
    for table, (columns, key) in sheets.TABLES.items():
        if table == "waves":
            continue
        kept = {"months": ("in_danger", "at_risk", "opted_out")}.get(
            table, [name for name, kind in columns.items() if kind is int and name not in key]
        )
        for column in kept:
            small = file.execute(f"SELECT count(*) FROM {table} WHERE {column} BETWEEN 1 AND 9").fetchone()[0]
            assert small == 0, f"{table}.{column}"


def test_what_a_commune_asked_in_all_does_not_tell_what_it_asked_about_one_thing(db, book, tmp_path):
    """The bot's page of the same month tells the communes' sums: of a topic and commune that is hidden another one has
    to be, in its row and in its column.
    """
    cells = {("deposit", "17329"): 30, ("deposit", "17353"): 40, ("fees", "17329"): 4, ("fees", "17353"): 50,
             ("wages", "17329"): 20, ("wages", "17353"): 60}  # fmt: skip
    for code in ("17329", "17353"):
        make.area(db, code)
    counts = Counts()
    for (topic, area), n in cells.items():
        counts.heard("2026-12-01", "web", "text", n)
        counts.thought("2026-12-01", "web", Thought("text", topic, "none", 0.5, "vi", None, area), n)
    with db.transaction() as c:
        counts.write(c)
    _, file = written(db, book, tmp_path / "figures.db")
    shown = {(topic, area): n for topic, area, n in file.execute("SELECT topic, area, n FROM topic_areas")}
    hidden = {key for key, n in shown.items() if n is None}
    assert ("fees", "17329") in hidden
    assert all(shown[key] == n for key, n in cells.items() if key not in hidden)
    for topic, area in hidden:
        assert sum(each[1] == area for each in hidden) > 1, "its commune's sum is known"
        assert sum(each[0] == topic for each in hidden) > 1, "so is the topic's"


def test_a_number_is_hidden_where_the_page_hides_it(db, book, tmp_path):
    """3 of 43 people asked about something else: beside the 43 of the page the 40 would tell them."""
    wave_id = lived_in(db)
    with db.transaction() as c:
        c.execute(insert(wave_topics), [{"wave_id": wave_id, "topic": "deposit", "n": 40},
                                        {"wave_id": wave_id, "topic": "fees", "n": 3}])  # fmt: skip
    _, file = written(db, book, tmp_path / "figures.db")
    assert file.execute("SELECT n FROM wave_topics").fetchall() == [(None,), (None,)]
    carriers = breakdowns.carriers(db, wave_id).cells
    rows = file.execute("SELECT carrier, status, n FROM wave_carriers").fetchall()
    assert {(carrier, stand): n for carrier, cells in carriers.items() for stand, n in cells.items() if n != 0} == {
        (carrier, stand): n for carrier, stand, n in rows
    }
    hidden = [carrier for carrier, stand, n in rows if stand == "others" and n is None]
    assert len(hidden) > 1, "three were lost in all, as every page says"


def test_nothing_of_a_person_is_in_it(db, book, tmp_path):
    """Neither in the clear, nor sealed, nor as a digest: every such column of every table is looked for."""
    lived_in(db)
    written(db, book, tmp_path / "figures.db")
    content = (tmp_path / "figures.db").read_bytes() + (tmp_path / "figures.metadata.json").read_bytes()
    looked_for = 0
    with db.reading() as c:
        for table in metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, LargeBinary):
                    values = [bytes(v) for v in c.execute(select(column)).scalars() if v is not None and len(v) > 7]
                    looked_for += len(values)
                    assert not [v for v in values if v in content or v.hex().encode() in content], f"{column}"
        indexes = [db.seal.index(make.number(n)) for n in range(1, 200)]
    assert looked_for > 100
    assert not [index for index in indexes if index in content]
    for secret in (*SECRETS, *(make.number(n)[1:] for n in range(1, 200))):
        assert secret.encode() not in content
    assert not {"contact_id", "person_index", "conversation_id", "address"} & {
        column for columns, _ in sheets.TABLES.values() for column in columns
    }


def test_every_table_and_column_is_described(db, book, tmp_path):
    lived_in(db)
    for language in ("vi", "en"):
        path = tmp_path / f"{language}.db"
        _, file = written(db, book, path, language)
        told = set(file.execute('SELECT "table", "column" FROM about_columns WHERE length(says) > 3'))
        says = json.loads(figures_file.metadata_path(path).read_text(encoding="utf-8"))
        tables = says["databases"][language]["tables"]
        for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'about_%'"):
            assert len(tables[table]["description"]) > 10
            for column in file.execute("SELECT name FROM pragma_table_info(?)", (table,)):
                assert (table, column[0]) in told
                assert tables[table]["columns"][column[0]]


def test_both_languages_describe_the_same():
    vi, en = sheets.words("vi"), sheets.words("en")
    assert vi.keys() == en.keys()
    assert all(vi[name].keys() == en[name].keys() for name in sheets.TABLES)


def test_datasette_s_metadata_has_its_form(db, book, tmp_path):
    """Datasette reads title, description, databases → tables → description, columns → text."""
    written(db, book, tmp_path / "figures.db")
    metadata = json.loads((tmp_path / "figures.metadata.json").read_text(encoding="utf-8"))
    assert set(metadata) == {"title", "description", "databases"}
    assert set(metadata["databases"]) == {"figures"}
    for table in metadata["databases"]["figures"]["tables"].values():
        assert set(table) == {"description", "columns"}
        assert all(isinstance(told, str) and told for told in table["columns"].values())


def test_an_empty_database_gives_empty_tables(db, book, tmp_path):
    counts, file = written(db, book, tmp_path / "figures.db")
    assert {counts[name] for name in sheets.TABLES} == {0}
    assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_broke_in_the_middle_leaves_the_old_file(tmp_path):
    path = tmp_path / "figures.db"
    path.write_bytes(b"the old one")

    def broken():
        yield ("x",)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        figures_file.write(path, [Sheet("t", "T", {"a": (str, "A")}, ["a"], broken())], title="", told="")
    assert path.read_bytes() == b"the old one"
    assert [each.name for each in tmp_path.iterdir()] == ["figures.db"]


def test_the_command_replaces_nothing_unasked(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    path = tmp_path / "so-lieu.db"
    run = lambda *more: CliRunner().invoke(commands, ["stats", "export", str(path), *more])  # noqa: E731
    done = run("--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["metadata"] == str(tmp_path / "so-lieu.metadata.json")
    refused = run()
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    before = path.stat().st_mtime_ns
    assert run("--force").exit_code == 0
    assert path.stat().st_mtime_ns > before
    nowhere = CliRunner().invoke(commands, ["stats", "export", str(tmp_path / "no" / "x.db")])
    assert (nowhere.exit_code, "Không ghi được" in nowhere.stderr) == (2, True)
