"""Nothing personal in a log line, wherever the number hides."""

import io
import logging

import pytest

from runtime import logs

CASES = [
    ("sent to +84912345678", "sent to ***678"),
    ("0912 345 678 and 0987.654.321", "***678 and ***321"),
    ("84-912-345-678", "***678"),
    ("wave 12, 500 rows in 1234 ms", "wave 12, 500 rows in 1234 ms"),
]


@pytest.mark.parametrize(("text", "masked"), CASES)
def test_numbers_are_masked_and_counts_are_not(text, masked):
    assert logs.mask(text) == masked


def test_numbers_in_arguments_and_tracebacks_are_masked():
    stream = io.StringIO()
    logs.set_up(stream=stream)
    log = logging.getLogger("an-lo.test")
    log.info("to %s", "+84912345678")
    try:
        raise ValueError("bad number 0912345678")
    except ValueError:
        log.exception("failed for %s", ["0912345678"])
    logging.getLogger().handlers.clear()
    written = stream.getvalue()
    assert "912345678" not in written
    assert "***678" in written
