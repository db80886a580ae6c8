"""Whose conversation it is: a random token, signed, in a cookie that lives as long as the browser is open. In a frame
on a partner's site, where browsers refuse cookies, the page itself carries it from answer to answer.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

COOKIE = "chat"
#: The field of the form, or of the JSON; looking for news says it in a header, so that no address ever holds it.
FIELD, HEADER = "who", "X-Chat"


def framed() -> bool:
    """This page stands in a frame on a partner's site."""
    return "embedded" in request.args


def known(given: Mapping | None = None) -> str | None:
    """The conversation's address; None when there is none, or one we did not sign. `given`: what was sent."""
    if not framed():
        return _opened(request.cookies.get(COOKIE, ""))
    return _opened((given or request.form).get(FIELD) or request.headers.get(HEADER, ""))


def new(key: str = "", text: str = "") -> str:
    """Somebody's address. On a weak line the first message comes again before its answer, and the cookie, came back:
    the same words under a `key` that we gave out are the same person. A key of anybody else names nobody.
    """
    try:
        _keys().loads(key)
    except BadSignature:
        return secrets.token_urlsafe(16)
    begun = hmac.digest(current_app.secret_key.encode(), f"begins {framed()} {key} {text}".encode(), "sha256")
    return urlsafe_b64encode(begun[:16]).decode().rstrip("=")


def new_key() -> str:
    """Names one message of a page, so that a form sent twice is one message."""
    return _keys().dumps(secrets.token_urlsafe(9))


def signed(person: str | None) -> str:
    """What a framed page carries; nothing before somebody has written."""
    return _serializer().dumps(person) if person and framed() else ""


def keep(answer: Response, person: str) -> None:
    """The next answer knows the person again. A framed page sets no cookie: its form carries the token."""
    if not framed():
        answer.set_cookie(
            COOKIE, _serializer().dumps(person), path="/chat", httponly=True, samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip


def forget(answer: Response) -> None:
    answer.delete_cookie(COOKIE, path="/chat")


def _opened(token: object) -> str | None:
    try:
        return str(_serializer().loads(token)) if isinstance(token, str) else None
    except BadSignature:
        return None


def _keys() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key, salt="chat-key")


def _serializer() -> URLSafeSerializer:
    """A token of a frame is no cookie, and the other way round."""
    return URLSafeSerializer(current_app.secret_key, salt="chat-frame" if framed() else "chat")
