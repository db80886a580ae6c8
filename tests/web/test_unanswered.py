"""Questions without an answer on the desk: seen in groups, decided by one person, approved by another."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bots.unanswered import showing
from campaigns import areas
from db.tables import hard_questions
from tests.bots.unanswered.asking import LICENCE, Deaf, ask, collect
from tests.conftest import NOW
from tests.web.doors import lines_of, press, signed_in, words
from web.unanswered_words import of_an_area

ON = "/optouts"


@pytest.fixture
def group_id(rt):
    for person, text in enumerate(LICENCE):
        ask(rt.db, Deaf(rt.book), text, person=f"p{person}")
    collect(rt.db, rt.book, after=timedelta(minutes=2))
    return next(each.id for each in showing.groups(rt.db, now=NOW) if each.asked == len(LICENCE))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_list_and_a_group(officer, group_id, language):
    page = words(officer.get(f"/unanswered?lang={language}"))
    assert LICENCE[-1] in page
    one = words(officer.get(f"/unanswered/{group_id}?lang={language}"))
    assert all(text in one for text in LICENCE)


def test_filters(officer, group_id):
    assert LICENCE[-1] not in words(officer.get("/unanswered?status=done"))
    assert LICENCE[-1] not in words(officer.get("/unanswered?week=2026-11-02"))
    assert LICENCE[-1] in words(officer.get("/unanswered?week=2026-11-30"))
    assert officer.get("/unanswered?status=nonsense&page=-3").status_code == 200


def test_no_such_group(officer):
    assert officer.get("/unanswered/999999").status_code == 404


def test_an_example_goes_to_another_person(officer, rt, group_id):
    done = press(officer, f"/unanswered/{group_id}/example", on=ON, topic="deposit", lines="\n".join(LICENCE[:2]))
    assert done.status_code in (303, 422)
    group = showing.group(rt.db, group_id, now=NOW)
    assert (group.decision, group.topic) == ("example", "deposit")


def test_a_line_with_a_number_stays_in_the_box(officer, rt, group_id):
    answer = press(officer, f"/unanswered/{group_id}/example", on=ON, topic="deposit", lines="gọi 0912 345 678 nhé")
    assert answer.status_code == 422
    assert "gọi 0912 345 678 nhé" in answer.get_data(as_text=True)
    assert showing.group(rt.db, group_id, now=NOW).decision is None


def test_outside_lines_need_another_person(officer, second_officer, rt, group_id):
    asked = press(officer, f"/unanswered/{group_id}/outside", on=ON, lines="cách nấu phở bò cho ngon")
    assert asked.status_code == 303, words(asked)[:900]
    assert "cách nấu phở bò cho ngon" in words(officer.get("/outside"))
    assert press(officer, "/outside/approve", on=ON, line="1").status_code == 422
    assert press(second_officer, "/outside/approve", on=ON, line="1").status_code == 303
    assert showing.group(rt.db, group_id, now=NOW).status == "outside"
    assert press(second_officer, "/outside/withdraw", on=ON, line="1").status_code == 303
    assert press(second_officer, "/outside/return", on=ON, line="1").status_code == 422
    assert showing.group(rt.db, group_id, now=NOW).status == "open"


def test_set_aside_and_open_again(officer, rt, group_id):
    assert press(officer, f"/unanswered/{group_id}/ignore", on=ON).status_code == 303
    assert press(officer, f"/unanswered/{group_id}/ignore", on=ON).status_code == 422
    assert press(officer, f"/unanswered/{group_id}/reopen", on=ON).status_code == 303
    assert showing.group(rt.db, group_id, now=NOW).decision is None


def test_a_new_answer_begins_with_what_people_asked(officer, rt, group_id):
    form = officer.get(f"/answers/new?asked={group_id}").get_data(as_text=True)
    assert f'name="asked" value="{group_id}"' in form
    begun = press(officer, "/answers/new", on=ON, topic="uk-driving", group="law", asked=str(group_id))
    page = officer.get(begun.location).get_data(as_text=True)
    assert LICENCE[0] in page
    boxes = {"title": "Lái xe ở Anh", "group": "law", "chat": "Chưa viết.", "questions": LICENCE[0],
             "reviewed": "2026-12-01", "expires": "2027-05-01", "asked": str(group_id)}
    press(officer, "/answers/uk-driving/vi/edit", on=ON, began="", version="", note="", **boxes)
    assert showing.group(rt.db, group_id, now=NOW).decision == "draft"


def test_who_works_with_cases_decides_but_does_not_approve(app, rt, group_id):
    browser = signed_in(app, rt, "hoa@anlo.example")
    assert press(browser, f"/unanswered/{group_id}/ignore", on=f"/unanswered/{group_id}").status_code == 303
    assert press(browser, "/outside/approve", on=f"/unanswered/{group_id}", line="1").status_code == 403


@pytest.mark.parametrize("line", ["9" * 5000, "٣" * 30, "-1", "x", ""])
def test_an_odd_number_of_a_line_is_no_surprise(second_officer, line):
    assert press(second_officer, "/outside/approve", on=ON, line=line).status_code in (404, 422)


def test_an_endless_page_number_is_an_empty_page(officer):
    assert officer.get("/unanswered?page=" + "9" * 40).status_code == 200


def of_area(db, area, n):
    with db.transaction() as c:
        some = select(hard_questions.c.turn_id).order_by(hard_questions.c.turn_id).limit(n).scalar_subquery()
        c.execute(update(hard_questions).where(hard_questions.c.turn_id.in_(some)).values(area=area))


def test_few_who_asked_in_one_commune_are_not_counted_there(officer, rt, group_id):
    of_area(rt.db, "16681", 3)
    name = rt_area(rt, "16681")
    one = words(officer.get(f"/unanswered/{group_id}?lang=vi"))
    assert f"Không hiện số vì ở đó ít người hỏi: {name}." in one
    row = next(line for line in rows_of(officer, "/unanswered?area=16681&lang=vi") if LICENCE[2] in line[0])
    assert row[1:4] == ["dưới 10", "dưới 10", "–"], "neither times, nor people, nor weeks"
    row = next(line for line in rows_of(officer, "/unanswered?lang=vi") if LICENCE[-1] in line[0])
    assert (row[1], row[4]) == ("5", name), "everywhere the number stands, and the commune without one"


def test_ten_of_one_commune_are_told():
    assert [of_an_area(n, "16681") for n in (0, 1, 9, 10)] == [0, None, None, 10]
    assert of_an_area(1, "") == 1, "everywhere"


def rt_area(rt, code):
    with rt.db.reading() as c:
        return areas.names(c)[code]


def rows_of(officer, path):
    return lines_of(officer.get(path).get_data(as_text=True))
