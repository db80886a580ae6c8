"""What came of waves, on pages and in files: every share with what it was measured on, nobody named by a small cell."""

import csv
import io

import pytest
from sqlalchemy import insert, select, update

from campaigns import experiments, programme, waves
from campaigns.comparison import Difference
from campaigns.figures import rebuilding
from campaigns.figures.funnel import Funnel
from campaigns.figures.intervals import Rate
from campaigns.store import controls as control_store
from campaigns.store import waves as wave_store
from db.tables import deliveries, responses, wave_counts, wave_tally
from tests.conftest import NOW
from tests.web.doors import press, signed_in, words
from web import verdicts, wave_comparing
from web.rates import HIDDEN

TABLES = ("steps", "left-out", "lost", "time", "carriers", "communes", "districts", "topics")


def rows_of(answer) -> list[dict[str, str]]:
    """What a spreadsheet reads below the first line."""
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    return list(csv.DictReader(io.StringIO("\n".join(lines[1:]))))


@pytest.fixture
def gone_out(rt):
    """The wave to Yên Thành's 235 people, of whom 200 got it and 30 asked something."""
    with rt.db.transaction() as c:
        mine = deliveries.c.wave_id == 1
        rows = c.execute(select(deliveries.c.id, deliveries.c.contact_id, deliveries.c.area).where(mine)).all()
        ids = [row.id for row in rows]
        c.execute(wave_counts.delete().where(wave_counts.c.wave_id == 1))
        c.execute(wave_tally.delete().where(wave_tally.c.wave_id == 1))
        for status, reason, those in (("delivered", None, ids[:200]), ("undelivered", "unreachable", ids[200:])):
            c.execute(update(deliveries).where(deliveries.c.id.in_(those)).values(status=status, reason=reason))
        answers = [{"wave_id": 1, "contact_id": row.contact_id, "area": row.area, "kind": "asked", "at": NOW}
                   for row in rows[:30]]  # fmt: skip
        c.execute(insert(responses), answers)
    rebuilding.rebuild(rt.db)
    return 1


@pytest.mark.parametrize("path", ["/figures/waves", "/figures/waves/1", "/figures/waves/2", "/figures/campaigns/1",
                                  "/figures/compare", "/figures/compare?a=1", "/figures/compare?a=&b="])  # fmt: skip
@pytest.mark.parametrize("email", ["lan@anlo.example", "hoa@anlo.example"])
def test_whoever_may_read_sees_the_pages(app, rt, path, email):
    assert signed_in(app, rt, email).get(path).status_code == 200


@pytest.mark.parametrize("path", ["/figures/waves/999", "/figures/campaigns/999", "/figures/compare?a=1&b=999",
                                  "/figures/compare?a=x&b=1", "/figures/waves/1?as=pdf",
                                  "/figures/waves/1?as=csv&table=staff", "/figures/compare?as=csv"])  # fmt: skip
def test_what_is_not_there(officer, path):
    answer = officer.get(path)
    assert answer.status_code == 404
    assert "<h1" in answer.get_data(as_text=True)


def test_a_stranger_signs_in_first(visitor):
    assert visitor.get("/figures/waves/1?as=csv").status_code == 303


def test_every_step_with_what_it_is_measured_on(officer, gone_out):
    steps = rows_of(officer.get("/figures/waves/1?as=csv&table=steps"))
    numbers = [(int(row["Số người"]), row["Số người: trong số"]) for row in steps]
    assert numbers == [(235, ""), (235, "235"), (235, "235"), (200, "235"), (0, "200"), (30, "200"), (0, "200")]
    low, share, high = (float(steps[3][f"Số người: {end}"]) for end in ("từ", "tỷ lệ", "đến"))
    assert low < share < high and share == pytest.approx(200 / 235, abs=1e-6)
    said = words(officer.get("/figures/waves/1?lang=en"))
    assert "200 of 235" in said and "30 of 200" in said


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_table_is_there_as_a_file(officer, gone_out, table, form):
    answer = officer.get(f"/figures/waves/1?as={form}&table={table}")
    assert answer.status_code == 200 and len(answer.data) > 50
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="an-lo-')


