"""Two people stand behind a series: the author submits the rule, another officer approves exactly that rule."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns import authoring, one_way, pacing, rules
from campaigns.model import WaveStatus
from campaigns.series import rule
from campaigns.series.planning import NOT_APPROVED
from campaigns.series.rule import Series, SeriesStatus
from campaigns.series.steps import digest_of, note, series_for
from campaigns.store import authoring as message_store
from campaigns.store import series as store
from campaigns.store import waves as wave_store
from campaigns.waves import steps as wave_steps
from db.engine import Database
from messages.errors import Mistake
from sms.gateway import Gateway
from staff import audit

#: Why a wave of a series that has ended never begins.
SERIES_OVER = "series-over"


def submit(
    db: Database, series_id: int, *, by: int | None, now: datetime, hosts: Sequence[str] = (),
    gateways: Mapping[str, Gateway] | None = None,
) -> str:  # fmt: skip
    """Asks for approval; the digest an approver will have to show. `hosts` (PUBLIC_URL first) may be linked to; with
    `gateways` what one cannot hear is promised to nobody.

    Raises Mistake: series-unknown, series-cannot-submit, message-blocked, and what one_way.check raises.
    """
    _check_message(db, series_id, hosts, gateways, now)
    with db.transaction() as c:
        series = series_for(c, series_id, "submit")
        _to(c, series, SeriesStatus.SUBMITTED, "submit", by, now, note="")
        return digest_of(c, series)


def approve(
    db: Database, series_id: int, *, by: int, digest: str, note: str = "", now: datetime, hosts: Sequence[str] = (),
    gateways: Mapping[str, Gateway] | None = None,
) -> None:  # fmt: skip
    """Officer `by`, who neither wrote, planned, changed nor submitted it, stands behind exactly the rule that `digest`
    covers; it runs from the next of its hours on.

    Raises Mistake: series-unknown, series-cannot-approve, series-own, series-stale, and as `submit`.
    """
    _check_message(db, series_id, hosts, gateways, now)
    with db.transaction() as c:
        series = series_for(c, series_id, "approve")
        current = digest_of(c, series)
        writer = message_store.version(c, series.version_id)["written_by"]
        made = rules.makers(audit.steps(c, f"series:{series_id}"))
        rule.check_approval(series.author_id, by, digest, current, writer=writer, made=made)
        approval = {"approved_by": by, "approved_digest": current, "approved_at": now, "note": note}
        _to(c, series, SeriesStatus.ACTIVE, "approve", by, now, **approval, settled=_past(series, now))


def return_to_author(db: Database, series_id: int, *, by: int, note: str, now: datetime) -> None:
    """Back to draft with a note for the author; makes no more waves. Raises Mistake: series-unknown,
    series-cannot-return.
    """
    with db.transaction() as c:
        series = series_for(c, series_id, "return")
        _to(c, series, SeriesStatus.DRAFT, "return", by, now, **NOT_APPROVED, note=note)


def pause(db: Database, series_id: int, *, reason: str, by: int | None, now: datetime) -> None:
    """Makes no waves until `resume`; those already made go on. Raises Mistake: series-cannot-pause."""
    with db.transaction() as c:
        series = series_for(c, series_id, "pause")
        _to(c, series, SeriesStatus.PAUSED, "pause", by, now, pause_reason=reason)


def resume(db: Database, series_id: int, *, by: int | None, now: datetime) -> None:
    """Goes on with the next of its hours; the days that passed meanwhile are left out. Raises Mistake:
    series-cannot-resume, series-stale (it is not what was approved).
    """
    with db.transaction() as c:
        series = series_for(c, series_id, "resume")
        if digest_of(c, series) != series.approved_digest:
            raise Mistake("series-stale")
        _to(c, series, SeriesStatus.ACTIVE, "resume", by, now, pause_reason=None, settled=_past(series, now))


def end(db: Database, series_id: int, *, by: int | None, now: datetime) -> None:
    """Never makes a wave again; those it made that have not begun never do. Raises Mistake: series-unknown,
    series-cannot-end.
    """
    with db.transaction() as c:
        _to(c, series_for(c, series_id, "end"), SeriesStatus.ENDED, "end", by, now)
        for wave_id in store.unopened(c, series_id):
            _cancel_unopened(c, wave_id, by, now)


def _cancel_unopened(c: Connection, wave_id: int, by: int | None, now: datetime) -> None:
    """Looked at again under its lock: it may have been opened meanwhile."""
    wave = wave_store.get(c, wave_id, lock=True)
    if wave.opened_at is None and wave.status in store.UNOPENED:
        wave_store.change(
            c, wave_id, status=str(WaveStatus.CANCELLED), pause_reason=SERIES_OVER, finished_at=now
        )
        wave_steps.note(c, wave_id, "cancel", by, now, reason=SERIES_OVER)


def _check_message(
    db: Database, series_id: int, hosts: Sequence[str], gateways: Mapping[str, Gateway] | None, now: datetime
) -> None:
    """Raises Mistake: message-blocked, when the text says what no text of ours may say; what one_way.check raises."""
    with db.reading() as c:
        series = series_for(c, series_id)
        version_id, base = series.version_id, next(iter(hosts), None)
        one_way.check(c, series, [(version_id, series.form)], base, gateways or {}, now)
    if faults := authoring.blocking(db, version_id, hosts=hosts):
        raise Mistake("message-blocked", n=len(faults), title=authoring.version(db, version_id).title)


def _past(series: Series, now: datetime) -> str:
    """The last day whose hour is over by `now`: approving or resuming at ten must not send what was due at eight."""
    local = now.astimezone(pacing.ZONE)
    today = local.date() if local.time() >= series.table.at_time else local.date() - timedelta(days=1)
    return max(today, series.settled or today).isoformat()


def _to(
    c: Connection, series: Series, status: str, step: str, by: int | None, now: datetime, **columns: object
) -> None:
    store.change(c, series.id, status=str(status), **columns)
    detail = {"digest": columns["approved_digest"]} if step == "approve" else {}
    note(c, series.id, step, by, now, **detail)
