"""What came of waves: all of them in lines, one step by step, those of a campaign, two beside each other."""

from collections.abc import Sequence
from functools import cache

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from campaigns import experiments, holding_back, looks, programme, waves
from campaigns.figures import breakdowns, places, reading
from campaigns.figures import funnel as funnels
from campaigns.model import Wave
from campaigns.waves import browsing
from web import charting, charting_rates, rates, tables_out, verdicts, wave_comparing, wave_figures, wave_tables
from web.access import access
from web.here import rt
from web.ids import id_of
from web.words import reason, short_reason

bp = Blueprint("wave_figures", __name__, url_prefix="/figures")
#: Waves offered for comparison: those that opened last.
OFFERED = 200
#: Former districts in the drawing; all are in the table.
BARS = 12


@bp.context_processor
def _words() -> dict:
    return {"interval": lambda rate: rates.interval(rate.low, rate.high, rates.digits(rate))}


@bp.get("/waves")
@access("read")
def index():
    page = browsing.page(rt.db, browsing.WENT_OUT, number=request.args.get("page", 1, int))
    rows = _lines([wave for wave, _figures in page.waves])
    title = _("Waves in figures")
    found = tables_out.asked({"waves": lambda: wave_tables.of_waves(title, rows)})
    return found or render_template(
        "figures/waves.html", title=title, rows=rows, page=page, cost=wave_figures.cost_each(),
        address=lambda n: url_for("wave_figures.index", page=n),
    )  # fmt: skip


def _lines(those: list[Wave]) -> list[tuple[Wave, funnels.Funnel]]:
    began = [wave for wave in those if wave.opened_at]
    found = funnels.of_waves(rt.db, [wave.id for wave in began])
    return [(wave, found[wave.id]) for wave in began]


@bp.get("/waves/<int:wave_id>")
@access("read")
def show(wave_id: int):
    wave = waves.show(rt.db, wave_id).wave
    funnel = funnels.of_wave(rt.db, wave_id)
    by_place = cache(lambda: places.of_wave(rt.db, wave_id, wave_tables.MEASURES))
    found = tables_out.asked(wave_tables.of_wave(wave, funnel, by_place))
    if found:
        return found
    if not wave.opened_at:
        return render_template("figures/wave_to_come.html", title=wave.name, wave=wave)
    return render_template(
        "figures/wave.html", title=wave.name, wave=wave, funnel=funnel, **_parts(wave, funnel), places=by_place(),
        bars=_bars(by_place()), tells=places.any_told,
    )  # fmt: skip


def _parts(wave: Wave, funnel: funnels.Funnel) -> dict:
    over_time, by_carrier = wave_figures.over_time(wave.id), breakdowns.carriers(rt.db, wave.id)
    left_out = wave_figures.reasons(breakdowns.left_out(rt.db, wave.id), reason, funnel.selected)
    return {
        "said": wave_figures.in_words(funnel),
        "cost": wave_figures.cost_each()(funnel),
        "steps": wave_figures.steps(funnel),
        "drawn": _drawn(funnel, [(why, n) for why, n, _share in left_out]),
        "left_out": left_out,
        "lost": wave_figures.reasons(breakdowns.lost(by_carrier), short_reason, funnel.recipients),
        "links": reading.response_links(rt.db, wave.id),
        "over_time": over_time,
        "columns": charting.columns(
            _("Handed over"), [(when, list(cells.values())) for when, cells, _whole in over_time.rows],
            list(over_time.columns.values()), _("What was handed over in each hour or day, and where it stands now."),
        ),
        "carriers": wave_figures.carriers(by_carrier),
        "topics": wave_figures.topics(wave.id),
        "effect": wave_comparing.of_effect(holding_back.effect(rt.db, wave.id), wave.control),
        "compared": _wordings(wave),
    }  # fmt: skip


def _drawn(funnel: funnels.Funnel, left: Sequence[tuple[str, int | None]] = ()) -> charting_rates.Funnel:
    """`left`: why some were left out."""
    return charting_rates.funnel(
        _("From those chosen to those reached"),
        [(step.words, step.n, left if n == 0 else ()) for n, step in enumerate(wave_figures.steps(funnel)[:4])],
    )


def _bars(found: places.Places) -> charting_rates.RateBars:
    shown = [place for place in found.districts if place.code and place.delivered.rate]
    rows = [(place.name, place.delivered.rate) for place in shown[:BARS]]
    return charting_rates.rate_bars(_("Delivered, by former district"), rows)


def _wordings(wave: Wave) -> dict | None:
    """What may be said of a comparison of wordings, from the look that was kept."""
    experiment = experiments.show(rt.db, wave.id)
    if experiment is None:
        return None
    kept = looks.kept(experiment)
    if kept is None:
        return {"sentences": [_("Nobody has looked yet: it is counted every half hour.")], "arms": [], "at": None}
    seen, at = kept
    return {"sentences": verdicts.sentences(experiment, seen), "arms": verdicts.counted(seen), "at": at}


@bp.get("/campaigns/<int:campaign_id>")
@access("read")
def campaign(campaign_id: int):
    shown = programme.show(rt.db, campaign_id)
    rows = _lines([wave for wave, _figures in shown.waves])
    whole = funnels.together(funnel for _wave, funnel in rows)
    name = shown.campaign.name
    about = [_("Campaign: %(name)s", name=name)]
    found = tables_out.asked({"waves": lambda: wave_tables.of_waves(_("Waves of a campaign"), rows, about)})
    return found or render_template(
        "figures/campaign.html", title=name, campaign=shown.campaign, rows=rows, whole=whole,
        said=wave_figures.in_words(whole), steps=wave_figures.steps(whole), drawn=_drawn(whole),
        cost=wave_figures.cost_each(),
    )  # fmt: skip


@bp.get("/compare")
@access("read")
def compare():
    """Two waves that went out; with fewer than two in the address it asks for them."""
    offered = [wave for wave, _figures in browsing.opened(rt.db, OFFERED)]
    chosen = [_chosen(request.args.get(name, ""), offered) for name in ("a", "b")]
    pair = chosen if all(chosen) and chosen[0].id != chosen[1].id else []
    found = funnels.of_waves(rt.db, [wave.id for wave in pair])
    both = [found[wave.id] for wave in pair]
    rows = wave_comparing.compared(*both) if pair else []
    names = tuple(wave.name for wave in pair)
    file = tables_out.asked({"compared": lambda: wave_tables.compared(rows, names)} if pair else {})
    return file or render_template(
        "figures/compare.html", title=_("Compare two waves"), rows=rows, pair=pair, funnels=both,
        cost=wave_figures.cost_each(), choices=[(str(wave.id), wave.name) for wave in _with(offered, pair)],
        a=request.args.get("a", ""), b=request.args.get("b", ""), same=all(chosen) and not pair,
    )  # fmt: skip


def _chosen(text: str, offered: list[Wave]) -> Wave | None:
    """The wave an address names; older ones are found too. Raises Mistake: wave-unknown."""
    if not text:
        return None
    number = id_of(text) or 0
    known = next((wave for wave in offered if wave.id == number), None)
    wave = known or waves.show(rt.db, number).wave
    return wave if wave.opened_at else None


def _with(offered: list[Wave], pair: list[Wave]) -> list[Wave]:
    return offered + [wave for wave in pair if wave not in offered]
