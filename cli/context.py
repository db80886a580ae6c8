"""What every command needs: the runtime, one way to print, and mistakes turned into one sentence.

Exit status: 0 done, 1 failed, 2 the caller's mistake. JSON goes to standard output alone; all else to standard error.
"""

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable

import click

from db.space import is_full
from messages.errors import sentence
from runtime import logs, settings


def language() -> str:
    """The language of the terminal: Vietnamese when LC_ALL, LC_MESSAGES or LANG says so, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "vi" if value.lower().startswith("vi") else "en"
    return "en"


def with_runtime(command: Callable) -> Callable:
    """Passes the built runtime as the first argument and closes it afterwards."""

    @functools.wraps(command)
    def wrapped(*args, **options):
        from runtime.build import build  # late: `segments` and `phone` need neither gateways nor bot

        rt = build(settings.load())
        try:
            return command(rt, *args, **options)
        finally:
            rt.close()

    return wrapped


def emit(as_json: bool, value: object, lines: Iterable[str]) -> None:
    """Prints `value` as one JSON document, or `lines` for a person."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False))
    else:
        for line in lines:
            click.echo(line)


def say(line: str) -> None:
    """Progress for a person: standard error, so that it never mixes with a result."""
    click.echo(line, err=True)


def main(commands: click.Group) -> None:
    """Runs the command line; a surprise is one sentence and exit status 1, its details only in the log."""
    os.umask(0o077)  # what is written is for its owner alone: databases, copies, refused rows
    logs.set_up()
    try:
        code = commands.main(standalone_mode=False)  # click hands back what ctx.exit was given
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        say(sentence("usage-wrong", language(), what=" ".join(error.format_message().split())))
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # the last door: nothing may reach a person as a stack trace
        _surprise(error)


def _surprise(error: Exception) -> None:
    if os.environ.get("ANLO_TRACE"):
        raise error
    if is_full(error):
        say(sentence("disk-full", language()))
        sys.exit(1)
    say(sentence("surprise", language(), kind=type(error).__name__, what=logs.mask(str(error))[:200]))
    sys.exit(1)
