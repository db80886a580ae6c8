"""What stands around every officer's page: the rail, and the strip that says when nothing leaves this machine."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from web.here import officer, rt

#: Endpoint, icon, words, and the permission without which the link is not shown.
RAIL = (
    ("home.show", "home", _l("Today"), "read"),
    ("messages.index", "messages", _l("Messages"), "read"),
    ("lists.index", "lists", _l("Lists"), "read"),
    ("waves.index", "waves", _l("Waves"), "read"),
    ("cases.index", "cases", _l("Cases"), "read"),
    ("figures.show", "figures", _l("Figures"), "read"),
    ("handsets.index", "handsets", _l("Test phones"), "read"),
    ("settings.show", "settings", _l("Settings"), "admin"),
)


def install(app: Flask) -> None:
    app.context_processor(lambda: {"officer": officer, "trying_out": trying_out(), "rail_links": rail_links})


def rail_links() -> list[tuple[str, str, object]]:
    return [(endpoint, icon, words) for endpoint, icon, words, needed in RAIL if officer and officer.may(needed)]


def trying_out() -> bool:
    """True while the gateway that waves use is one whose messages never leave this machine."""
    gateway = rt.gateways.get(rt.settings["SMS_GATEWAY"])
    return gateway is not None and not gateway.traits.leaves_machine
