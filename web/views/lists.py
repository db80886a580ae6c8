"""Lists of people: uploading a file, watching it being read, and looking at who is on a list (numbers masked)."""

from functools import partial
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import imports, lists
from messages.errors import Mistake
from sms.unaccent import unaccent
from web.access import access
from web.charts import share_bars
from web.errors import status_of, told
from web.here import now, officer, rt
from web.words import CARRIERS, reason

bp = Blueprint("lists", __name__, url_prefix="/lists")
PAGE = 50
#: Where people on our lists live; a number without a prefix is read as one of the chosen country.
COUNTRIES = ("VN", "GB", "FR", "DE", "JP", "KR", "TW")


@bp.get("")
@access("read")
def index():
    return render_template("lists/index.html", lists=lists.all(rt.db), imports=imports.latest(rt.db, 10))


@bp.get("/upload")
@access("lists")
def upload():
    return _form("")


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
            list_name=request.form.get("list", ""),
            source=request.form.get("source", ""),
            consent=request.form.get("consent", ""),
            country=request.form.get("country", "VN"),
            made_up="made_up" in request.form,
            by=officer.id,
            now=now(),
        )
    except Mistake as mistake:
        return _form(told(mistake)), status_of(mistake)
    rt.wake.set()
    return redirect(url_for("lists.progress", import_id=import_id), 303)


def _form(mistake: str):
    given = request.values
    form = {name: given.get(name, "") for name in ("list", "source", "consent")}
    form |= {"country": given.get("country", "VN"), "made_up": "made_up" in given}
    countries = [(code, _country(code)) for code in COUNTRIES]
    names = [row.name for row in lists.all(rt.db)]
    return render_template("lists/upload.html", mistake=mistake, form=form, countries=countries, names=names)


def _country(code: str) -> str:
    return {
        "VN": _("Vietnam"),
        "GB": _("United Kingdom"),
        "FR": _("France"),
        "DE": _("Germany"),
        "JP": _("Japan"),
        "KR": _("South Korea"),
        "TW": _("Taiwan"),
    }[code]


@bp.get("/uploads/<int:import_id>")
@access("read")
def progress(import_id: int):
    return render_template("lists/progress.html", **_upload(import_id))


@bp.get("/uploads/<int:import_id>/part")
@access("read")
def progress_part(import_id: int):
    """The live part; says when there is nothing more to wait for."""
    shown = _upload(import_id)
    finished = {} if shown["working"] else {"X-Finished": "1"}
    return render_template("lists/progress_part.html", **shown), 200, finished


def _upload(import_id: int) -> dict:
    upload = imports.show(rt.db, import_id)
    trouble = reason(upload.error) if upload.error else ""
    return {"upload": upload, "working": not upload.finished, "trouble": trouble}


@bp.get("/uploads/<int:import_id>/refused.csv")
@access("lists")
def refused(import_id: int):
    """The rows to mend, numbers in full: who takes them is written down."""
    content = imports.refused_file(rt.db, import_id, by=officer.id, now=now())
    name = _("rows to mend %(n)s.csv", n=import_id)
    answer = Response(content, mimetype="text/csv")
    # A header is Latin-1: the name with its accents goes along in the form of RFC 6266.
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{unaccent(name)}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return answer


@bp.get("/<int:list_id>")
@access("read")
def show(list_id: int):
    figures = lists.figures(rt.db, list_id)
    last = max(1, -(-figures.people // PAGE))
    page = min(max(request.args.get("page", 1, int), 1), last)
    return render_template(
        "lists/show.html",
        title=figures.name,
        list=figures,
        page=page,
        last=last,
        people=lists.people(rt.db, list_id, page=page, size=PAGE),
        page_address=partial(_page_address, list_id),
        areas=share_bars([(_place(area), area.people) for area in figures.by_area]),
        carriers=share_bars([(str(CARRIERS.get(name, name)), n) for name, n in figures.by_carrier.items()]),
    )


def _page_address(list_id: int, page: int) -> str:
    return url_for("lists.show", list_id=list_id, page=page)


def _place(area: lists.AreaCount) -> str:
    return area.name or (
        _("%(district)s, commune not known", district=area.former_district) if area.former_district else _("not known")
    )


@bp.post("/<int:list_id>/delete")
@access("lists")
def delete(list_id: int):
    lists.delete(rt.db, list_id, by=officer.id, now=now())
    flash(_("The list is gone. The people stay where other lists know them."), "good")
    return redirect(url_for("lists.index"), 303)


@bp.get("/<int:list_id>/delete")
@access("lists")
def ask_delete(list_id: int):
    figures = lists.figures(rt.db, list_id)
    return render_template("lists/delete.html", title=_("Delete this list?"), list=figures)
