"""The opt-out book: who wants no more messages. Looked up, added to, lifted with a reason, taken along as a file."""

from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import optouts
from messages.errors import Mistake
from sms.unaccent import unaccent
from web import listing
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.story import names
from web.words import reason

bp = Blueprint("optouts", __name__, url_prefix="/optouts")
#: Lines shown of numbers that could not be read.
SHOWN_LINES = 20
#: Which field of its form a mistake is about.
_FIELDS = {
    "number-missing": "numbers",
    "optouts-too-many": "numbers",
    "optout-reason-missing": "reason",
    "optout-reason-long": "reason",
    "country-unknown": "country",
}


@bp.get("")
@access("read")
def index():
    return _page()


def _page(**more):
    counts = optouts.counts(rt.db)
    latest = optouts.latest(rt.db)
    shown = {"looked_up": None, "number_error": ""}
    return render_template(
        "optouts/index.html",
        tabs=listing.tabs(),
        counts=counts,
        whole=sum(counts.values()),
        latest=latest,
        names=names(),
        **{**shown, **more},
    )


@bp.post("/look-up")
@access("read")
def look_up():
    """By POST: a number has no place in an address, which is logged and remembered."""
    try:
        found = optouts.look_up(rt.db, request.form.get("number", ""), country=request.form.get("country", "VN"))
    except Mistake as mistake:
        return _page(number_error=told(mistake)), status_of(mistake)
    return _page(looked_up={"line": found})


@bp.get("/new")
@access("lists")
def new():
    return _form({}, {})


@bp.post("/new")
@access("lists")
def add():
    given = {name: request.form.get(name, "") for name in ("numbers", "reason", "country")}
    asked = {"reason": given["reason"], "country": given["country"] or "VN", "by": officer.id, "now": now()}
    file = request.files.get("file")
    try:
        if file and file.filename:
            added = optouts.add_file(rt.db, file.stream.read(optouts.MOST_BYTES + 1), **asked)
        else:
            added = optouts.add(rt.db, given["numbers"], **asked)
    except Mistake as mistake:
        field = "file" if mistake.code.startswith("upload-") else _FIELDS.get(mistake.code, "")
        return _form(given, {field: told(mistake)}), status_of(mistake)
    unreadable = [(each.line, reason(each.code)) for each in added.unreadable]
    return render_template("optouts/added.html", added=added, lines=unreadable[:SHOWN_LINES], all=len(unreadable))


def _form(given: dict, errors: dict):
    form = {"numbers": "", "reason": "", "country": "VN", **given}
    return render_template("optouts/new.html", form=form, errors=errors, countries=listing.countries())


@bp.get("/export.csv")
@access("lists")
def export():
    """Who takes it is written down; numbers in full only for who may see them."""
    lines = optouts.export(rt.db, in_full=officer.may("see-numbers"), by=officer.id, now=now())
    answer = Response(lines, mimetype="text/csv")
    name = _("opt-outs %(day)s.csv", day=f"{now().astimezone(rt.settings.zone):%Y-%m-%d}")
    # A header is Latin-1: the name with its accents goes along in the form of RFC 6266.
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{unaccent(name)}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return answer


@bp.get("/<key>/lift")
@access("lists")
def ask_lift(key: str):
    return _lift(key)


def _lift(key: str, given: str = "", error: str = ""):
    return render_template("optouts/lift.html", line=optouts.show(rt.db, key), reason_given=given, error=error)


@bp.post("/<key>/lift")
@access("lists")
def lift(key: str):
    given = request.form.get("reason", "")
    try:
        optouts.lift(rt.db, key, reason=given, by=officer.id, now=now())
    except Mistake as mistake:
        if mistake.code == "optout-unknown":
            raise
        return _lift(key, given, told(mistake)), status_of(mistake)
    flash(_("The opt-out is lifted: messages may reach this person again."), "good")
    return redirect(url_for("optouts.index"), 303)
