"""The router on a few lines: it learns any labels, refuses what is foreign to it, and says why."""

import pytest

from bots.router import OUTSIDE, Router

LINES = [
    *((text, "fruit") for text in ("i like apples", "buy some apples", "are pears ripe", "sweet plums",
                                   "a basket of pears", "apples and plums", "the ripe fruit", "fresh apples please")),
    *((text, "weather") for text in ("will it rain", "is it sunny today", "heavy rain tomorrow", "cold wind tonight",
                                     "a storm and rain", "sunny and warm", "does it snow", "how cold is it")),
    *((text, OUTSIDE) for text in ("who wrote this book", "play a song", "count to ten", "my dog sleeps",
                                   "open the door", "paint the wall")),
]


@pytest.fixture(scope="module")
def router():
    return Router.train(LINES)


@pytest.mark.parametrize(("text", "topic"), [("ripe apples", "fruit"), ("rain tonight", "weather"), ("aples", "fruit")])
def test_the_likeliest_topic_comes_first(router, text, topic):
    assert router.route(text).topics[0] == topic


def test_out_of_scope_is_never_a_topic(router):
    assert set(router.topics) == {"fruit", "weather"}
    assert OUTSIDE not in router.route("who wrote this song").topics


def test_confidence_grows_with_likeness(router):
    assert router.route("will it rain").confidence > router.route("paint the sunny wall").confidence


@pytest.mark.parametrize("text", ["", "😀", "   ", "\u200b", "####"])
def test_what_has_no_known_word_is_refused(router, text):
    route = router.route(text)
    assert (route.verdict, route.confidence) == ("refuse", 0.0)


def test_the_words_that_decided_are_named(router):
    why = router.route("heavy rain").why
    assert any(reason.startswith("word:rain +") for reason in why)
    assert why[-1].startswith("like: heavy rain tomorrow")


def test_background_lines_are_out_of_scope():
    lines = [line for line in LINES if line[1] != OUTSIDE]
    router = Router.train(lines, background=[text for text, topic in LINES if topic == OUTSIDE])
    assert set(router.topics) == {"fruit", "weather"}


def test_the_same_lines_give_the_same_router(router):
    again = Router.train(reversed(LINES))
    assert again.route("ripe plums").topics == router.route("ripe plums").topics
    assert again.route("ripe plums").confidence == pytest.approx(router.route("ripe plums").confidence, abs=1e-3)
