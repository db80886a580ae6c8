"""People are called out: SMS and letters each by a task of their own, so that a mail server that does not answer keeps
no SMS waiting. Neither night, nor the daily limit, nor "Stop everything" holds an alert back.
"""

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bots.alerts import calling, wording
from bots.alerts.model import EMAIL, SMS, Alert
from bots.cases import work
from campaigns import deliveries, workers
from campaigns.workers import uptime
from messages.errors import Mistake
from runtime.build import Runtime
from sms.gateway import Outcome, Outgoing, Whereabouts
from sms.last_look import before_leaving

#: Alerts in one run, and on their way at once.
BATCH = 50
AT_ONCE = 8

#: Each run holds its alerts under a name of its own: see scheduler/replies.py.
_numbers = itertools.count(1)


def call_out(rt: Runtime, stop: threading.Event) -> Mapping[str, int]:
    """Begins the rounds that are due, and sends what goes by SMS. Then the cases of who may not sign in any more are
    nobody's again, so that the next run calls about them.
    """
    called = calling.begin_rounds(rt.db, timedelta(minutes=int(rt.settings["ALERT_MINUTES"])), rt.clock())
    if called:
        rt.wake.set()  # the letters go at once, too
    sent = _send(rt, SMS, _by_sms)
    laid_down = work.lay_down_of_closed_accounts(rt.db, rt.clock())
    if laid_down:
        rt.wake.set()
    return {"laid-down": laid_down, "called": called, **sent}


def send_mail(rt: Runtime, stop: threading.Event) -> Mapping[str, int]:
    """Sends what goes by e-mail."""
    return _send(rt, EMAIL, _by_mail)


def _send(rt: Runtime, channel: str, way: Callable[[Runtime, Alert], Outcome]) -> Counter[str]:
    counts = _settle_held(rt, channel)
    if not calling.is_due(rt.db, channel, rt.clock()):
        return counts
    worker = f"{rt.worker}/alerts-{channel}-{next(_numbers)}"
    # First of all: whoever holds something and is not known is taken for dead.
    workers.beat(rt.db, worker, kind="alerts", now=rt.clock())
    try:
        fresh_until = uptime() + workers.CLAIM_SECONDS
        alerts = calling.claim(rt.db, worker, channel, BATCH, rt.clock())
        results = _handed_over(rt, alerts, way, fresh_until) if alerts else []
        return counts + Counter(calling.record(rt.db, results, rt.clock()))
    finally:  # whatever broke: this run hands nothing over any more, so what it holds may be looked after at once
        workers.leave(rt.db, worker)


def _handed_over(rt: Runtime, alerts: Sequence[Alert], way, fresh_until: float) -> list[tuple[Alert, Outcome]]:
    with ThreadPoolExecutor(min(AT_ONCE, len(alerts)), thread_name_prefix="alert") as pool:
        outcomes = pool.map(lambda alert: _hand_over(rt, alert, way, fresh_until), alerts)
        return list(zip(alerts, outcomes, strict=True))


def _hand_over(rt: Runtime, alert: Alert, way, fresh_until: float) -> Outcome:
    """A claim that is too old is not handed over: by now somebody may think us dead and do it in our place."""
    if uptime() > fresh_until:
        return Outcome.refused("gateway-trouble", "late")
    try:
        with before_leaving(lambda: uptime() <= fresh_until):
            return way(rt, alert)
    except Exception as error:  # the contract: whatever an adapter raises, nobody can tell what arrived
        return Outcome.unknown(type(error).__name__)


def _by_mail(rt: Runtime, alert: Alert) -> Outcome:
    return rt.mail.send(wording.letter(alert, _page(rt, alert)))


def _by_sms(rt: Runtime, alert: Alert) -> Outcome:
    """Through the gateway of replies, before any bulk; bulk makes up for it."""
    try:
        gateway = rt.gateway()
    except Mistake:  # not set up, or not there
        return Outcome.refused("configuration")
    traits, calls = gateway.traits, gateway.traits.calls_per_minute
    deliveries.spend(
        rt.db, gateway=gateway.name, rate=traits.rate, count=1, now=rt.clock(), calls_per_minute=calls
    )
    return gateway.send([_outgoing(rt, alert)])[0]


def _outgoing(rt: Runtime, alert: Alert) -> Outgoing:
    return Outgoing(f"alert-{alert.id}", alert.address, wording.sms(alert, _page(rt, alert)))


def _page(rt: Runtime, alert: Alert) -> str:
    """The case; of several the queue, where those in danger stand first."""
    return f"{rt.settings.public_url}/cases" + (f"/{alert.case_id}" if alert.case_id and not alert.more else "")


def _settle_held(rt: Runtime, channel: str) -> Counter[str]:
    """Alerts in the hands of workers that are gone. A letter goes again, an SMS only where the gateway never got it."""
    holders = calling.holders(rt.db, channel)
    if not holders:
        return Counter()
    gateway = rt.gateways.get(rt.settings["SMS_GATEWAY"]) if channel == SMS else None
    after = gateway.traits.find_after if gateway else 0.0
    gone = workers.gone(rt.db, rt.watch, holders, after=after)
    held = calling.held_by(rt.db, channel, sorted(gone), BATCH, rt.clock()) if gone else []
    found = [(alert, outcome) for alert in held if (outcome := _what_became(rt, gateway, alert))]
    return Counter(calling.record(rt.db, found, rt.clock()))


def _what_became(rt: Runtime, gateway, alert: Alert) -> Outcome | None:
    """None when the gateway could not be asked: later, then."""
    if gateway is None or not gateway.traits.find:
        return Outcome.unknown("its worker died")
    try:
        found = gateway.find(_outgoing(rt, alert), alert.at)
    except Exception:  # out of reach is no answer
        return None
    if found.where is Whereabouts.THERE:
        return Outcome.accepted(found.ref or "")
    missed = found.where is Whereabouts.NOT_THERE
    return Outcome.refused("gateway-trouble", "its worker died") if missed else Outcome.unknown("its worker died")
