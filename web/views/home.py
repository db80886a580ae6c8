"""Today: three sentences, four numbers, and what needs somebody."""

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from bots import figures as talk_figures
from bots.answering import due
from bots.cases import queue
from bots.cases.model import Case
from campaigns import authoring, lists, periods
from web import adopting, budgets, ringing
from web.access import access
from web.here import now, officer, rt
from web.language import day as long_day
from web.live import handed_over
from web.today import Today, sentences, today

bp = Blueprint("home", __name__)
#: Questions are counted over so many last days.
DAYS = 30


@bp.get("/")
@access("read")
def show():
    last = periods.last(DAYS, periods.today_of(now()))
    everybody = lists.all(rt.db)
    waiting = queue.count(rt.db, officer)
    day = today(waiting, now())
    return render_template(
        "home/show.html",
        date=long_day(now()),
        sentences=sentences(day),
        day=day,
        handed_over=handed_over(day.totals),
        people=sum(row.people for row in everybody),
        lists=len(everybody),
        talk=talk_figures.period(rt.db, last.start, last.end),
        days=DAYS,
        budgets=budgets.budgets(rt.db),
        waiting=waiting,
        urgent=_urgent(),
        now=now(),
        expiring=_expiring(),
        not_callable=ringing.not_callable() if officer.may("safeguarding") else [],
        unproven=adopting.unproven(),
        first_steps=_first_steps(bool(everybody), day),
    )


def _urgent() -> list[Case]:
    """People in danger whom nobody has taken yet, whoever waits longest first."""
    return [case for case in queue.to_do(rt.db, officer) if case.danger == "red" and case.status == "open"]


def _expiring() -> int:
    """Answers that expire soon or have, for who may write them anew."""
    return len(due.expiring(rt.book, now().date(), due.SOON)) if officer.may("write-messages") else 0


def _first_steps(has_lists: bool, day: Today) -> list[tuple[bool, str, str]]:
    """Until the first wave is planned: what to do, in order, each with its link; nothing for who may not plan."""
    if day.counts or not officer.may("waves"):
        return []
    return [
        (has_lists, url_for("uploads.new"), _("Upload a list")),
        (bool(authoring.messages(rt.db)), url_for("messages.new"), _("Write a message")),
        (False, url_for("waves.new"), _("Plan a wave and send it for approval")),
    ]
