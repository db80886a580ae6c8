"""What gateways bring: over HTTP (web/hook_door.py) or over a session they keep open (SMPP). It is stored at once."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from bots import inbox
from campaigns.deliveries import Receipts
from db.engine import Database
from sms.gateway import Gateway, Inbound, KeepsALine


def connect(
    gateway: Gateway, db: Database, receipts: Receipts, *, clock: Callable[[], datetime], wake: threading.Event
) -> None:
    """Tells a gateway with a session of its own where receipts and what people write go."""
    if isinstance(gateway, KeepsALine):
        gateway.listen(
            lambda reported: receipts.take(gateway.name, reported, clock()),
            lambda message: hear(db, gateway.name, message, clock(), wake),
        )


def hold(gateways: Mapping[str, Gateway]) -> None:
    """Opens the sessions of gateways that have one, so that this process hears though it sends nothing."""
    for gateway in gateways.values():
        if isinstance(gateway, KeepsALine) and gateway.readiness().ready:
            gateway.hold()


def hear(db: Database, gateway: str, message: Inbound, now: datetime, wake: threading.Event) -> None:
    """Stores what somebody wrote, and pokes whoever answers; a repeat changes nothing."""
    inbox.receive(
        db,
        platform="sms",
        address=message.sender,
        text=message.text,
        gateway=gateway,
        provider_id=f"{gateway}:{message.provider_id}",
        now=now,
    )
    wake.set()
