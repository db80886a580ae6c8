"""`app.py` with shorter patience, so that a test need not wait ten minutes for a frozen worker to be given up. What is
longer than what stays so: a claim is dropped before anybody looks for it, and looked for before it is given up. And
its way to the socket is long, so that a worker that is frozen is often frozen on it.
"""

import time

from urllib3.connection import HTTPConnection

from db import engine

from campaigns import workers  # isort: skip

workers.BEAT_SECONDS, workers.CLAIM_SECONDS, workers.SILENT_SECONDS, workers.GONE_SECONDS = 1.0, 3.0, 5.0, 10.0
engine.POSTGRES_PATIENCE["options"] = engine.POSTGRES_PATIENCE["options"].replace("=30000", "=6000")

#: Seconds between "this is mine to send" and the first byte.
ON_THE_WAY = 0.05
at_once = HTTPConnection.request


def slowly(*args, **options):
    time.sleep(ON_THE_WAY)
    return at_once(*args, **options)


HTTPConnection.request = slowly

from scheduler import queue_workers  # noqa: E402 - it reads what was set above

queue_workers.BEAT_SECONDS, queue_workers.STALLED_SECONDS = 1.0, 6.0

from cli.commands import commands  # noqa: E402
from cli.context import main  # noqa: E402

if __name__ == "__main__":
    main(commands)
