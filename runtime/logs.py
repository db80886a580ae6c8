"""Logging with nothing personal in it: a filter masks whatever looks like a number before any line is written."""

import logging
import re
import sys

#: Eight digits or more in a row, separators allowed: a phone number, or near enough not to take the chance.
_NUMBER = re.compile(r"\+?\d(?:[ .\-]?\d){7,}")


def mask(text: str) -> str:
    """`text` with every number of eight digits or more cut down to its last three.

    >>> mask("sent to +84 912 345 678")
    'sent to ***678'
    """
    return _NUMBER.sub(lambda found: "***" + found.group()[-3:], text)


class MaskNumbers(logging.Filter):
    """Masks the finished sentence, so that numbers hidden in arguments are caught too."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask(record.getMessage()), None
        return True


class _MaskedFormatter(logging.Formatter):
    def formatException(self, exc_info) -> str:
        return mask(super().formatException(exc_info))


def set_up(level: int = logging.INFO, stream=None) -> None:
    """Sends every log line, masked, to `stream` (standard error)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(MaskNumbers())
    handler.setFormatter(_MaskedFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("apscheduler", "twilio", "urllib3", "httpx", "waitress.queue", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
