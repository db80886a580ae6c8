"""Writing an answer: the form of a new version, of a new topic, and what happens when two people write at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bots.answering import versions
from bots.answering.content import Content, form_of, given, standing
from bots.answering.model import Version, is_topic
from bots.answering.proof import remarks
from bots.unanswered import deciding
from bots.unanswered import showing as unanswered
from bots.unanswered.choosing import MOST_LINES
from messages.errors import LANGUAGES, Mistake
from web import answer_words as words
from web.access import access
from web.differences import Piece
from web.errors import status_of, told
from web.here import now, officer, reader, rt

bp = Blueprint("answer_drafts", __name__, url_prefix="/answers")
#: How long a new answer holds unless somebody says otherwise.
HOLDS = timedelta(days=180)
_MEANWHILE = ("answer-changed-meanwhile", "answer-being-written", "answer-decided")


@dataclass(frozen=True)
class Begun:
    """What a form begins from: the version somebody works on, else the answer that stands; its digest and its boxes."""

    version: Version | None
    content: Content | None

    @property
    def digest(self) -> str:
        return self.content.digest if self.content else ""


@bp.get("/new")
@access("write-messages")
def new():
    return _new({})


@bp.post("/new")
@access("write-messages")
def create():
    """Only the name and the group: the words are written on the next page."""
    name, group = request.form.get("topic", "").strip(), request.form.get("group", "")
    if not is_topic(name) or name in rt.book.topics:
        mistake = Mistake("topic-name-wrong", name=name[:60])
        return _new(request.form, told(mistake)), status_of(mistake)
    asked = request.form.get("asked", type=int)
    language = unanswered.group(rt.db, asked, now=now()).language if asked else "vi"
    return redirect(url_for("answer_drafts.edit", topic=name, language=language, group=group, asked=asked), 303)


def _new(form: Mapping[str, str], mistake: str = ""):
    boxes = {"topic": "", "group": "", "asked": request.args.get("asked", ""), **form}
    return render_template(
        "answers/new.html", form=boxes, mistake=mistake, groups=list(words.GROUPS.items())
    )


@bp.get("/<topic>/<any(vi, en):language>/edit")
@access("write-messages")
def edit(topic: str, language: str):
    begun = _begun(topic, language)
    form = form_of(begun.content) if begun.content else {**_blank(topic), **_asked(language)}
    return _editor(topic, language, form, begun)


@bp.post("/<topic>/<any(vi, en):language>/edit")
@access("write-messages")
def save(topic: str, language: str):
    form = {**request.form, "group": _group(topic) or request.form.get("group", "")}
    try:
        content = given(form, language)
        if form.get("do") == "look":
            return _editor(topic, language, form, _begun(topic, language), looked=content)
        version_id = _kept(topic, language, content, form)
    except Mistake as mistake:
        if mistake.code in _MEANWHILE:
            return _clash(topic, language, form, mistake), 409
        return _editor(topic, language, form, _begun(topic, language), mistake=told(mistake)), status_of(mistake)
    if asked := request.form.get("asked", type=int):
        deciding.drafted(rt.db, asked, topic=topic, by=officer.id, now=now())
    flash(_("Kept as a draft. Nobody is told these words before another person has approved them."), "good")
    return redirect(url_for("answer_versions.show", version_id=version_id), 303)


def _kept(topic: str, language: str, content: Content, form: Mapping[str, str]) -> int:
    """The id of the version, begun or changed."""
    who = {"note": form.get("note", ""), "by": officer.id, "now": now()}
    number, began = form.get("version", ""), form.get("began", "")
    if number.isdecimal():
        versions.edit(rt.db, int(number), content=content, expected=began, **who)
        return int(number)
    return versions.draft(
        rt.db, rt.answers.shipped, topic=topic, language=language, content=content, base=began, **who
    )


def _begun(topic: str, language: str) -> Begun:
    """Raises Mistake: answer-unknown, for a topic that nobody may call so."""
    history = versions.history(rt.db, topic, language)
    if topic not in rt.book.topics and not history and not is_topic(topic):
        raise Mistake("answer-unknown", name=topic[:60])
    newest = next((each for each in history if each.open), None)
    if newest:
        return Begun(newest, newest.content)
    live = next((each.content for each in history if each.status == "live"), None)
    return Begun(None, live or standing(rt.answers.shipped, topic, language))


def _group(topic: str) -> str:
    """The group a topic has already; "" for a new one."""
    if topic in rt.book.topics:
        return rt.book.topics[topic].group
    written = versions.history(rt.db, topic)
    return written[0].content.group if written else request.args.get("group", "")


def _blank(topic: str) -> dict[str, str]:
    boxes = dict.fromkeys(words.PARTS, "")
    today = now().date()
    return {**boxes, "group": _group(topic), "reviewed": f"{today}", "expires": f"{today + HOLDS}"}


def _asked(language: str) -> dict[str, str]:
    """What people asked, where a new answer is begun from a group of questions."""
    number = request.args.get("asked", type=int)
    if number is None or unanswered.group(rt.db, number, now=now()).language != language:
        return {}
    lines = unanswered.whole(unanswered.wordings(rt.db, number))
    return {"asked": str(number), "questions": "\n".join(lines[:MOST_LINES])}


def _clash(topic: str, language: str, form: Mapping[str, str], mistake: Mistake):
    """Theirs beside ours: ours stays in the boxes, and saving again puts it over theirs."""
    begun, mine = _begun(topic, language), given(form, language)
    pieces = words.changes(begun.content, mine)
    return _editor(topic, language, form, begun, mistake=told(mistake), clash=pieces)


def _editor(
    topic: str, language: str, form: Mapping[str, str], begun: Begun, *, mistake: str = "",
    clash: list[tuple[object, list[Piece]]] | None = None, looked: Content | None = None,
):
    content = looked or begun.content
    moved = begun.digest if clash is not None or "began" not in form else form["began"]
    return render_template(
        "answers/edit.html",
        title=_("%(topic)s: %(language)s", topic=_title(topic), language=words.LANGUAGES[language]),
        topic=topic,
        written=language,
        form={**dict.fromkeys(words.PARTS, ""), "note": "", "asked": "", **form},
        fixed_group=_group(topic),
        groups=list(words.GROUPS.items()),
        began=moved,
        version=_version_of(begun, form, clash),
        mistake=mistake,
        clash=clash,
        remarks=words.told(_remarks(topic, language, content)) if content else [],
        forms=words.forms(content.answer, language) if content else [],
        words=words,
    )


def _version_of(begun: Begun, form: Mapping[str, str], clash) -> str:
    if clash is None and "version" in form:
        return form["version"]
    return str(begun.version.id) if begun.version else ""


def _remarks(topic: str, language: str, content: Content):
    second = next(each for each in LANGUAGES if each != language)
    return remarks(
        rt.book, topic, language, content, today=now().date(), other=_begun(topic, second).content
    )


def _title(topic: str) -> str:
    return rt.book.answer(topic, reader()).title if topic in rt.book.topics else topic
