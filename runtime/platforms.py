"""Which chat platforms exist, listed by hand, and how each is built from the settings."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

from bots.platform import Platform
from bots.platforms.sms import Sms
from bots.platforms.telegram import Telegram
from bots.platforms.webchat import WebChat
from bots.platforms.zalo import Zalo
from bots.platforms.zalo_bot import ZaloBot
from db.engine import Database
from messages import catalog
from messages.book import Book
from runtime.settings import Settings
from sms.gateway import Gateway


def build_platforms(settings: Settings, gateways: Mapping[str, Gateway], db: Database) -> Mapping[str, Platform]:
    """Every platform An Lộ knows. Building connects to nobody."""
    platforms: tuple[Platform, ...] = (
        WebChat(),
        Sms(gateways, settings["SMS_GATEWAY"]),
        _zalo(settings, db),
        ZaloBot(
            settings["ZALO_BOT_TOKEN"], settings["ZALO_BOT_WEBHOOK_SECRET"], settings["ZALO_BOT_API_BASE"],
            public_url=settings["PUBLIC_URL"],
        ),
        Telegram(
            settings["TELEGRAM_BOT_TOKEN"],
            api_base=settings["TELEGRAM_API_BASE"],
            webhook_secret=settings["TELEGRAM_WEBHOOK_SECRET"],
            public_url=settings["PUBLIC_URL"],
            judged=_judged,
        ),
    )
    return {platform.name: platform for platform in platforms}


def _zalo(settings: Settings, db: Database) -> Zalo:
    return Zalo(
        db,
        app_id=settings["ZALO_APP_ID"],
        app_secret=settings["ZALO_APP_SECRET"],
        oa_secret=settings["ZALO_OA_SECRET"],
        refresh_token=settings["ZALO_REFRESH_TOKEN"],
        signed=settings["ZALO_SIGNATURE"],
        api_base=settings["ZALO_API_BASE"],
        oauth_base=settings["ZALO_OAUTH_BASE"],
        clock=lambda: datetime.now(UTC),
    )


def _judged(language: str) -> tuple[str, str]:
    """The words on the buttons that say whether an answer helped."""
    yes, no = (_shipped().phrase(name, language, "chat") for name in ("judge_yes", "judge_no"))
    return yes, no


@cache
def _shipped() -> Book:
    """The words on buttons come with the release; nobody edits them here."""
    return catalog.load(catalog.SHIPPED)
