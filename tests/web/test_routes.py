"""The routing table by its page, and the wave form that offers it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from campaigns import route_table, routing, waves
from campaigns.store import allowances
from db.tables import gateway_health
from staff import audit
from tests.conftest import NOW
from tests.web.doors import press, signed_in, words


def put(browser, path="/routes", **fields):
    given = {"position": "1", "carrier": "", "language": "", "gateway": "simulator", "weight": "100"}
    return press(browser, path, **{**given, **fields})


def test_a_route_is_written_down_changed_and_removed(officer, rt):
    assert put(officer).status_code == 303
    assert put(officer, position="2", carrier="Viettel", language="en", gateway="twilio").status_code == 303
    said = words(officer.get("/routes"))
    assert "mọi nhà mạng" in said and "Viettel" in said and "simulator 100 %" in said
    [_, second] = route_table.every(rt.db)
    form = officer.get(f"/routes/{second.id}").get_data(as_text=True)
    assert '<option value="Viettel" selected>' in form
    assert put(officer, f"/routes/{second.id}", position="3", weight="25").status_code == 303
    assert [(each.position, each.carrier, each.weight) for each in route_table.every(rt.db)] == [
        (1, None, 100), (3, None, 25),
    ]  # fmt: skip
    assert press(officer, f"/routes/{second.id}/remove").status_code == 303
    assert len(route_table.every(rt.db)) == 1
    actions = [row.action for row in audit.latest(rt.db) if row.action.startswith("routes.")]
    assert actions == ["routes.remove", "routes.put", "routes.put", "routes.put"]


@pytest.mark.parametrize(
    "fields",
    [{"position": ""}, {"position": "-1"}, {"weight": "x"}, {"gateway": "nobody"}, {"carrier": "Mobi"},
     {"language": "fr"}],
)
def test_what_cannot_be_read(officer, rt, fields):
    answer = put(officer, **fields)
    assert answer.status_code in (404, 422)
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert route_table.every(rt.db) == []


def test_a_route_that_is_gone(officer):
    assert officer.get("/routes/99").status_code in (404, 422)
    assert put(officer, "/routes/99").status_code in (404, 422)
    assert press(officer, "/routes/99/remove").status_code in (404, 422)
    assert press(officer, "/routes/try/nobody").status_code in (404, 422)


def test_how_the_gateways_fare_is_said_in_words(officer, rt):
    put(officer)
    put(officer, position="2", gateway="twilio")
    said = words(officer.get("/routes"))
    assert "Đang nhận đủ phần tin của mình." in said and "Chưa thiết lập" in said
    with rt.db.transaction() as c:
        c.execute(update(gateway_health).values(weight=0.4, why="slow"))
    assert "40 %" in words(officer.get("/routes"))
    with rt.db.transaction() as c:
        allowances.stop(c, "simulator", NOW + timedelta(minutes=5), "balance")
    said = words(officer.get("/routes"))
    assert "tạm nghỉ đến" in said and "phải chờ" in said
    assert press(officer, "/routes/try/simulator").status_code == 303
    assert routing.standing(rt.db, rt.gateways, NOW)[0].until is None


def test_a_table_with_gaps_says_so(officer):
    put(officer, carrier="Viettel")
    assert "chưa có tuyến" in words(officer.get("/routes"))


def test_the_wave_form_offers_the_table(officer, rt):
    assert 'value="routes"' not in officer.get("/waves/new").get_data(as_text=True)
    put(officer)
    assert 'value="routes"' in officer.get("/waves/new").get_data(as_text=True)
    plan = {"name": "Theo bảng", "version": "1", "form": "vi-unaccented", "lists": "1", "gateway": "routes",
            "when": "now", "failure_limit": "20"}
    answer = press(officer, "/waves/new", on="/waves/new", **plan)
    assert answer.status_code == 303
    wave_id = int(answer.location.rsplit("/", 1)[1])
    assert waves.show(rt.db, wave_id).wave.gateway == "routes"
    kept = waves.last_preview(rt.db, wave_id).preview
    assert kept.ways == {"simulator": (kept.recipients, kept.cost_vnd)}
    said = words(officer.get(f"/waves/{wave_id}"))
    assert "theo bảng tuyến" in said and "simulator" in said


def test_staff_may_look_and_not_write(app, rt):
    staff = signed_in(app, rt, "hoa@anlo.example")
    page = staff.get("/routes")
    assert page.status_code == 200
    assert "<select" not in page.get_data(as_text=True)
    assert put(staff).status_code == 403
    assert press(staff, "/routes/1/remove").status_code == 403


def test_who_changes_a_route_finds_the_form_before_the_tables(officer, rt):
    put(officer)
    (route,) = route_table.every(rt.db)
    for page, form_first in (("/routes", False), (f"/routes/{route.id}", True)):
        text = officer.get(page).get_data(as_text=True)
        assert (text.index('name="position"') < text.index("<table")) is form_first
