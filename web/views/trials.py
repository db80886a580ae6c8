"""Trying a message on one's own phone: the number it goes to, sending it, and what became of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import authoring, trials
from messages.errors import Mistake
from staff import phone
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt

bp = Blueprint("trials", __name__, url_prefix="/messages")


@bp.get("/test")
@access("write-messages")
def number():
    return _number_page(phone.of(rt.db, officer.id) or "")


@bp.post("/test")
@access("write-messages")
def keep_number():
    """Keeps the number, or forgets it when the box was emptied."""
    typed = request.form.get("number", "").strip()
    try:
        if typed:
            trials.keep_number(rt.db, staff_id=officer.id, text=typed, now=now())
        else:
            phone.forget(rt.db, staff_id=officer.id, now=now())
    except Mistake as mistake:
        return _number_page(typed, told(mistake)), status_of(mistake)
    flash(_("Your number is kept, sealed. Only you see it.") if typed else _("Your number is forgotten."), "good")
    back = request.form.get("message", None, int)
    return redirect(url_for("messages.show", message_id=back) if back else url_for("trials.number"), 303)


def _number_page(number: str, mistake: str = ""):
    return render_template(
        "trials/number.html", number=number, mistake=mistake, most=trials.MOST_A_DAY,
        back=request.values.get("message", None, int),
    )  # fmt: skip


@bp.post("/<int:message_id>/test")
@access("write-messages")
def send(message_id: int):
    """One form of the newest version to the officer's own phone; what became of it shows on the message's page."""
    versions = authoring.versions(rt.db, message_id)
    if not versions:
        raise Mistake("message-unknown", id=message_id)
    try:
        trials.ask(
            rt.db, versions[0], form=request.form.get("form", "vi"), gateway=rt.gateway(), officer=officer,
            hosts=(rt.settings.public_url,), now=now(),
        )  # fmt: skip
        rt.wake.set()
    except Mistake as mistake:
        flash(told(mistake), "danger")
    return redirect(url_for("messages.show", message_id=message_id, _anchor="test"), 303)


@bp.get("/<int:message_id>/tests")
@access("write-messages")
def part(message_id: int):
    """The live part of the message's page; says when there is nothing more to wait for."""
    tests = trials.of_message(rt.db, message_id, staff_id=officer.id)
    finished = {"X-Finished": "1"} if all(test.over for test in tests) else {}
    return render_template("trials/part.html", tests=tests), 200, finished
