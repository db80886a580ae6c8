"""What is set up, what works by itself, who works here, who did what. Settings are changed on the server."""

from flask import Blueprint, render_template

from db import runs
from staff import accounts, audit
from web.access import access
from web.here import rt
from web.story import actors

bp = Blueprint("settings", __name__, url_prefix="/settings")
SHOWN = 50


@bp.get("")
@access("admin")
def show():
    adapters = [*rt.gateways.values(), *rt.platforms.values()]
    return render_template(
        "settings/show.html",
        adapters=[(each.name, list(each.readiness().missing)) for each in adapters],
        runs=runs.newest(rt.db),
        people=accounts.everybody(rt.db),
        audit=audit.latest(rt.db, SHOWN),
        who=actors(),
    )