def test_small_cells_are_hidden_on_the_page_and_in_the_file(officer, gone_out, rt):
    rows = rows_of(officer.get("/figures/waves/1?as=csv&table=communes"))
    shown = [int(row[name]) for row in rows for name in ("Số người", "Đã tới máy", "Có hỏi lại", "Từ chối nhận tin")
             if row[name].isdigit()]  # fmt: skip
    assert shown and not [n for n in shown if 0 < n < 10]
    assert any("ẩn" in value or str(HIDDEN) in value for row in rows for value in row.values())
    carriers = rows_of(officer.get("/figures/waves/1?as=csv&table=carriers"))
    numbers = [int(value) for row in carriers for value in row.values() if value.isdigit()]
    assert numbers and not [n for n in numbers if 0 < n < 10]


def test_without_a_control_group_nothing_is_claimed(officer, gone_out):
    said = words(officer.get("/figures/waves/1?lang=en"))
    assert "is no proof that it made them" in said
    assert "The wave made people" not in said


def held(rt, **look):
    with rt.db.transaction() as c:
        wave_store.change(c, 1, control=20, control_key="1-2-3-4")
        if look:
            control_store.keep(c, 1, at=NOW, **look)


@pytest.mark.parametrize(
    ("look", "said"),
    [
        ({}, "Both groups are counted within half an hour"),
        ({"final": False, "got": 1000, "got_asked": 300, "held": 500, "held_asked": 5}, "Too early to speak of an eff"),
        ({"final": True, "got": 1000, "got_asked": 300, "held": 500, "held_asked": 5}, "The wave made people write to"),
        ({"final": True, "got": 1000, "got_asked": 5, "held": 500, "held_asked": 300}, "The wave kept people from wri"),
        ({"final": True, "got": 1000, "got_asked": 20, "held": 500, "held_asked": 10}, "no effect beyond chance"),
        ({"final": True, "got": 0, "got_asked": 0, "held": 0, "held_asked": 0}, "One of the two groups is empty"),
    ],
)
def test_what_a_control_group_lets_one_say(officer, gone_out, rt, look, said):
    held(rt, **look)
    assert said in words(officer.get("/figures/waves/1?lang=en"))


def a_funnel(handed, delivered, asked=0):
    counts = {"delivered": delivered, "undelivered": handed - delivered}
    return Funnel(counts=counts, responses={"asked": asked})


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (a_funnel(1000, 950), a_funnel(1000, 800), "Higher in the first wave"),
        (a_funnel(1000, 800), a_funnel(1000, 950), "Higher in the second wave"),
        (a_funnel(1000, 900), a_funnel(1000, 905), "No more than chance"),
        (a_funnel(1, 1), a_funnel(1, 0), "No more than chance"),
        (a_funnel(0, 0), a_funnel(100, 90), "nothing can be compared"),
    ],
)
def test_what_may_be_said_of_two_waves(app, first, second, said):
    with app.test_request_context("/?lang=en"):
        row = wave_comparing.compared(first, second)[0]
    assert said in row.sentence
    assert (row.first, row.second) == (first.delivered, second.delivered)
    assert "better" not in row.sentence.lower()


def test_two_waves_side_by_side(officer, gone_out, rt):
    with rt.db.transaction() as c:
        wave_store.change(c, 2, status="finished", opened_at=NOW)
    path = "/figures/compare?a=1&b=2"
    said = words(officer.get(path + "&lang=en"))
    assert "200 of 235" in said and "nothing can be compared" in said
    rows = rows_of(officer.get(path + "&as=csv"))
    assert len(rows) == 4


def test_a_wave_beside_itself(officer, gone_out):
    assert "one and the same wave" in words(officer.get("/figures/compare?a=1&b=1&lang=en"))


def test_a_campaign_adds_its_waves_up(officer, gone_out, rt):
    campaign = programme.create(rt.db, name="Mùa cưới", by=None, now=NOW)
    with rt.db.transaction() as c:
        wave_store.change(c, 1, campaign_id=campaign)
    said = words(officer.get(f"/figures/campaigns/{campaign}?lang=en"))
    assert "200 of 235" in said
    (row,) = rows_of(officer.get(f"/figures/campaigns/{campaign}?as=csv"))
    assert row["Đợt gửi"] == "Đã gửi"


def test_a_name_that_would_be_a_formula(officer, gone_out, rt):
    with rt.db.transaction() as c:
        wave_store.change(c, 1, name="=cmd|' /C calc'!A0")
    content = officer.get("/figures/waves?as=csv").get_data(as_text=True)
    assert "'=cmd" in content and "\n=cmd" not in content


