"""Answers that grow old: what expires, and what should be read over, with the reason."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from bots.answering import due
from web import answer_words as words
from web.access import access
from web.here import now, reader, rt

bp = Blueprint("answers_due", __name__, url_prefix="/answers/due")
#: Days the page looks ahead, and answers listed of those to read over.
AHEAD, LISTED = 190, 60


@bp.get("")
@access("read")
def index():
    book, today = rt.book, now().date()
    stale = due.stale(book, today, due.complaints(rt.db, now()))
    return render_template(
        "answers/due.html",
        expiring=due.expiring(book, today, due.AHEAD),
        later=len(due.expiring(book, today, AHEAD)),
        days=due.AHEAD,
        ahead=AHEAD,
        stale=[(each, _reasons(each)) for each in stale[:LISTED]],
        all=len(stale),
        title_of=lambda topic: book.answer(topic, reader()).title,
        languages=words.LANGUAGES,
    )


def _reasons(each: due.Stale) -> list[str]:
    """One sentence a kind of reason: an answer may rest on many old facts."""
    found: dict[str, list[due.Reason]] = {}
    for reason in each.reasons:
        found.setdefault(reason.code, []).append(reason)
    return [_in_words(code, reasons) for code, reasons in found.items()]


def _in_words(code: str, reasons: list[due.Reason]) -> str:
    what = ", ".join(f"{each.fact} ({each.what})" if each.fact else each.what for each in reasons)
    return {
        "expired": _("expired on %(what)s", what=what),
        "unread": _("nobody has read it over for %(what)s days", what=what),
        "unhelpful": _("people said that it did not help: %(what)s", what=what),
        "fact-ends": _("facts that end soon: %(what)s", what=what),
        "fact-old": _("old facts: %(what)s", what=what),
        "fact-fair": _("facts that are not new and only fairly sure: %(what)s", what=what),
    }[code]
