"""Which SMS gateways exist, listed by hand, and how each is built from the settings."""

from collections.abc import Mapping

from db.seal import Seal
from runtime.settings import Settings
from sms.gateway import Gateway
from sms.gateways.simulator import Simulator
from sms.gateways.twilio import Twilio


def build_gateways(settings: Settings, seal: Seal, secret: str) -> Mapping[str, Gateway]:
    """Name → gateway, in the order `doctor` shows them. Building connects to nobody."""
    gateways = (_simulator(settings, seal, secret), _twilio(settings))
    return {gateway.name: gateway for gateway in gateways}


def _simulator(settings: Settings, seal: Seal, secret: str) -> Simulator:
    return Simulator(settings.data_dir / "simulator.db", secret=secret, seal=seal)


def _twilio(settings: Settings) -> Twilio:
    return Twilio(
        account_sid=settings["TWILIO_ACCOUNT_SID"],
        auth_token=settings["TWILIO_AUTH_TOKEN"],
        sender=settings["TWILIO_FROM"],
        messaging_service_sid=settings["TWILIO_MESSAGING_SERVICE_SID"],
        api_base=settings["TWILIO_API_BASE"],
        public_url=settings.public_url,
    )
