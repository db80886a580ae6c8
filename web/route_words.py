"""The words for routes, and for how the gateways in them fare."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaigns.routes import ROUTES
from campaigns.routing import Standing
from messages.errors import sentence
from sms.gateway import ERRORS
from web.here import reader
from web.language import short

#: How screens call what stands as a wave's gateway; any other name is said as it is.
GATEWAYS = {ROUTES: _l("by the routing table")}
#: What the audit's actions mean.
ROUTE_STEPS = {
    "routes.put": _l("Wrote down a route"),
    "routes.remove": _l("Removed a route"),
    "routes.try": _l("Let a gateway be tried again"),
}
ROUTE_TASKS = {"look_after_gateways": _l("see how the gateways fare")}
#: Why a gateway gets less.
_WHY = {
    "errors": _l("It refused messages, or could not be reached."),
    "slow": _l("Its receipts come late."),
    "settings": _l("Its settings were wrong."),
}


def fares(gateway: Standing) -> tuple[str, str]:
    """(the status of a chip, a sentence) about a gateway."""
    if not gateway.ready:
        return "not-ready", _("Its settings are missing; its messages go through the others.")
    if gateway.until is not None:
        why = sentence(f"send-{gateway.rests_for}", reader()) if gateway.rests_for in ERRORS else ""
        return "paused", _("It rests until %(time)s.", time=short(gateway.until)) + (f" {why}" if why else "")
    if gateway.weight >= 1:
        return "ok", _("It takes all that falls to it.")
    percent, why = round(100 * gateway.weight), _WHY.get(gateway.why or "", "")
    told = _("It gets %(percent)s %% of its share, and a tenth more each minute that goes well.", percent=percent)
    return "amber", f"{why} {told}" if why else told
