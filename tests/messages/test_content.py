"""Guards over the content that ships: every rule a reader of An Lộ relies on, on every file."""

import re
import tomllib
import unicodedata
from datetime import date

import pytest

from messages import catalog, lint, render
from messages.check import check
from messages.check_starters import LONG_NAME
from messages.errors import LANGUAGES
from messages.lint import phones
from messages.lint.text import text_of
from messages.themes import themes, words
from sms.segments import count

BOOK = catalog.load(catalog.SHIPPED)
#: The check's own day: whether shipped answers have expired since is for `make check`, not for a test of the code.
REVIEWED = date(2026, 11, 22)

#: Numbers a red reply must lead with, and the fact each comes from.
RED = {
    "red_vn": ("111", "hotline-111"),
    "red_uk": ("999", "uk-999"),
    "red_eu": ("112", "eu-112"),
    "red_abroad": ("+84 981 84 84 84", "consular-hotline"),
}
#: What the bot cannot do without.
NEEDED = [
    "first_message", "abstain", "did_you_mean", "offer_person", *RED, "red_unknown", "red_self_harm",
    "amber", "opted_out", "opted_in", "language_set", "language_other", "menu_line", "more", "no_more", "too_long",
    "empty", "slow_down", "two_questions",
]  # fmt: skip
#: Words that frighten without helping, promise, or judge somebody's case.
NEVER = re.compile(
    r"chắc chắn đỗ|bảo đảm đỗ|đảm bảo đỗ|100% (?:đỗ|đậu|thành công|an toàn|sure|safe|success)|"
    r"sẽ được tị nạn|không được tị nạn|guarantee you|you will get asylum|"
    r"you will not get asylum|you deserve|\bngu\b|dại dột|stupid",
    re.IGNORECASE,
)

ANSWERS = [(topic, language) for topic in BOOK.topics for language in LANGUAGES]


def test_the_shipped_content_is_in_order():
    findings = check(BOOK, today=REVIEWED, count=count)
    assert [finding.sentence("en") for finding in findings] == []


@pytest.mark.parametrize(("topic", "language"), ANSWERS, ids=lambda value: value)
def test_an_answer_reads_well(topic, language):
    answer = BOOK.answer(topic, language)
    assert len(answer.chat) <= 1100, "a chat answer is short"
    assert len(answer.choices) <= 4 and topic not in answer.choices
    assert len(answer.questions) >= 12
    assert not NEVER.search(answer.chat + answer.sms)
    for text in (answer.title, answer.chat, answer.sms):
        assert unicodedata.is_normalized("NFC", text)
        assert not re.search(r"[*_#<>]|  |https?://", text), "plain text"


@pytest.mark.parametrize("topic", BOOK.topics)
def test_the_unaccented_sms_says_what_the_accented_one_says(topic):
    """A person wrote it, so words may differ; numbers to call and addresses may not."""
    answer = BOOK.answer(topic, "vi")
    digits = re.compile(r"\d[\d.+]*\d|\d")
    assert digits.findall(answer.sms) == digits.findall(answer.sms_unaccented)
    assert answer.sms != answer.sms_unaccented


@pytest.mark.parametrize("topic", BOOK.topics)
def test_examples_come_in_every_register(topic):
    """Accented and unaccented Vietnamese, and English: the bot must know all three."""
    questions = BOOK.answer(topic, "vi").questions
    unaccented = [question for question in questions if question.isascii()]
    assert len(unaccented) >= 3
    assert len(questions) - len(unaccented) >= 10


@pytest.mark.parametrize("topic", BOOK.topics)
def test_no_example_is_written_twice_in_one_language(topic):
    for language in LANGUAGES:
        questions = [question.casefold() for question in BOOK.answer(topic, language).questions]
        assert len(questions) == len(set(questions)), language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NEEDED)
def test_the_bot_has_its_phrases(language, name):
    phrase = BOOK.phrases[language][name]
    assert count(phrase.sms_unaccented).encoding == "GSM-7"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "first"), RED.items())
