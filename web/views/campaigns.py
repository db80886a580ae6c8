"""Campaigns: a goal, waves in their order, limits over all of them; waves laid out over places; the calendar."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns import authoring, layout, programme, series
from campaigns.model import Form, WaveStatus
from campaigns.pacing import ZONE
from messages.errors import Mistake
from web import choosing, layouts, month, plans
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.words import FORMS

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns")
#: Days of spending shown.
LAST_DAYS = 14
_FIELDS = ("name", "goal", "budget", "daily_cap", "starts_on", "ends_on")
#: The field a mistake is about; the others stand above the form.
_WRONG = {
    "campaign-unnamed": "name",
    "campaign-name-unusable": "name",
    "campaign-name-taken": "name",
    "campaign-goal-long": "goal",
    "budget-wrong": "budget",
    "quota-wrong": "daily_cap",
    "campaign-dates-wrong": "starts_on",
}


@bp.get("")
@access("read")
def index():
    return render_template("campaigns/index.html", campaigns=programme.all(rt.db))


@bp.get("/calendar")
@access("read")
def calendar():
    shown = _month(request.args.get("month", ""))
    return render_template(
        "campaigns/calendar.html",
        month=shown,
        weeks=month.weeks(shown, now()),
        before=month.beside(shown, -1),
        after=month.beside(shown, 1),
        month_name=month.name,
        weekday_name=month.weekday,
    )


def _month(text: str) -> date:
    """The first of the month "2026-12"; this month for anything else."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = now().astimezone(ZONE).date().replace(day=1)
    return found if programme.FIRST_YEAR <= found.year < programme.LAST_YEAR else _month("")


@bp.get("/new")
@access("waves")
def new():
    return _form(_given({}), _("New campaign"))


@bp.post("/new")
@access("waves")
def create():
    try:
        campaign_id = programme.create(rt.db, by=officer.id, now=now(), **_values(request.form))
    except Mistake as mistake:
        return _form(_given(request.form), _("New campaign"), mistake), status_of(mistake)
    return _done(campaign_id, _("The campaign stands. Lay its waves out, or plan them one by one."))


@bp.get("/<int:campaign_id>/edit")
@access("waves")
def edit(campaign_id: int):
    campaign = programme.show(rt.db, campaign_id).campaign
    there = {
        "name": campaign.name,
        "goal": campaign.goal,
        "budget": campaign.budget_vnd,
        "daily_cap": campaign.daily_cap,
        "starts_on": campaign.starts_on,
        "ends_on": campaign.ends_on,
    }
    return _form({name: "" if value is None else str(value) for name, value in there.items()}, _("Edit the campaign"))


@bp.post("/<int:campaign_id>/edit")
@access("waves")
def change(campaign_id: int):
    try:
        programme.change(rt.db, campaign_id, by=officer.id, now=now(), **_values(request.form))
    except Mistake as mistake:
        return _form(_given(request.form), _("Edit the campaign"), mistake), status_of(mistake)
    return _done(campaign_id, _("Saved."))


def _given(form) -> dict:
    return {name: form.get(name, "") for name in _FIELDS}


def _values(form) -> dict:
    """The arguments of programme.create. Raises Mistake: budget-wrong, quota-wrong, campaign-dates-wrong."""
    return {
        "name": form.get("name", ""),
        "goal": form.get("goal", ""),
        "budget_vnd": plans.budget_of({"budget": form.get("budget", "")}),
        "daily_cap": plans.quota_of({"daily_quota": form.get("daily_cap", "")}),
        "starts_on": _date(form.get("starts_on", "")),
        "ends_on": _date(form.get("ends_on", "")),
    }


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Mistake("campaign-dates-wrong") from error


def _form(form: dict, title: str, mistake: Mistake | None = None):
    wrong = {_WRONG.get(mistake.code, ""): told(mistake)} if mistake else {}
    return render_template(
        "campaigns/edit.html", form=form, title=title, wrong=wrong, mistake=told(mistake) if mistake else ""
    )