def test_one_delivery(officer, rt):
    with rt.db.transaction() as c:
        keep = c.execute(select(deliveries.c.id).where(deliveries.c.wave_id == 1).limit(1)).scalar_one()
        for table in (wave_counts, wave_tally):
            c.execute(table.delete().where(table.c.wave_id == 1))
        c.execute(deliveries.delete().where(deliveries.c.wave_id == 1, deliveries.c.id != keep))
        c.execute(update(deliveries).where(deliveries.c.id == keep).values(status="delivered"))
    rebuilding.rebuild(rt.db)
    assert "1 of 1" in words(officer.get("/figures/waves/1?lang=en"))
    rows = rows_of(officer.get("/figures/waves/1?as=csv&table=communes"))
    assert not [value for row in rows for value in row.values() if value == "1"]


def test_nobody_at_all(officer, rt):
    with rt.db.transaction() as c:
        for table in (wave_counts, wave_tally):
            c.execute(table.delete().where(table.c.wave_id == 1))
        c.execute(deliveries.delete().where(deliveries.c.wave_id == 1))
    rebuilding.rebuild(rt.db)
    page = words(officer.get("/figures/waves/1?lang=en"))
    assert "Nothing has been handed over." in page
    # Nothing was to be paid, and there is nothing of which one could ask what brought it about.
    assert "no price on record" not in page and "bring it about" not in page
    assert rows_of(officer.get("/figures/waves/1?as=csv&table=communes")) == []


def test_a_carrier_that_is_not_known_is_called_so(officer, rt, gone_out):
    with rt.db.transaction() as c:
        c.execute(update(deliveries).where(deliveries.c.wave_id == 1).values(carrier="unknown"))
    rebuilding.rebuild(rt.db)
    rows = rows_of(officer.get("/figures/waves/1?as=csv&table=carriers&lang=vi"))
    assert [row["Nhà mạng"] for row in rows] == ["chưa rõ nhà mạng"]


def test_what_lies_between_two_wordings_is_written_as_readers_write(app):
    with app.test_request_context("/?lang=vi"):
        said = verdicts._interval(Difference(0, 1, 0.0149, -0.002, 0.022))
    assert "+1,5" in said and "từ −0,2 đến +2,2" in said


def test_wordings_are_told_as_they_were_last_counted(officer, rt):
    other = waves.show(rt.db, 2).wave
    experiments.plan(rt.db, 2, others=[(other.version_id, "vi")], outcome="reply", expected=0.02, smallest=0.01, days=3,
                     by=None, now=NOW)  # fmt: skip
    with rt.db.transaction() as c:
        wave_store.change(c, 2, status="sending", opened_at=NOW)
    assert "Nobody has looked yet" in words(officer.get("/figures/waves/2?lang=en"))
    experiments.review(rt.db, NOW)
    assert "Too early to say" in words(officer.get("/figures/waves/2?lang=en"))


def test_an_officer_holds_some_back(officer, rt):
    plan = {"name": "Có đối chứng", "lists": "1", "version": "1", "form": "vi", "gateway": "simulator", "when": "now",
            "failure_limit": "20", "do": "save"}  # fmt: skip
    for wrong in ("3", "60", "half"):
        answer = press(officer, "/waves/new", **plan, control=wrong)
        assert answer.status_code == 422 and "Nhóm đối chứng" in words(answer)
    answer = press(officer, "/waves/new", **plan, control="25 %")
    wave_id = int(answer.location.rsplit("/", 1)[1])
    assert waves.show(rt.db, wave_id).wave.control == 25
    assert 'name="control" type="text" value="25"' in officer.get(f"/waves/{wave_id}/edit").get_data(as_text=True)
    assert "nhóm đối chứng" in words(officer.get(f"/waves/{wave_id}"))
    skipped = waves.preview(rt.db, wave_id, rt.gateways, NOW).skipped["control"]
    assert skipped > 0


def test_rates_in_the_list_carry_their_interval(officer, gone_out):
    said = words(officer.get("/figures/waves?lang=en"))
    rate = Rate(200, 235)
    assert "200 of 235" in said and f"{rate.low * 100:.0f}–{rate.high * 100:.0f}%" in said
