"""`answers unanswered`: what the bot could not answer, in groups."""

from dataclasses import asdict

import click

from bots.unanswered import showing
from bots.unanswered.model import OPEN, STATUSES, Group
from cli.context import emit, language, with_runtime
from messages.errors import sentence


@click.command()
@click.option("--status", type=click.Choice(STATUSES), default=OPEN, show_default=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def unanswered(rt, status, limit, as_json):
    """Questions without an answer, or with one that did not help, in groups; names and numbers are hidden."""
    found = showing.groups(rt.db, now=rt.clock(), status=status, limit=limit)
    lines = [_line(group) for group in found] or [sentence("unanswered-none", language())]
    emit(as_json, [_values(group) for group in found], lines)


def _line(group: Group) -> str:
    values = {"lang": group.language, "asked": group.asked, "people": group.people, "week": group.weeks[-1]}
    return sentence("unanswered-group", language(), n=group.id, line=group.line, **values)


def _values(group: Group) -> dict:
    moments = {name: moment and moment.isoformat() for name, moment in asdict(group).items() if name.endswith("_at")}
    return {**asdict(group), **moments}
