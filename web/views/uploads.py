"""Uploading a list in three steps: the file, how we read it, what became of it."""

from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import asking, checking, imports, lists
from messages.errors import Mistake
from sms.unaccent import unaccent
from web import asked
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.words import reason

bp = Blueprint("uploads", __name__, url_prefix="/lists")
#: Names of lists that the browser offers while one is typed.
SHOWN_NAMES = 100
#: Line numbers that are shown of rows refused for one reason.
SHOWN_LINES = 8


@bp.get("/upload")
@access("lists")
def new():
    return _new({})


@bp.post("/upload")
@access("lists")
def receive():
    file = request.files.get("file")
    try:
        if not file or not file.filename:
            raise Mistake("upload-missing")
        import_id = imports.receive(
            rt.db,
            folder=rt.uploads,
            filename=file.filename,
            content=file.stream,
            list_name=request.form.get("list", "")[: checking.LIST_LETTERS],
            ask=True,
            by=officer.id,
            now=now(),
        )
    except Mistake as mistake:
        return _new({"file": told(mistake)}), status_of(mistake)
    return redirect(url_for("uploads.check", import_id=import_id), 303)


def _new(errors: dict[str, str]):
    return render_template("uploads/new.html", errors=errors, list_name=request.values.get("list", ""))


@bp.get("/uploads/<int:import_id>/check")
@access("lists")
def check(import_id: int):
    if imports.show(rt.db, import_id).status != "asking":
        return redirect(url_for("uploads.show", import_id=import_id))
    return _check(import_id)


@bp.post("/uploads/<int:import_id>/check")
@access("lists")
def change(import_id: int):
    """ "look" keeps what was chosen and shows the rows anew; "import" also begins, unless they now stand otherwise."""
    if imports.show(rt.db, import_id).status != "asking":
        return redirect(url_for("uploads.show", import_id=import_id), 303)
    form = asked.Form(request.form)
    try:
        details = form.details(rt.settings["TIMEZONE"])
        asking.describe(rt.db, import_id, details, form.answers())
        if form.mistake:
            raise form.mistake
        moved = asking.choose(rt.db, rt.uploads, import_id, form.choices())
    except Mistake as mistake:
        return _check(import_id, {form.field_of(mistake): told(mistake)}), 422
    if form.wants != "import":
        return redirect(url_for("uploads.check", import_id=import_id), 303)
    if moved or details.country != form.shown_country:
        flash(_("You changed how the file is read. Look at the rows once more, then import them."), "warn")
        return redirect(url_for("uploads.check", import_id=import_id), 303)
    return _begin(import_id)


def _begin(import_id: int):
    faults = checking.faults(asking.show(rt.db, import_id), now())
    if faults:
        return _check(import_id, {field: told(mistake) for field, mistake in faults.items()}), 422
    asking.confirm(rt.db, import_id, by=officer.id, now=now())
    rt.wake.set()
    return redirect(url_for("uploads.show", import_id=import_id), 303)


def _check(import_id: int, errors: dict[str, str] | None = None):
    shown = asking.show(rt.db, import_id)
    return render_template(
        "uploads/check.html",
        **asked.page(shown, in_full=shown.by == officer.id, timezone=rt.settings["TIMEZONE"]),
        errors=errors or {},
        names=[row.name for row in lists.all(rt.db)][:SHOWN_NAMES],
    )


@bp.post("/uploads/<int:import_id>/drop")
@access("lists")
def drop(import_id: int):
    asking.drop(rt.db, rt.uploads, import_id, by=officer.id, now=now())
    flash(_("The file is gone. Nobody was taken in."), "good")
    return redirect(url_for("uploads.new"), 303)


@bp.get("/uploads/<int:import_id>")
@access("read")
def show(import_id: int):
    shown = _upload(import_id)
    if shown["upload"].status == "asking" and officer.may("lists"):
        return redirect(url_for("uploads.check", import_id=import_id))
    return render_template("uploads/show.html", **shown)


@bp.get("/uploads/<int:import_id>/part")
@access("read")
def part(import_id: int):
    """The live part; says when there is nothing more to wait for."""
    shown = _upload(import_id)
    finished = {} if shown["working"] else {"X-Finished": "1"}
    return render_template("uploads/part.html", **shown), 200, finished


def _upload(import_id: int) -> dict:
    upload = imports.show(rt.db, import_id)
    rules = {code: n for code, n in upload.notes.items() if code.startswith("rewritten-")}
    return {
        "upload": upload,
        "working": upload.status in ("waiting", "working"),
        "trouble": reason(upload.error) if upload.error else "",
        "rules": rules,
        "notes": {code: n for code, n in upload.notes.items() if code not in rules},
        "lines": imports.refused_where(rt.db, import_id, SHOWN_LINES) if upload.finished and upload.refused else {},
    }


@bp.get("/uploads/<int:import_id>/refused.csv")
@access("lists")
def refused(import_id: int):
    """The rows to mend, numbers in full: who takes them is written down."""
    lines = imports.refused_lines(rt.db, import_id, by=officer.id, now=now())
    name = _("rows to mend %(n)s.csv", n=import_id)
    answer = Response((line.encode() for line in lines), mimetype="text/csv")
    # A header is Latin-1: the name with its accents goes along in the form of RFC 6266.
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{unaccent(name)}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return answer
