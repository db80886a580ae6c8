"""What came of yesterday, in one sentence made from its figures."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from bots import figures as talk
from campaigns import figures, periods
from campaigns.figures.masking import LEAST
from campaigns.model import Figures
from db.engine import Database
from web.language import money, number, percent
from web.live import handed_over


@dataclass(frozen=True)
class Yesterday:
    """Of yesterday in Vietnam. `arrived` of `sent` messages, `understood` of `asked` questions, and what it cost."""

    sent: int = 0
    arrived: int = 0
    asked: int = 0
    understood: int = 0
    vnd: int = 0


def yesterday(db: Database, now: datetime) -> Yesterday:
    day = periods.yesterday(periods.today_of(now))
    out, said = figures.of_period(db, day.start, day.end), talk.period(db, day.start, day.end)
    counts = Figures(out.counts)
    return Yesterday(handed_over(counts), counts["delivered"], said.asked, said.understood, out.vnd)


def sentence(day: Yesterday) -> str:
    """ "Hôm qua 12.430 tin đã gửi, 94 % đến nơi; 312 câu hỏi, máy hiểu 88 %; hết 6.215.000 ₫." Nothing when nothing
    was.
    """
    if not day.sent and not day.asked:
        return ""
    # What a few messages cost would say how few they are.
    cost = _("it cost %(money)s", money=money(day.vnd)) if day.vnd and day.sent >= LEAST else ""
    return "; ".join(part for part in (_sent(day), _asked(day), cost) if part) + "."


def _sent(day: Yesterday) -> str:
    if not day.sent:
        return _("Yesterday no message went out")
    if day.sent < LEAST:
        return _("Yesterday fewer than %(n)s messages went out", n=LEAST)
    told = _("Yesterday %(n)s messages went out", n=number(day.sent))
    # Without a single receipt nobody knows yet what arrived.
    return told + (_(", %(share)s arrived", share=percent(day.arrived, day.sent)) if day.arrived else "")


def _asked(day: Yesterday) -> str:
    if not day.asked:
        return _("nobody asked anything")
    if day.asked < LEAST:
        return _("fewer than %(n)s questions", n=LEAST)
    return _(
        "%(n)s questions, the bot understood %(share)s", n=number(day.asked), share=percent(day.understood, day.asked)
    )
