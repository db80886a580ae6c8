"""Passes connections on: `python -m tests.torture.forward LISTEN TARGET`, each `tcp:PORT` (on loopback) or `unix:PATH`.

A socket file is reached from every network of the machine: so a server on one loopback is found on another's.
"""

import asyncio
import contextlib
import sys


async def _open(where: str):
    kind, _, place = where.partition(":")
    if kind == "unix":
        return await asyncio.open_unix_connection(place)
    return await asyncio.open_connection("127.0.0.1", int(place))


async def _pour(reader, writer) -> None:
    with contextlib.suppress(OSError):
        while received := await reader.read(65536):
            writer.write(received)
            await writer.drain()
    writer.close()


async def _serve(listen: str, target: str) -> None:
    async def join(reader, writer):
        there_reader, there_writer = await _open(target)
        await asyncio.gather(_pour(reader, there_writer), _pour(there_reader, writer))

    kind, _, place = listen.partition(":")
    unix = kind == "unix"
    server = asyncio.start_unix_server(join, place) if unix else asyncio.start_server(join, "127.0.0.1", int(place))
    async with await server as serving:
        print("ready", flush=True)
        await serving.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]))
