"""The rules on texts people wrote: honest ones pass, and a slip in any of them is seen."""

import re

import pytest

from messages import catalog, lint
from messages.lint.figures import figures
from messages.lint.text import text_of
from sms.unaccent import unaccent

BOOK = catalog.load(catalog.SHIPPED)
STARTERS = {name: (forms["vi"], forms["en"]) for name, forms in BOOK.starters.items()}
NO = re.compile(r"\b(?:khong|chua)\b(?! ?\?)", re.IGNORECASE)


def stops(**texts: str) -> set[str]:
    return {one.code for one in lint.check(**texts) if one.level == "stop"}


@pytest.mark.parametrize("fact", BOOK.facts)
def test_a_fact_in_two_languages_is_not_stopped(fact):
    """Claims speak of promises, fines, sums and dates without making one: the hardest honest texts there are."""
    vi, en = BOOK.facts[fact].claim_vi, BOOK.facts[fact].claim_en
    assert stops(vi=vi, vi_unaccented=unaccent(vi), en=en) == set()


@pytest.mark.parametrize("topic", BOOK.topics)
def test_a_chat_answer_is_not_stopped(topic):
    vi, en = BOOK.answer(topic, "vi").chat, BOOK.answer(topic, "en").chat
    assert stops(vi=vi, vi_unaccented=unaccent(vi), en=en) == set()


def slips(text: str, form: str) -> list[str]:
    """`text` once for every number in it, that number's last digit changed."""
    changed = []
    for figure in figures(text_of(form, text)):
        digit = max(at for at, letter in enumerate(figure.quote) if letter.isdigit())
        wrong = str((int(figure.quote[digit]) + 1) % 10)
        at = figure.at + digit
        changed.append(text[:at] + wrong + text[at + 1 :])
    return changed


@pytest.mark.parametrize("name", STARTERS)
def test_a_wrong_digit_in_any_form_is_seen(name):
    vi, en = STARTERS[name]
    for text in slips(vi.unaccented, "vi-unaccented"):
        assert "numbers-differ" in stops(vi=vi.text, vi_unaccented=text, en=en.text), text
    for text in slips(en.text, "en"):
        assert "numbers-differ" in stops(vi=vi.text, vi_unaccented=vi.unaccented, en=text), text


@pytest.mark.parametrize("name", STARTERS)
def test_a_lost_no_in_the_unaccented_text_is_seen(name):
    vi, en = STARTERS[name]
    for no in NO.finditer(vi.unaccented):
        text = " ".join((vi.unaccented[: no.start()] + vi.unaccented[no.end() :]).split())
        assert "negations-differ" in stops(vi=vi.text, vi_unaccented=text, en=en.text), text
