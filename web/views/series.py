"""Series: waves that come again by themselves, under a rule that a second officer approved."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import audience, authoring, lists, programme, routing, series
from campaigns.model import Form
from campaigns.series import SERIES_STEPS, Series, SeriesStatus
from messages.errors import Mistake
from staff import audit
from web import choosing, month, repeats
from web.access import access
from web.audiences import told as whom
from web.errors import status_of, told
from web.here import now, officer, rt
from web.language import calendar, moment
from web.story import actors, bodies, names
from web.words import ACTIONS, FORMS

bp = Blueprint("series", __name__, url_prefix="/series")
#: Occurrences told in advance.
COMING = 10


@bp.get("")
@access("read")
def index():
    every = series.all(rt.db)
    coming = {each.id: _next(each) for each in every}
    return render_template("series/index.html", every=every, coming=coming, rhythm=repeats.rhythm)


def _next(each: Series):
    """The moment of the next occurrence of a running series."""
    told_ahead = series.upcoming(each, now(), 1) if each.status == SeriesStatus.ACTIVE else []
    return told_ahead[0][1] if told_ahead else None


@bp.get("/new")
@access("waves")
def new():
    return _form(repeats.given(request.args), _("Plan a series"))


@bp.post("/new")
@access("waves")
def create():
    form = repeats.given(request.form)
    if request.form.get("do") == "find":
        return _form(form, _("Plan a series"))
    try:
        series_id = series.plan(rt.db, by=officer.id, now=now(), **repeats.values_of(form, now()))
    except Mistake as mistake:
        return _form(form, _("Plan a series"), mistake), status_of(mistake)
    return redirect(url_for("series.show", series_id=series_id), 303)


@bp.get("/<int:series_id>/edit")
@access("waves")
def edit(series_id: int):
    return _form(repeats.form_of(series.show(rt.db, series_id).series), _("Edit the series"))


@bp.post("/<int:series_id>/edit")
@access("waves")
def change(series_id: int):
    form = repeats.given(request.form)
    if request.form.get("do") == "find":
        return _form(form, _("Edit the series"))
    try:
        series.change(rt.db, series_id, by=officer.id, now=now(), **repeats.values_of(form, now()))
    except Mistake as mistake:
        return _form(form, _("Edit the series"), mistake), status_of(mistake)
    return _done(series_id, _("Saved as a draft: it makes no waves until it is approved again."))


@bp.post("/count")
@access("waves")
def count():
    """What follows the choosing: who is picked, and how many they are today. Nothing is kept."""
    form = repeats.given(request.form)
    return render_template("series/count.html", plan=form, **_people(form))


def _people(form: Mapping) -> dict:
    found = {
        "lists": choosing.of_lists(form["lists"], form["find_lists"]),
        "areas": choosing.of_areas(form["areas"], form["find_areas"]),
    }
    return {"picks": found, **_counted(form)}


def _counted(form: Mapping) -> dict:
    """Everybody who stands behind the rule today; `trouble` says why they cannot be counted."""
    try:
        those = audience.checked(rt.db, repeats.values_of(form, now())["audience"])
    except Mistake as mistake:
        return {"counted": None, "trouble": told(mistake)}
    traits = routing.traits_of(rt.db, form["gateway"], rt.gateways)
    leaves = traits is None or traits.leaves_machine
    counted = audience.count(rt.db, those, form=form["form"], leaves_machine=leaves, now=now())
    return {"counted": counted, "trouble": ""}


def _form(form: dict, title: str, mistake: Mistake | None = None):
    return render_template(
        "series/edit.html",
        title=title,
        form=form,
        any_lists=bool(lists.all(rt.db)),
        messages=[(str(each.id), each.title) for each in authoring.messages(rt.db)],
        forms=[(each.value, FORMS[each.value]) for each in Form],
        gateways=choosing.gateways(),
        campaigns=[(str(each.campaign.id), each.campaign.name) for each in programme.all(rt.db)],
        weekdays=month.week(),
        wrong={repeats.field_of(mistake): told(mistake)} if mistake else {},
        mistake=told(mistake) if mistake else "",
        **_people(form),
    )


@bp.get("/<int:series_id>")
@access("read")
def show(series_id: int):
    shown = series.show(rt.db, series_id)
    return render_template(
        "series/show.html",
        title=shown.series.name,
        shown=shown,
        series=shown.series,
        rhythm=repeats.rhythm(shown.series.table),
        whom=whom(shown.series.audience),
        bodies_on_phone=[(text, words) for words, text in bodies(shown.series, shown.texts)],
        coming=repeats.coming(shown.series, now(), COMING),
        missed=[calendar(date.fromisoformat(day)) for day in shown.missed],
        steps=_steps(shown.series),
        waits=shown.series.status == SeriesStatus.SUBMITTED and shown.series.author_id == officer.id,
        who=names(),
        story=_story(series_id),
    )


def _steps(found: Series) -> set[str]:
    """What this person may do with the series now."""
    needed = {step: "approve" if step in ("approve", "return") else "waves" for step in SERIES_STEPS}
    able = {step for step, held in needed.items() if found.status in SERIES_STEPS[step] and officer.may(held)}
    return able - {"approve"} if found.author_id == officer.id else able


def _story(series_id: int) -> list[tuple[str, str, str]]:
    """For components.timeline: every step taken, the last ones when there are many."""
    who = actors()
    rows = [row for row in reversed(audit.latest(rt.db, 20, about=f"series:{series_id}")) if row.action in ACTIONS]
    return [(str(ACTIONS[row.action]), f"{who(row.actor)} · {moment(row.at)}", "done") for row in rows]


@bp.post("/<int:series_id>/submit")
@access("waves")
def submit(series_id: int):
    series.submit(
        rt.db, series_id, by=officer.id, now=now(), hosts=(rt.settings.public_url,), gateways=rt.gateways
    )
    return _done(series_id, _("Sent for approval. Another officer looks at it."))


@bp.get("/<int:series_id>/review")
@access("approve")
def review(series_id: int):
    return _review(series_id)


def _review(series_id: int, mistake: str = ""):
    shown = series.show(rt.db, series_id)
    form = repeats.form_of(shown.series)
    return render_template(
        "series/review.html",
        title=_("Approve this series?"),
        shown=shown,
        series=shown.series,
        rhythm=repeats.rhythm(shown.series.table),
        whom=whom(shown.series.audience),
        bodies_on_phone=[(text, words) for words, text in bodies(shown.series, shown.texts)],
        coming=repeats.coming(shown.series, now(), 3),
        author=names()(shown.series.author_id),
        mistake=mistake,
        **_counted(form),
    )


@bp.post("/<int:series_id>/approve")
@access("approve")
def approve(series_id: int):
    """Stands behind exactly the rule that was shown."""
    form = request.form
    try:
        series.approve(
            rt.db, series_id, by=officer.id, digest=form.get("digest", ""), note=form.get("note", ""), now=now(),
            hosts=(rt.settings.public_url,), gateways=rt.gateways,
        )  # fmt: skip
    except Mistake as mistake:
        return _review(series_id, told(mistake)), status_of(mistake)
    return _done(series_id, _("Approved. It runs from its next hour on."))


@bp.post("/<int:series_id>/return")
@access("approve")
def send_back(series_id: int):
    note = request.form.get("note", "").strip()
    if not note:
        return _review(series_id, told(Mistake("note-missing"))), 422
    series.return_to_author(rt.db, series_id, by=officer.id, note=note, now=now())
    return _done(series_id, _("Returned to the author with your note."))


@bp.post("/<int:series_id>/pause")
@access("waves")
def pause(series_id: int):
    series.pause(rt.db, series_id, reason=request.form.get("reason", ""), by=officer.id, now=now())
    return _done(series_id, _("Paused. It makes no waves until somebody lets it go on."))


@bp.post("/<int:series_id>/resume")
@access("waves")
def resume(series_id: int):
    series.resume(rt.db, series_id, by=officer.id, now=now())
    return _done(series_id, _("It goes on with its next hour."))


@bp.get("/<int:series_id>/end")
@access("waves")
def ask_end(series_id: int):
    shown = series.show(rt.db, series_id)
    return render_template("series/end.html", title=_("End this series for good?"), series=shown.series)


@bp.post("/<int:series_id>/end")
@access("waves")
def end(series_id: int):
    series.end(rt.db, series_id, by=officer.id, now=now())
    return _done(series_id, _("Ended for good."))


def _done(series_id: int, words: str):
    flash(words, "good")
    return redirect(url_for("series.show", series_id=series_id), 303)
