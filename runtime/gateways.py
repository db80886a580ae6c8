"""Which SMS gateways exist, listed by hand, and how each is built from the settings."""

import threading
from collections.abc import Callable, Iterator, Mapping

from db.seal import Seal
from runtime.settings import Settings
from sms.gateway import Gateway


class Gateways(Mapping):
    """Name → gateway, in the order `doctor` shows them. Each is built when it is first asked for.

    A provider's SDK may take half a second to import; a command that sends nothing need not wait for it.
    """

    def __init__(self, makers: Mapping[str, Callable[[], Gateway]]):
        self._makers = makers
        self._built: dict[str, Gateway] = {}
        #: Called with each gateway once, before anybody else has it.
        self.when_built: Callable[[Gateway], None] = lambda gateway: None
        self._lock = threading.Lock()

    def __getitem__(self, name: str) -> Gateway:
        with self._lock:
            if name not in self._built:
                gateway = self._makers[name]()
                self.when_built(gateway)
                self._built[name] = gateway
            return self._built[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def close(self) -> None:
        """Closes those that were built."""
        for gateway in self._built.values():
            gateway.close()


def gateways(settings: Settings, seal: Seal, secret: str) -> Gateways:
    """Every gateway An Lộ knows. Building connects to nobody."""
    return Gateways({
        "simulator": lambda: _simulator(settings, seal, secret),
        "twilio": lambda: _twilio(settings),
        "esms": lambda: _esms(settings, secret),
        "speedsms": lambda: _speedsms(settings, secret),
        "smpp": lambda: _smpp(settings),
    })


def _simulator(settings: Settings, seal: Seal, secret: str) -> Gateway:
    from sms.gateways.simulator import Simulator  # late: see Gateways

    return Simulator(settings.data_dir / "simulator.db", secret=secret, seal=seal)


def _twilio(settings: Settings) -> Gateway:
    from sms.gateways.twilio import Twilio  # late: see Gateways

    return Twilio(
        account_sid=settings["TWILIO_ACCOUNT_SID"],
        auth_token=settings["TWILIO_AUTH_TOKEN"],
        sender=settings["TWILIO_FROM"],
        messaging_service_sid=settings["TWILIO_MESSAGING_SERVICE_SID"],
        api_base=settings["TWILIO_API_BASE"],
        public_url=settings.public_url,
    )


def _speedsms(settings: Settings, secret: str) -> Gateway:
    from sms.gateways.speedsms import SpeedSms  # late: see Gateways

    return SpeedSms(
        token=settings["SPEEDSMS_TOKEN"],
        sender=settings["SPEEDSMS_SENDER"],
        secret=secret,
        sms_type=settings["SPEEDSMS_TYPE"],
        reports=settings["SPEEDSMS_REPORTS"] == "yes",
        api_base=settings["SPEEDSMS_API_BASE"],
    )


def _esms(settings: Settings, secret: str) -> Gateway:
    from sms.gateways.esms import Esms  # late: see Gateways

    return Esms(
        api_key=settings["ESMS_API_KEY"],
        secret_key=settings["ESMS_SECRET_KEY"],
        brand_name=settings["ESMS_BRANDNAME"],
        secret=secret,
        sms_type=settings["ESMS_SMS_TYPE"],
        sandbox=settings["ESMS_SANDBOX"] == "1",
        api_base=settings["ESMS_API_BASE"],
        public_url=settings.public_url,
    )


def _smpp(settings: Settings) -> Gateway:
    from sms.gateways.smpp import Smpp  # late: see Gateways

    return Smpp(
        host=settings["SMPP_HOST"],
        port=int(settings["SMPP_PORT"]),
        system_id=settings["SMPP_SYSTEM_ID"],
        password=settings["SMPP_PASSWORD"],
        source=settings["SMPP_SOURCE"],
        window=int(settings["SMPP_WINDOW"]),
        rate=float(settings["SMPP_RATE"]) if settings["SMPP_RATE"] else None,
        id_form=settings["SMPP_ID_FORM"],
        codes=settings["SMPP_CODES"],
        tls=settings["SMPP_TLS"] == "yes",
    )
