"""Rehearsals of a wave: asked for on one page, with an outage or without; told on another, and as JSON."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import rehearsal, routing, rules, waves
from campaigns.model import Wave
from campaigns.rehearsal.playing import BEFORE
from messages.errors import Mistake
from web import played
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.story import names

bp = Blueprint("rehearsals", __name__, url_prefix="/waves/<int:wave_id>/rehearsals")
#: Communes shown at once; the rest is folded away.
COMMUNES = 20
_LOCAL = "%Y-%m-%dT%H:%M"


@bp.get("")
@access("read")
def index(wave_id: int):
    return _asked(wave_id, request.args)


@bp.post("")
@access("waves")
def create(wave_id: int):
    try:
        kept = rehearsal.rehearse(
            rt.db, wave_id, rt.gateways, now=now(), by=officer.id, outage=_outage(request.form)
        )
    except Mistake as mistake:
        return _asked(wave_id, request.form, told(mistake)), status_of(mistake)
    return redirect(url_for("rehearsals.show", wave_id=wave_id, rehearsal_id=kept.id), 303)


def _asked(wave_id: int, form, mistake: str = ""):
    wave = waves.show(rt.db, wave_id).wave
    return render_template(
        "rehearsals/index.html",
        title=_("Rehearse: %(title)s", title=wave.name),
        wave=wave,
        possible=wave.status in BEFORE,
        earlier=rehearsal.of_wave(rt.db, wave_id),
        who=names(),
        form={name: form.get(name, "") for name in ("down", "from", "to")},
        mistake=mistake,
    )


def _outage(form) -> tuple[datetime, datetime] | None:
    """Raises Mistake: outage-wrong."""
    if not form.get("down"):
        return None
    try:
        begins, ends = (datetime.strptime(form.get(name, ""), _LOCAL) for name in ("from", "to"))
    except ValueError as error:
        raise Mistake("outage-wrong", most=7) from error
    return begins.replace(tzinfo=rt.settings.zone), ends.replace(tzinfo=rt.settings.zone)


@bp.get("/<int:rehearsal_id>")
@access("read")
def show(wave_id: int, rehearsal_id: int):
    kept = _kept(wave_id, rehearsal_id)
    wave = waves.show(rt.db, wave_id).wave
    rows = played.rows(kept.result, restless=_restless(wave))
    return render_template(
        "rehearsals/show.html",
        title=_("Rehearsal of “%(title)s”", title=wave.name),
        wave=wave,
        kept=kept,
        result=kept.result,
        days=rows[: played.DAYS],
        later=rows[played.DAYS :],
        warnings=played.warnings(kept.result),
        communes=COMMUNES,
        who=names(),
        possible=wave.status in BEFORE,
    )


@bp.get("/<int:rehearsal_id>.json")
@access("read")
def show_json(wave_id: int, rehearsal_id: int):
    return rehearsal.as_json(_kept(wave_id, rehearsal_id))


def _kept(wave_id: int, rehearsal_id: int) -> rehearsal.Kept:
    """Raises Mistake: rehearsal-unknown, also for one of another wave."""
    kept = rehearsal.show(rt.db, rehearsal_id)
    if kept.wave_id != wave_id:
        raise Mistake("rehearsal-unknown", id=rehearsal_id)
    return kept


def _restless(wave: Wave) -> bool:
    traits = routing.traits_of(rt.db, wave.gateway, rt.gateways)
    return traits is not None and rules.ignores_the_night(wave, leaves_machine=traits.leaves_machine)
