"""A page asks the database as often for five hundred waves or a million people as for two: never once a row."""

from math import inf

import pytest
from sqlalchemy import event, insert, select

from db.tables import wave_tally, waves
from tests.web.conftest import NOW

PAGES = (
    *("/", "/waves", "/waves?status=over", "/waves?page=2", "/waves/1", "/waves/1/communes", "/waves/new", "/halts"),
    *("/figures", "/figures/waves", "/figures/waves/1", "/figures/compare?a=1", "/figures/map", "/figures/map?wave=1"),
    *("/figures/bot", "/figures/report/2026-12", "/campaigns"),
)
#: For a page of this house, with its frame; most are asked by the home page, which tells of everything.
MOST = 55


@pytest.fixture
def statements(rt):
    """What the database was asked."""
    seen = []
    event.listen(rt.db.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    return seen


@pytest.fixture
def asked(rt, statements, officer, monkeypatch):
    """How many statements a page takes, and its bytes; without the look, every two seconds, whether answers changed."""
    assert rt.book
    monkeypatch.setattr(rt.answers, "_next_look", inf)

    def ask(path):
        statements.clear()
        answer = officer.get(path)
        assert answer.status_code == 200
        return len(statements), len(answer.data)

    return ask


@pytest.mark.parametrize("path", ["/waves/1", "/waves/1/progress?was=finished", "/waves/1/communes", "/waves/2"])
def test_a_wave_is_shown_without_reading_its_people(asked, statements, path):
    """Wave 1 is open and has its tally, wave 2 waits for approval and has its kept preview."""
    asked(path)  # what was never counted is counted once
    asked(path)
    assert not [statement for statement in statements if "contacts" in statement or "list_members" in statement]


def many_waves(rt, n: int) -> None:
    """Copies of wave 1 with tallies in every commune."""
    with rt.db.transaction() as c:
        row = dict(c.execute(select(waves).where(waves.c.id == 1)).mappings().one())
        communes = list(c.execute(select(wave_tally.c.area).where(wave_tally.c.wave_id == 1).distinct()).scalars())
        for wave_id in range(100, 100 + n):
            c.execute(insert(waves).values({**row, "id": wave_id, "name": f"Đợt {wave_id}", "finished_at": NOW}))
            counted = {"wave_id": wave_id, "status": "delivered", "reason": "", "n": 9000}
            c.execute(insert(wave_tally), [{**counted, "area": area} for area in communes])


def test_no_page_asks_more_for_many_waves(rt, asked):
    before = {path: asked(path)[0] for path in PAGES}
    many_waves(rt, 120)
    after = {path: asked(path)[0] for path in PAGES}
    assert {path: n for path, n in after.items() if n > before[path] + 1} == {}
    assert max(after.values()) <= MOST


def test_the_list_of_waves_shows_a_page_of_them(rt, officer):
    many_waves(rt, 120)
    first, last = (officer.get(path).get_data(as_text=True) for path in ("/waves", "/waves?page=3"))
    assert first.count('<tr class="link">') == 50
    assert last.count('<tr class="link">') == 22
    assert 'href="/waves?page=2"' in first
    over = officer.get("/waves?status=over&page=2").get_data(as_text=True)
    assert 'href="/waves?status=over&amp;page=3"' in over
    assert officer.get("/waves?status=nothing&page=-4").status_code == 200


def test_the_part_that_is_polled_is_small(asked):
    statements, weight = asked("/waves/1/progress?was=finished")
    assert weight < 3_000
    assert statements <= 20
