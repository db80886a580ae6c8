"""`answers`: what may be said here. Each subcommand stands in its own module and is imported when it is asked for."""

import importlib
from collections.abc import Mapping

import click

#: Subcommand → "module:name", listed by hand.
TABLE: Mapping[str, str] = {
    "status": "cli.answers_adoption:status",
    "adopt": "cli.answers_adoption:adopt",
    "line": "cli.answers_adoption:line",
    "expiring": "cli.answers_changed:expiring",
    "stale": "cli.answers_changed:stale",
    "replay": "cli.answers_changed:replay",
}


class Answers(click.Group):
    """Finds its subcommands in TABLE."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(TABLE)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in TABLE:
            return None
        module, _, attribute = TABLE[name].partition(":")
        return getattr(importlib.import_module(module), attribute)


answers = Answers("answers", help="Answers of this installation: adopted, checked, changed.")
