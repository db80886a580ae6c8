"""The queue: who needs somebody, danger first, then whoever waits longest; kept fresh; found again by words."""

from collections.abc import Sequence

from flask import render_template, request, url_for
from flask_babel import gettext as _

from bots.cases import queue, search, talks
from bots.cases.model import Case
from web.access import access
from web.here import now, officer, rt
from web.story import names
from web.views.cases.door import bp, by_the_minute, is_known, unchanged

#: Name in the address → which of the cases.
TABS = ("", "mine", "restricted", "closed")
#: Closed cases shown; older ones are found by their words.
CLOSED = 100
LONGEST = 200


@bp.get("")
@access("read")
def index():
    tab, mark = _tab(), _mark()
    return render_template("cases/index.html", mark=mark, tab=tab, find="", **_shown(tab))


@bp.get("/queue")
@access("read")
def part():
    """The live part: tabs with their numbers, and the tables."""
    mark = _mark()
    return unchanged(mark) if is_known(mark) else (_drawn(_tab()), 200, {"X-Mark": mark})


def _drawn(tab: str) -> str:
    return render_template("cases/queue.html", tab=tab, **_shown(tab))


@bp.post("/search")
@access("cases")
def find():
    """By POST: what somebody in danger wrote has no place in an address, which is logged and remembered."""
    words = request.form.get("find", "").strip()[:LONGEST]
    found = search.search(rt.db, officer, words) if words else []
    return render_template("cases/found.html", find=words, **_rows(found))


def _mark() -> str:
    return by_the_minute(queue.mark(rt.db, officer))


def _tab() -> str:
    tab = request.args.get("tab", "")
    allowed = {"mine": "cases", "restricted": "safeguarding", "closed": "cases"}
    return tab if tab in TABS and officer.may(allowed.get(tab, "read")) else ""


def _shown(tab: str) -> dict:
    """Who waits for somebody stands apart from who is in somebody's hands."""
    todo = queue.to_do(rt.db, officer)
    of_tab = {
        "": lambda: todo,
        "mine": lambda: _mine(todo),
        "restricted": lambda: [case for case in todo if case.restricted],
        "closed": lambda: queue.closed(rt.db, officer, limit=CLOSED),
    }
    return {"tabs": _tabs(todo, tab), "hidden": queue.hidden(rt.db, officer), **_rows(of_tab[tab]())}


def _mine(cases: Sequence[Case]) -> list[Case]:
    return [case for case in cases if case.claimed_by == officer.id]


def _rows(cases: Sequence[Case]) -> dict:
    """Only whose work it is reads what people in danger cried."""
    red = [case.conversation_id for case in cases if case.danger == "red"]
    cries = talks.cries(rt.db, red) if red and officer.may("cases") else {}
    return {"cases": cases, "cries": cries, "names": names(), "now": now()}


def _tabs(todo: Sequence[Case], current: str) -> list[tuple]:
    """As components.tabs takes them."""
    if not officer.may("cases"):
        return []
    waiting = sum(case.status == "open" for case in todo)
    tabs = [("", _("Waiting"), waiting), ("mine", _("Mine"), len(_mine(todo)))]
    if officer.may("safeguarding"):
        tabs.append(("restricted", _("Safeguarding only"), sum(case.restricted for case in todo)))
    tabs.append(("closed", _("Closed"), None))
    return [(url_for("cases.index", tab=name or None), words, n, name == current) for name, words, n in tabs]
