"""Messages: written in Vietnamese with and without accents and in English, counted and priced while one types."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import authoring
from messages.errors import Mistake
from sms.segments import count as segments_of
from sms.unaccent import unaccent
from staff import accounts
from web.access import access
from web.drafts import NAMES, Draft, draft, texts_of
from web.errors import status_of, told
from web.here import now, officer, rt

bp = Blueprint("messages", __name__, url_prefix="/messages")


@bp.get("")
@access("read")
def index():
    return render_template("messages/index.html", messages=[_row(each) for each in authoring.messages(rt.db)])


def _row(version: authoring.Version) -> dict:
    texts = texts_of(version.texts)
    words = {"vi": _("with accents"), "vi_unaccented": _("without accents"), "en": _("English")}
    return {
        "id": version.message_id,
        "title": version.title,
        "number": version.number,
        "written_at": version.written_at,
        "languages": ", ".join(words[name] for name in NAMES if texts[name]),
        "segments": " / ".join(str(segments_of(texts[name]).segments) for name in NAMES if texts[name]),
    }


@bp.get("/new")
@access("write-messages")
def new():
    return _editor(_draft({}), title=_("Write a message"))


@bp.post("/new")
@access("write-messages")
def create():
    return _save(None, _("Write a message"))


@bp.get("/<int:message_id>/edit")
@access("write-messages")
def edit(message_id: int):
    version = _newest(message_id)
    given = {"title": version.title, **texts_of(version.texts)}
    return _editor(_draft(given), title=_("Edit: %(title)s", title=version.title))


@bp.post("/<int:message_id>/edit")
@access("write-messages")
def change(message_id: int):
    return _save(message_id, _("Edit: %(title)s", title=_newest(message_id).title))


def _save(message_id: int | None, title: str):
    """Saves; or, by the other buttons, offers a text without accents or puts the offered one into its box."""
    given = request.form.to_dict()
    if given.get("do") == "suggest":
        return _editor(_draft(given), title=title, suggestion=unaccent(given.get("vi", "")).strip())
    if given.get("do") == "take":
        return _editor(_draft({**given, "vi_unaccented": given.get("suggestion", "")}), title=title)
    texts = {name: given.get(name, "") for name in NAMES}
    try:
        version_id = authoring.write(
            rt.db,
            title=given.get("title", ""),
            message_id=message_id,
            by=officer.id,
            now=now(),
            **texts,
        )
    except Mistake as mistake:
        return _editor(_draft(given), title=title, mistake=told(mistake)), status_of(mistake)
    flash(_("Saved as a new version. Waves planned before keep the text they were planned with."), "good")
    return redirect(url_for("messages.show", message_id=authoring.version(rt.db, version_id).message_id), 303)


def _editor(shown: Draft, *, title: str, mistake: str = "", suggestion: str = ""):
    return render_template("messages/edit.html", draft=shown, title=title, mistake=mistake, suggestion=suggestion)


@bp.post("/count")
@access("write-messages")
def count():
    """What follows the typing: meters, prices and the phone, for the words just typed. Nothing is kept."""
    return render_template("messages/count.html", draft=_draft(request.form))


@bp.get("/<int:message_id>")
@access("read")
def show(message_id: int):
    version = _newest(message_id)
    author = accounts.by_id(rt.db, version.written_by) if version.written_by else None
    return render_template(
        "messages/show.html",
        title=version.title,
        version=version,
        draft=_draft(texts_of(version.texts)),
        author=author.name if author else _("the operator of the server"),
    )


def _newest(message_id: int) -> authoring.Version:
    versions = authoring.versions(rt.db, message_id)
    if not versions:
        raise Mistake("message-unknown", id=message_id)
    return versions[0]


def _draft(given) -> Draft:
    return draft(rt.db, rt.settings["SMS_GATEWAY"], now(), title=given.get("title", ""), texts=given)
