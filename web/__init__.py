"""The web door: server-rendered pages for officers, the public chat page, and the providers' hooks.

One thing, one name: URL prefix = `views/<noun>.py` = `templates/<noun>/` = `tests/web/test_<noun>.py`. A view reads the
request, calls one use case of a room and shows the result. Every view says who may open it (`access.py`); every
mistake becomes one sentence in the reader's language (`errors.py`). Start in `create_app`.
"""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from campaigns.upload import MOST_BYTES
from runtime.build import Runtime, secret_key
from web import access, errors, frame, headers, language, rates, senders, tables_out, words
from web.hook_door import HookDoor
from web.views import (
    adoptions,
    agencies,
    answer_drafts,
    answer_versions,
    answers,
    answers_due,
    areas,
    bell,
    campaigns,
    cases,
    chat,
    duty,
    embed,
    experiments,
    figures,
    figures_bot,
    figures_map,
    figures_report,
    halts,
    handsets,
    health,
    home,
    links,
    lists,
    members,
    messages,
    optouts,
    outside,
    posters,
    prices,
    rehearsals,
    restored,
    routes,
    series,
    settings,
    sign_in,
    starters,
    stop,
    trials,
    unanswered,
    uploads,
    versions,
    wave_figures,
    waves,
)

#: Listed by hand, in the order of the rail.
BLUEPRINTS = (
    home.bp,
    messages.bp,
    versions.bp,
    trials.bp,
    starters.bp,
    prices.bp,
    routes.bp,
    lists.bp,
    uploads.bp,
    members.bp,
    areas.bp,
    optouts.bp,
    waves.bp,
    halts.bp,
    restored.bp,
    campaigns.bp,
    series.bp,
    rehearsals.bp,
    experiments.bp,
    answers.bp,
    answers_due.bp,
    answer_drafts.bp,
    answer_versions.bp,
    unanswered.bp,
    outside.bp,
    adoptions.bp,
    cases.bp,
    duty.bp,
    bell.bp,
    figures.bp,
    figures_bot.bp,
    figures_map.bp,
    figures_report.bp,
    wave_figures.bp,
    posters.bp,
    handsets.bp,
    agencies.bp,
    settings.bp,
    sign_in.bp,
    language.bp,
    chat.bp,
    embed.bp,
    links.bp,
    stop.bp,
    health.bp,
)
#: What proves where a request comes from is its own: the conversation's signed cookie, the code from a message. Phones
#: that keep no cookie must be able to stop our messages.
WITHOUT_CSRF_TOKEN = (chat.bp, stop.bp)
#: The largest list that is read, and the form around it. The hooks and the chat have smaller limits of their own.
UPLOAD_LIMIT = MOST_BYTES + 1024 * 1024
SESSION_HOURS = 12


def create_app(rt: Runtime) -> Flask:
    """The WSGI application over one runtime."""
    app = Flask(__name__)
    app.config.update(_config(rt))
    app.extensions["runtime"] = rt
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(
        app,
        default_translation_directories=str(Path(__file__).parent / "translations"),
        locale_selector=language.choose,
        timezone_selector=lambda: rt.settings["TIMEZONE"],
    )
    csrf = CSRFProtect(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for blueprint in WITHOUT_CSRF_TOKEN:
        csrf.exempt(blueprint)
    for part in (access, errors, frame, headers, language, rates, senders, tables_out, words):
        part.install(app)
    app.wsgi_app = HookDoor(rt, app.wsgi_app)
    return app


def _config(rt: Runtime) -> dict:
    https = rt.settings.public_url.startswith("https://")
    return {
        "SECRET_KEY": secret_key(rt.settings),
        "SESSION_COOKIE_NAME": "an-lo",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": https,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=SESSION_HOURS),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "MAX_CONTENT_LENGTH": UPLOAD_LIMIT,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "vi",
    }
