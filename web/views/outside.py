"""Lines that are none of ours: those that wait for another person, and those the bot has learnt."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bots.outside import lines as outside
from bots.unanswered import deciding
from messages.errors import Mistake
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, reader, rt
from web.story import names

bp = Blueprint("outside", __name__, url_prefix="/outside")


@bp.get("")
@access("read")
def index():
    return _page()


def _page(mistake: str = ""):
    from bots.unanswered import nearness  # late: NumPy and SciPy take a second

    book, waiting = rt.book, outside.waiting(rt.db)
    return render_template(
        "outside/index.html",
        waiting=[(line, nearness.nearest(book, line.text)) for line in waiting],
        mine=any(line.written_by == officer.id for line in waiting),
        live=outside.live(rt.db),
        title_of=lambda topic: book.answer(topic, reader()).title,
        who=names(),
        mistake=mistake,
    )


@bp.post("/approve")
@access("approve")
def approve():
    return _decided(_approve, _("Approved: the bot learns these lines within a minute."))


def _approve(ids: list[int]) -> None:
    deciding.approve_outside(rt.db, rt.engine, ids, by=officer.id, now=now())


@bp.post("/return")
@access("approve")
def send_back():
    return _decided(_send_back, _("Returned: the bot does not learn them."))


def _send_back(ids: list[int]) -> None:
    deciding.return_outside(rt.db, ids, by=officer.id, now=now())


@bp.post("/withdraw")
@access("approve")
def withdraw():
    return _decided(_withdraw, _("Withdrawn: the bot forgets them within a minute."))


def _withdraw(ids: list[int]) -> None:
    deciding.withdraw_outside(rt.db, ids, by=officer.id, now=now())


def _decided(step, sentence: str):
    ids = [int(each) for each in request.form.getlist("line") if each.isdecimal() and len(each) < 19]
    try:
        step(ids)
    except Mistake as mistake:
        return _page(told(mistake)), status_of(mistake)
    flash(sentence, "good")
    return redirect(url_for("outside.index"), 303)
