"""Who is called when somebody is in danger: the list, who changes it, and a test for each of them."""

from collections import defaultdict

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bots.alerts import call_list
from bots.alerts.model import Person
from messages.errors import Mistake
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.ringing import not_callable
from web.words import LANGUAGES

bp = Blueprint("duty", __name__, url_prefix="/duty")
#: Which field of its form a mistake is about.
_FIELDS = {
    "duty-name-missing": "name",
    "duty-email-wrong": "email",
    "duty-number-wrong": "number",
    "duty-position-wrong": "position",
    "duty-way-missing": "email",
}


@bp.get("")
@access("safeguarding")
def index():
    last = defaultdict(list)
    for row in call_list.latest(rt.db):
        last[row.duty_id].append(row)
    return render_template(
        "duty/index.html",
        people=call_list.everybody(rt.db),
        last=last,
        missing=not_callable(trial_too=True),
        minutes=int(rt.settings["ALERT_MINUTES"]),
    )


@bp.get("/new")
@access("admin")
def new():
    return _form(_("Add a person on duty"), {"position": "1", "language": "vi"})


@bp.post("/new")
@access("admin")
def add():
    try:
        call_list.add(rt.db, **_given(), by=officer.id, now=now())
    except Mistake as mistake:
        return _wrong(_("Add a person on duty"), mistake)
    flash(_("The person is on the list. Send them a test now."), "good")
    return redirect(url_for("duty.index"), 303)


@bp.get("/<int:duty_id>")
@access("admin")
def edit(duty_id: int):
    person = call_list.show(rt.db, duty_id)
    given = {name: str(getattr(person, name)) for name in ("name", "email", "position", "language")}
    return _form(person.name, given, person)


@bp.post("/<int:duty_id>")
@access("admin")
def change(duty_id: int):
    person = call_list.show(rt.db, duty_id)
    forget = request.form.get("forget_number") == "1"
    try:
        call_list.change(rt.db, duty_id, **_given(), forget_number=forget, by=officer.id, now=now())
    except Mistake as mistake:
        return _wrong(person.name, mistake, person)
    flash(_("The change is kept."), "good")
    return redirect(url_for("duty.index"), 303)


@bp.post("/<int:duty_id>/rest")
@access("admin")
def rest(duty_id: int):
    call_list.rest(rt.db, duty_id, by=officer.id, now=now())
    flash(_("The person is not called any more."), "good")
    return redirect(url_for("duty.index"), 303)


@bp.post("/<int:duty_id>/resume")
@access("admin")
def resume(duty_id: int):
    call_list.resume(rt.db, duty_id, by=officer.id, now=now())
    flash(_("The person is called again."), "good")
    return redirect(url_for("duty.index"), 303)


@bp.post("/<int:duty_id>/try")
@access("admin")
def try_out(duty_id: int):
    """The page then shows what became of it."""
    call_list.try_out(rt.db, duty_id, by=officer.id, now=now())
    rt.wake.set()
    flash(_("The test is on its way. Ask them whether it arrived."), "good")
    return redirect(url_for("duty.index"), 303)


def _given() -> dict:
    """What the form says; a position that is no number is none of ours."""
    fields = {name: request.form.get(name, "") for name in ("name", "email", "number", "language", "position")}
    position = fields["position"]
    return {**fields, "position": int(position) if position.isdecimal() and len(position) < 4 else 0}


def _wrong(title: str, mistake: Mistake, person: Person | None = None):
    if mistake.code not in _FIELDS:
        raise mistake
    return _form(title, request.form, person, {_FIELDS[mistake.code]: told(mistake)}), status_of(mistake)


def _form(title: str, given, person: Person | None = None, errors: dict | None = None):
    names = ("name", "email", "number", "language", "position")
    return render_template(
        "duty/form.html",
        title=title,
        form={name: given.get(name, "") for name in names},
        errors=defaultdict(str, errors or {}),
        person=person,
        languages=list(LANGUAGES.items()),
        positions=[(n, _position(n)) for n in range(1, call_list.LAST_POSITION + 1)],
    )


def _position(n: int) -> str:
    return _("at once") if n == 1 else _("from round %(n)s on", n=n)
