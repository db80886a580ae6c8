"""The map: today's communes and wards, the districts that were, and a place found by any name it ever had."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import areas, atlas
from web import listing
from web.access import access
from web.here import now, rt

bp = Blueprint("areas", __name__, url_prefix="/areas")
GROUPS = ("districts", "communes")
#: Communes on a page.
PAGE = 60


@bp.get("")
@access("read")
def index():
    areas.ensure_loaded(rt.db, now=now())
    find = request.args.get("find", "").strip()
    shown = atlas.atlas(rt.db)
    province = request.args.get("province", "")
    chosen = next((each for each in shown.provinces if each.unit.code == province), None)
    group = request.args.get("by") if request.args.get("by") in GROUPS else GROUPS[0]
    here = chosen or (shown.provinces[0] if shown.provinces else None)
    last = max(1, -(-len(here.communes) // PAGE)) if here else 1
    page = min(max(request.args.get("page", 1, int), 1), last)
    return render_template(
        "areas/index.html",
        tabs=listing.tabs(),
        atlas=shown,
        province=here,
        communes=here.communes[(page - 1) * PAGE : page * PAGE] if here else (),
        page=page,
        last=last,
        page_address=lambda page: url_for("areas.index", by=group, province=province or None, page=page),
        group=group,
        groups=_groups(group, province),
        find=find,
        found=atlas.search(rt.db, find) if find else (),
    )


def _groups(current: str, province: str) -> list[tuple[str, str, None, bool]]:
    words = {"districts": _("By former district"), "communes": _("By commune and ward of today")}
    return [
        (url_for("areas.index", by=group, province=province or None), words[group], None, group == current)
        for group in GROUPS
    ]


@bp.get("/<code>")
@access("read")
def show(code: str):
    return render_template("areas/show.html", place=atlas.show(rt.db, code))
