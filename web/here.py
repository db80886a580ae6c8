"""What a view may ask for about the request it answers: the runtime, the moment, the person, their language."""

from datetime import datetime

from flask import current_app, g, session
from flask_babel import get_locale
from werkzeug.local import LocalProxy

from runtime.build import Runtime
from staff import accounts
from staff.model import Officer


def _officer() -> Officer | None:
    if "officer" not in g:
        g.officer = _signed_in()
    return g.officer


def _signed_in() -> Officer | None:
    """The person of the session, unless the account ended or its sessions were ended since."""
    if "staff" not in session:
        return None
    officer = accounts.by_id(rt.db, session["staff"])
    if officer is None or not officer.active or officer.session_stamp != session.get("stamp"):
        session.clear()
        return None
    return officer


rt: Runtime = LocalProxy(lambda: current_app.extensions["runtime"])
#: The person who signed in; false when nobody did.
officer: Officer = LocalProxy(_officer)


def now() -> datetime:
    return rt.clock()


def reader() -> str:
    """The language of whoever reads the answer: "vi" or "en"."""
    return get_locale().language


def remember(person: Officer) -> None:
    """Begins the session of `person`; whatever an earlier one held is gone."""
    session.clear()
    session.permanent = True
    session["staff"] = person.id
    session["stamp"] = person.session_stamp
    g.officer = person


def forget() -> None:
    session.clear()
    g.officer = None
