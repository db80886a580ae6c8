"""How a server of the tests ends: with no connection left, not even one that was just being accepted."""

import asyncio

#: Turns of the loop: an accepted socket is a connection after three, a TLS handshake may never end.
_ENOUGH, _MOST = 10, 100


def end(loop: asyncio.AbstractEventLoop, server: asyncio.Server, transports: set) -> None:
    """Closes `server`, its connections and `loop`. `transports` holds those that were made and are not lost.

    A server that is closed first leaves the connections open whose accepting had begun (asyncio asserts in _attach).
    """
    for listening in server.sockets:
        loop.remove_reader(listening.fileno())
    for turn in range(_MOST):
        accepting = asyncio.all_tasks(loop)
        if not accepting and not transports:
            break
        if turn >= _ENOUGH:
            for task in accepting:
                task.cancel()
        for transport in list(transports):
            transport.abort()
        loop.run_until_complete(asyncio.sleep(0))
    server.close()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
