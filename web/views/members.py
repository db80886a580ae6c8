"""One person of a list: found by number, added, taken off, there for a time, brought back from the dead."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import lists, members, reviving
from messages.errors import Mistake
from web import listing
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt

bp = Blueprint("members", __name__, url_prefix="/lists/<int:list_id>/people")
#: Which field a mistake is about; the others stand above the form.
_FIELDS = {
    "number-missing": "number",
    "number-unreadable": "number",
    "person-opted-out": "number",
    "person-on-list": "number",
    "country-unknown": "country",
    "source-missing": "source",
    "source-too-long": "source",
    "area-unknown": "place",
    "area-ambiguous": "place",
    "members-until-wrong": "until",
    "until-past": "until",
}
_FORM = {"number": "", "country": "VN", "name": "", "place": "", "language": "vi", "source": "", "consent": "",
         "until": ""}  # fmt: skip


@bp.get("/new")
@access("lists")
def new(list_id: int):
    return _form(list_id, _FORM, {})


@bp.post("/new")
@access("lists")
def add(list_id: int):
    given = {name: request.form.get(name, "").strip() for name in _FORM}
    try:
        until = listing.beginning_of(given["until"])
        language = "en" if given["language"] == "en" else "vi"
        asked = {name: given[name] for name in ("country", "name", "place", "source", "consent")}
        contact_id = members.add(
            rt.db, list_id, given["number"], **asked, language=language, until=until, by=officer.id, now=now()
        )
    except Mistake as mistake:
        return _form(list_id, given, {_FIELDS.get(mistake.code, ""): told(mistake)}), status_of(mistake)
    flash(_("The person is on the list."), "good")
    return redirect(url_for("members.show", list_id=list_id, contact_id=contact_id), 303)


def _form(list_id: int, given: dict, errors: dict):
    row = lists.row(rt.db, list_id)
    return render_template("members/new.html", list=row, form=given, errors=errors, countries=listing.countries())


@bp.post("/find")
@access("read")
def find(list_id: int):
    """By POST: a number has no place in an address, which is logged and remembered."""
    try:
        contact_id = members.find(rt.db, list_id, request.form.get("number", ""))
    except Mistake as mistake:
        flash(told(mistake), "warn")
        return redirect(url_for("lists.show", list_id=list_id, _anchor="people"), 303)
    return redirect(url_for("members.show", list_id=list_id, contact_id=contact_id), 303)


@bp.get("/<int:contact_id>")
@access("read")
def show(list_id: int, contact_id: int):
    return _person(list_id, contact_id)


def _person(list_id: int, contact_id: int, error: str = "", until: str | None = None):
    membership = members.show(rt.db, list_id, contact_id)
    return render_template(
        "members/show.html",
        list=lists.row(rt.db, list_id),
        membership=membership,
        person=membership.person,
        until=listing.day_field(membership.person.until) if until is None else until,
        error=error,
    )


@bp.post("/<int:contact_id>/until")
@access("lists")
def stay(list_id: int, contact_id: int):
    given = request.form.get("until", "").strip()
    try:
        until = listing.beginning_of(given)
        members.stay_until(rt.db, list_id, contact_id, until, by=officer.id, now=now())
    except Mistake as mistake:
        return _person(list_id, contact_id, told(mistake), given), status_of(mistake)
    flash(_("Saved."), "good")
    return redirect(url_for("members.show", list_id=list_id, contact_id=contact_id), 303)


@bp.get("/<int:contact_id>/remove")
@access("lists")
def ask_remove(list_id: int, contact_id: int):
    membership = members.show(rt.db, list_id, contact_id)
    return render_template("members/remove.html", list=lists.row(rt.db, list_id), membership=membership)


@bp.post("/<int:contact_id>/remove")
@access("lists")
def remove(list_id: int, contact_id: int):
    members.remove(rt.db, list_id, contact_id, by=officer.id, now=now())
    flash(_("The person is off the list."), "good")
    return redirect(url_for("lists.show", list_id=list_id), 303)


@bp.post("/<int:contact_id>/revive")
@access("lists")
def revive(list_id: int, contact_id: int):
    reviving.revive_person(rt.db, contact_id, by=officer.id, now=now())
    flash(_("This person is written to again."), "good")
    return redirect(url_for("members.show", list_id=list_id, contact_id=contact_id), 303)
