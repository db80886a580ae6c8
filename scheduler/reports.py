"""The month's report by e-mail, on the day that was chosen."""

import threading
from collections import Counter
from collections.abc import Mapping

from bots.alerts.model import Letter
from campaigns import periods
from runtime.build import Runtime
from runtime.report import sending
from runtime.report.summary import summary
from sms.gateway import Outcome


def send_report(rt: Runtime, stop: threading.Event) -> Mapping[str, int]:
    """A letter to each reader, once. A month in which nothing was is not written about."""
    readers = sending.readers(rt.settings["REPORT_TO"])
    first = sending.due(int(rt.settings["REPORT_DAY"]), rt.clock()) if readers else None
    if first is None or rt.mail.readiness().missing:
        return {}
    told = summary(rt.db, periods.month(first), rt.clock())
    if told.empty:
        return {}
    counts: Counter[str] = Counter()
    for reader in readers:
        if not stop.is_set() and (tries := sending.claim(rt.db, first, reader, rt.clock())):
            outcome = _sent(rt, sending.letter(told, reader, rt.book, rt.settings.public_url))
            counts[sending.record(rt.db, first, reader, tries, outcome, rt.clock())] += 1
    return counts


def _sent(rt: Runtime, letter: Letter) -> Outcome:
    try:
        return rt.mail.send(letter)
    except Exception as error:  # the contract: whatever is raised, nobody can tell what arrived
        return Outcome.unknown(type(error).__name__)
