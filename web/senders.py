"""Who an SMS seems to come from: the name or number registered with the gateway, or an example that says it is one."""

from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext as _

from campaigns import route_table
from campaigns.routes import ROUTES
from web.here import rt

#: The setting that names the sender of each gateway.
_SETTINGS = {
    "twilio": "TWILIO_FROM",
    "esms": "ESMS_BRANDNAME",
    "speedsms": "SPEEDSMS_SENDER",
    "smpp": "SMPP_SOURCE",
}
#: What the simulator's messages come from, and the example elsewhere.
EXAMPLE = "AN LO"


@dataclass(frozen=True)
class Sender:
    """`small` stands under the name and says when it is only an example."""

    name: str
    small: str = ""


def sender(gateway: str | None = None) -> Sender:
    """As a phone shows it above a message; of the usual gateway when none is named."""
    name = rt.settings["SMS_GATEWAY"] if gateway is None else gateway
    if name == ROUTES:  # by the table there may be several: the first stands for all
        name = next((route.gateway for route in route_table.every(rt.db)), "")
    known = rt.settings[_SETTINGS[name]].strip() if name in _SETTINGS else ""
    return Sender(known) if known else Sender(EXAMPLE, _("an example of a sender name"))


def install(app: Flask) -> None:
    app.jinja_env.globals["sender"] = sender
