"""Lists of people: which there are, how one is made up, numbers out of use. Files: uploads.py; people: members.py."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns import imports, lists, reviving
from messages.errors import Mistake
from web import listing
from web.access import access
from web.charts import share_bars
from web.errors import status_of, told
from web.here import now, officer, rt
from web.language import number
from web.words import CARRIERS

bp = Blueprint("lists", __name__, url_prefix="/lists")
PAGE = 50
#: People on a page of a list, and communes in its chart: with more it would outgrow a slow line.
PEOPLE, COMMUNES = 25, 14


@bp.get("")
@access("read")
def index():
    find, order = request.args.get("find", "").strip(), request.args.get("order", "name")
    page = max(request.args.get("page", 1, int), 1)
    rows, whole = lists.page(rt.db, find, order=order, page=page, size=PAGE)
    return render_template(
        "lists/index.html",
        tabs=listing.tabs(),
        lists=rows,
        whole=whole,
        find=find,
        order=order,
        page=page,
        last=max(1, -(-whole // PAGE)),
        page_address=partial(_page_address, find, order),
        imports=imports.latest(rt.db, 5) if page == 1 and not find else (),
    )


def _page_address(find: str, order: str, page: int) -> str:
    return url_for("lists.index", find=find or None, order=None if order == "name" else order, page=page)


@bp.get("/new")
@access("lists")
def new():
    return render_template("lists/name.html", title=_("Make an empty list"), list=None, name="", error="")


@bp.post("/new")
@access("lists")
def create():
    name = request.form.get("name", "")
    try:
        list_id = lists.create(rt.db, name, by=officer.id, now=now())
    except Mistake as mistake:
        page = {"title": _("Make an empty list"), "list": None, "name": name, "error": told(mistake)}
        return render_template("lists/name.html", **page), status_of(mistake)
    return redirect(url_for("lists.show", list_id=list_id), 303)


@bp.get("/<int:list_id>")
@access("read")
def show(list_id: int):
    figures = lists.figures(rt.db, list_id, wait=False)
    people, links = _people(list_id)
    return render_template(
        "lists/show.html",
        title=figures.name,
        list=figures,
        people=people,
        links=links,
        areas=share_bars([(_place(area), area.people) for area in figures.by_area[:COMMUNES]]),
        carriers=share_bars([(str(CARRIERS.get(name, name)), n) for name, n in figures.by_carrier.items()]),
    )


@bp.get("/<int:list_id>/communes")
@access("read")
def communes(list_id: int):
    figures = lists.figures(rt.db, list_id, wait=False)
    areas = share_bars([(_place(area), area.people) for area in figures.by_area])
    return render_template("lists/communes.html", title=_("By commune"), list=figures, areas=areas)


def _people(list_id: int) -> tuple[list[lists.people], dict[str, str]]:
    """A page of people, and the addresses of the first, the previous and the next one where there are any."""
    after, before = request.args.get("after", 0, int), request.args.get("before", None, int)
    found = lists.people(rt.db, list_id, after=after, before=before, size=PEOPLE + 1)
    more, back = len(found) > PEOPLE, before is not None
    people = found[-PEOPLE:] if back else found[:PEOPLE]
    address = partial(url_for, "lists.show", list_id=list_id, _anchor="people")
    links = {}
    if people and (more if back else after):
        links |= {"first": address(), "previous": address(before=people[0].contact_id)}
    if people and (back or more):
        links["next"] = address(after=people[-1].contact_id)
    return people, links


def _place(area: lists.AreaCount) -> str:
    return area.name or (
        _("%(district)s, commune not known", district=area.former_district) if area.former_district else _("not known")
    )


@bp.get("/<int:list_id>/name")
@access("lists")
def ask_name(list_id: int):
    row = lists.row(rt.db, list_id)
    return render_template("lists/name.html", title=_("Rename this list"), list=row, name=row.name, error="")


@bp.post("/<int:list_id>/name")
@access("lists")
def rename(list_id: int):
    name = request.form.get("name", "")
    try:
        lists.rename(rt.db, list_id, name, by=officer.id, now=now())
    except Mistake as mistake:
        page = {"title": _("Rename this list"), "list": lists.row(rt.db, list_id), "name": name}
        return render_template("lists/name.html", **page, error=told(mistake)), status_of(mistake)
    flash(_("The list has its new name."), "good")
    return redirect(url_for("lists.show", list_id=list_id), 303)


@bp.get("/<int:list_id>/delete")
@access("lists")
def ask_delete(list_id: int):
    return render_template("lists/delete.html", title=_("Delete this list?"), list=lists.row(rt.db, list_id))


@bp.post("/<int:list_id>/delete")
@access("lists")
def delete(list_id: int):
    lists.delete(rt.db, list_id, by=officer.id, now=now())
    flash(_("The list is gone. The people stay where other lists know them."), "good")
    return redirect(url_for("lists.index"), 303)


@bp.get("/dead")
@access("read")
def dead():
    return render_template("lists/dead.html", tabs=listing.tabs(), buried=reviving.by_wave(rt.db))


@bp.get("/dead/<int:wave_id>")
@access("lists")
def ask_revive(wave_id: int):
    buried = next((each for each in reviving.by_wave(rt.db) if each.wave_id == wave_id), None)
    if buried is None:
        raise Mistake("nobody-dead")
    return render_template("lists/revive.html", title=_("Bring these numbers back?"), buried=buried)


@bp.post("/dead/<int:wave_id>")
@access("lists")
def revive(wave_id: int):
    people = reviving.revive_wave(rt.db, wave_id, by=officer.id, now=now())
    told = ngettext("%(n)s person is written to again.", "%(n)s people are written to again.", people, n=number(people))
    flash(told, "good")
    return redirect(url_for("lists.dead"), 303)
