"""An Lộ: `create_app()` for a WSGI server, and the command line (`python app.py run`)."""

import bootstrap

try:
    from cli.commands import commands
    from cli.context import main
except ImportError as missing:  # a fresh machine: nothing is installed yet
    bootstrap.reexec_in_venv(missing)


def create_app():
    """The web application on a runtime built from the environment, for a WSGI server of one's own."""
    import web  # late on purpose: most commands need neither Flask
    from runtime.build import build  # nor the gateways
    from runtime.settings import load  # nor any setting

    return web.create_app(build(load()))


if __name__ == "__main__":
    main(commands)
