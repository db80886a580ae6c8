"""The JSON a provider's hook brings, whatever somebody put into it."""

import json

from sms.gateway import BadRequest


def read_json(body: bytes) -> dict:
    """The object in `body`, its texts fit to be stored. Raises BadRequest for anything else: bytes that are no UTF-8,
    no JSON, no object, nested without end, numbers of thousands of digits.
    """
    try:
        text = body.decode("utf-8")
        value = json.loads(text)
        if "\\ud" in text or "\\uD" in text:
            value = _whole(value)
    except (ValueError, RecursionError) as why:
        raise BadRequest("JSON") from why
    if not isinstance(value, dict):
        raise BadRequest("JSON")
    return value


def _whole(value):
    """Half a character (a lone surrogate: an emoji cut in two) cannot be written down in any encoding."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(item) for name, item in value.items()}
    return value
