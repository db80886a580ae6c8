"""What `doctor` says about calling people out."""

import json
import re

import pytest
from click.testing import CliRunner

from cli.commands import commands
from runtime.build import build
from runtime.settings import load
from tests.bots.alerts.making import on_duty


@pytest.fixture
def doctor(tmp_path):
    def run(**settings):
        env = {"LC_ALL": "en_GB.UTF-8", "DATA_DIR": str(tmp_path / "data"), **settings}
        return CliRunner(env=env).invoke(commands, ["doctor", "--json"], standalone_mode=False).stdout

    return run


def test_it_says_why_nobody_can_be_called(doctor, tmp_path):
    told = json.loads(doctor())["alerts"]
    assert (told["mail"]["missing"], told["missing"]) == (["SMTP_HOST", "SMTP_FROM"], ["call-list-empty"])
    rt = build(load({"DATA_DIR": str(tmp_path / "data")}, env_file=None))
    on_duty(rt.db)
    rt.close()
    assert json.loads(doctor())["alerts"]["missing"] == ["call-list-no-mail", "call-list-pretends"]
    mail = {"SMTP_HOST": "mail.nghean.example", "SMTP_FROM": "anlo@nghean.example", "SMTP_PASSWORD": "never shown"}
    said = doctor(**mail, SMS_GATEWAY="twilio")
    told = json.loads(said)["alerts"]
    assert (told["mail"]["ready"], told["missing"]) == (True, ["call-list-no-sms"])
    assert "never shown" not in said


def test_it_tells_the_address_to_be_entered_at_a_provider_that_signs_nothing(doctor):
    def speedsms(**settings):
        return next(row for row in json.loads(doctor(**settings))["gateways"] if row["name"] == "speedsms")

    assert speedsms(SPEEDSMS_TOKEN="t")["hooks"] == [], "not before it is set up"
    ready = speedsms(SPEEDSMS_TOKEN="t", SPEEDSMS_SENDER="AN LO", PUBLIC_URL="https://anlo.example.vn")
    [address] = ready["hooks"]
    assert re.fullmatch(r"https://anlo\.example\.vn/hooks/sms/speedsms/receipt\?token=[0-9a-f]{32}", address)
    assert ready["notes"] == ["speedsms-no-receipts"]
