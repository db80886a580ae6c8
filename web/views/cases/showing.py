"""One case: what is known, what was said, what was done; kept fresh around a reply that is being written."""

from flask import render_template, request

from bots.cases import queue, talks
from bots.cases.model import Case
from messages.errors import Mistake
from web.access import access
from web.casework import box, bubbles, lines, meanwhile, reach
from web.here import now, officer, rt
from web.story import names
from web.views.cases.door import bp, by_the_minute, is_known, unchanged

#: Turns shown at first, and when somebody asks for all of them.
SHOWN, ALL = 40, 1000


@bp.get("/<int:case_id>")
@access("cases")
def show(case_id: int):
    """What was said; only for those whose work it is. `insert` names an approved answer to begin the reply with."""
    return page(case_id, insert=request.args.get("insert", ""))


def page(case_id: int, *, text: str = "", find: str = "", insert: str = "", mistake: str = "", note=("", "")):
    """The page with a reply in its box and what is in the reply's way; `note`: that box, and its mistake."""
    mark = _mark(case_id)
    shown = _shown(case_id)
    return render_template(
        "cases/show.html",
        mark=mark,
        mistake=mistake,
        note=note[0],
        note_error=note[1],
        seen=shown["newest"],
        writing=shown["mine"] or bool(text),
        box=box(shown["case"], text, find, insert),
        **shown,
    )


@bp.get("/<int:case_id>/live")
@access("cases")
def live(case_id: int):
    """The parts that keep themselves fresh; `seen` is the newest turn when the page around them was made."""
    try:
        mark = _mark(case_id)
        shown = None if is_known(mark) else _shown(case_id)
    except Mistake:  # kept to safeguarding staff meanwhile: the page must not stay on the screen
        return "", 200, {"X-Finished": "1"}
    if shown is None:
        return unchanged(mark)
    return render_template("cases/live.html", **shown), 200, {"X-Mark": mark}


def _mark(case_id: int) -> str:
    queue.show(rt.db, officer, case_id)
    return by_the_minute(queue.case_mark(rt.db, case_id))


def _shown(case_id: int) -> dict:
    case = queue.show(rt.db, officer, case_id)
    most = ALL if request.args.get("all") else SHOWN
    turns = queue.said(rt.db, officer, case_id, now=now(), limit=most)
    who = names()
    newest = turns[-1].id if turns else 0
    seen = request.args.get("seen", newest, int)
    return {
        "case": case,
        "bubbles": bubbles(turns, who),
        "more": len(turns) == most == SHOWN,
        "newest": newest,
        "lines": lines(queue.events(rt.db, case_id), who),
        "meanwhile": meanwhile(turns, seen, who),
        "cry": _cry(case),
        "reach": reach(case),
        "mine": case.claimed_by == officer.id and case.status == "claimed",
        "who": who,
        "now": now(),
    }


def _cry(case: Case) -> talks.Cry | None:
    return talks.cries(rt.db, [case.conversation_id]).get(case.conversation_id) if case.danger == "red" else None
