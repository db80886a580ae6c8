"""Which chat platforms exist, listed by hand, and how each is built from the settings."""

from collections.abc import Mapping

from bots.platform import Platform
from bots.platforms.sms import Sms
from bots.platforms.webchat import WebChat
from db.engine import Database
from runtime.settings import Settings
from sms.gateway import Gateway


def build_platforms(settings: Settings, gateways: Mapping[str, Gateway], db: Database) -> Mapping[str, Platform]:
    """Every platform An Lộ knows. Building connects to nobody."""
    platforms: tuple[Platform, ...] = (
        WebChat(),
        Sms(gateways, settings["SMS_GATEWAY"]),
    )
    return {platform.name: platform for platform in platforms}
