"""One country's answer is never given for another's."""

import pytest

from bots import places
from bots.covering import UNCOVERED, Covering
from bots.model import Context, Heard
from bots.normalise import normalise
from bots.router import Route


@pytest.fixture(scope="module")
def covering(book):
    return Covering(book)


def _route(*topics, verdict="answer"):
    return Route(topics, 0.9, 0.9, verdict)


@pytest.mark.parametrize(
    ("topic", "countries", "allowed"),
    [
        ("uk-seasonal-worker", {"australia"}, False), ("uk-seasonal-worker", {"uk"}, True),
        ("korea-eps", {"japan"}, False),
        ("europe-work", {"norway"}, True), ("uk-student", {"newzealand"}, False), ("legal-overview", {"turkey"}, False),
        ("passport-apply", {"japan"}, True), ("deposit", {"taiwan"}, True), ("korea-eps", set(), True),
        ("opt-in", {"korea"}, False), ("hotline-uk", {"germany"}, False),
    ],
)
def test_which_answer_may_speak_of_a_country(covering, topic, countries, allowed):
    assert covering.allows(topic, countries) is allowed


@pytest.mark.parametrize(
    ("route", "countries", "topics", "verdict"),
    [
        (_route("uk-seasonal-worker", "australia-work"), {"australia"}, ("australia-work",), "answer"),
        (_route("uk-seasonal-worker", "korea-eps"), {"turkey"}, ("uk-seasonal-worker", "korea-eps"), UNCOVERED),
        (_route("uk-caught", "detained-abroad"), {"germany"}, ("detained-abroad",), "answer"),
        (_route("uk-work-visa", "japan-skilled"), {"japan"}, ("japan-skilled", "japan-trainee"), "ask"),
        (_route("korea-eps", "uk-work-visa", "japan-trainee", verdict="ask"), {"korea"}, ("korea-eps",), "ask"),
        (_route("uk-work-visa", verdict="refuse"), {"japan"}, ("uk-work-visa",), "refuse"),
        (_route("opt-in", "korea-eps", "korea-seasonal"), {"korea"}, ("korea-eps", "korea-seasonal"), "ask"),
    ],
)
def test_a_route_to_another_country_is_turned(covering, route, countries, topics, verdict):
    checked = covering.checked(route, countries)
    assert (checked.topics, checked.verdict) == (topics, verdict)


def test_an_answer_chosen_by_its_country_is_not_called_sure(covering):
    assert covering.checked(_route("uk-seasonal-worker", "australia-work"), {"australia"}).confidence < 0.7


@pytest.mark.parametrize(
    "text",
    ["visa thời vụ Úc", "visa thoi vu uc hai trai cay", "xkld Canada", "định cư Mỹ", "du học New Zealand", "du hoc sec",
     "visa lao động Thổ Nhĩ Kỳ", "seasonal visa for australia", "skilled worker visa canada",
     "care worker visa ireland",
     "điều dưỡng ở Na Uy", "đoàn tụ gia đình ở Mỹ", "student visa new zealand", "dang ky han quoc"],
)
def test_a_country_is_never_answered_with_another(engine, covering, text):
    said = engine.respond(Heard(text, context=Context(greeted=True)))
    assert said.topic is None or covering.allows(said.topic, places.asked(normalise(text)))
    assert not said.topic or not said.topic.startswith("uk-")
