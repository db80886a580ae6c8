"""The word in our address by which we know the callback of a provider that signs nothing."""

import hashlib
import hmac
from urllib.parse import parse_qsl

from sms.gateway import BadSignature, HookRequest


def token(secret: str, gateway: str) -> str:
    """32 letters of this installation's own for the hooks of `gateway`; whoever has them may report as the provider."""
    return hmac.new(secret.encode(), f"hook:{gateway}".encode(), hashlib.sha256).hexdigest()[:32]


def check(given: str, ours: str) -> None:
    """Raises BadSignature when `given` is not `ours`; how long it takes says nothing about where they differ."""
    if not hmac.compare_digest(given.encode(), ours.encode()):
        raise BadSignature


def query(request: HookRequest) -> dict[str, str]:
    """What stands in the address. A provider that puts its own "?…" behind our "?token=…" is understood too."""
    return dict(parse_qsl(request.url.partition("?")[2].replace("?", "&"), keep_blank_values=True))