def test_a_red_reply_leads_with_the_number_in_one_segment(language, name, first):
    number, fact = first
    phrase = BOOK.phrases[language][name]
    assert fact in phrase.sources
    assert number in BOOK.facts[fact].claim_vi
    for text in (phrase.chat, phrase.sms, phrase.sms_unaccented):
        assert number in text
    assert count(phrase.sms_unaccented).segments == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_does_not_understand_still_gives_the_help_line(language):
    for name in ("abstain", "offer_person"):
        assert "111" in BOOK.phrases[language][name].text("chat")
        assert "111" in BOOK.phrases[language][name].text("sms")


def test_mistakes_have_a_sentence_in_both_languages_with_the_same_fields():
    files = [catalog.SHIPPED / language / "errors.toml" for language in LANGUAGES]
    vi, en = (tomllib.loads(file.read_text(encoding="utf-8")) for file in files)
    assert set(vi) == set(en)
    field = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
    for code in vi:
        assert set(field.findall(vi[code])) == set(field.findall(en[code])), code


def test_facts_are_public_and_not_weak():
    assert len(BOOK.facts) > 150
    assert {fact.confidence for fact in BOOK.facts.values()} <= {"high", "medium"}
    assert all(fact.source.count(" | ") >= 2 for fact in BOOK.facts.values())


def test_there_are_messages_to_begin_a_campaign_from():
    assert len(BOOK.starters) >= 24
    assert {forms["vi"].theme for forms in BOOK.starters.values()} == set(themes())
    assert {len({forms[language].title for forms in BOOK.starters.values()}) for language in LANGUAGES} == {
        len(BOOK.starters)
    }


@pytest.mark.parametrize("name", BOOK.starters)
def test_a_starter_is_in_order_to_the_last_word(name):
    """The lint has nothing to say of it, not even advice; it fits two segments, with accents three."""
    vi, en = BOOK.starters[name]["vi"], BOOK.starters[name]["en"]
    found = lint.check(vi=vi.text, vi_unaccented=vi.unaccented, en=en.text, count=count)
    assert [(one.form, lint.words(one, "en")) for one in found] == []
    for text in (vi.unaccented, en.text):
        filled = render.compile(text).render({"name": LONG_NAME})
        assert (count(filled).encoding, count(filled).segments <= 2) == ("GSM-7", True)
    assert count(render.compile(vi.text).render({})).segments <= 3
    assert "TU CHOI" in vi.text and "TU CHOI" in vi.unaccented and "STOP" in en.text
    assert not NEVER.search(vi.text + en.text)


@pytest.mark.parametrize("name", BOOK.starters)
def test_a_number_to_call_in_a_starter_stands_in_its_sources(name):
    for language, starter in BOOK.starters[name].items():
        known = lint.approved({source: BOOK.facts[source] for source in starter.sources})
        for text in (starter.text, starter.unaccented):
            assert {number.key for number in phones.numbers(text_of("vi", text))} <= known.numbers, language


@pytest.mark.parametrize("topic", BOOK.topics)
def test_nothing_stops_an_answer_by_sms(topic):
    vi, en = BOOK.answer(topic, "vi"), BOOK.answer(topic, "en")
    found = lint.check(vi=vi.sms, vi_unaccented=vi.sms_unaccented, en=en.sms)
    assert [lint.words(one, "en") for one in found if one.level == "stop"] == []


@pytest.mark.parametrize("topic", BOOK.topics)
def test_no_content_outlives_a_fact_that_ends(topic):
    for language in LANGUAGES:
        answer = BOOK.answer(topic, language)
        ends = [BOOK.facts[source].expires for source in answer.sources if BOOK.facts[source].expires]
        assert all(answer.expires <= day for day in ends), language


def test_themes_have_words_in_both_languages():
    assert len({words(theme, language) for theme in themes() for language in LANGUAGES}) == 2 * len(themes())
    files = [tomllib.loads((catalog.SHIPPED / language / "themes.toml").read_text("utf-8")) for language in LANGUAGES]
    assert list(files[0]) == list(files[1])
    with pytest.raises(KeyError):
        words("weather", "vi")
