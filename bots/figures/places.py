"""How much is asked where: by today's communes and by the former districts, masked once for pages and files."""

from collections.abc import Mapping

from bots.figures import reading
from campaigns import maps
from campaigns.figures.masking import masked_parts
from campaigns.periods import Period
from db.engine import Database

#: What the commune of a question is where it is not known.
UNKNOWN = ""
Cells = Mapping[str, int | None]


def of_month(db: Database, month: Period, whole: int) -> tuple[Cells, Cells]:
    """Commune → questions, UNKNOWN among them, and the names of former districts → questions; None = hidden. `whole`:
    all questions of the month. Nothing where of nobody the commune is known.

    Of whole months alone: the last 7, 30 and 90 days share days, and who takes one from another is left with a few
    people.
    """
    counts = reading.by_area(db, month.start, month.end)
    if not counts:
        return {}, {}
    counts[UNKNOWN] = max(whole - sum(counts.values()), 0)
    home = {spot.code: spot.district for spot in maps.spots(db)}
    return masked_parts(counts, {code: home.get(code, code) for code in counts}, whole)
