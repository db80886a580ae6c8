"""Short links: /s/<code> in a text leads on; that it was opened is counted, by whom is not."""

from flask import Blueprint, redirect, render_template, request

from campaigns import links
from web.access import access
from web.here import now, rt

bp = Blueprint("links", __name__, url_prefix="/s")
_LONGEST = 40


@bp.get("/<code>")
@access("public")
def follow(code: str):
    """To the link's page; a chat knows through which link somebody came."""
    code = code.lower()[:_LONGEST]
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose", "")
    machine = links.is_machine(request.user_agent.string, request.method, purpose)
    target = links.follow(rt.db, code, machine=machine, now=now())
    if target is None:
        return render_template("links/unknown.html"), 404
    answer = redirect(_with_code(target, code), 302)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _with_code(target: str, code: str) -> str:
    if target.split("?")[0] != "/chat":
        return target
    return f"{target}{'&' if '?' in target else '?'}s={code}"
