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
        self._lock = threading.Lock()

    def __getitem__(self, name: str) -> Gateway:
        with self._lock:
            if name not in self._built:
                self._built[name] = self._makers[name]()
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
