"""Every request we make of Twilio is one that its published description allows.

twilio-messages.openapi.json is cut down from https://github.com/twilio/twilio-oai (Apache-2.0) to Messages.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from sms.gateway import Outgoing
from sms.gateways.twilio import Twilio
from tests.servers import twilio

DESCRIPTION = json.loads(Path(__file__).with_name("twilio-messages.openapi.json").read_text())
SERVICE = "MG" + "0123456789abcdef" * 2


def operation(method: str, path: str) -> tuple[dict, dict[str, str]]:
    """The described operation and its path parameters. AssertionError when there is none."""
    for template, item in DESCRIPTION["paths"].items():
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template.replace(".", r"\."))
        if (match := re.fullmatch(pattern, path)) and method.lower() in item:
            return item[method.lower()], match.groupdict()
    raise AssertionError(f"Twilio describes no {method} {path}")


def check_value(name: str, value: str, schema: dict) -> None:
    if reference := schema.get("$ref"):
        schema = DESCRIPTION["components"]["schemas"][reference.rpartition("/")[2]]
    kinds = {"integer": r"-?\d+", "number": r"-?\d+(\.\d+)?", "boolean": "true|false"}
    patterns = [kinds.get(schema.get("type"), ".*"), schema.get("pattern", ".*")]
    assert all(re.fullmatch(pattern, value, re.S) for pattern in patterns), f"{name}={value}"
    assert value in schema.get("enum", [value]), f"{name}={value}"
    if schema.get("type") == "integer":
        assert schema.get("minimum", 0) <= int(value) <= schema.get("maximum", 1e9), f"{name}={value}"
    if schema.get("format") == "uri":
        assert re.fullmatch(r"https?://[^/_]+/\S*", value), f"{name}={value}"


def check(method: str, target: str, headers, body: bytes) -> dict[str, str]:
    """The request's fields, after all of them were found in the description."""
    url = urlsplit(target)
    described, path_values = operation(method, url.path)
    parameters = {parameter["name"]: parameter for parameter in described["parameters"]}
    for name, value in path_values.items():
        check_value(name, value, parameters[name]["schema"])
    if method == "GET":
        given = dict(parse_qsl(url.query, keep_blank_values=True))
        schemas = {name: parameter["schema"] for name, parameter in parameters.items()}
        required = [name for name, parameter in parameters.items() if parameter.get("required")]
        required = [name for name in required if name not in path_values]
    else:
        (media_type, content), = described["requestBody"]["content"].items()
        assert headers["content-type"] == media_type
        given = dict(parse_qsl(body.decode(), keep_blank_values=True))
        schemas, required = content["schema"]["properties"], content["schema"].get("required", [])
    assert set(given) <= set(schemas), "a field Twilio does not know"
    assert set(required) <= set(given), "a field Twilio requires"
    for name, value in given.items():
        check_value(name, value, schemas[name])
    return given


@pytest.mark.parametrize(
    "sender", [{"sender": "+15005550006"}, {"sender": "AN LO"}, {"messaging_service_sid": SERVICE}], ids=str
)
def test_sending_and_finding(sender):
    with twilio.serve() as server:
        gateway = Twilio(
            twilio.ACCOUNT_SID, twilio.AUTH_TOKEN, api_base=server.url, public_url="https://an-lo.example", **sender
        )
        outgoing = Outgoing("wave 1/17 & more", "+84912345678", "Đừng đưa tiền & giấy tờ = mất trắng + 😀")
        assert gateway.send([outgoing])[0].ref
        assert gateway.find(outgoing, datetime.now(UTC) - timedelta(hours=1)).ref
        gateway.close()
        fields = [check(r.method, r.target, r.headers, r.body) for r in server.fake.requests]
    sent, listed = fields
    assert (sent["To"], sent["Body"]) == (outgoing.to, outgoing.text)
    assert sent["StatusCallback"].startswith("https://an-lo.example/hooks/sms/twilio/receipt?key=")
    assert "SmartEncoded" not in sent
    assert listed["To"] == outgoing.to


def test_the_check_itself_refuses_what_is_wrong():
    path = f"/2010-04-01/Accounts/{twilio.ACCOUNT_SID}/Messages.json"
    form = {"content-type": "application/x-www-form-urlencoded"}
    for bad in (b"Body=x", b"To=%2B84&Colour=red", b"To=%2B84&ValidityPeriod=soon", b"To=%2B84&RiskCheck=maybe"):
        with pytest.raises(AssertionError):
            check("POST", path, form, bad)
    with pytest.raises(AssertionError):
        check("POST", path.replace("AC0", "XX0"), form, b"To=%2B84912345678")
    with pytest.raises(AssertionError):
        check("GET", f"{path}?PageSize=5000", {}, b"")
    with pytest.raises(AssertionError):
        check("POST", "/2010-04-01/Faxes.json", form, b"To=%2B84912345678")
