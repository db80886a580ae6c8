"""`worker`: one of any number of processes, on any number of machines, that share the work through PostgreSQL."""

import click

from cli.context import language, say, with_runtime
from cli.hook_door import open_door
from messages.errors import Mistake, sentence


@click.command()
@click.option("--concurrency", type=click.IntRange(1, 64), default=2, show_default=True, help="batches at once")
@with_runtime
def worker(rt, concurrency):
    """Works until SIGTERM; what it has in its hands is finished first."""
    try:
        from scheduler import cluster  # optional: needs requirements-cluster.txt
    except ImportError as missing:
        raise Mistake("cluster-not-installed") from missing
    cluster.conninfo(rt.db)  # says so at once when this is not PostgreSQL
    open_door(rt)
    say(sentence("worker-working", language(), concurrency=concurrency))
    cluster.work(rt, concurrency=concurrency)
