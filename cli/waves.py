"""`waves create | rehearse | run | show | pause | resume | cancel | stop-all | go-on | reconcile`.

A wave made here is approved by the operator of the machine, and the audit says so. It carries one text, which everybody
on the lists gets whatever language they chose; a message with a text for each language is written on the desk.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from campaigns import audience, authoring, halts, prices, rehearsal, routing
from campaigns import waves as room
from campaigns.model import Form
from campaigns.routes import ROUTES
from cli import rehearsal_report
from cli import wave_report as report
from cli.context import emit, language, say, with_runtime
from cli.hook_door import open_door
from cli.wave_text import advise, read_text, texts_of
from messages.errors import Mistake, sentence
from scheduler import foreground, retry

_ID = click.argument("wave_id", metavar="ID", type=int)
_JSON = click.option("--json", "as_json", is_flag=True)


@click.group()
def waves():
    """Waves: make one, send it, look at it, stop it."""


@waves.command()
@click.option("--list", "lists", multiple=True, required=True, help="a list's name; may be repeated")
@click.option("--text", required=True, help="the text, a file with the text, or - for standard input")
@click.option("--lang", type=click.Choice([str(form) for form in Form]), default="vi", show_default=True,
              help="what the text is: accented Vietnamese, unaccented Vietnamese, English")
@click.option("--at", default="now", show_default=True, help="now, or an ISO time (Vietnam's, if it has no zone)")
@click.option("--gateway", help="the gateway to send through (SMS_GATEWAY), or routes: by the routing table")
@click.option("--rate", type=float, help="messages a second, at most")
@click.option("--ignore-quiet-hours", is_flag=True, help="send at night and on holidays too")
@click.option("--on-holidays", is_flag=True, help="send on public holidays, by day")
@click.option("--daily-quota", type=int, help="messages on a day in Vietnam, at most")
@click.option("--budget", type=int, help="VND in all, at most; needs a price for every message")
@click.option("--control", type=int, help="percent of the people who get nothing, by chance, for comparison")
@click.option("--name", default="", help="what the wave is called")
@_JSON
@with_runtime
def create(rt, lists, text, lang, at, gateway, rate, ignore_quiet_hours, name, as_json, **limits):
    """Plans a wave and approves it in the name of the operator of this machine."""
    now, zone = rt.clock(), rt.settings.zone
    name = name or ", ".join(lists)
    starts_at = _moment(at, zone, now)
    people, through = audience.of_lists(rt.db, lists), _through(rt, gateway)
    texts = texts_of(read_text(text), lang)
    if limits["budget"] and through != ROUTES and not prices.on(rt.db, through, starts_at or now):
        raise Mistake("price-missing", gateway=through)
    version_id = authoring.write(
        rt.db, title=name, vi=texts.vi, vi_unaccented=texts.vi_unaccented, en=texts.en, by=None, now=now
    )
    advise(texts, lang, rt.settings.public_url)
    wave_id = room.plan(
        rt.db, name=name, version_id=version_id, audience=people, gateway=through, form=lang, rate=rate,
        ignore_quiet_hours=ignore_quiet_hours, starts_at=starts_at, on_holidays=limits["on_holidays"],
        daily_quota=limits["daily_quota"], budget_vnd=limits["budget"], control=limits["control"],
        link_base=rt.settings.public_url, by=None, now=now,
    )
    room.approve_by_machine(rt.db, wave_id, now=now)
    if unheard := room.unheard(rt.db, wave_id, rt.gateways, now):
        say(unheard.sentence(language()))
    preview = room.preview(rt.db, wave_id, rt.gateways, now)
    report.say_if_later(preview, starts_at or now, zone)
    made = {
        "wave": wave_id,
        "recipients": preview.recipients,
        "skipped": preview.skipped,
        "segments": preview.segments,
        "ends": report.iso(preview.ends, zone),
    }
    emit(as_json, made, (f"{key:12} {value}" for key, value in made.items()))


def _gateways_of(rt, wave_id: int) -> list[str]:
    with rt.db.reading() as c:
        return routing.names(c, room.show(rt.db, wave_id).wave.gateway)


def _through(rt, gateway: str | None) -> str:
    return routing.checked(rt.db, rt.gateways) if gateway == ROUTES else rt.gateway(gateway).name


def _moment(at: str, zone, now: datetime) -> datetime | None:
    """None for "now". Raises Mistake: time-unreadable, time-past."""
    if at == "now":
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise Mistake("time-unreadable", at=at) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if moment < now:
        raise Mistake("time-past", at=report.spoken(moment, zone))
    return moment


@waves.command()
@_ID
@click.option("--outage", nargs=2, metavar="START END",
              help="what if the gateway is down: two hours of the day it begins (10:00 11:00), or two ISO times")
@_JSON
@with_runtime
def rehearse(rt, wave_id, outage, as_json):
    """Plays a wave on a simulated clock: when each commune is reached, what it costs, what stops it. Sends nothing."""
    wave, now, zone = room.show(rt.db, wave_id).wave, rt.clock(), rt.settings.zone
    down = rehearsal_report.outage(outage, max(now, wave.starts_at or now), zone)
    kept = rehearsal.rehearse(rt.db, wave_id, rt.gateways, now=now, by=None, outage=down)
    emit(as_json, rehearsal.as_json(kept), rehearsal_report.lines(kept, zone))


@waves.command()
@_ID
@_JSON
@with_runtime
def run(rt, wave_id, as_json):
    """Sends until nothing is left; may be killed and run again, and run several times at once.

    Exit status 0 also when the rest waits for the morning, for the start or for an officer, which is said; 1 when the
    wave stopped by itself because something must be mended, or this command was stopped.
    """
    if "simulator" in _gateways_of(rt, wave_id):
        open_door(rt)
    with _told_to_stop() as stop, report.Bar() as bar:
        ran = foreground.run_wave(rt, wave_id, stop=stop, progress=bar.show)
    if ran.why:
        report.say_why(rt, wave_id, ran)
    rate = round(ran.handed / ran.seconds, 1) if ran.handed else 0.0
    done = {**report.counts(ran.figures), "seconds": round(ran.seconds, 2), "rate": rate}
    emit(as_json, done, (f"{key:12} {value}" for key, value in done.items()))
    if ran.why == "stopped" or (ran.why == "paused" and room.paused_by_itself(rt.db, wave_id)):
        raise click.exceptions.Exit(1)


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Set by SIGTERM or Ctrl-C: what is in flight is finished first."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@waves.command()
@_ID
@_JSON
@with_runtime
def show(rt, wave_id, as_json):
    """How a wave stands."""
    report.print_state(rt, wave_id, as_json)


@waves.command()
@_ID
@click.option("--reason", default="", help="why, for those who read it later")
@_JSON
@with_runtime
def pause(rt, wave_id, reason, as_json):
    """Sends nothing more until `resume`; takes effect within two seconds."""
    room.pause(rt.db, wave_id, reason=reason, by=None, now=rt.clock())
    report.print_state(rt, wave_id, as_json)


@waves.command()
@_ID
@_JSON
@with_runtime
def resume(rt, wave_id, as_json):
    """Goes on with a paused wave, and lets its gateway be tried again."""
    room.resume(rt.db, wave_id, by=None, now=rt.clock())
    report.print_state(rt, wave_id, as_json)


@waves.command()
@_ID
@click.option("--reason", default="", help="why, for those who read it later")
@_JSON
@with_runtime
def cancel(rt, wave_id, reason, as_json):
    """Ends a wave for good: what is queued is never sent."""
    room.cancel(rt.db, wave_id, by=None, now=rt.clock(), reason=reason)
    while room.sweep_cancelled(rt.db, rt.clock()):
        pass
    report.print_state(rt, wave_id, as_json)


@waves.command("stop-all")
@click.option("--reason", required=True, help="why, for everybody who finds it stopped")
@_JSON
@with_runtime
def stop_all(rt, reason, as_json):
    """Stops every wave within two seconds, whichever process sends it; people who write are still answered."""
    halt_id = halts.stop(rt.db, reason=reason, by=None, now=rt.clock())
    say(sentence("all-stopped", language()))
    emit(as_json, {"halt": halt_id}, [])


@waves.command("go-on")
@click.option("--reason", default="", help="why, for those who read it later")
@_JSON
@with_runtime
def go_on(rt, reason, as_json):
    """Lets the waves go on after stop-all, each where it was."""
    halts.lift(rt.db, by=None, now=rt.clock(), reason=reason)
    say(sentence("all-go-on", language()))
    emit(as_json, {"halt": None}, [])


@waves.command()
@_ID
@_JSON
@with_runtime
def reconcile(rt, wave_id, as_json):
    """Asks the gateway what became of messages that nobody can tell of, the "unknown" ones among them."""
    room.show(rt.db, wave_id)
    retry.reconcile(rt, wave_ids=[wave_id], unknown_too=True)
    report.print_state(rt, wave_id, as_json)
