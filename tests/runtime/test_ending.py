"""A process that was told to end ends, whatever hangs."""

import subprocess
import sys
import time

HANGS = """
import threading
from concurrent.futures import ThreadPoolExecutor
from runtime import ending
ThreadPoolExecutor().submit(threading.Event().wait)  # Python itself would wait for this one for ever
ending.at_the_latest({seconds})
"""


def test_what_hangs_is_left_to_whoever_works_next():
    begun = time.monotonic()
    code = HANGS.format(seconds=0.5)
    done = subprocess.run([sys.executable, "-c", code], timeout=30, capture_output=True, check=True)
    assert b"looked after by whoever works next" in done.stderr
    assert time.monotonic() - begun < 20


def test_who_ends_in_time_is_left_alone():
    code = "from runtime import ending; ending.at_the_latest(60)"
    begun = time.monotonic()
    assert subprocess.run([sys.executable, "-c", code], timeout=30, capture_output=True, check=True).stderr == b""
    assert time.monotonic() - begun < 20
