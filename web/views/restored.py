"""A copy of the database was put back: what stood in it, and what people decide before anything is sent from it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import recall
from messages.errors import Mistake
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt

bp = Blueprint("restored", __name__, url_prefix="/restored")


@bp.get("")
@access("waves")
def show():
    return _page()


def _page(mistake: str = ""):
    state = recall.state(rt.db, rt.gateways)
    return render_template("restored/show.html", title=_("A copy was put back"), state=state, mistake=mistake)


@bp.post("")
@access("waves")
def go_on():
    try:
        recall.go_on(rt.db, optouts_entered=bool(request.form.get("optouts")), by=officer.id, now=now())
    except Mistake as mistake:
        return _page(told(mistake)), status_of(mistake)
    flash(_("Work goes on. The waves below rest until you let each of them go on."), "good")
    return redirect(url_for("restored.show"), 303)


@bp.post("/waves/<int:wave_id>/ask")
@access("waves")
def ask(wave_id):
    recall.ask(rt.db, wave_id, by=officer.id, now=now())
    rt.wake.set()
    flash(_("The gateway is asked who has the message already; then the wave goes on by itself."), "good")
    return redirect(url_for("restored.show"), 303)


@bp.post("/waves/<int:wave_id>/decide")
@access("waves")
def decide(wave_id):
    send = request.form.get("send") == "yes"
    recall.decide(rt.db, wave_id, send=send, by=officer.id, now=now())
    rt.wake.set()
    flash(_("They get the message.") if send else _("They are left out and counted as unknown."), "good")
    return redirect(url_for("restored.show"), 303)
