"""The wall of test phones: what arrived is there, and an answer comes in through the real hook."""

import re

from sqlalchemy import select, update

from db.tables import contacts, turns
from tests.web.doors import press, signed_in, words


def test_what_was_sent_is_on_the_wall(officer, rt):
    wall = officer.get("/handsets")
    assert wall.get_data(as_text=True).count('class="bubble"') >= 12
    assert not re.search(r"\+84\d{9}", wall.get_data(as_text=True)), "numbers are masked"


def test_an_answer_comes_in_through_the_gateways_door(officer, rt):
    page = officer.get("/handsets").get_data(as_text=True)
    phone = re.search(r'name="phone" value="(\w+)"', page)[1]
    assert press(officer, "/handsets/answer", phone=phone, text="Em muốn hỏi").status_code == 303
    with rt.db.reading() as c:
        row = c.execute(select(turns).where(turns.c.direction == "in").order_by(turns.c.id.desc())).first()
    assert rt.db.seal.open(row.text_sealed, "turns.text") == "Em muốn hỏi"
    assert "Em muốn hỏi" in words(officer.get("/handsets"))


def test_only_phones_of_the_wall_can_be_named(officer):
    for phone in ("", "+84912345678", "00ff"):
        assert press(officer, "/handsets/answer", phone=phone, text="x").status_code == 400


def test_the_mark_changes_with_a_message_only(officer):
    first, again = officer.get("/handsets/wall"), officer.get("/handsets/wall")
    assert first.headers["X-Mark"] == again.headers["X-Mark"]
    phone = re.search(r'name="phone" value="(\w+)"', first.get_data(as_text=True))[1]
    press(officer, "/handsets/answer", phone=phone, text="Alo")
    assert officer.get("/handsets/wall").headers["X-Mark"] != first.headers["X-Mark"]


def test_who_may_see_numbers_sees_them(app, rt):
    wall = signed_in(app, rt, "quantri@anlo.example").get("/handsets").get_data(as_text=True)
    assert re.search(r"\+84\d{9}", wall)


def test_where_a_real_person_has_the_number_there_is_no_box_to_answer(officer, rt):
    assert 'name="phone"' in officer.get("/handsets").get_data(as_text=True)
    with rt.db.transaction() as c:
        c.execute(update(contacts).values(made_up=False))
    assert 'name="phone"' not in officer.get("/handsets").get_data(as_text=True)
