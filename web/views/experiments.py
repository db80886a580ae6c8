"""Comparing wordings inside a wave: planned beforehand, followed while answers come in, ended with a sentence."""

from dataclasses import dataclass
from itertools import repeat

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import authoring, experiments, waves
from campaigns.looks import CONVERSATION, LINK, REPLY, Experiment, Look
from campaigns.model import WAVE_STEPS, Form
from messages.errors import Mistake
from web import verdicts
from web.access import access
from web.errors import status_of, told
from web.here import now, officer, rt
from web.ids import id_of
from web.verdicts import LETTERS, Counted
from web.words import FORMS

bp = Blueprint("experiments", __name__, url_prefix="/experiments")


@bp.get("/<int:wave_id>")
@access("read")
def show(wave_id: int):
    return _page(wave_id)


def _page(wave_id: int, mistake: str = ""):
    shown = waves.show(rt.db, wave_id)
    experiment = experiments.show(rt.db, wave_id)
    may_plan = officer.may("waves") and shown.wave.status in WAVE_STEPS["change"]
    seen = experiments.look(rt.db, experiment, now()) if experiment and shown.wave.opened_at else None
    return render_template(
        "experiments/show.html",
        title=_("Compare wordings: %(title)s", title=shown.wave.name),
        wave=shown.wave,
        experiment=experiment,
        arms=_arms(experiment, seen),
        sentences=verdicts.sentences(experiment, seen) if seen else [],
        may_plan=may_plan,
        may_settle=officer.may("waves") and bool(experiment) and experiment.status == "running",
        form=_form(),
        versions=_versions(shown.wave),
        letters=[(n, arm) for n, arm in enumerate(LETTERS[: len(experiment.arms) if experiment else 0])],
        OUTCOMES=_outcomes(),
        outcomes=[(name, words) for name, words in _outcomes().items() if name == REPLY or shown.wave.link_target],
        mistake=mistake,
    )


@bp.post("/<int:wave_id>")
@access("waves")
def plan(wave_id: int):
    given = _form()
    try:
        sample = experiments.plan(
            rt.db,
            wave_id,
            others=[_wording(given[name]) for name in ("second", "third") if given[name]],
            outcome=given["outcome"],
            expected=_share(given["expected"]),
            smallest=_share(given["smallest"]),
            days=_days(given["days"]),
            by=officer.id,
            now=now(),
        )
    except Mistake as mistake:
        return _page(wave_id, told(mistake)), status_of(mistake)
    flash(_("Each wording needs %(n)s people. The wave is a draft again and needs approval.", n=sample), "good")
    return redirect(url_for("experiments.show", wave_id=wave_id), 303)


@bp.post("/<int:wave_id>/drop")
@access("waves")
def drop(wave_id: int):
    experiments.drop(rt.db, wave_id, by=officer.id, now=now())
    flash(_("The wave has one wording again."), "good")
    return redirect(url_for("waves.show", wave_id=wave_id), 303)


@bp.post("/<int:wave_id>/settle")
@access("waves")
def settle(wave_id: int):
    moved = experiments.settle(rt.db, wave_id, request.form.get("arm", -1, int), by=officer.id, now=now())
    flash(_("The comparison is over; %(n)s people who wait get that wording.", n=moved), "good")
    return redirect(url_for("experiments.show", wave_id=wave_id), 303)


def _form() -> dict[str, str]:
    usual = {"second": "", "third": "", "outcome": REPLY, "expected": "2", "smallest": "1", "days": "3"}
    return {name: request.form.get(name, value) for name, value in usual.items()}


def _wording(value: str) -> tuple[int, str]:
    version, _colon, form = value.partition(":")
    number = id_of(version)
    if number is None:
        raise Mistake("experiment-arms-wrong")
    return number, form


def _share(text: str) -> float:
    """Per cent as a person writes it."""
    try:
        return float(text.strip().rstrip("%").replace(",", ".")) / 100
    except ValueError as error:
        raise Mistake("experiment-shares-wrong") from error


def _days(text: str) -> int:
    return id_of(text) or 0


def _versions(wave) -> list[tuple[str, str]]:
    """Every wording there is but the wave's own: (value, words)."""
    found = []
    for version in authoring.messages(rt.db):
        forms = [form for form in (Form.VI, Form.VI_UNACCENTED) if version.texts.for_reader("vi", form)]
        found += [(f"{version.id}:{form}", f"{version.title} · {FORMS[form]}") for form in forms]
    return [(value, words) for value, words in found if value != f"{wave.version_id}:{wave.form}"]


def _outcomes() -> dict[str, str]:
    return {
        REPLY: _("People who write back by SMS"),
        LINK: _("Openings of the link in the text"),
        CONVERSATION: _("Chats begun behind the link"),
    }


@dataclass(frozen=True)
class ArmShown:
    """One wording on the page; `seen` is None before the wave goes out."""

    letter: str
    title: str
    texts: list[str]
    seen: Counted | None = None


def _arms(experiment: Experiment | None, seen: Look | None) -> list[ArmShown]:
    numbers = verdicts.counted(seen) if seen else repeat(None)
    return [_arm(n, *arm, each) for n, (arm, each) in enumerate(zip(experiment.arms if experiment else (), numbers,
                                                                  strict=False))]  # fmt: skip


def _arm(n: int, version_id: int, form: str, seen: Counted | None) -> ArmShown:
    version = authoring.version(rt.db, version_id)
    texts = [text for text in (version.texts.for_reader("vi", form), version.texts.for_reader("en", form)) if text]
    return ArmShown(LETTERS[n], f"{version.title} · {FORMS[form]}", list(dict.fromkeys(texts)), seen)
