"""Somebody writes and the echo (fake_engine.py) answers, on doors of this machine, where everything may be said."""

from bots import inbox, sending
from tests.bots.fake_engine import Echo

NUMBER = "+84912345678"


def hear(db, now, text, *, platform="sms", address=NUMBER, provider_id=None):
    return inbox.receive(db, platform=platform, address=address, text=text, provider_id=provider_id, now=now)


def talk(db, now, *texts, engine=None, **who):
    return [inbox.answer(db, engine or Echo(), hear(db, now, text, **who), now, leaves=here) for text in texts]


def here(*_) -> bool:
    return False


def claimed(db, now, limit=10, worker="me", door=None):
    """The texts of the replies that leave now."""
    return [reply.text for reply in sending.claim_replies(db, worker, limit, now, door)]


def sent(db, now, outcome, worker="me"):
    """Claims what is due and records `outcome` of each; what became of them."""
    replies = sending.claim_replies(db, worker, 100, now)
    return sending.record_replies(db, worker, [(reply.turn_id, outcome) for reply in replies], now)
