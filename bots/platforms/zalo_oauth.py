"""Zalo's OAuth: a refresh token, which works once, for the next pair.

https://docs.zaloplatforms.com/docs/OA/bat-dau/xac-thuc-va-uy-quyen-cho-ung-dung-new
"""

from datetime import timedelta

from bots.kept_tokens import Pair
from bots.platforms.answers import hidden, number
from bots.tokens import NotAsked, Refused
from sms.http import NotSent, Wire

PATH = "/v4/oa/access_token"
#: Where Zalo does not say how long an access token lives (usually 25 hours, as text) it is renewed soon.
UNSAID_LIFE = 3600


def ask(wire: Wire, app_id: str, app_secret: str, refresh: str) -> Pair:
    """The next pair. Raises Refused, NotAsked; anything else where nobody can tell."""
    form = {"refresh_token": refresh, "app_id": app_id, "grant_type": "refresh_token"}
    try:
        answer = wire.post_form(PATH, form, {"secret_key": app_secret})
    except NotSent as why:
        raise NotAsked(str(why)) from why
    content = answer.content or {}
    access, following = content.get("access_token"), content.get("refresh_token")
    if isinstance(access, str) and isinstance(following, str) and access and following:
        life = number(content.get("expires_in")) or UNSAID_LIFE
        return Pair(access, following, timedelta(seconds=max(life, 60)))
    if number(content.get("error")) or 400 <= answer.status < 500:
        words = content.get("error_name") or content.get("message") or ""
        raise Refused(hidden(f"HTTP {answer.status} {content.get('error', '')} {words}", refresh, app_secret))
    raise ValueError(f"HTTP {answer.status} without tokens")
