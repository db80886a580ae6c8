"""/stop: who wants no more messages says so here, for gateways that hear no answer. Public, small, without JavaScript.

Looking at an address stops nothing: programs that look through links open every one. Only a press of the button does,
with the code that stands in the message. The page names nobody, and an address with a code nobody has looks the same
as any other until the button is pressed.
"""

from urllib.parse import quote

from flask import Blueprint, make_response, render_template, request
from flask_babel import gettext as _

from campaigns import stops
from web.access import access
from web.chat_gate import newcomer
from web.here import now, rt
from web.stop_tries import Tries

bp = Blueprint("stop", __name__, url_prefix="/stop")
_tries = Tries()


@bp.get("")
@access("public")
def show():
    return _asked(request.args["c"]) if "c" in request.args else _page("ask")


@bp.get("/<code>")
@access("public")
def personal(code: str):
    """The address that stands in a message."""
    return _asked(code)


def _asked(written: str):
    code = stops.read(written)
    return _page("press", code=code) if code else _unknown(written)


@bp.post("")
@access("public")
def press():
    """Stops, or (`do` = "back") lets messages come again."""
    written, back = request.form.get("code", ""), request.form.get("do") == "back"
    address = newcomer()
    if address is not None and not _tries.may_try(address):
        wrong = _("Too many codes were wrong. Wait some minutes, then try again.")
        return _page("ask", 429, written=written[:60], wrong=wrong)
    code = stops.read(written)
    if code is None:
        return _unknown(written)
    if not (stops.come_back if back else stops.stop)(rt.db, code, now()):
        if address is not None:
            _tries.missed(address)
        return _unknown(written)
    return _page("back" if back else "done", code=code)


def _unknown(written: str):
    """One sentence, whatever is wrong with a code."""
    wrong = _("This code is not known here. Compare every sign with the message: a code has 9 letters and digits.")
    return _page("ask", 404, written=written[:60], wrong=wrong)


def _page(name: str, status: int = 200, **more):
    shown = {"code": "", "written": "", "wrong": "", "zalo": quote(rt.settings["ZALO_OA_ID"]), **more}
    answer = make_response(render_template("stop/show.html", state=name, **shown), status)
    # The address has the code in it: it goes to no other page and into no search engine.
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
