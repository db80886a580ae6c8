"""Who a wave is for, told: one phrase for whom, one for whom not."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns import audience
from campaigns.audience import Described
from web.choosing import former
from web.here import rt
from web.language import day
from web.words import CARRIERS, READERS

#: Names told one by one; of the rest only how many.
NAMES = 3


def told(those: Mapping[str, object]) -> str:
    """Whom an audience is, and whom it leaves out, in one phrase."""
    described = audience.described(rt.db, those)
    left_out = without(described)
    if not left_out:
        return whom(described)
    return _("%(whom)s; not to %(without)s", whom=whom(described), without=left_out)


def whom(those: Described) -> str:
    """ "Yên Thành – diễn tập, living in Xã Đô Thành, read English"."""
    told = [
        some(those.lists),
        _living(those),
        str(READERS[those.language]) if those.language else "",
        some([str(CARRIERS.get(name, name)) for name in those.carriers]),
        _("taken from %(sources)s", sources=some(those.sources)) if those.sources else "",
        _joined(those.joined) if those.joined else "",
    ]
    return ", ".join(words for words in told if words)


def _living(those: Described) -> str:
    """Areas alone stand for everybody there; beside lists they narrow them."""
    where = some([former(name) for _, name in those.areas])
    if not where:
        return ""
    return _("living in %(places)s", places=where) if those.lists else _("everybody in %(places)s", places=where)


def _joined(between: tuple) -> str:
    first, before = between
    if first and before:
        return _("joined from %(day)s to %(other)s", day=day(first), other=day(before))
    return _("joined since %(day)s", day=day(first)) if first else _("joined before %(day)s", day=day(before))


def without(those: Described) -> str:
    """Whom its own exclusions leave out; "" when it has none."""
    told = [
        _("whoever is on %(lists)s", lists=some(those.except_lists)) if those.except_lists else "",
        _("whoever got %(waves)s", waves=some([name for _, name in those.except_waves])) if those.except_waves else "",
        _days(those.messaged_days) if those.messaged_days else "",
    ]
    return ", ".join(words for words in told if words)


def _days(days: int) -> str:
    return ngettext("whoever got a message in the last day", "whoever got a message in the last %(num)s days", days)


def some(names: Sequence[str]) -> str:
    """The first names, and how many more."""
    if len(names) <= NAMES:
        return ", ".join(names)
    rest = len(names) - NAMES
    first = ", ".join(names[:NAMES])
    return ngettext("%(first)s and %(num)s more", "%(first)s and %(num)s more", rest, first=first)
