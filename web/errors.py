"""A mistake becomes one sentence in the reader's language, a surprise a short, kind page; never a stack trace."""

import logging
from collections.abc import Mapping

from flask import Flask, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from db.space import is_full
from messages.errors import Mistake
from web.here import reader

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    app.register_error_handler(Mistake, show_mistake)
    app.register_error_handler(CSRFError, _show_stale_form)
    app.register_error_handler(HTTPException, _show_status)
    app.register_error_handler(OverflowError, lambda _: show_mistake(Mistake("value-out-of-range")))
    app.register_error_handler(Exception, _show_surprise)


def told(mistake: Mistake) -> str:
    """The sentence of `mistake` for whoever reads this answer."""
    try:
        return mistake.sentence(reader())
    except KeyError:  # somebody forgot the sentence: the person still gets one
        log.error("no sentence for the mistake %s", mistake.code)
        return _("That could not be done. Check what you entered and try again.")


def status_of(mistake: Mistake) -> int:
    """404 for what does not exist, 429 for too often, 422 for the rest."""
    if mistake.code.endswith("-unknown"):
        return 404
    return 429 if mistake.code in ("sign-in-locked", "slow-down") else 422


def show_mistake(mistake: Mistake):
    return _answer(status_of(mistake), mistake.code, _("That did not work"), told(mistake))


def _show_stale_form(_error: CSRFError):
    sentence = _("This page had been open too long, so nothing was saved. Go back, reload the page and send it again.")
    return _answer(400, "stale-form", _("Please send it again"), sentence)


def _show_status(error: HTTPException):
    if error.code is None or error.code < 400:
        return error
    title, sentence = _words(error.code)
    return _answer(error.code, f"http-{error.code}", title, sentence, _allow(error))


def _show_surprise(error: Exception):
    g.setdefault("officer", None)  # whoever it is: the database may be what failed
    g.setdefault("halt", None)
    if is_full(error):
        log.error("the disk is full: %s %s", request.method, request.endpoint)
        return _answer(503, "disk-full", _("The disk is full"), told(Mistake("disk-full")))
    log.exception("unexpected failure while answering %s %s", request.method, request.endpoint, exc_info=error)
    return _answer(500, "surprise", *_words(500))


def _words(status: int) -> tuple[str, str]:
    known = {
        403: (
            _("This page is not open to you"),
            _("Your role does not include it. Ask an administrator if you need it for your work."),
        ),
        404: (
            _("There is no such page"),
            _("The address may be mistyped, or what stood here was removed. Start again from the home page."),
        ),
        413: (
            _("That is too large"),
            _("The file or text is larger than this page takes. Split it and send the parts one by one."),
        ),
        429: (_("Too many at once"), _("Wait a minute and try again.")),
        500: (
            _("Something went wrong on our side"),
            _("What you did may not be saved. Try again in a minute; if it fails again, tell the administrator when."),
        ),
    }
    return known.get(status) or (
        _("That did not work"),
        _("The request could not be understood. Go back and try again."),
    )


def _answer(status: int, code: str, title: str, sentence: str, headers: Mapping[str, str] | None = None):
    if wants_json():
        return {"error": code, "sentence": sentence}, status, headers
    return render_template("error.html", title=title, sentence=sentence), status, headers


def wants_json() -> bool:
    """Machines get JSON: whoever sent it or asks for it."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return request.is_json or best == "application/json"


def _allow(error: HTTPException) -> dict[str, str]:
    methods = getattr(error, "valid_methods", None)
    return {"Allow": ", ".join(methods)} if methods else {}
