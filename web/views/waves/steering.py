"""Steering a wave: scheduled, paused, let go on, held to other limits, stopped for good."""

from flask import render_template, request
from flask_babel import gettext as _

from campaigns import spending, waves
from campaigns.model import WAVE_STEPS
from messages.errors import Mistake
from web import plans
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.views.waves.door import bp, done, not_done


@bp.post("/<int:wave_id>/submit")
@access("waves")
def submit(wave_id: int):
    try:
        waves.submit(
            rt.db, wave_id, by=officer.id, now=now(), hosts=(rt.settings.public_url,), gateways=rt.gateways
        )
    except Mistake as mistake:
        return not_done(wave_id, mistake)
    return done(wave_id, _("Sent for approval. Another officer sees it on the home page."))


@bp.post("/<int:wave_id>/schedule")
@access("waves")
def schedule(wave_id: int):
    try:
        waves.schedule(rt.db, wave_id, by=officer.id, now=now())
    except Mistake as mistake:
        return not_done(wave_id, mistake)
    rt.wake.set()
    return done(wave_id, _("Approved and scheduled."))


@bp.post("/<int:wave_id>/pause")
@access("waves")
def pause(wave_id: int):
    waves.pause(rt.db, wave_id, reason=request.form.get("reason", ""), by=officer.id, now=now())
    return done(wave_id, _("Paused. Nothing more goes out until somebody lets it go on."))


@bp.post("/<int:wave_id>/resume")
@access("waves")
def resume(wave_id: int):
    waves.resume(rt.db, wave_id, by=officer.id, now=now())
    rt.wake.set()
    return done(wave_id, _("The wave goes on."))


@bp.get("/<int:wave_id>/cancel")
@access("waves")
def ask_cancel(wave_id: int):
    shown = waves.show(rt.db, wave_id)
    left = shown.figures.left if shown.wave.opened_at else None
    return render_template("waves/cancel.html", title=_("Stop this wave for good?"), wave=shown.wave, left=left)


@bp.post("/<int:wave_id>/cancel")
@access("waves")
def cancel(wave_id: int):
    waves.cancel(rt.db, wave_id, by=officer.id, now=now())
    return done(wave_id, _("Stopped for good."))


@bp.get("/<int:wave_id>/limits")
@access("approve")
def limits(wave_id: int):
    return _limits(wave_id, plans.plan_of(waves.show(rt.db, wave_id).wave))


def _limits(wave_id: int, plan: dict, mistake: Mistake | None = None):
    shown = waves.show(rt.db, wave_id)
    if shown.wave.status not in WAVE_STEPS["limits"]:
        raise Mistake("wave-cannot-limits", status=shown.wave.status)
    return render_template(
        "waves/limits.html",
        title=_("Other limits for this wave"),
        wave=shown.wave,
        plan=plan,
        spent=spending.of_wave(rt.db, wave_id, now()),
        left=shown.figures.left,
        own=shown.wave.author_id == officer.id,
        mistake=told(mistake) if mistake else "",
        wrong={plans.field_of(mistake): told(mistake)} if mistake else {},
    )


@bp.post("/<int:wave_id>/limits")
@access("approve")
def change_limits(wave_id: int):
    """Another officer than the author gives a wave on its way more, or less; it is not let go on by that."""
    plan = plans.given(request.form)
    try:
        waves.change_limits(rt.db, wave_id, by=officer.id, now=now(), **plans.limits_of(plan))
    except Mistake as mistake:
        return _limits(wave_id, plan, mistake), status_of(mistake)
    return done(wave_id, _("Its limits are changed."))
