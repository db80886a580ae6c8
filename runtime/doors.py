"""Which doors what is said leaves this machine by: real gateways, chat platforms, a web chat with a public address."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from bots.platform import Platform
from runtime.settings import Settings
from sms.gateway import Gateway

#: The terminal never leaves this machine. Of SMS the gateway decides, of the web chat its public address.
_TERMINAL, _SMS, _WEB = "terminal", "sms", "web"

#: What names end with that no name server outside knows.
_AT_HOME = ("localhost", "local", "lan", "internal", "home", "test", "invalid")


def leaves(
    settings: Settings, gateways: Mapping[str, Gateway], platforms: Mapping[str, Platform], platform: str,
    gateway: str | None,
) -> bool:
    """Whether a reply on this platform (by SMS: through this gateway, None for the usual one) goes out into the world.

    What nobody can tell counts as leaving.
    """
    if platform == _TERMINAL:
        return False
    if platform == _WEB:
        return bool(settings["PUBLIC_URL"]) and not on_this_machine(settings["PUBLIC_URL"])
    if platform == _SMS:
        through = gateways.get(gateway or settings["SMS_GATEWAY"])
        return through is None or through.traits.leaves_machine
    return platform not in platforms or platforms[platform].traits.leaves_machine


def leading_out(
    settings: Settings, gateways: Mapping[str, Gateway], platforms: Mapping[str, Platform]
) -> tuple[str, ...]:
    """The names of the doors that are set up and lead out of this machine."""
    ready = [name for name, gateway in gateways.items() if gateway.traits.leaves_machine and gateway.readiness().ready]
    chats = [
        name for name, platform in platforms.items()
        if name != _SMS and platform.readiness().ready and leaves(settings, gateways, platforms, name, None)
    ]
    return (*ready, *chats)


def for_everybody(url: str) -> bool:
    """Whether people elsewhere may reach `url`: a web address with a name of the internet, or an address of it.

    >>> [for_everybody(url) for url in ("https://anlo.example.vn", "http://0.0.0.0:8000", "anlo.vn")]
    [True, False, False]
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or ("." not in host and ":" not in host):
        return False
    try:
        return ip_address(host).is_global
    except ValueError:  # a name; one of digits alone is an address written oddly
        return not host.replace(".", "").isdecimal() and host.rpartition(".")[2] not in _AT_HOME


def on_this_machine(url: str) -> bool:
    """Whether `url` names a loopback address; what only looks like one does not count."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
