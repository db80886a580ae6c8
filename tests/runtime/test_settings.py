"""Settings: environment over .env over defaults, each checked, all of them documented."""

import pytest

from messages.errors import Mistake
from runtime.settings import TABLE, load


def test_defaults_serve_a_first_start(tmp_path):
    settings = load({}, env_file=None)
    assert settings.database_url.startswith("sqlite:///")
    assert settings.data_dir.is_absolute()
    assert settings.public_url == "http://127.0.0.1:8000"


def test_environment_wins_over_env_file_and_empty_means_default(tmp_path):
    env = tmp_path / ".env"
    env.write_text("# a comment\nexport PORT=9000\nTWILIO_FROM='AN LO'\nHOST=\nnonsense\n", encoding="utf-8")
    settings = load({"PORT": "9100"}, env_file=env)
    assert (settings.port, settings["TWILIO_FROM"], settings["HOST"]) == (9100, "AN LO", "127.0.0.1")


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "eight"), ("PORT", "70000"), ("TIMEZONE", "Asia/Vinh"), ("TIMEZONE", "../etc"), ("RUNNER", "celery")],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_unusable_value_is_named(name, value, language):
    with pytest.raises(Mistake) as raised:
        load({name: value}, env_file=None)
    assert name in raised.value.sentence(language)
    assert value in raised.value.sentence(language)


def test_every_setting_has_help_and_is_listed_once():
    assert len({setting.name for setting in TABLE}) == len(TABLE)
    assert all(setting.help for setting in TABLE)
