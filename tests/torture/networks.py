"""Networks of their own inside this machine (Linux, as root): nothing in them reaches any other network."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

#: Addresses that exist only inside: the middle one's end of each cable, and the other end.
NEAR, FAR = "10.99.{n}.1", "10.99.{n}.2"


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Networks:
    """A network in the middle, and `count` others with a cable to it each."""

    def __init__(self, count: int):
        mark = f"anlo{os.getpid() % 100_000}"
        self.middle = f"{mark}m"
        self.others = [f"{mark}-{n}" for n in range(count)]

    def build(self) -> None:
        for name in (self.middle, *self.others):
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        for n, name in enumerate(self.others):
            ip("-n", self.middle, "link", "add", f"to{n}", "type", "veth", "peer", "name", "out", "netns", name)
            for where, end, address in ((self.middle, f"to{n}", NEAR), (name, "out", FAR)):
                ip("-n", where, "addr", "add", f"{address.format(n=n)}/24", "dev", end)
                ip("-n", where, "link", "set", end, "up")

    def remove(self) -> None:
        for name in (self.middle, *self.others):
            subprocess.run(["ip", "netns", "del", name], capture_output=True)

    def cut(self, n: int) -> None:
        """The cable of the n-th: nothing passes, and nobody is told."""
        ip("-n", self.others[n], "link", "set", "out", "down")

    def mend(self, n: int) -> None:
        ip("-n", self.others[n], "link", "set", "out", "up")

    def inside(self, name: str, *command: str) -> list[str]:
        return ["ip", "netns", "exec", name, *command]


@contextmanager
def networks(count: int) -> Iterator[Networks]:
    """Skips with the reason where none can be made."""
    if sys.platform != "linux" or not shutil.which("ip") or os.geteuid() != 0:
        pytest.skip("networks of one's own need Linux, root and the program ip")
    found = Networks(count)
    try:
        try:
            found.build()
        except subprocess.CalledProcessError as refused:
            pytest.skip(f"no networks of one's own here: {refused.stderr.decode().strip()}")
        yield found
    finally:
        found.remove()
