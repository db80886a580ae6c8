"""What tests of chat platforms need: a clock to turn, replies, an Official Account."""

from datetime import datetime, timedelta

from bots.kept_tokens import Pair
from bots.platform import Reply
from bots.platforms.zalo import Zalo
from bots.tokens import Refused
from tests.conftest import NOW
from tests.servers import zalo


class Clock:
    """Stands still until it is turned."""

    def __init__(self, now: datetime = NOW):
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


def a_reply(address: str, clock=lambda: NOW, text: str = "Xin chào", **more) -> Reply:
    return Reply(7, "zalo", address, text, **{"heard_at": clock() - timedelta(minutes=1), "language": "vi", **more})


def a_zalo(db, server, clock, **other) -> Zalo:
    """An Official Account at a server of the tests."""
    settings = {
        "app_id": zalo.APP_ID, "app_secret": zalo.APP_SECRET, "oa_secret": zalo.OA_SECRET,
        "refresh_token": zalo.FIRST_REFRESH, "api_base": server.url, "oauth_base": server.url, **other,
    }  # fmt: skip
    return Zalo(db, clock=clock, **settings)


class Provider:
    """Gives out pairs as Zalo does, without a wire: each refresh token works once."""

    def __init__(self, first="first"):
        self.refresh, self.given, self.asked_with = first, 0, []

    def __call__(self, refresh):
        self.asked_with.append(refresh)
        if refresh != self.refresh:
            raise Refused(f"no {len(self.asked_with)}")
        self.given += 1
        self.refresh = f"refresh-{self.given}"
        return Pair(f"access-{self.given}", self.refresh, timedelta(hours=25))
