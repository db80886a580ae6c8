"""Conversations that no case was made of: who, where and about what. What was said is read in a case, so whoever wants
to read it opens one, says why, and that is written down.
"""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from bots.cases import talks, work
from messages.errors import Mistake
from web.access import access
from web.casework import person_of
from web.errors import status_of, told
from web.here import now, officer, reader, rt
from web.views.cases.door import bp, done

PAGE = 50
LONGEST = 1000


@bp.get("/conversations")
@access("cases")
def conversations():
    page = min(max(request.args.get("page", 1, int), 1), 10_000)
    found = talks.recent(rt.db, officer, limit=PAGE + 1, after=(page - 1) * PAGE)
    return render_template(
        "cases/conversations.html",
        talks=found[:PAGE],
        person_of=person_of,
        topic_words=_topic_words,
        page=page,
        last=page + (len(found) > PAGE),
        page_address=lambda n: url_for("cases.conversations", page=n),
    )


def _topic_words(topic: str | None) -> str:
    known = rt.book.topics.get(topic)
    return known.answers[reader()].title if known else ""


@bp.get("/conversations/<int:conversation_id>/open")
@access("cases")
def ask_open(conversation_id: int):
    return _page(conversation_id, {"danger": "none", "words": ""})


def _page(conversation_id: int, given: dict, mistake: str = ""):
    talk = talks.show(rt.db, officer, conversation_id)
    return render_template(
        "cases/open.html", talk=talk, person=person_of(talk.platform, talk.address), given=given, mistake=mistake,
        longest=LONGEST,
    )


@bp.post("/conversations/<int:conversation_id>/open")
@access("cases")
def open_case(conversation_id: int):
    talks.show(rt.db, officer, conversation_id)
    given = {name: request.form.get(name, "") for name in ("danger", "words")}
    try:
        if not given["words"].strip():
            raise Mistake("case-note-empty")
        case_id = work.open_by_staff(rt.db, conversation_id, by=officer.id, now=now(), **given)
    except Mistake as mistake:
        return _page(conversation_id, given, told(mistake)), status_of(mistake)
    return done(case_id, _("The case is open."))
