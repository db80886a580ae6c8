"""What staff do with a case: take it, lay it down, hand it on, keep it to safeguarding staff, note, close, reopen."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bots.cases import queue, work
from bots.cases.model import OUTCOMES, Case
from messages.errors import Mistake
from staff import accounts
from staff.model import Officer
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.ids import id_of
from web.story import names
from web.views.cases.door import bp, done, not_done
from web.views.cases.showing import page

#: After these the case must be looked at again before anything else is done with it.
_LOOK_AGAIN = frozenset({"case-moved-on", "case-taken", "case-closed", "case-not-closed", "case-not-yours"})


@bp.post("/<int:case_id>/claim")
@access("cases")
def claim(case_id: int):
    return _act(case_id, work.claim, _("It is yours now. The person waits for your first words."), "reply")


@bp.post("/<int:case_id>/release")
@access("cases")
def release(case_id: int):
    return _act(case_id, work.release, _("Laid down: it waits for somebody again."))


@bp.post("/<int:case_id>/reopen")
@access("cases")
def reopen(case_id: int):
    return _act(case_id, work.reopen, _("Open again, and yours."))


def _act(case_id: int, act: Callable, words: str, anchor: str | None = None):
    try:
        act(rt.db, case_id, by=officer.id, version=_version(), now=now())
    except Mistake as mistake:
        return _in_the_way(case_id, mistake)
    return done(case_id, words, anchor)


def _version() -> int:
    return request.form.get("version", -1, int)


def _in_the_way(case_id: int, mistake: Mistake):
    if mistake.code == "case-unknown":
        raise mistake
    return not_done(case_id, mistake)


@bp.post("/<int:case_id>/note")
@access("cases")
def note(case_id: int):
    text = request.form.get("note", "")
    try:
        work.note(rt.db, case_id, by=officer.id, text=text, now=now())
    except Mistake as mistake:
        if mistake.code == "case-unknown":
            raise
        return page(case_id, note=(text, told(mistake))), status_of(mistake)
    return done(case_id, _("Noted."), "story")


@bp.get("/<int:case_id>/take-over")
@access("cases")
def ask_take_over(case_id: int):
    case = _found(case_id)
    return render_template("cases/take_over.html", case=case, who=names(), now=now())


@bp.post("/<int:case_id>/take-over")
@access("cases")
def take_over(case_id: int):
    return _act(case_id, work.take_over, _("It is yours now. Read what was said before you write."), "reply")


@bp.get("/<int:case_id>/hand-over")
@access("cases")
def ask_hand_over(case_id: int):
    return _hand_over_page(_found(case_id))


def _hand_over_page(case: Case, mistake: str = ""):
    return render_template("cases/hand_over.html", case=case, colleagues=_colleagues(case), mistake=mistake)


def _colleagues(case: Case) -> list[Officer]:
    """Who may have this case."""
    needed = "safeguarding" if case.restricted else "cases"
    return [each for each in accounts.everybody(rt.db) if each.may(needed) and each.id != case.claimed_by]


@bp.post("/<int:case_id>/hand-over")
@access("cases")
def hand_over(case_id: int):
    case = _found(case_id)
    to = id_of(request.form.get("to", "")) or 0
    try:
        work.hand_over(rt.db, case_id, by=officer.id, to=to, version=_version(), now=now())
    except Mistake as mistake:
        if mistake.code in _LOOK_AGAIN:
            return not_done(case_id, mistake)
        return _hand_over_page(case, told(mistake)), status_of(mistake)
    return done(case_id, _("Handed to %(who)s.", who=names()(to)))


@bp.get("/<int:case_id>/restrict")
@access("cases")
def ask_restrict(case_id: int):
    return render_template("cases/restrict.html", case=_found(case_id))


@bp.post("/<int:case_id>/restrict")
@access("cases")
def restrict(case_id: int):
    """Whoever is not trained hides the case from themselves, and cannot bring it back."""
    on = request.form.get("restricted") == "1"
    try:
        work.restrict(rt.db, case_id, by=officer.id, on=on, version=_version(), now=now())
    except Mistake as mistake:
        return _in_the_way(case_id, mistake)
    told_ = _("Only safeguarding staff see it now.") if on else _("Everybody at the desk sees it again.")
    if on and not officer.may("safeguarding"):
        flash(told_, "good")
        return redirect(url_for("cases.index"), 303)
    return done(case_id, told_)


@bp.get("/<int:case_id>/close")
@access("cases")
def ask_close(case_id: int):
    return _close_page(_found(case_id), request.args.to_dict())


def _close_page(case: Case, given: dict, mistake: str = ""):
    given = {"outcome": "", "words": "", "seen": "", **given}
    return render_template("cases/close.html", case=case, given=given, outcomes=OUTCOMES, mistake=mistake)


@bp.post("/<int:case_id>/close")
@access("cases")
def close(case_id: int):
    case, given = _found(case_id), request.form.to_dict()
    try:
        work.close(
            rt.db, case_id, by=officer.id, outcome=given.get("outcome", ""), words=given.get("words", ""),
            version=_version(), seen=request.form.get("seen", None, int), now=now(),
        )  # fmt: skip
    except Mistake as mistake:
        if mistake.code in _LOOK_AGAIN:
            return not_done(case_id, mistake)
        return _close_page(case, given, told(mistake)), status_of(mistake)
    flash(_("Case %(n)s is closed. The machine answers this person again.", n=case_id), "good")
    return redirect(url_for("cases.index"), 303)


def _found(case_id: int) -> Case:
    return queue.show(rt.db, officer, case_id)
