"""`db restored show | hold | go-on | ask | decide`: what waits after a copy of the database was put back."""

from collections.abc import Iterator

import click

from campaigns import recall
from cli.context import emit, language, say, with_runtime
from cli.wave_report import iso
from messages.errors import sentence
from scheduler.recall import ask_recalled

_ID = click.argument("wave_ids", metavar="ID...", type=int, nargs=-1, required=True)
_JSON = click.option("--json", "as_json", is_flag=True)


@click.group()
def restored():
    """After a copy was put back: nothing is sent until somebody has looked."""


@restored.command()
@_JSON
@with_runtime
def show(rt, as_json):
    """Whether sending waits for somebody to look, and each wave of the copy that is not settled."""
    _print(rt, as_json)


@restored.command()
@_JSON
@with_runtime
def hold(rt, as_json):
    """Says by hand that the database went back in time: after a whole machine was put back nothing else can tell."""
    recall.hold(rt.db, by=None, now=rt.clock())
    _print(rt, as_json)


@restored.command("go-on")
@click.option("--opt-outs-entered", is_flag=True, help="everybody who said stop since the copy is in the book again")
@_JSON
@with_runtime
def go_on(rt, opt_outs_entered, as_json):
    """Lets work go on; the waves of the copy rest until each is asked about."""
    recall.go_on(rt.db, optouts_entered=opt_outs_entered, by=None, now=rt.clock())
    _print(rt, as_json)


@restored.command()
@_ID
@_JSON
@with_runtime
def ask(rt, wave_ids, as_json):
    """Asks the gateway who has the waves' messages already; the others get them, when the wave goes on."""
    for wave_id in wave_ids:
        recall.ask(rt.db, wave_id, by=None, now=rt.clock())
    ask_recalled(rt, wave_ids=wave_ids)
    _print(rt, as_json)


@restored.command()
@_ID
@click.option("--send", type=click.Choice(["yes", "no"]), required=True,
              help="whether those who may have the message already get it once more")
@_JSON
@with_runtime
def decide(rt, wave_ids, send, as_json):
    """Of whom nobody can tell: sent to (perhaps twice), or left out as "unknown"; then the wave goes on."""
    for wave_id in wave_ids:
        recall.decide(rt.db, wave_id, send=send == "yes", by=None, now=rt.clock())
    _print(rt, as_json)


def _print(rt, as_json: bool) -> None:
    found, zone = recall.state(rt.db, rt.gateways), rt.settings.zone
    if found.stopped:
        say(sentence("restored-stopped", language(), at=iso(found.copied_at, zone) or "?"))
    waves = [
        {
            "wave": each.wave_id, "name": each.name, "status": each.status, "stood": each.stood, "queued": each.queued,
            "starts": iso(each.starts_at, zone), "past": each.past, "can_find": each.can_find, "there": each.there,
            "doubtful": each.doubtful,
        }
        for each in found.waves
    ]  # fmt: skip
    state = {"stopped": found.stopped, "copied": iso(found.copied_at, zone), "waves": waves}
    emit(as_json, state, _lines(found))


def _lines(found: recall.State) -> Iterator[str]:
    for each in found.waves:
        code = f"restored-wave-{each.status}"
        yield sentence(code, language(), id=each.wave_id, name=each.name, n=each.queued, doubtful=each.doubtful)
    if not found.of_matter:
        yield sentence("restored-nothing", language())
