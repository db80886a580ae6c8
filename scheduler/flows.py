"""One flow for each gateway, side by side: a wave by the routing table goes through several at once."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from campaigns.deliveries import Line
from runtime.build import Runtime
from scheduler import dispatch


def send(
    rt: Runtime,
    lines: Sequence[Line],
    *,
    stop: threading.Event,
    most: int | None = None,
    seconds: float | None = None,
    progress: Callable[[Counter[str]], None] = lambda counts: None,
) -> Counter[str]:
    """As dispatch.send, for lines of different gateways; `most` holds for each of them."""
    flows: dict[str, list[Line]] = {}
    for line in lines:
        flows.setdefault(line.gateway, []).append(line)
    if not flows:
        return Counter()
    options = {"stop": stop, "most": most, "seconds": seconds, "progress": progress}
    with ThreadPoolExecutor(len(flows), thread_name_prefix="flow") as pool:
        sent = pool.map(lambda those: dispatch.send(rt, those, **options), flows.values())
        return sum(sent, Counter())
