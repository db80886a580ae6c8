"""Every setting and every command is documented, and what is documented exists."""

import re

import click
import pytest

from cli.commands import commands
from runtime.settings import TABLE
from tests.house.tree import ROOT, files

EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
DOCS = "\n".join(path.read_text(encoding="utf-8") for path in files(".md") if "decisions" not in path.parts)
#: The public settings: operators' files use these names, so none may vanish unnoticed.
PUBLIC_SETTINGS = set("""
    DATA_DIR DATABASE_URL SECRET_KEY PHONE_KEY PUBLIC_URL HOST PORT TIMEZONE RUNNER SMS_GATEWAY
    TWILIO_ACCOUNT_SID TWILIO_AUTH_TOKEN TWILIO_FROM TWILIO_MESSAGING_SERVICE_SID TWILIO_API_BASE
    ESMS_API_KEY ESMS_SECRET_KEY ESMS_BRANDNAME ESMS_API_BASE SPEEDSMS_TOKEN SPEEDSMS_SENDER SPEEDSMS_API_BASE
    SMPP_HOST SMPP_PORT SMPP_SYSTEM_ID SMPP_PASSWORD SMPP_SOURCE
    TELEGRAM_BOT_TOKEN TELEGRAM_API_BASE TELEGRAM_WEBHOOK_SECRET
    ZALO_APP_ID ZALO_APP_SECRET ZALO_OA_SECRET ZALO_REFRESH_TOKEN ZALO_API_BASE ZALO_OAUTH_BASE
    ZALO_BOT_TOKEN ZALO_BOT_API_BASE
""".split())  # noqa: SIM905 - read as a list of words


def every_command(group=commands, before=()):
    """The words of each command: ("lists", "import")."""
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                yield from every_command(command, (*before, name))
            else:
                yield (*before, name), command


COMMANDS = dict(every_command())


@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.name)
def test_a_setting_stands_in_the_example_with_its_help_and_default(setting):
    choices = f": {' | '.join(setting.choices)}" if setting.choices else ""
    assert f"# {setting.help}{choices}\n#{setting.name}={setting.default}\n" in EXAMPLE


def test_the_example_names_nothing_else():
    assert set(re.findall(r"^#?([A-Z][A-Z_]+)=", EXAMPLE, re.MULTILINE)) == {setting.name for setting in TABLE}


def test_no_public_setting_is_gone():
    assert PUBLIC_SETTINGS.issubset(setting.name for setting in TABLE)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_is_documented_and_helps(words):
    assert COMMANDS[words].help, "a command's docstring is its help"
    assert re.search(rf"\b{' '.join(words)}\b", DOCS), f"no page of docs/ and not the README says “{' '.join(words)}”"


def test_every_documented_command_exists():
    """What a page tells the reader to type after app.py."""
    firsts = set(re.findall(r"app\.py ([a-z]+)\b", DOCS))
    assert firsts <= {words[0] for words in COMMANDS}
