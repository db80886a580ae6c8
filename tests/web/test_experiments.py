"""The page of a comparison: planned with numbers an officer knows, told in sentences, ended by a person."""

import pytest

from campaigns import authoring, experiments, waves
from campaigns.store import waves as wave_store
from tests.conftest import NOW
from tests.web.doors import press, words


@pytest.fixture
def waiting(rt):
    """The wave that waits for approval, and another wording for it: (wave id, "version:form")."""
    wave_id = next(wave.id for wave, _ in waves.all(rt.db) if wave.name == "Chờ duyệt")
    texts = {"vi": "Chớ đưa tiền cọc, gọi 111.", "en": "Pay no deposit, call 111."}
    version = authoring.write(rt.db, title="Lời khác", by=None, now=NOW, **texts)
    return wave_id, f"{version}:vi"


def plan(browser, wave_id, other, **more):
    form = {"second": other, "outcome": "reply", "expected": "2", "smallest": "1,5", "days": "3", **more}
    answer = press(browser, f"/experiments/{wave_id}", **form)
    return browser.get(answer.location) if answer.status_code == 303 else answer


def test_a_comparison_is_planned_and_says_how_many_people_it_takes(rt, officer, waiting):
    wave_id, other = waiting
    page = plan(officer, wave_id, other)
    found = experiments.show(rt.db, wave_id)
    assert page.status_code == 200 and str(found.sample) in words(page)
    assert (found.expected, found.smallest, len(found.arms)) == (200, 150, 2)
    assert "Chớ đưa tiền cọc, gọi 111." in words(page), "both wordings are shown as they go out"
    with rt.db.reading() as c:
        assert wave_store.get(c, wave_id).status == "draft", "whoever approves sees the comparison first"


@pytest.mark.parametrize(
    "change",
    [{"second": ""}, {"second": "x"}, {"expected": "viel"}, {"expected": "0"}, {"days": "0"}, {"days": "9" * 400},
     {"outcome": "link"}, {"second": "99999:vi"}, {"smallest": "nan"},
     {"second": "²:vi"}, {"days": "²"}, {"second": "9" * 5000 + ":vi"}, {"expected": "1e999"}],
)
def test_what_cannot_be_compared_is_said_and_what_was_typed_stays(rt, officer, waiting, change):
    wave_id, other = waiting
    page = plan(officer, wave_id, other, **change)
    assert page.status_code in (404, 422)
    assert 'role="alert"' in page.get_data(as_text=True)
    assert experiments.show(rt.db, wave_id) is None


def test_a_comparison_is_dropped(rt, officer, waiting):
    wave_id, other = waiting
    plan(officer, wave_id, other)
    assert press(officer, f"/experiments/{wave_id}/drop").status_code == 303
    assert experiments.show(rt.db, wave_id) is None


def test_a_wave_that_went_out_without_one_says_so(rt, officer):
    wave_id = next(wave.id for wave, _ in waves.all(rt.db) if wave.name == "Đã gửi")
    page = officer.get(f"/experiments/{wave_id}")
    assert page.status_code == 200
    assert "<form" not in page.get_data(as_text=True).partition("<main")[2]


def test_a_wave_nobody_knows_has_no_comparison(officer):
    assert officer.get("/experiments/99999").status_code == 404
