"""The whole command line. A module is imported when its command is asked for: `segments` need not wait for the bot."""

from collections.abc import Mapping

import click

from cli.context import language, say
from cli.lazy import LazyGroup
from messages.errors import Mistake

#: Command → "module:name", listed by hand.
TABLE: Mapping[str, str] = {
    "run": "cli.run:run",
    "worker": "cli.worker:worker",
    "db": "cli.database:db",
    "segments": "cli.sms:segments",
    "phone": "cli.sms:phone",
    "areas": "cli.areas:areas",
    "maps": "cli.maps:maps",
    "lists": "cli.lists:lists",
    "agencies": "cli.agencies:agencies",
    "waves": "cli.waves:waves",
    "ask": "cli.bot:ask",
    "bot": "cli.bot:bot",
    "staff": "cli.staff:staff",
    "audit": "cli.staff:audit",
    "content": "cli.content:content",
    "answers": "cli.answers:answers",
    "offers": "cli.offers:offers",
    "hooks": "cli.hooks:hooks",
    "stats": "cli.stats:stats",
    "doctor": "cli.doctor:doctor",
}


class Commands(LazyGroup):
    """Turns a Mistake into one sentence and exit status 2."""

    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except Mistake as mistake:
            say(mistake.sentence(language()))
            ctx.exit(2)


commands = Commands("an-lo", TABLE, help="An Lộ: messages about safe migration, and answers to what people ask.")
