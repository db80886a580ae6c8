"""What is set up, what works by itself, who works here, who did what. Settings are changed on the server."""

from flask import Blueprint, render_template

from db import runs
from messages.errors import sentence
from staff import accounts, audit
from web.access import access
from web.here import reader, rt
from web.story import actors

bp = Blueprint("settings", __name__, url_prefix="/settings")
SHOWN = 50


@bp.get("")
@access("admin")
def show():
    adapters = [*rt.gateways.values(), *rt.platforms.values()]
    return render_template(
        "settings/show.html",
        adapters=[_state(each) for each in adapters],
        runs=runs.newest(rt.db),
        people=accounts.everybody(rt.db),
        audit=audit.latest(rt.db, SHOWN),
        who=actors(),
    )


def _state(adapter) -> tuple[str, list[str], list[str]]:
    """Its name, the settings it misses, and what staff should know of it."""
    readiness = adapter.readiness()
    return adapter.name, list(readiness.missing), [sentence(code, reader()) for code in readiness.notes]
