"""What the tests of eSMS share: a message, and what the server was told."""

import json
from datetime import UTC, datetime

from sms.gateway import Outgoing

NUMBER = "+84912345678"
MORNING = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)  # 09:00 in Vietnam
MESSAGE = Outgoing("17", NUMBER, "Xin chào", MORNING)


def told(server) -> dict:
    """What the server was told last."""
    return json.loads(server.fake.requests[-1].body)
