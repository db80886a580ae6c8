"""Waves: planned, looked at by a second officer, scheduled, watched while they go out, paused or stopped."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import audience, waves
from campaigns.model import WAVE_STEPS, Wave, WaveStatus
from messages.errors import Mistake
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.live import live
from web.plans import choices, given, plan_of, values_of
from web.story import bodies, names, returned, story, timing

bp = Blueprint("waves", __name__, url_prefix="/waves")


@bp.get("")
@access("read")
def index():
    return render_template("waves/index.html", waves=waves.all(rt.db))


@bp.get("/new")
@access("waves")
def new():
    return _plan_form(given(request.args), _("Plan a wave"))


@bp.post("/new")
@access("waves")
def create():
    try:
        wave_id = waves.plan(rt.db, by=officer.id, now=now(), **values_of(request.form))
    except Mistake as mistake:
        return _plan_form(given(request.form), _("Plan a wave"), told(mistake)), status_of(mistake)
    return redirect(url_for("waves.show", wave_id=wave_id), 303)


@bp.get("/<int:wave_id>/edit")
@access("waves")
def edit(wave_id: int):
    wave = waves.show(rt.db, wave_id).wave
    return _plan_form(plan_of(wave), _("Edit: %(title)s", title=wave.name))


@bp.post("/<int:wave_id>/edit")
@access("waves")
def change(wave_id: int):
    try:
        waves.change(rt.db, wave_id, by=officer.id, now=now(), **values_of(request.form))
    except Mistake as mistake:
        title = _("Edit: %(title)s", title=request.form.get("name", ""))
        return _plan_form(given(request.form), title, told(mistake)), status_of(mistake)
    return redirect(url_for("waves.show", wave_id=wave_id), 303)


def _plan_form(form: dict, title: str, mistake: str = ""):
    return render_template("waves/plan.html", form=form, title=title, mistake=mistake, **choices())


@bp.get("/<int:wave_id>")
@access("read")
def show(wave_id: int):
    shown = waves.show(rt.db, wave_id)
    wave, opened = shown.wave, shown.wave.opened_at is not None
    preview = (
        None if opened or wave.status == WaveStatus.CANCELLED else waves.preview(rt.db, wave_id, rt.gateways, now())
    )
    return render_template(
        "waves/show.html",
        title=wave.name,
        wave=wave,
        figures=shown.figures,
        preview=preview,
        story=story(wave),
        lead=_("“%(title)s” to %(lists)s", title=shown.title, lists=", ".join(audience.names(rt.db, wave.audience))),
        live=live(rt.db, wave, shown.figures, now()) if opened else None,
        bodies=bodies(wave, shown.texts),
        skipped=preview.skipped if preview else shown.figures.reasons.get("skipped", {}),
        steps=_steps(wave),
        returned=returned(wave),
        timing=timing(wave),
        unapproved=_waits_for_another(wave),
    )


def _steps(wave: Wave) -> set[str]:
    """What this person may do with the wave now."""
    needed = {step: "approve" if step == "approve" else "waves" for step in WAVE_STEPS}
    able = {step for step, held in needed.items() if wave.status in WAVE_STEPS[step] and officer.may(held)}
    return able - {"approve"} if wave.author_id == officer.id else able


def _waits_for_another(wave: Wave) -> bool:
    return wave.status == WaveStatus.SUBMITTED and wave.author_id == officer.id


@bp.get("/<int:wave_id>/progress")
@access("read")
def progress(wave_id: int):
    """The live part, empty before there is one; says when the page around it is no longer true."""
    shown = waves.show(rt.db, wave_id)
    return _live_part(shown), 200, {} if shown.wave.status == request.args.get("was") else {"X-Finished": "1"}


def _live_part(shown: waves.Shown) -> str:
    if shown.wave.opened_at is None:
        return ""
    told_live = live(rt.db, shown.wave, shown.figures, now())
    return render_template("waves/progress.html", wave=shown.wave, figures=shown.figures, live=told_live)


@bp.post("/<int:wave_id>/submit")
@access("waves")
def submit(wave_id: int):
    waves.submit(rt.db, wave_id, by=officer.id, now=now())
    return _done(wave_id, _("Sent for approval. Another officer sees it on the home page."))


@bp.get("/<int:wave_id>/review")
@access("approve")
def review(wave_id: int):
    return _review(wave_id)


def _review(wave_id: int, mistake: str = ""):
    shown = waves.show(rt.db, wave_id)
    return render_template(
        "waves/review.html",
        title=_("Approve this wave?"),
        wave=shown.wave,
        bodies=bodies(shown.wave, shown.texts),
        preview=waves.preview(rt.db, wave_id, rt.gateways, now()),
        mistake=mistake,
        list_names=audience.names(rt.db, shown.wave.audience),
        author=names()(shown.wave.author_id),
    )


@bp.post("/<int:wave_id>/approve")
@access("approve")
def approve(wave_id: int):
    """Stands behind exactly the bytes that were shown, and lets them go at their time."""
    form = request.form
    try:
        waves.approve(
            rt.db, wave_id, by=officer.id, digest=form.get("digest", ""), note=form.get("note", ""), now=now()
        )
    except Mistake as mistake:
        return _review(wave_id, told(mistake)), status_of(mistake)
    return schedule(wave_id)


@bp.post("/<int:wave_id>/return")
@access("approve")
def send_back(wave_id: int):
    note = request.form.get("note", "").strip()
    if not note:
        return _review(wave_id, told(Mistake("note-missing"))), 422
    waves.return_to_author(rt.db, wave_id, by=officer.id, note=note, now=now())
    return _done(wave_id, _("Returned to the author with your note."))


@bp.post("/<int:wave_id>/schedule")
@access("waves")
def schedule(wave_id: int):
    waves.schedule(rt.db, wave_id, by=officer.id, now=now())
    rt.wake.set()
    return _done(wave_id, _("Approved and scheduled."))


@bp.post("/<int:wave_id>/pause")
@access("waves")
def pause(wave_id: int):
    waves.pause(rt.db, wave_id, reason=request.form.get("reason", ""), by=officer.id, now=now())
    return _done(wave_id, _("Paused. Nothing more goes out until somebody lets it go on."))


@bp.post("/<int:wave_id>/resume")
@access("waves")
def resume(wave_id: int):
    waves.resume(rt.db, wave_id, by=officer.id, now=now())
    rt.wake.set()
    return _done(wave_id, _("The wave goes on."))


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
    return _done(wave_id, _("Stopped for good."))


def _done(wave_id: int, words: str):
    flash(words, "good")
    return redirect(url_for("waves.show", wave_id=wave_id), 303)
