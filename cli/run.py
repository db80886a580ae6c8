"""`run`: serves everything from one process until SIGTERM."""

import signal
import threading

import click
from waitress.server import create_server

import web
from cli.context import language, say
from cli.hook_door import open_door
from messages.errors import Mistake, sentence
from runtime import demo, ending, settings
from runtime.build import build
from scheduler import embedded
from scheduler.serving import Serving

#: Requests at once; waitress keeps waiting connections without a thread each. Webhooks wait for the disk together, so
#: more of them at once are stored with one write.
THREADS = 32


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
        app = web.create_app(rt)
        server = _listen(rt, app)
        open_door(rt, app)
        if with_demo:
            demo.load_once(rt)
        demo.retire(rt)
        threading.Thread(target=rt.answers.get_ready, name="train", daemon=True).start()
        runner, serving = embedded.start(rt), Serving(rt)
        try:
            _announce(rt, server, runner)
            _serve(server)
        finally:
            rt.answers.close()
            runner.stop()
            serving.stop()
    finally:
        rt.close()


def _listen(rt, app):
    """The bound server. Raises Mistake when the port is taken."""
    try:
        return create_server(app, host=rt.settings["HOST"], port=rt.settings.port, threads=THREADS, ident="An Lo",
                             max_request_body_size=300 * 1024 * 1024, channel_timeout=60,
                             clear_untrusted_proxy_headers=False)
    except OSError as error:
        raise Mistake("port-taken", port=rt.settings["PORT"], host=rt.settings["HOST"]) from error


def _serve(server) -> None:
    """Until SIGTERM or Ctrl-C; then what is in flight finishes, in at most ten seconds."""
    signal.signal(signal.SIGTERM, _end)
    server.run()


def _end(_signal, _frame) -> None:
    ending.at_the_latest()
    raise SystemExit(0)


def _announce(rt, server, runner) -> None:
    address = f"http://{server.effective_host}:{server.effective_port}"
    say(sentence("serving", language(), address=address))
    for line in demo.sign_ins(rt, language()):
        say(line)
    if not runner.working:
        say(sentence("runner-elsewhere", language()))
