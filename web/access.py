"""Who may open what: every view says it; a view that says nothing opens for nobody."""

from collections.abc import Callable

from flask import Flask, abort, current_app, redirect, request, session, url_for

from staff.model import PERMISSIONS
from web.here import officer

#: "signed-in" is any active officer. "machine" is a program on this machine, without a proxy in between.
LEVELS = frozenset({"public", "signed-in", "machine"}) | frozenset().union(*PERMISSIONS.values())
_LOOPBACK = ("127.0.0.1", "::1")
#: A proxy on this machine passes on what strangers ask.
_PROXIED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


def access(who: str) -> Callable:
    """Declares who may open a view: a level of LEVELS or a permission of staff.model. Goes under the route."""
    if who not in LEVELS:
        raise ValueError(f"no such access: {who}")

    def mark(view: Callable) -> Callable:
        view.access = who
        return view

    return mark


def install(app: Flask) -> None:
    app.view_functions["static"] = access("public")(app.view_functions["static"])
    app.before_request(_check)


def _check():
    if request.endpoint is None:  # no such page, or not by this method: the router's answer stands
        return None
    who = getattr(current_app.view_functions[request.endpoint], "access", None)
    if who == "public":
        return None
    if who == "machine":
        return None if _from_this_machine() else abort(403)
    return _check_person(who)


def _check_person(who: str | None):
    if not officer:
        return _to_sign_in() if who else abort(403)
    if session.get("needs_password") and request.blueprint not in ("sign_in", "language"):
        return redirect(url_for("sign_in.password"))
    if who == "signed-in" or (who and officer.may(who)):
        return None
    return abort(403)


def _to_sign_in():
    """A page leads back to itself after signing in; a form that arrives too late leads home."""
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("sign_in.show", back=back), 303)


def _from_this_machine() -> bool:
    return request.remote_addr in _LOOPBACK and not any(name in request.headers for name in _PROXIED)
