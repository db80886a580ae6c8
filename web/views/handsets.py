"""The simulator's wall of phones: what arrived, and a box to answer as the person."""

import hashlib

from flask import Blueprint, abort, redirect, render_template, request, url_for

from campaigns import consent
from campaigns.masking import masked
from db.seal import CannotOpen
from web.access import access
from web.here import now, officer, rt

bp = Blueprint("handsets", __name__, url_prefix="/handsets")
#: Phones on the wall, and the last messages of each.
PHONES, MESSAGES = 12, 6
#: A page names a phone by its sealed number, so that the number stands nowhere in it.
_FIELD = "handsets.number"


@bp.get("")
@access("read")
def index():
    return render_template("handsets/index.html", handsets=_wall())


@bp.get("/wall")
@access("read")
def wall():
    """The live part. Its mark changes when a message does: form tokens change every time and mean nothing."""
    shown = _wall()
    mark = [(phone["number"], phone["last_at"].isoformat(), len(phone["bubbles"])) for phone in shown]
    digest = hashlib.sha256(repr(mark).encode()).hexdigest()
    return render_template("handsets/wall.html", handsets=shown), 200, {"X-Mark": digest}


@bp.post("/answer")
@access("waves")
def answer():
    """What the person at the phone writes comes in through the gateway's real door; only a made-up person's phone can
    be answered for them."""
    text = request.form.get("text", "").strip()
    if text:
        number = _number(request.form.get("phone", ""))
        consent.check_exercise(rt.db, number, by=officer.id, now=now())
        _simulator().answer(number, text)
        rt.wake.set()
    return redirect(url_for("handsets.index"), 303)


def _wall() -> list[dict]:
    return [_phone(handset) for handset in _simulator().handsets(PHONES)]


def _phone(handset) -> dict:
    thread = _simulator().thread(handset.number, MESSAGES)
    bubbles = [(message.text, message.from_handset) for message in thread]
    number = handset.number if officer.may("see-numbers") else masked(handset.number)
    phone = rt.db.seal.seal(handset.number, _FIELD).hex()
    made_up = consent.may_exercise(rt.db, handset.number)
    return {"number": number, "phone": phone, "last_at": handset.last_at, "bubbles": bubbles, "made_up": made_up}


def _number(phone: str) -> str:
    try:
        return rt.db.seal.open(bytes.fromhex(phone), _FIELD)
    except (ValueError, CannotOpen):
        abort(400)


def _simulator():
    return rt.gateways.get("simulator") or abort(404)
