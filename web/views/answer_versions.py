"""One version of an answer: what it changes, what is to be mended, its replay; and what is decided about it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bots.answering import replays, versions
from bots.answering.replay import OUTSIDE, Difference
from bots.answering.versions import Shown
from campaigns.masking import masked_inside
from messages.errors import Mistake
from web import answer_words as words
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, reader, rt
from web.story import names

bp = Blueprint("answer_versions", __name__, url_prefix="/answers/versions/<int:version_id>")
#: Differences of a replay that are listed.
LISTED = 60


@bp.get("")
@access("read")
def show(version_id: int):
    return _page(version_id)


def _page(version_id: int, mistake: str = ""):
    shown = _shown(version_id)
    version, authors = shown.version, versions.authors(rt.db, version_id)
    return render_template(
        "answers/version.html",
        title=version.content.answer.title,
        version=version,
        chip=words.STATES[version.status],
        language_words=words.LANGUAGES[version.language],
        changes=words.changes(shown.now, version.content),
        new=shown.now is None,
        remarks=words.told(shown.remarks),
        blocked=any(remark.blocking for remark in shown.remarks),
        forms=words.forms(version.content.answer, version.language),
        facts=words.facts(rt.book, version.content.answer.sources),
        claim=words.claim,
        reading=shown.reading,
        own=officer.id in authors,
        who=names(),
        mistake=mistake,
        **_replayed(shown),
    )


def _shown(version_id: int) -> Shown:
    return versions.show(rt.db, rt.answers.shipped, version_id, today=now().date())


def _replayed(shown: Shown) -> dict:
    replay = replays.newest(rt.db, shown.version)
    found = replay.result.differences if replay and replay.result else ()
    routed = [each for each in found if not each.reworded]
    order = {"worse": 0, "better": 1}
    routed.sort(key=lambda each: order.get(each.verdict, 2))
    return {
        "replay": replay,
        "working": replay is not None and replay.status in ("waiting", "working"),
        "differences": [_listed(each) for each in routed[:LISTED]],
        "routed": len(routed),
        "reworded": len(found) - len(routed),
        "better": sum(each.verdict == "better" for each in routed),
        "worse": sum(each.verdict == "worse" for each in routed),
    }


def _listed(each: Difference) -> dict:
    """What somebody asked is shown to those alone who may read conversations, and never with a number in full."""
    hidden = each.origin == "asked" and not officer.may("cases")
    return {
        "text": _("(what a person asked)") if hidden else masked_inside(each.text),
        "asked": each.origin == "asked",
        "before": _outcome(each.before),
        "after": _outcome(each.after),
        "right": _title(each.right) if each.right else "",
        "verdict": each.verdict,
    }


def _outcome(outcome) -> str:
    if outcome.topic is None:
        return _("does not know")
    title = _title(outcome.topic)
    return {"ask": _("asks: %(title)s?", title=title), "red": _("danger: %(title)s", title=title)}.get(
        outcome.verdict, title
    )


def _title(topic: str) -> str:
    book = rt.book
    if topic == OUTSIDE:
        return _("nothing that we answer")
    return book.answer(topic, reader()).title if topic in book.topics else topic


@bp.get("/replay")
@access("read")
def part(version_id: int):
    """The replay's part of the page, which looks again until it is done."""
    shown = _shown(version_id)
    page = render_template("answers/replay.html", version=shown.version, **_replayed(shown))
    return page


@bp.post("/replay")
@access("write-messages")
def replay(version_id: int):
    replays.ask(rt.db, version_id, by=officer.id, now=now())
    rt.wake.set()
    return redirect(url_for("answer_versions.show", version_id=version_id, _anchor="replay"), 303)


@bp.post("/submit")
@access("write-messages")
def submit(version_id: int):
    return _done(version_id, _submit, _("Sent for approval: somebody else must read it now."))


def _submit(version_id: int) -> None:
    versions.submit(rt.db, rt.answers.shipped, version_id, today=now().date(), by=officer.id, now=now())


@bp.post("/approve")
@access("approve")
def approve(version_id: int):
    return _done(version_id, _approve, _("Approved: the bot says these words within some seconds."))


def _approve(version_id: int) -> None:
    digest = request.form.get("digest", "")
    shipped = rt.answers.shipped
    versions.approve(rt.db, shipped, version_id, digest=digest, today=now().date(), by=officer.id, now=now())


@bp.post("/return")
@access("approve")
def send_back(version_id: int):
    return _done(version_id, _send_back, _("Returned to the author with your note."))


def _send_back(version_id: int) -> None:
    versions.return_to_author(rt.db, version_id, note=request.form.get("note", ""), by=officer.id, now=now())


@bp.post("/withdraw")
@access("write-messages")
def withdraw(version_id: int):
    """What is live is taken back by who may approve; a draft is given up by who may write."""
    return _done(version_id, _withdraw, _("Withdrawn: the answer that stood before it is said again."))


def _withdraw(version_id: int) -> None:
    live = _shown(version_id).version.status == "live"
    if live and not officer.may("approve"):
        raise Mistake("answers-not-approver")
    versions.withdraw(rt.db, version_id, note=request.form.get("note", ""), by=officer.id, now=now())


def _done(version_id: int, step, words_: str):
    try:
        step(version_id)
    except Mistake as mistake:
        if mistake.code == "answer-version-unknown":
            raise
        return _page(version_id, told(mistake)), status_of(mistake)
    flash(words_, "good")
    return redirect(url_for("answer_versions.show", version_id=version_id), 303)
