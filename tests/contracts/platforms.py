"""Each chat platform as the contract suite meets it: a running provider, its special people, and how it signs.

A new platform is one function here (or in a file beside this one) and one line in ROWS.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bots.platforms.sms import Sms
from bots.platforms.webchat import WebChat
from tests.contracts import gateways
from tests.contracts.chat_row import Row
from tests.contracts.telegram_row import telegram
from tests.contracts.zalo_rows import zalo, zalo_bot


@contextmanager
def web(folder: Path) -> Iterator[Row]:
    yield Row(WebChat(), people="token-{}".format)


@contextmanager
def sms(folder: Path) -> Iterator[Row]:
    with gateways.simulator(folder) as row:
        yield Row(
            Sms({"simulator": row.gateway}, "simulator"),
            people="+84912{:06d}".format,
            kept=row.kept,
            refused=row.refused,
            too_fast=row.too_fast,
            no_answer_but_kept=row.no_answer_but_kept,
            no_answer_and_lost=row.no_answer_and_lost,
            not_set_up=lambda: Sms({}, "twilio"),
            missing=frozenset({"SMS_GATEWAY"}),
        )


ROWS = {"web": web, "sms": sms, "telegram": telegram, "zalo": zalo, "zalo-bot": zalo_bot}
#: Those that hand something over (elsewhere people fetch it), and those with a hook of their own.
HANDING = [name for name in ROWS if name != "web"]
DOORS = [name for name in HANDING if name != "sms"]
