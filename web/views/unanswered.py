"""What the bot could not answer: groups of alike questions, and what people make of them. The bot learns nothing before
another person has approved it.
"""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bots.outside import lines as outside
from bots.unanswered import deciding, showing
from bots.unanswered.model import OPEN, STATUSES, last_weeks
from campaigns import areas
from messages.errors import Mistake
from web import unanswered_words as words
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, reader, rt
from web.story import names

bp = Blueprint("unanswered", __name__, url_prefix="/unanswered")
#: Groups on a page, and weeks to choose from.
A_PAGE, WEEKS = 30, 12
MOST_PAGES = 10_000


@bp.get("")
@access("read")
def index():
    status = request.args.get("status", OPEN)
    status = status if status in STATUSES else OPEN
    area, week = request.args.get("area", ""), request.args.get("week", "")
    page = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    found = showing.groups(
        rt.db, now=now(), status=status, area=area or None, week=week or None, limit=A_PAGE + 1,
        offset=(page - 1) * A_PAGE,
    )  # fmt: skip
    place = _places()
    return render_template(
        "unanswered/index.html",
        groups=found[:A_PAGE],
        more=len(found) > A_PAGE,
        page=page,
        chosen={"status": status, "area": area, "week": week},
        counts=showing.counts(rt.db),
        areas=[(code, place(code)) for code in showing.areas(rt.db)],
        weeks=[(monday, date.fromisoformat(monday)) for monday in reversed(last_weeks(now(), WEEKS))],
        place=place,
        waiting=len(outside.waiting(rt.db)),
        words=words,
        title_of=_title,
        page_address=lambda n: url_for("unanswered.index", page=n, status=status, area=area, week=week),
    )


@bp.get("/<int:group_id>")
@access("read")
def show(group_id: int):
    return _page(group_id)


def _page(group_id: int, mistake: str = "", lines: str | None = None):
    group, asked = showing.group(rt.db, group_id, now=now()), showing.wordings(rt.db, group_id)
    book, engine = rt.book, rt.engine
    near = showing.nearest(engine, [each.text for each in asked])
    places, few = words.place_bars(group.areas, _places())
    titles = sorted(((book.answer(name, reader()).title, name) for name in book.topics), key=lambda each: each[0])
    return render_template(
        "unanswered/show.html",
        title=group.line or _("Group %(n)s", n=group_id),
        group=group,
        asked=asked,
        lines="\n".join(showing.whole(asked)[:8]) if lines is None else lines,
        near=[each for each in near if each.topic in book.topics],
        topic=request.form.get("topic") or (near[0].topic if near else ""),
        topics=[(name, title) for title, name in titles],
        title_of=_title,
        week_bars=words.week_bars(showing.weeks(rt.db, group_id)),
        places=places,
        few=few,
        outside=outside.of_group(rt.db, group_id),
        deciding=officer.may("questions") and group.decision is None,
        may_decide=officer.may("questions"),
        words=words,
        who=names(),
        mistake=mistake,
    )


def _title(topic: str | None) -> str:
    return rt.book.answer(topic, reader()).title if topic in rt.book.topics else topic or ""


def _places():
    with rt.db.reading() as c:
        known = areas.names(c)
    return lambda code: known.get(code, code)


@bp.post("/<int:group_id>/example")
@access("questions")
def example(group_id: int):
    return _decided(group_id, _example, _("Sent for approval: once another person has approved it, the bot learns it."))


def _example(group_id: int) -> str:
    version_id = deciding.make_example(
        rt.db, rt.answers.shipped, group_id, topic=request.form.get("topic", ""), lines=request.form.get("lines", ""),
        today=now().date(), by=officer.id, now=now(),
    )  # fmt: skip
    return url_for("answer_versions.show", version_id=version_id)


@bp.post("/<int:group_id>/outside")
@access("questions")
def mark(group_id: int):
    return _decided(group_id, _mark, _("Sent for approval: another person must agree that they are none of ours."))


def _mark(group_id: int) -> None:
    deciding.mark_outside(
        rt.db, rt.engine, group_id, lines=request.form.get("lines", ""), by=officer.id, now=now()
    )


@bp.post("/<int:group_id>/ignore")
@access("questions")
def ignore(group_id: int):
    return _decided(group_id, _ignore, _("Set aside. Whoever asks the same is counted there."))


def _ignore(group_id: int) -> None:
    deciding.ignore(rt.db, group_id, by=officer.id, now=now())


@bp.post("/<int:group_id>/reopen")
@access("questions")
def reopen(group_id: int):
    return _decided(group_id, _reopen, _("Open again."))


def _reopen(group_id: int) -> None:
    deciding.reopen(rt.db, group_id, by=officer.id, now=now())


def _decided(group_id: int, step, sentence: str):
    """Carries out a decision; on a mistake the page again, with the lines as they were written."""
    try:
        address = step(group_id)
    except Mistake as mistake:
        if mistake.code == "questions-unknown":
            raise
        return _page(group_id, told(mistake), request.form.get("lines")), status_of(mistake)
    flash(sentence, "good")
    return redirect(address or url_for("unanswered.show", group_id=group_id), 303)
