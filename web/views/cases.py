"""The desk: people the bot handed over, the most urgent first, and what was said with each."""

from flask import Blueprint, abort, render_template
from flask_babel import gettext as _

from bots import desk
from web.access import access
from web.here import now, rt

bp = Blueprint("cases", __name__, url_prefix="/cases")


@bp.get("")
@access("read")
def index():
    return render_template("cases/index.html", cases=desk.to_do(rt.db), now=now())


@bp.get("/<int:case_id>")
@access("cases")
def show(case_id: int):
    """What was said; only for those whose work it is."""
    case = desk.case(rt.db, case_id) or abort(404)
    turns = desk.conversation(rt.db, case.conversation_id)
    return render_template("cases/show.html", title=_("Case %(n)s", n=case.id), case=case, turns=turns, now=now())