@bp.get("/<int:campaign_id>")
@access("read")
def show(campaign_id: int):
    shown = programme.show(rt.db, campaign_id)
    return render_template(
        "campaigns/show.html",
        title=shown.campaign.name,
        campaign=shown.campaign,
        shown=shown,
        series=series.of_campaign(rt.db, campaign_id),
        by_day=[(date.fromisoformat(day), *used) for day, used in shown.by_day.items()][-LAST_DAYS:],
        drafts=sum(wave.status == WaveStatus.DRAFT for wave, _figures in shown.waves),
        handed=sum(figures.total - figures["skipped"] - figures.left for _wave, figures in shown.waves),
        people=sum(figures.total - figures["skipped"] for _wave, figures in shown.waves),
    )


@bp.post("/<int:campaign_id>/close")
@access("waves")
def close(campaign_id: int):
    programme.close(rt.db, campaign_id, by=officer.id, now=now())
    return _done(campaign_id, _("Closed. It takes no more waves."))


@bp.post("/<int:campaign_id>/reopen")
@access("waves")
def reopen(campaign_id: int):
    programme.reopen(rt.db, campaign_id, by=officer.id, now=now())
    return _done(campaign_id, _("Open again."))


@bp.post("/<int:campaign_id>/submit-all")
@access("waves")
def submit_all(campaign_id: int):
    count = layout.submit_all(
        rt.db, campaign_id, by=officer.id, now=now(), hosts=(rt.settings.public_url,), gateways=rt.gateways
    )
    words = ngettext(
        "%(num)s wave was sent for approval. Each is looked at by itself.",
        "%(num)s waves were sent for approval. Each is looked at by itself.",
        count,
    )
    return _done(campaign_id, words)


@bp.post("/<int:campaign_id>/waves/<int:wave_id>/move")
@access("waves")
def move(campaign_id: int, wave_id: int):
    up = request.form.get("to") == "up"
    layout.move(rt.db, campaign_id, wave_id, rt.gateways, up=up, by=officer.id, now=now())
    return redirect(url_for("campaigns.show", campaign_id=campaign_id, _anchor="waves"), 303)


@bp.get("/<int:campaign_id>/layout")
@access("waves")
def ask_layout(campaign_id: int):
    return _layout(campaign_id, layouts.given(request.args))


@bp.post("/<int:campaign_id>/layout")
@access("waves")
def lay_out(campaign_id: int):
    form = layouts.given(request.form)
    if request.form.get("do") == "find":
        return _layout(campaign_id, form)
    try:
        ids = layout.lay_out(
            rt.db, campaign_id, rt.gateways, parts=layouts.parts_of(form), plan=layouts.plan_of(form),
            first=layouts.first_of(form, now()), order=form["order"], by=officer.id, now=now(),
        )  # fmt: skip
    except Mistake as mistake:
        return _layout(campaign_id, form, mistake), status_of(mistake)
    words = ngettext(
        "%(num)s wave is drafted. Look it over, then send it for approval.",
        "%(num)s waves are drafted. Look them over, then send them for approval.",
        len(ids),
    )
    return _done(campaign_id, words)


def _layout(campaign_id: int, form: dict, mistake: Mistake | None = None):
    return render_template(
        "campaigns/layout.html",
        title=_("Lay out waves"),
        campaign=programme.show(rt.db, campaign_id).campaign,
        form=form,
        districts=choosing.districts(),
        lists=choosing.of_lists(form["lists"], form["find_lists"]),
        messages=[(str(each.id), each.title) for each in authoring.messages(rt.db)],
        forms=[(each.value, FORMS[each.value]) for each in Form],
        gateways=choosing.gateways(),
        wrong={layouts.field_of(mistake): told(mistake)} if mistake else {},
        mistake=told(mistake) if mistake else "",
    )


def _done(campaign_id: int, words: str):
    flash(words, "good")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)
