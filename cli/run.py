"""`run`: serves everything from one process until SIGTERM."""

import signal

import click
from waitress.server import create_server

import web
from cli.context import language, say
from messages.errors import Mistake, sentence
from runtime import demo, settings
from runtime.build import build
from scheduler import embedded

#: Sixteen requests at once; waitress keeps waiting connections without a thread each.
THREADS = 16


@click.command()
@click.option("--host", help="the address to listen on (HOST)")
@click.option("--port", type=click.IntRange(0, 65535), help="the port to listen on (PORT)")
@click.option("--demo/--no-demo", "with_demo", default=True, help="load made-up people on a first start")
def run(host, port, with_demo):
    """Serves the desk, the chat and the hooks, and does the work that happens by itself."""
    loaded = settings.load()
    loaded = loaded.with_values(HOST=host or loaded["HOST"], PORT=str(loaded.port if port is None else port))
    rt = build(loaded)
    try:
        server = _listen(rt, web.create_app(rt))
        if with_demo:
            demo.load_once(rt)
        runner = embedded.start(rt)
        _announce(rt, server, runner)
        _serve(server, runner)
    finally:
        rt.close()


def _listen(rt, app):
    """The bound server. Raises Mistake when the port is taken."""
    try:
        return create_server(app, host=rt.settings["HOST"], port=rt.settings.port, threads=THREADS, ident="An Lo",
                             max_request_body_size=300 * 1024 * 1024, channel_timeout=60)
    except OSError as error:
        raise Mistake("port-taken", port=rt.settings["PORT"], host=rt.settings["HOST"]) from error


def _serve(server, runner) -> None:
    """Until SIGTERM or Ctrl-C; then what is in flight finishes, in at most ten seconds."""
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(SystemExit(0)))
    try:
        server.run()
    finally:
        runner.stop()


def _announce(rt, server, runner) -> None:
    address = f"http://{server.effective_host}:{server.effective_port}"
    say(sentence("serving", language(), address=address))
    for line in demo.sign_ins(rt):
        say(line)
    if not runner.working:
        say(sentence("runner-elsewhere", language()))
