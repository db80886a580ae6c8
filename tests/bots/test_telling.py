"""A long answer by SMS, part by part."""

import pytest

from bots import telling
from bots.speech import Voice
from sms import segments
from sms.unaccent import unaccent


def _parts(voice, topic):
    told, said = 0, []
    while True:
        text, told = telling.part(voice, topic, told)
        if not text:
            return said
        said.append(text)


@pytest.mark.parametrize(("language", "accented"), [("vi", True), ("vi", False), ("en", False)])
def test_the_parts_are_the_whole_answer_and_each_fits(book, language, accented):
    voice = Voice(book, language, "sms", accented)
    more = voice.phrase("more")
    form = str if accented else unaccent
    for topic in book.topics:
        parts = _parts(voice, topic)
        assert all(segments.count(part).segments <= 2 for part in parts), topic
        assert all(part.endswith(more) for part in parts[:-1])
        assert not parts[-1].endswith(more)
        whole = " ".join(part.removesuffix(more).strip() for part in parts)
        assert whole.split() == form(book.answer(topic, language).chat).split()


def test_no_number_is_torn_apart(book):
    voice = Voice(book, "vi", "sms")
    for topic in book.topics:
        for part in _parts(voice, topic):
            assert not part.removesuffix(voice.phrase("more")).strip().endswith(("024", "3824", "+84", "08000"))


def test_who_changes_to_no_accents_hears_nothing_twice(book):
    _, told = telling.part(Voice(book, "vi", "sms"), "passport-apply", 0)
    rest, _ = telling.part(Voice(book, "vi", "sms", accented=False), "passport-apply", told)
    first, _ = telling.part(Voice(book, "vi", "sms"), "passport-apply", 0)
    assert rest.split(".")[0] not in unaccent(first)


def test_what_may_not_be_said_is_not_told(book):
    assert telling.part(Voice(book, "vi", "sms", may_say=frozenset()), "passport-apply", 0) == ("", 0)
