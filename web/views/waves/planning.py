"""Planning a wave on one page: who, what, when, how much; counted while one chooses, kept as a draft or submitted."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import authoring, lists, programme, routing, waves
from campaigns.model import Form
from messages.errors import Mistake
from web import choosing, plans
from web.access import access
from web.errors import status_of, told
from web.foresight import small
from web.here import now, officer, rt
from web.ids import id_of
from web.outlook import outlook
from web.views.waves.door import bp, done
from web.words import FORMS


@bp.get("/new")
@access("waves")
def new():
    return _page(plans.given(request.args))


@bp.post("/new")
@access("waves")
def create():
    return _save(None)


@bp.get("/<int:wave_id>/edit")
@access("waves")
def edit(wave_id: int):
    return _page(plans.plan_of(waves.show(rt.db, wave_id).wave), wave_id)


@bp.post("/<int:wave_id>/edit")
@access("waves")
def change(wave_id: int):
    return _save(wave_id)


@bp.post("/count")
@access("waves")
def count():
    """What follows the choosing: who is picked, how many, the phone, the hours, the money. Nothing is kept."""
    plan = plans.given(request.form)
    return render_template("waves/count.html", plan=plan, picks=_picks(plan), outlook=outlook(plan, now()))


def _save(wave_id: int | None):
    """Keeps the plan, and submits it by the other button; "count again" and a search keep nothing."""
    plan = plans.given(request.form)
    if request.form.get("do") == "count":
        return _page(plan, wave_id)
    try:
        values = plans.values_of(plan)
        kept = _keep(wave_id, values)
    except Mistake as mistake:
        return _page(plan, wave_id, mistake), status_of(mistake)
    if request.form.get("do") == "submit":
        return _submit(kept)
    return redirect(url_for("waves.show", wave_id=kept), 303)


def _keep(wave_id: int | None, values: dict) -> int:
    """The wave's id; counted, so that its page and its approver's know whom it reaches. A large one is counted by the
    task that looks for what nobody has counted yet.
    """
    if wave_id is None:
        wave_id = waves.plan(rt.db, by=officer.id, now=now(), **values)
    else:
        waves.change(rt.db, wave_id, by=officer.id, now=now(), **values)
    if routing.traits_of(rt.db, values["gateway"], rt.gateways) and small(values["audience"]):
        waves.preview(rt.db, wave_id, rt.gateways, now())
    return wave_id


def _submit(wave_id: int):
    """The draft stands, whatever submitting says: a mistake leads to its page, not to a second draft."""
    try:
        waves.submit(
            rt.db, wave_id, by=officer.id, now=now(), hosts=(rt.settings.public_url,), gateways=rt.gateways
        )
    except Mistake as mistake:
        return _page(plans.plan_of(waves.show(rt.db, wave_id).wave), wave_id, mistake), status_of(mistake)
    return done(wave_id, _("Sent for approval. Another officer sees it on the home page."))


def _page(plan: dict, wave_id: int | None = None, mistake: Mistake | None = None):
    title = _("Plan a wave") if wave_id is None else _("Edit: %(title)s", title=plan["name"])
    return render_template(
        "waves/plan.html",
        title=title,
        plan=plan,
        address=url_for("waves.new") if wave_id is None else url_for("waves.edit", wave_id=wave_id),
        back=url_for("waves.index") if wave_id is None else url_for("waves.show", wave_id=wave_id),
        mistake=told(mistake) if mistake else "",
        wrong={plans.field_of(mistake): told(mistake)} if mistake else {},
        picks=_picks(plan, wave_id),
        outlook=outlook(plan, now(), at_once=request.form.get("do") == "count"),
        **_choices(plan),
    )


def _picks(plan: dict, own: int | None = None) -> dict:
    return {
        "lists": choosing.of_lists(plan["lists"], plan["find_lists"]),
        "areas": choosing.of_areas(plan["areas"], plan["find_areas"]),
        "except_lists": choosing.of_lists(plan["except_lists"], ""),
        "except_waves": choosing.of_waves(plan["except_waves"], own),
    }


def _choices(plan: dict) -> dict:
    """What the boxes offer."""
    versions = authoring.messages(rt.db)
    known = [(str(each.id), each.title) for each in versions]
    if id_of(plan["version"]) and plan["version"] not in dict(known):  # planned with a wording that is older now
        known = _older(int(plan["version"])) + known
    return {
        "messages": known,
        "any_lists": bool(lists.all(rt.db)),
        "campaigns": [(str(each.campaign.id), each.campaign.name) for each in programme.all(rt.db) if _open(each)],
        "forms": [(form.value, FORMS[form.value]) for form in Form],
        "gateways": choosing.gateways(),
        "carriers": choosing.carriers(),
        "sources": choosing.sources(plan["sources"]),
    }


def _older(version_id: int) -> list[tuple[str, str]]:
    try:
        found = authoring.version(rt.db, version_id)
    except Mistake:
        return []
    return [(str(found.id), _("%(title)s (version %(n)s, as planned)", title=found.title, n=found.number))]


def _open(listed: programme.Listed) -> bool:
    return listed.campaign.closed_at is None
