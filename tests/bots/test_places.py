"""Countries as people name them, in a table; and those they say they do not mean."""

import pytest

from bots import places
from bots.normalise import normalise


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("visa thời vụ Úc", {"australia"}), ("visa thoi vu uc", {"australia"}), ("định cư Mỹ", {"usa"}),
        ("dinh cu my", {"usa"}),
        ("xklđ Nhật hay Hàn", {"japan", "korea"}), ("xkld Canada", {"canada"}), ("điều kiện qua Hàn", {"korea"}),
        ("làm việc ở Na Uy", {"norway"}), ("du học New Zealand", {"newzealand"}), ("ai cập", {"egypt"}),
        ("từ Việt Nam đi Nhật", {"japan"}), ("việc làm ở Nghệ An", {"vietnam"}),
        # Not a country, though its letters are there.
        ("lý lịch tư pháp", set()), ("đi làm hợp pháp", set()), ("phương pháp học", set()), ("chủ nhật này", set()),
        ("thợ hàn xì", set()), ("đạo đức", set()), ("mỹ phẩm", set()), ("lao động", set()), ("anh Đức ơi", set()),
        ("anh ơi cho hỏi", set()), ("thuốc lào", set()), ("chị Nga", set()),
    ],
)
def test_the_countries_a_question_is_about(text, countries):
    assert places.asked(normalise(text)) == countries


@pytest.mark.parametrize(
    ("text", "countries", "refused"),
    [
        ("không phải Hàn, Nhật cơ", {"japan"}, {"korea"}), ("not korea, japan", {"japan"}, {"korea"}),
        ("đi Hàn Quốc chứ không phải Nhật Bản", {"korea"}, {"japan"}),
        ("k phải đài loan, hàn quốc", {"korea"}, {"taiwan"}),
        ("instead of germany i want japan", {"japan"}, {"germany"}),
    ],
)
def test_a_country_that_is_not_meant(text, countries, refused):
    plain = normalise(text)
    assert (places.asked(plain), places.refused(plain)) == (countries, refused)


def test_a_single_word_does_not_tell_danger_where_somebody_is():
    """Đức is also a name; the wrong help line would be worse than all of them."""
    plain = normalise("anh Đức cứu em")
    assert places.named(plain) == set()


def test_a_short_name_is_written_out():
    assert places.spelled_out(normalise("qua Hàn làm nhà máy")) == "qua Hàn Quốc làm nhà máy"


@pytest.mark.parametrize(("country", "language", "name"), [("uk", "vi", "Anh quốc"), ("uk", "en", "England"),
                                                           ("norway", "vi", "na uy")])
def test_what_a_country_is_called(country, language, name):
    assert places.name(country, language) == name


def test_what_lies_in_europe():
    assert places.regions("norway") == ["europe"]
    assert places.regions("japan") == []
