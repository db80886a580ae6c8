"""Deciding on a wave: exactly what goes out is shown to a second officer, who approves those bytes or returns them."""

from flask import render_template, request
from flask_babel import gettext as _

from campaigns import waves
from messages.errors import Mistake
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.reviews import MANY, recipients, review_of, typed
from web.views.waves.door import bp, done
from web.views.waves.steering import schedule


@bp.get("/<int:wave_id>/review")
@access("approve")
def review(wave_id: int):
    return _page(wave_id)


def _page(wave_id: int, mistake: str = "", note: str = ""):
    shown = review_of(wave_id, now())
    return render_template(
        "waves/review.html",
        title=_("Approve this wave?"),
        wave=shown.wave,
        review=shown,
        many=MANY,
        own=shown.wave.author_id == officer.id,
        mistake=mistake,
        note=note,
    )


@bp.post("/<int:wave_id>/approve")
@access("approve")
def approve(wave_id: int):
    """Stands behind exactly the bytes that were shown, and lets them go at their time."""
    form = request.form
    digest, note = form.get("digest", ""), form.get("note", "")
    try:
        _check_typed(wave_id, form.get("typed", ""))
        shown = {"digest": digest, "note": note, "hosts": (rt.settings.public_url,), "gateways": rt.gateways}
        waves.approve(rt.db, wave_id, by=officer.id, now=now(), **shown)
    except Mistake as mistake:
        return _page(wave_id, told(mistake), note), status_of(mistake)
    return schedule(wave_id)


def _check_typed(wave_id: int, text: str) -> None:
    """Many people: whoever approves types how many, so that no finger slips. Raises Mistake: number-not-typed."""
    people = recipients(wave_id, now())
    if people > MANY and typed(text) != people:
        raise Mistake("number-not-typed", n=people)


@bp.post("/<int:wave_id>/return")
@access("approve")
def send_back(wave_id: int):
    note = request.form.get("note", "").strip()
    if not note:
        return _page(wave_id, told(Mistake("note-missing"))), 422
    waves.return_to_author(rt.db, wave_id, by=officer.id, note=note, now=now())
    return done(wave_id, _("Returned to the author with your note."))
