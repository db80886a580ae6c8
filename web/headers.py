"""What every answer carries: the browser's orders (CSP and friends), how long it may be kept, and smaller bytes."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, g, request, url_for

_STATIC = Path(__file__).parent / "static"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
_YEAR = 365 * 24 * 3600
_WORTH_SQUEEZING = 600


def install(app: Flask) -> None:
    app.after_request(_finish)
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a static file; it changes with the file, so browsers may keep it for a year."""
    return url_for("static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:10]


def _finish(response: Response) -> Response:
    for name, value in {**_ALWAYS, **_framed()}.items():
        if value:
            response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
    if request.endpoint == "static":
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if "v" in request.args else "no-cache"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return _squeezed(response)


def _framed() -> dict[str, str]:
    """For a page that partners may show in a frame: who may (`g.framed_by`). X-Frame-Options knows no names."""
    origins = " ".join(g.get("framed_by", ()))
    if not origins:
        return {}
    policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {origins}")
    return {"Content-Security-Policy": policy, "X-Frame-Options": ""}


def _squeezed(response: Response) -> Response:
    """Gzips static files and the public chat, which people on slow lines load.

    Officers' pages are not gzipped: they hold a form token beside words a stranger may have put there, and the
    length of the compressed page would give the token away (the BREACH attack).
    """
    if request.endpoint != "static" and request.blueprint not in ("chat", "embed", "stop"):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or "gzip" not in request.accept_encodings or not _is_text(response):
        return response
    response.direct_passthrough = False
    whole = response.get_data()
    if len(whole) >= _WORTH_SQUEEZING:
        response.set_data(gzip.compress(whole, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _is_text(response: Response) -> bool:
    kind = response.mimetype or ""
    return kind.startswith("text/") or kind in ("application/json", "image/svg+xml", "application/javascript")
