"""The tables of the page about the bot, as files."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from bots.answering.due import Expiring
from bots.unanswered.model import Asking
from web.bot_figures import AfterWave, Followed, OnPlatform, Pairs, Place, Topic, Wait
from web.language import calendar
from web.tables_out import Column, Table, rate_cells, rate_columns
from web.words import LANGUAGES


def topics(span: str, rows: Sequence[Topic]) -> Table:
    columns = [_("Topic"), Column(_("Asked"), _("Messages about this topic")),
               *rate_columns(_("Helped"), _("Answers that were found helpful, of those somebody judged"))]  # fmt: skip
    return Table(_("What people ask about"), columns, [[row.title, row.asked, *rate_cells(row.helped)] for row in rows],
                 [span])


def over_time(span: str, rows: Sequence[Followed]) -> Table:
    days = [calendar(day) for day, _n in rows[0].times] if rows else []
    return Table(_("Topics over time"), [_("Topic"), *(Column(_("from %(day)s", day=day)) for day in days)],
                 [[row.title, *(n for _day, n in row.times)] for row in rows], [span])


def platforms(span: str, rows: Sequence[OnPlatform], names: Mapping[str, object]) -> Table:
    columns = [_("Platform"), Column(_("Conversations"), _("Begun in this time")),
               Column(_("Messages"), _("Written by people")),
               *rate_columns(_("Understood"), _("Messages in which a topic was found")),
               *rate_columns(_("Helped"), _("Answers that were found helpful, of those somebody judged")),
               Column(_("In danger"), _("Messages of people in danger (red)")),
               Column(_("At risk"), _("Messages of people who may be at risk (amber)"))]  # fmt: skip
    return Table(_("By platform"), columns, [
        [str(names.get(row.platform, row.platform)), row.began, row.heard, *rate_cells(row.understood),
         *rate_cells(row.helped), row.red, row.amber]
        for row in rows
    ], [span])


def areas(span: str, rows: Sequence[Place]) -> Table:
    columns = [_("Commune"), _("Former district"), Column(_("Asked"), _("Messages with a topic")),
               _("Asked most")]  # fmt: skip
    return Table(_("Questions by commune"), columns,
                 [[row.name, row.district, row.asked, row.most] for row in rows], [span])


def after_waves(rows: Sequence[AfterWave]) -> Table:
    about = _("Within a week of the wave, by people who had got it")
    return Table(_("Asked after a wave"), [_("Wave"), _("Topic"), Column(_("Asked"), about)],
                 [[row.name, topic, n] for row in rows for topic, n in row.topics])


def pairs(span: str, name: str, rows: Pairs) -> Table:
    return Table(name, ["", _("How many")], rows, [span])


def desk(span: str, counts: Pairs, waits: Sequence[Wait]) -> Table:
    columns = ["", _("Cases"), Column(_("Minutes"), _("Half of the cases waited no longer"), "decimal")]
    told = [[what, n, ""] for what, n in counts]
    told += [[what, "", "" if wait is None else wait.total_seconds() / 60] for what, wait in waits]
    return Table(_("The desk"), columns, told, [span])


def unanswered(groups: Sequence[tuple[Asking, int | None]]) -> Table:
    columns = [Column(_("Newest wording"), kind="text"), Column(_("Language"), kind="text"), _("People")]
    rows = [[group.line or _("(cannot be read any more)"), str(LANGUAGES.get(group.language, group.language)), people]
            for group, people in groups]  # fmt: skip
    return Table(_("Asked most and not answered yet"), columns, rows)


def expiring(rows: Sequence[tuple[str, str, Expiring]]) -> Table:
    columns = [_("Answer"), _("Language"), _("Expires")]
    return Table(_("Answers about to expire"), columns, [(title, language, it.day) for title, language, it in rows])
