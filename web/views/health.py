"""For machines that watch this one: is the process there, can it work, and a few numbers."""

from datetime import timedelta

from flask import Blueprint
from sqlalchemy.exc import SQLAlchemyError

from campaigns import stats, workers
from messages.errors import sentence
from runtime import calls
from web import adopting
from web.access import access
from web.here import now, rt

bp = Blueprint("health", __name__)
#: A runner says that it lives every few seconds; after this long without a word nothing goes out any more.
SILENCE = timedelta(seconds=60)


@bp.get("/healthz")
@access("public")
def healthz():
    """The process answers."""
    return {"ok": True}


@bp.get("/readyz")
@access("public")
def readyz():
    """200 when the database answers and somebody does the work that happens by itself, else 503."""
    parts = _parts()
    return {"ready": all(parts.values()), **parts, **_warnings(parts)}, 200 if all(parts.values()) else 503


def _warnings(parts: dict[str, bool]) -> dict[str, list[str]]:
    """What does not stop the work and still needs somebody at once."""
    if not parts["database"]:
        return {}
    lines = adopting.unproven()
    told = [f"help lines never test-called: {lines.numbers}"] if lines else []
    if rt.doors_out:  # people out there may cry for help
        told += [sentence(code, "en") for code in calls.missing(rt)]
    return {"warnings": told} if told else {}


def _parts() -> dict[str, bool]:
    try:
        beat = workers.newest_beat(rt.db)
    except SQLAlchemyError:
        return {"database": False, "runner": False}
    alive = beat is not None and now() - beat < SILENCE
    return {"database": True, "runner": alive or rt.settings["RUNNER"] == "off"}


@bp.get("/metrics")
@access("machine")
def metrics():
    """Prometheus text: deliveries by status, and whether the parts are ready."""
    lines = ["# HELP anlo_deliveries Messages of all waves by status.", "# TYPE anlo_deliveries gauge"]
    lines += [f'anlo_deliveries{{status="{status}"}} {n}' for status, n in sorted(stats.totals(rt.db).counts.items())]
    lines += ["# HELP anlo_ready 1 when the part works.", "# TYPE anlo_ready gauge"]
    lines += [f'anlo_ready{{part="{part}"}} {int(ready)}' for part, ready in _parts().items()]
    return "\n".join(lines) + "\n", 200, {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
