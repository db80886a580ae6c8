"""Stop everything: one page that asks why before it stops, and shows who stopped and lets it go on while it stands."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import halts
from campaigns.model import WaveStatus
from campaigns.waves import browsing
from messages.errors import Mistake
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.story import names

bp = Blueprint("halts", __name__, url_prefix="/halts")
#: Waves that would hand something over by themselves.
UNDER_WAY = (WaveStatus.SENDING, WaveStatus.SCHEDULED)
HISTORY = 10


@bp.get("")
@access("waves")
def show():
    standing = halts.standing(rt.db)
    return redirect(url_for("restored.show")) if standing and standing.kind == halts.COPY else _page()


def _page(mistake: str = ""):
    standing = halts.standing(rt.db)
    waves = browsing.page(rt.db, UNDER_WAY).waves
    return render_template(
        "halts/show.html",
        title=_("Everything is stopped") if standing else _("Stop everything?"),
        standing=standing,
        waves=waves,
        waiting=sum(figures.left for _wave, figures in waves),
        history=[halt for halt in halts.history(rt.db, HISTORY) if halt.lifted_at],
        who=names(),
        mistake=mistake,
    )


@bp.post("")
@access("waves")
def stop():
    try:
        halts.stop(rt.db, reason=request.form.get("reason", ""), by=officer.id, now=now())
    except Mistake as mistake:
        return _page(told(mistake)), status_of(mistake)
    flash(_("Everything is stopped. Nothing goes out until somebody lets it go on."), "good")
    return redirect(url_for("halts.show"), 303)


@bp.post("/lift")
@access("waves")
def lift():
    halts.lift(rt.db, by=officer.id, now=now(), reason=request.form.get("reason", ""))
    rt.wake.set()
    flash(_("It goes on: every wave where it was."), "good")
    return redirect(url_for("waves.index"), 303)
