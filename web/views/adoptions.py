"""Taking over the answers that ship: a group a page, its help lines ticked off after a call, then said in our name."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bots import adoption
from bots.help_lines import EMERGENCY
from messages.errors import Mistake
from web import adopting
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.story import names

bp = Blueprint("adoptions", __name__, url_prefix="/answers/adoption")


@bp.get("")
@access("read")
def index():
    states = adoption.state(rt.db, rt.book)
    return render_template(
        "adoptions/index.html",
        states=[(state, adopting.group_words(group), state.untested(now())) for group, state in states.items()],
        doors=", ".join(rt.doors_out),
        unproven=adopting.unproven(),
        names=names(),
    )


@bp.get("/<group>")
@access("read")
def show(group: str):
    return _page(group)


@bp.post("/<group>")
@access("approve")
def adopt(group: str):
    """Only what was on the page that was read."""
    try:
        if not request.form.get("read-all"):
            raise Mistake("answers-unread")
        adoption.adopt(
            rt.db, rt.book, group, by=officer.id, now=now(), note=request.form.get("note", ""),
            read=request.form.get("digest", ""),
        )
    except Mistake as mistake:
        if mistake.code == "answers-group-unknown":
            raise
        return _page(group, told(mistake)), status_of(mistake)
    flash(_("Adopted: from now on these answers are given in this office’s name."), "good")
    return redirect(url_for("adoptions.index"), 303)


@bp.post("/<group>/calls")
@access("approve")
def call(group: str):
    given = {name: request.form.get(name, "") for name in ("number", "outcome", "note")}
    try:
        adoption.check_line(rt.db, rt.book, **given, by=officer.id, now=now())
    except Mistake as mistake:
        return _page(group, told(mistake)), status_of(mistake)
    flash(_("The call to %(number)s is written down.", number=given["number"]), "good")
    return redirect(url_for("adoptions.show", group=group, _anchor="lines"), 303)


def _page(group: str, mistake: str = ""):
    states = adoption.state(rt.db, rt.book)
    if group not in states:
        raise Mistake("answers-group-unknown", group=group, known=", ".join(states))
    state = states[group]
    return render_template(
        "adoptions/show.html",
        title=adopting.group_words(group),
        state=state,
        entries=adopting.entries(state),
        lines=[_line(each) for each in state.lines],
        untested=", ".join(state.untested(now())),
        outcomes=adopting.OUTCOMES,
        emergency=", ".join(sorted(EMERGENCY)),
        days=adoption.CALL_HOLDS.days,
        longest=adoption.LONGEST_NOTE,
        mistake=mistake,
        note=request.form.get("note", "") if request.endpoint == "adoptions.adopt" else "",
        names=names(),
    )


def _line(state: adoption.LineState) -> dict:
    said_in = [adopting.title_of(rt.book, name) for name in state.line.said_in]
    return {
        "number": state.line.number, "emergency": state.line.emergency, "call": state.call,
        "tested": state.tested(now()), "said_in": said_in, "claims": adopting.claims(rt.book, state.line),
    }
