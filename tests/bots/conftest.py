"""The shipped content learnt once, and a book of three topics that is learnt in a moment."""

from datetime import date

import pytest

from bots.engine import PHRASES, Engine
from messages import catalog
from messages.catalog import Answer, Book, Phrase, Topic
from tests import learnt

_QUESTIONS = {
    "boat": {
        "vi": ("đi xuồng có nguy hiểm không", "vượt biển bằng xuồng", "xuồng an toàn không", "thuyền có chìm không"),
        "en": ("is the boat safe", "crossing the channel by boat", "do boats sink", "is a dinghy dangerous"),
    },
    "fees": {
        "vi": ("công ty thu phí bao nhiêu", "phí dịch vụ bao nhiêu tiền", "mức phí được thu", "công ty lấy mấy tiền"),
        "en": ("how much may an agency charge", "agency fee", "what is the service fee", "how much is the fee"),
    },
    "talk-to-human": {
        "vi": ("gặp cán bộ", "cho tôi gặp người thật", "nói chuyện với người", "gọi lại cho tôi"),
        "en": ("talk to a person", "speak to someone", "call me back", "I want a human"),
    },
}


@pytest.fixture(scope="session")
def book() -> Book:
    return catalog.load(catalog.SHIPPED)


@pytest.fixture(scope="session")
def engine() -> Engine:
    return learnt.engine()


@pytest.fixture
def small_book() -> Book:
    """Three topics; each sentence says its own name, language and form."""
    topics = {name: Topic(name, "risk", {language: _answer(name, language) for language in ("vi", "en")})
              for name in _QUESTIONS}
    phrases = {language: {name: _phrase(name, language) for name in PHRASES} for language in ("vi", "en")}
    return Book(topics, phrases, {}, {}, date(2026, 11, 21), digest="small")


def _answer(name: str, language: str) -> Answer:
    forms = {form: f"{name} {language} {form}" for form in ("chat", "sms", "sms_unaccented")}
    return Answer(title=f"Title {name} {language}", questions=_QUESTIONS[name][language], sources=(), choices=(),
                  reviewed=date(2026, 11, 21), expires=date(2027, 5, 21), **forms)


def _phrase(name: str, language: str) -> Phrase:
    field = " {choices}" if name in ("did_you_mean", "menu_line") else ""
    forms = {form: f"{name} {language} {form}{field}" for form in ("chat", "sms", "sms_unaccented")}
    return Phrase(**forms, sources=())
