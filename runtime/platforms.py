"""Which chat platforms exist, listed by hand."""

from collections.abc import Mapping

from bots.platform import Platform
from bots.platforms.sms import Sms
from bots.platforms.webchat import WebChat
from runtime.settings import Settings
from sms.gateway import Gateway


def build_platforms(settings: Settings, gateways: Mapping[str, Gateway]) -> Mapping[str, Platform]:
    platforms = (WebChat(), Sms(gateways, settings["SMS_GATEWAY"]))
    return {platform.name: platform for platform in platforms}
