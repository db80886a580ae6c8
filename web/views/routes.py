"""The routing table: through which gateway whose messages go, and how the gateways fare at the moment."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import route_table, routing
from campaigns.routes import READERS, Kind, Part, Route, uncovered
from messages.errors import Mistake
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.ids import id_of
from web.route_words import fares
from web.words import CARRIERS, LANGUAGES

bp = Blueprint("routes", __name__, url_prefix="/routes")
#: What stands in a form that nobody has filled in.
_BLANK = {"position": "1", "carrier": "", "language": "", "gateway": "", "weight": "100"}


@bp.get("")
@access("read")
def index():
    return _page(_BLANK)


@bp.post("")
@access("waves")
def add():
    return _put(None, _("The route is written down."))


@bp.get("/<int:route_id>")
@access("waves")
def edit(route_id: int):
    route = next((each for each in route_table.every(rt.db) if each.id == route_id), None)
    if route is None:
        raise Mistake("route-unknown", id=route_id)
    return _page({name: str(getattr(route, name) or "") for name in _BLANK}, route)


@bp.post("/<int:route_id>")
@access("waves")
def change(route_id: int):
    return _put(route_id, _("The change is kept."))


@bp.post("/<int:route_id>/remove")
@access("waves")
def remove(route_id: int):
    try:
        route_table.remove(rt.db, route_id, by=officer.id, now=now())
    except Mistake as mistake:
        return _page(_BLANK, mistake=told(mistake)), status_of(mistake)
    flash(_("The route is removed."), "good")
    return redirect(url_for("routes.index"), 303)


@bp.post("/try/<name>")
@access("waves")
def try_again(name: str):
    """For a gateway that rests: somebody has mended what was wrong."""
    if name not in rt.gateways:
        raise Mistake("gateway-unknown", name=name, known=", ".join(rt.gateways))
    route_table.try_again(rt.db, name, by=officer.id, now=now())
    flash(_("The gateway is tried again now."), "good")
    return redirect(url_for("routes.index"), 303)


def _put(route_id: int | None, words: str):
    form = {name: request.form.get(name, "").strip() for name in _BLANK}
    try:
        route_table.put(
            rt.db, route_id, position=id_of(form["position"]) or 0, carrier=form["carrier"] or None,
            language=form["language"] or None, gateway=form["gateway"], weight=id_of(form["weight"]) or 0,
            known=tuple(rt.gateways), by=officer.id, now=now(),
        )
    except Mistake as mistake:
        there = [each for each in route_table.every(rt.db) if each.id == route_id]
        return _page(form, *there, mistake=told(mistake)), status_of(mistake)
    flash(words, "good")
    return redirect(url_for("routes.index"), 303)


def _page(form: dict, route: Route | None = None, mistake: str = ""):
    """With a form that adds a route, or changes `route`."""
    return render_template(
        "routes/index.html",
        mistake=mistake,
        form=form,
        route=route,
        routes=(there := route_table.every(rt.db)),
        gaps=bool(there and uncovered(there)),
        fares=[(each, *fares(each)) for each in routing.standing(rt.db, rt.gateways, now())],
        dealt=[_dealt(*each) for each in routing.dealt(rt.db, rt.gateways, now()).items()],
        gateways=[(name, name) for name in rt.gateways],
        carriers=[("", _("any carrier")), *((name, str(CARRIERS.get(name, name))) for name in routing.CARRIERS)],
        languages=[("", _("any language")), *((each, str(LANGUAGES[each])) for each in READERS)],
    )


def _dealt(kind: Kind, parts: list[Part]) -> tuple[str, str, list[tuple[str, int]]]:
    """(carrier, language, [(gateway, percent)]): what falls to whom, most first."""
    shares: dict[str, int] = {}
    for part in parts:
        shares[part.gateway] = shares.get(part.gateway, 0) + part.end - part.first
    carrier, language = kind
    words = str(CARRIERS.get(carrier, carrier)) if carrier else _("other carriers")
    return words, str(LANGUAGES[language]), sorted(shares.items(), key=lambda each: -each[1])
