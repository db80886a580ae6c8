"""The door through which the simulator's receipts and answers come back: this process's own hooks, as real requests."""

from collections.abc import Mapping

from werkzeug.test import Client

import web
from runtime.build import Runtime


def open_door(rt: Runtime, app=None) -> None:
    """Gives the simulator, where there is one, the way to the hooks of `app` (an application of its own when None)."""
    simulator = rt.gateways.get("simulator")
    if simulator is None:
        return
    client = Client(app or web.create_app(rt))

    def post(path: str, headers: Mapping[str, str], body: bytes) -> int:
        return client.post(path, headers=dict(headers), data=body).status_code

    simulator.post = post
