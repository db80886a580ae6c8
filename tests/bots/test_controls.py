"""Words that steer a conversation."""

import pytest

from bots.controls import follows_on, read
from bots.model import Context

OFFERED = Context(offered=("korea-eps", "deposit", "agency-fees"))
TITLES = {"chuong trinh eps han quoc": "korea-eps"}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("1", "korea-eps"), ("2.", "deposit"), ("số 3", "agency-fees"), ("so 3 nhe", "agency-fees"),
        ("cái thứ hai ạ", "deposit"), ("the first one please", "korea-eps"), ("mục 2", "deposit"),
        ("Chương trình EPS Hàn Quốc", "korea-eps"), ("chương trình eps hàn quốc ạ", "korea-eps"),
        ("gặp cán bộ", "talk-to-human"), ("GAP CAN BO", "talk-to-human"), ("cho tôi gặp cán bộ với ạ", "talk-to-human"),
        ("can i talk to a person please", "talk-to-human"),
    ],
)
def test_a_topic_is_asked_for(text, topic):
    assert read(text, OFFERED, TITLES).topic == topic


@pytest.mark.parametrize(("text", "language"), [("English", "en"), ("tiếng anh", "en"), ("noi tieng viet nhe", "vi")])
def test_a_language_is_asked_for(text, language):
    assert read(text, OFFERED, TITLES).language == language


@pytest.mark.parametrize(
    "text", ["4", "0", "111", "có", "tôi có 2 con", "học tiếng Anh ở đâu", "", "cán bộ xã có giúp không"]
)
def test_no_control(text):
    assert read(text, OFFERED, TITLES) is None


def test_yes_takes_the_only_thing_offered():
    assert read("có", Context(offered=("talk-to-human",)), {}).topic == "talk-to-human"
    assert read("yes please", Context(offered=("talk-to-human",)), {}).topic == "talk-to-human"


def test_a_number_without_an_offer_is_no_choice():
    assert read("1", Context(), {}) is None


@pytest.mark.parametrize(("words", "leans"), [(("con", "han", "quoc"), True), (("what", "about", "germany"), True),
                                              (("the", "phi", "bao", "nhieu"), True), (("phi", "bao", "nhieu"), False)])
def test_what_leans_on_the_question_before(words, leans):
    assert follows_on(words) is leans
