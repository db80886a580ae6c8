"""What staff write to a person: measured while it is typed, begun from approved answers, sent on the person's own
platform. What is in the way never costs the words.
"""

from flask import render_template, request
from flask_babel import gettext as _

from bots.cases import answering, queue
from bots.cases.model import Case
from messages.errors import Mistake
from web.access import access
from web.casework import box, traits_of
from web.errors import status_of, told
from web.here import now, officer, rt
from web.views.cases.door import bp, done
from web.views.cases.showing import page

#: Somebody else did something with the case while this person wrote.
_MEANWHILE = frozenset({"case-answered-meanwhile", "case-moved-on", "case-not-yours"})
_INSERT = "insert-"


@bp.post("/<int:case_id>/reply")
@access("cases")
def reply(case_id: int):
    """Sends; or, by the other buttons, looks for approved answers or puts one into the box."""
    case = queue.show(rt.db, officer, case_id)
    text, find, to_do = (request.form.get(name, "") for name in ("text", "find", "do"))
    if to_do == "find":
        return page(case_id, text=text, find=find)
    if to_do.startswith(_INSERT):
        return page(case_id, text=text, find=find, insert=to_do.removeprefix(_INSERT))
    try:
        _send(case, text)
    except Mistake as mistake:
        status = 409 if mistake.code in _MEANWHILE else status_of(mistake)
        return page(case_id, text=text, find=find, mistake=told(mistake)), status
    return done(case_id, _("Written."), "reply")


def _send(case: Case, text: str) -> None:
    answering.reply(
        rt.db, case.id, by=officer.id, text=text, seen=request.form.get("seen", 0, int), now=now(),
        silent_hours=float(rt.settings["SILENT_HOURS"]), book=rt.book, traits=traits_of(case.platform),
    )  # fmt: skip
    rt.wake.set()


@bp.post("/<int:case_id>/count")
@access("cases")
def count(case_id: int):
    """What follows the typing: how long it is, and the approved answers that hold the words looked for."""
    case = queue.show(rt.db, officer, case_id)
    given = request.form
    return render_template("cases/count.html", box=box(case, given.get("text", ""), given.get("find", "")))
