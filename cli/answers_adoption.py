"""`answers status`, `answers adopt`, `answers line`: what this installation says as its own, and calls before it."""

from collections.abc import Iterator

import click

from bots import adoption
from bots.adoption import GroupState, LineState
from cli.context import emit, language, say, with_runtime
from messages.errors import Mistake, sentence
from staff import accounts

_BY = click.option("--by", "email", help="the approver who did it; else the operator of the machine")
_NOTE = click.option("--note", default="", help="kept with it")


@click.command()
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def status(rt, as_json):
    """Which groups of answers are adopted here, and which help lines still want a test call."""
    states = adoption.state(rt.db, rt.book).values()
    now = rt.clock()
    emit(as_json, {"groups": [_told(state, now) for state in states]}, _lines(states, now))


@click.command()
@click.argument("group", required=False)
@click.option("--all", "every", is_flag=True, help="every group that is not adopted yet")
@_BY
@_NOTE
@click.pass_context
@with_runtime
def adopt(rt, ctx, group, every, email, note):
    """This installation says GROUP from now on. Refused while a help line in it has no answered test call."""
    if every == bool(group):
        raise click.UsageError("GROUP or --all")
    states = adoption.state(rt.db, rt.book)
    by = _officer(rt, email)
    groups = [group] if group else [name for name, state in states.items() if state.state != "adopted"]
    refused = [name for name in groups if not _adopted(rt, name, by, note)]
    if refused:
        ctx.exit(2)


def _adopted(rt, group: str, by: int | None, note: str) -> bool:
    try:
        adoption.adopt(rt.db, rt.book, group, by=by, now=rt.clock(), note=note)
    except Mistake as mistake:
        say(f"{group}: {mistake.sentence(language())}")
        return False
    n = len(adoption.state(rt.db, rt.book)[group].topics)
    click.echo(sentence("answers-now-adopted", language(), group=group, n=n))
    return True


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("number")
@click.option("--outcome", type=click.Choice(adoption.OUTCOMES), required=True)
@_NOTE
@_BY
@with_runtime
def line(rt, number, outcome, note, email):
    """Notes a test call of a help line."""
    by = _officer(rt, email)
    called = adoption.check_line(rt.db, rt.book, number=number, outcome=outcome, note=note, by=by, now=rt.clock())
    click.echo(sentence("answers-call-noted", language(), number=called.number))


def _officer(rt, email: str | None) -> int | None:
    if not email:
        return None
    wanted = email.strip().lower()
    found = next((each for each in accounts.everybody(rt.db) if each.email == wanted), None)
    if found is None:
        raise Mistake("staff-unknown", email=email)
    return found.id


def _told(state: GroupState, now) -> dict:
    return {
        "group": state.group, "state": state.state, "entries": len(state.topics), "open": list(state.open),
        "digest": state.digest, "by": state.who, "at": state.when.isoformat() if state.when else None,
        "note": state.note, "lines": [_line(each, now) for each in state.lines],
    }


def _line(state: LineState, now) -> dict:
    call = state.call
    return {
        "number": state.line.number, "tested": state.tested(now), "outcome": call.outcome if call else None,
        "at": call.at.isoformat() if call else None, "by": call.by if call else None, "note": call.note if call else "",
        "facts": list(state.line.facts), "said_in": list(state.line.said_in),
    }


def _lines(states, now) -> Iterator[str]:
    for state in states:
        word = sentence(f"answers-state-{state.state.replace(' ', '-')}", language())
        yield sentence("answers-group-line", language(), group=state.group, state=word, n=len(state.topics),
                       open=len(state.open))
        if numbers := state.untested(now):
            yield sentence("answers-numbers-line", language(), numbers=", ".join(numbers))
