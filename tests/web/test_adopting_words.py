"""What officers read is named in their language: each phrase, each sign of danger, and the day of each source."""

import re

import pytest

from messages import catalog
from scheduler.tasks import TASKS
from web import words
from web.adopting_words import SENTENCES, SIGNS, source_day


@pytest.fixture(scope="module")
def book():
    return catalog.load(catalog.SHIPPED)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_phrase_and_every_sign_has_a_name(book, language):
    assert SENTENCES.keys() == book.phrases[language].keys()
    assert SIGNS.keys() == book.flags[language].keys()


def test_every_task_of_the_runner_has_a_name():
    assert {task.name for task in TASKS} <= words.TASKS.keys()


@pytest.mark.parametrize(
    "written, vietnamese",
    [
        ("2024-05-06", "2024-05-06"),
        ("undated", "không ghi ngày"),
        ("undated (Nov 2024)", "không ghi ngày (11/2024)"),
        ("undated (July 2024)", "không ghi ngày (07/2024)"),
        ("undated (c. 2020)", "không ghi ngày (khoảng 2020)"),
        ("undated (autumn 2025)", "không ghi ngày (mùa thu 2025)"),
        ("2023 (undated page)", "2023 (trang không ghi ngày)"),
    ],
)
def test_the_day_of_a_source_is_vietnamese_on_a_vietnamese_page(app, written, vietnamese):
    with app.test_request_context("/", headers={"Accept-Language": "vi"}):
        assert source_day(written) == vietnamese


def test_no_date_of_a_source_keeps_an_english_word(app, book):
    with app.test_request_context("/", headers={"Accept-Language": "vi"}):
        days = {source_day(fact.source_date) for fact in book.facts.values()}
    english = re.compile(r"undated|revised|autumn|c\. |\b(?:jan|july?|oct|nov)\b", re.IGNORECASE)
    assert days and not [day for day in days if english.search(day)]
