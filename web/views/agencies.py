"""Licensed agencies: the list in force with its date and source, names looked up in it, a new list looked at first."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bots.agencies import listing, speaking
from campaigns.encodings import OFFERED
from campaigns.pacing import ZONE
from messages.errors import Mistake
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, reader, rt

bp = Blueprint("agencies", __name__, url_prefix="/agencies")
#: Firms of a list shown on its page.
SHOWN = 100
#: Letters of a name that is looked up.
MOST_LETTERS = 300
#: Which field of the form a mistake is about; all others are about the file.
_FIELDS = {
    "agencies-source-missing": "source",
    "agencies-source-long": "source",
    "agencies-as-of-future": "as_of",
    "agencies-as-of-wrong": "as_of",
}


@bp.get("")
@access("read")
def index():
    asked = request.args.get("name", "").strip()[:MOST_LETTERS]
    shown = {"lists": listing.lists(rt.db), "asked": asked, "found": None, "advice": "", "error": ""}
    if "name" in request.args:
        try:
            found = listing.find(rt.db, asked)
        except Mistake as mistake:
            return render_template("agencies/index.html", **{**shown, "error": told(mistake)}), status_of(mistake)
        shown |= {"found": found, "advice": speaking.advice(rt.book, reader(), found)}
    return render_template("agencies/index.html", **shown)


@bp.get("/new")
@access("write-messages")
def new():
    return _form({"as_of": now().astimezone(ZONE).date().isoformat()}, {})


@bp.post("/new")
@access("write-messages")
def propose():
    given = {name: request.form.get(name, "") for name in ("as_of", "source", "encoding")}
    file = request.files.get("file")
    try:
        if not file or not file.filename:
            raise Mistake("upload-missing")
        content = file.stream.read(listing.MOST_BYTES + 1)
        draft = listing.propose(
            rt.db, content, as_of=_day(given["as_of"]), source=given["source"], encoding=given["encoding"] or None,
            by=officer.id, now=now(),
        )
    except Mistake as mistake:
        return _form(given, {_FIELDS.get(mistake.code, "file"): told(mistake)}), status_of(mistake)
    return redirect(url_for("agencies.show", list_id=draft.info.id), 303)


@bp.get("/<int:list_id>")
@access("read")
def show(list_id: int):
    sheet, firms = listing.show(rt.db, list_id)
    return render_template("agencies/show.html", sheet=sheet, firms=firms[:SHOWN], whole=len(firms))


@bp.post("/<int:list_id>/load")
@access("write-messages")
def load(list_id: int):
    sheet = listing.confirm(rt.db, list_id, by=officer.id, now=now())
    if sheet.in_force:
        flash(_("The list is in force: questions about agencies are answered from it."), "good")
    else:
        flash(_("The list is kept. A newer one, by its own date, stays in force."), "info")
    return redirect(url_for("agencies.index"), 303)


@bp.post("/<int:list_id>/drop")
@access("write-messages")
def drop(list_id: int):
    listing.drop(rt.db, list_id)
    flash(_("The file was not taken. Nothing has changed."), "info")
    return redirect(url_for("agencies.index"), 303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Mistake("agencies-as-of-wrong", text=text.strip()[:40]) from error


def _form(given: dict, errors: dict):
    form = {"as_of": "", "source": "", "encoding": "", **given}
    encodings = [("", _("found out by itself")), *((name, name) for name in OFFERED)]
    return render_template("agencies/new.html", form=form, errors=errors, encodings=encodings)
