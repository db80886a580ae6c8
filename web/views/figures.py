"""What went out, what arrived, what people asked."""

from flask import Blueprint, render_template

from bots import desk
from campaigns import stats, waves
from web.access import access
from web.charts import delivery_bars, share_bars
from web.here import reader, rt
from web.live import area_bars, handed_over

bp = Blueprint("figures", __name__, url_prefix="/figures")
#: Topics on the page: the ones asked most.
TOPICS = 15


@bp.get("")
@access("read")
def show():
    totals = stats.totals(rt.db)
    talk = desk.counts(rt.db)
    return render_template(
        "figures/show.html",
        figures=totals,
        handed_over=handed_over(totals),
        talk=talk,
        waves=delivery_bars((wave.name, figures.counts) for wave, figures in waves.all(rt.db, 20) if figures.total),
        areas=area_bars(rt.db),
        topics=share_bars((_title(topic), n) for topic, n in desk.topics(rt.db, TOPICS)),
    )


def _title(topic: str) -> str:
    known = rt.book.topics.get(topic)
    return known.answers[reader()].title if known else topic
