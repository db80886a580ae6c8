"""Messages: written in Vietnamese with and without accents and in English; measured, priced, read over as one types."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns import authoring, prices, trials
from campaigns.authoring import Version
from messages.errors import Mistake
from sms.meter import mend
from sms.segments import count as segments_of
from staff import phone
from web.access import access
from web.differences import Piece, differences
from web.drafts import NAMES, WHILE_TYPING, Draft, chosen_lists, draft, given_of, words_of
from web.errors import status_of, told
from web.here import now, officer, rt
from web.story import names

bp = Blueprint("messages", __name__, url_prefix="/messages")
PAGE = 50


@dataclass(frozen=True)
class Clash:
    """Somebody else saved `version` while this person wrote; `pieces`: by box, from theirs to what stands in it."""

    version: Version
    who: str
    pieces: Mapping[str, list[Piece]]


@bp.get("")
@access("read")
def index():
    find = request.args.get("find", "").strip()
    found = authoring.messages(rt.db, find)
    last = max(1, -(-len(found) // PAGE))
    page = min(max(request.args.get("page", 1, int), 1), last)
    known = prices.on(rt.db, rt.settings["SMS_GATEWAY"], now())
    return render_template(
        "messages/index.html",
        messages=[_row(each, known) for each in found[(page - 1) * PAGE : page * PAGE]],
        find=find,
        page=page,
        last=last,
        page_address=partial(_page_address, find),
    )


def _page_address(find: str, page: int) -> str:
    return url_for("messages.index", find=find or None, page=page)


def _row(version: Version, known: Mapping[str, int]) -> dict:
    texts, words = given_of(version.texts), words_of()
    segments = {name: segments_of(texts[name]).segments for name in NAMES if texts[name]}
    dearest = max(known.values(), default=None)
    return {
        "id": version.message_id,
        "title": version.title,
        "number": version.number,
        "advert": version.advert,
        "written_at": version.written_at,
        "forms": [(words[name], n, None if dearest is None else n * dearest) for name, n in segments.items()],
    }


@bp.get("/new")
@access("write-messages")
def new():
    return _editor(draft({"list": request.args.get("list", "")}, now()), title=_("Write a message"))


@bp.post("/new")
@access("write-messages")
def create():
    return _save(None, _("Write a message"))


@bp.get("/<int:message_id>/edit")
@access("write-messages")
def edit(message_id: int):
    version = _newest(message_id)
    return _editor(_draft_of(version), title=_("Edit: %(title)s", title=version.title), began=version.id)


@bp.post("/<int:message_id>/edit")
@access("write-messages")
def change(message_id: int):
    return _save(message_id, _("Edit: %(title)s", title=_newest(message_id).title))


def _save(message_id: int | None, title: str):
    """Saves; or, by the other buttons, takes the offered text, replaces dear characters, or only measures anew."""
    given, done = request.form.to_dict(), request.form.get("do", "save")
    began = request.form.get("began", None, int)
    if done != "save":
        changed = _helped(given, done)
        return _editor(draft(changed, now()), title=title, began=began, taken=done == "take")
    try:
        version_id = authoring.write(rt.db, message_id=message_id, expected=began, **_values(given))
    except Mistake as mistake:
        clash = _clash(message_id, given) if mistake.code == "message-changed-meanwhile" else None
        began = clash.version.id if clash else began
        page = _editor(draft(given, now()), title=title, began=began, mistake=told(mistake), clash=clash)
        return page, 409 if clash else status_of(mistake)
    _tell_saved(version_id)
    saved = authoring.version(rt.db, version_id)
    return redirect(url_for("messages.show", message_id=saved.message_id, list=given.get("list") or None), 303)


def _values(given: Mapping[str, str]) -> dict:
    texts = {name: given.get(name, "") for name in NAMES}
    advert = bool(given.get("advert"))
    return {**texts, "title": given.get("title", ""), "advert": advert, "by": officer.id, "now": now()}


def _helped(given: Mapping[str, str], done: str) -> dict[str, str]:
    """The form after a button that changes a box; nothing is saved."""
    if done == "take":
        return {**given, "vi_unaccented": given.get("suggestion", "")}
    box = done.removeprefix("mend-")
    return {**given, box: mend(given.get(box, ""))} if done.startswith("mend-") and box in NAMES else dict(given)


def _clash(message_id: int, given: Mapping[str, str]) -> Clash:
    version = _newest(message_id)
    theirs, mine = given_of(version.texts), draft(given, now()).texts
    pieces = {name: differences(theirs[name], mine[name]) for name in NAMES if theirs[name] != mine[name]}
    return Clash(version, names()(version.written_by), pieces)


def _tell_saved(version_id: int) -> None:
    left = len(authoring.blocking(rt.db, version_id, hosts=(rt.settings.public_url,)))
    flash(_("Saved as a new version. Waves planned before keep the text they were planned with."), "good")
    if left:
        flash(ngettext("%(num)s thing must be mended before it can be sent for approval.",
                       "%(num)s things must be mended before it can be sent for approval.", left), "warn")  # fmt: skip


def _editor(shown: Draft, *, title: str, began: int | None = None, mistake: str = "", taken=False, clash=None):
    return render_template(
        "messages/edit.html",
        draft=shown,
        title=title,
        began=began,
        mistake=mistake,
        taken=taken,
        clash=clash,
        lists=chosen_lists(shown.list_id),
    )


@bp.post("/count")
@access("write-messages")
def count():
    """What follows the typing: meters, prices, findings and the phone, for the words just typed. Nothing is kept."""
    return render_template("messages/count.html", draft=draft(request.form, now(), most=WHILE_TYPING))


@bp.get("/<int:message_id>")
@access("read")
def show(message_id: int):
    version = _newest(message_id)
    shown = _draft_of(version)
    return render_template(
        "messages/show.html",
        title=version.title,
        version=version,
        draft=shown,
        author=names()(version.written_by),
        lists=chosen_lists(shown.list_id),
        tests=trials.of_message(rt.db, message_id, staff_id=officer.id),
        own_number=phone.of(rt.db, officer.id),
    )


def _newest(message_id: int) -> Version:
    versions = authoring.versions(rt.db, message_id)
    if not versions:
        raise Mistake("message-unknown", id=message_id)
    return versions[0]


def _draft_of(version: Version) -> Draft:
    given = {"title": version.title, "advert": version.advert, "starter": version.starter}
    return draft({**given, **given_of(version.texts), "list": request.args.get("list", "")}, now())
