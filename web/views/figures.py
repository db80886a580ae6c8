"""What went out, what arrived, what people asked, and what the desk made of it."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from bots import desk, talk_figures
from campaigns import areas, stats, waves
from web.access import access
from web.charts import delivery_bars, share_bars
from web.here import now, reader, rt
from web.live import area_bars, handed_over

bp = Blueprint("figures", __name__, url_prefix="/figures")
#: Topics on the page: the ones asked most.
TOPICS = 15
#: Days a reader may choose; 0 is from the beginning.
PERIODS = (7, 30, 90, 0)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


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


@bp.get("/talk")
@access("read")
def talk():
    """Conversations by platform, by poster, and the desk's waiting times."""
    days = _period()
    since = now() - timedelta(days=days) if days else _BEGINNING
    return render_template(
        "figures/talk.html",
        periods=[(url_for("figures.talk", days=n), _period_words(n), None, n == days) for n in PERIODS],
        platforms=talk_figures.by_platform(rt.db, since),
        desk=talk_figures.of_the_desk(rt.db, since),
        posters=share_bars(_named(talk_figures.began_by(rt.db, since))),
    )


def _period() -> int:
    asked = request.args.get("days", type=int)
    return asked if asked in PERIODS else 30


def _period_words(days: int) -> str:
    return _("%(n)s days", n=days) if days else _("Since the first day")


def _named(counts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """With the communes' names; a link's own code stays as it is."""
    with rt.db.reading() as c:
        names = areas.names(c)
    return [(names.get(code, code), n) for code, n in counts]


def _title(topic: str) -> str:
    known = rt.book.topics.get(topic)
    return known.answers[reader()].title if known else topic
