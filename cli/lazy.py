"""A group whose commands are imported when they are asked for: `segments` need not wait for the bot."""

import importlib
from collections.abc import Mapping

import click


class LazyGroup(click.Group):
    """Finds its commands in `table`: command → "module:name", listed by hand."""

    def __init__(self, name: str, table: Mapping[str, str], **options):
        super().__init__(name, **options)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.table:
            return None
        module, _, attribute = self.table[name].partition(":")
        return getattr(importlib.import_module(module), attribute)
