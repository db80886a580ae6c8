"""The public chat: a form that posts and comes back whole, or JSON for the page's own script. A machine answers.

A conversation is a random token in a signed cookie that lives as long as the browser is open; there is no other.
"""

import re
import secrets
from dataclasses import asdict

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup, escape

from bots import desk, inbox
from campaigns import links
from messages.errors import Mistake
from web.access import access
from web.errors import told, wants_json
from web.here import now, reader, rt
from web.sources import source_of

bp = Blueprint("chat", __name__, url_prefix="/chat")
COOKIE = "chat"
PLATFORM = "web"
LARGEST_BODY = 64 * 1024
#: Letters the box takes, and turns the page shows.
LONGEST, SHOWN = 1000, 60
#: Where "quick exit" leads: a page anybody might have open.
ELSEWHERE = "https://www.google.com/"
#: Answers write addresses as people do, "www.dolab.gov.vn"; whether it is http or https is left to the browser.
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+[^\s<>\".,;:!?)\]]")
_ANCHOR = Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>')


@bp.before_request
def _limit():
    request.max_content_length = request.max_form_memory_size = LARGEST_BODY


@bp.get("")
@access("public")
def show():
    return _page()


def _page(wrong: str = ""):
    person = _person()
    turns = desk.conversation_of(rt.db, platform=PLATFORM, address=person, limit=SHOWN) if person else []
    said = [turn for turn in turns if turn.direction == "out"]
    return render_template(
        "chat/show.html",
        turns=[_shown(turn) for turn in turns],
        choices=said[-1].choices if said else _menu(),
        key=_new_key(),
        longest=LONGEST,
        came_by=request.args.get("s", "")[:40] or None,
        wrong=wrong,
    )


def _menu() -> list[dict]:
    """The four big choices of somebody who has not written yet."""
    topics = rt.book.answer("menu", reader()).choices[:4]
    titles = [rt.book.answer(topic, reader()).title for topic in topics]
    return [{"text": title, "say": title} for title in titles]


def _shown(turn: desk.Turn) -> dict:
    mine = turn.direction == "in"
    source = "" if mine else source_of(rt.book, turn.topic, turn.language or reader())
    return {"mine": mine, "text": turn.text, "danger": turn.danger, "source": source}


@bp.post("/messages")
@access("public")
def messages():
    """Takes {"text": …} as JSON, or a form's `text` or `choice`; a repeated `key` changes nothing."""
    given = _given()
    text = given.get("choice") or given.get("text") if isinstance(given, dict) else None
    if not isinstance(text, str) or not text.strip():
        return _nothing_asked()
    person = _person() or secrets.token_urlsafe(16)
    _note_link(is_new=_person() is None)
    said = _ask(person, _letters(text).strip(), _letters(str(given.get("key") or _new_key()))[:64])
    answer = current_app.make_response(_as_json(said)) if wants_json() else redirect(_back(), 303)
    answer.set_cookie(
        COOKIE,
        _serializer().dumps(person),
        path="/chat",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer


def _note_link(is_new: bool) -> None:
    """A conversation that begins behind a short link counts for it, once."""
    code = request.args.get("s", "")
    if is_new and code:
        links.began(rt.db, code[:40], now())


def _letters(text: str) -> str:
    """`text` without halves of letters, which no table can hold."""
    return text.encode("utf-8", "replace").decode()


def _given():
    """What was sent; nothing, when it is nested too deep to be read."""
    try:
        return (request.get_json(silent=True) or {}) if request.is_json else request.form.to_dict()
    except RecursionError:
        return {}


def _ask(person: str, text: str, key: str) -> desk.Turn | None:
    """The reply to this message, or the latest one when it was a repeat; None when nothing is said."""
    turn_id = inbox.receive(
        rt.db, platform=PLATFORM, address=person, text=text, provider_id=f"web:{person}:{key}", now=now(),
        language=reader(),
    )
    if turn_id is not None:
        inbox.answer(rt.db, rt.engine, turn_id, now(), rt.leaves)
        rt.wake.set()
    turns = desk.conversation_of(rt.db, platform=PLATFORM, address=person, after=turn_id or 0)
    return next((turn for turn in reversed(turns) if turn.direction == "out"), None)


def _as_json(said: desk.Turn | None) -> dict:
    if said is None:
        nothing = {"reply": "", "choices": [], "topic": None, "danger": "none", "source": ""}
        return {**nothing, "language": reader(), "next_key": _new_key()}
    return {
        "reply": said.text,
        "choices": [asdict(choice) for choice in said.choices],
        "topic": said.topic,
        "danger": said.danger or "none",
        "language": said.language or reader(),
        "source": _shown(said)["source"],
        "next_key": _new_key(),
    }


def _nothing_asked():
    mistake = Mistake("chat-empty")
    if wants_json():
        return {"error": mistake.code, "sentence": told(mistake)}, 422
    return _page(told(mistake)), 422


@bp.get("/leave")
@access("public")
def leave():
    """Quick exit: the conversation is forgotten here and something harmless is on the screen."""
    answer = redirect(ELSEWHERE, 303)
    answer.delete_cookie(COOKIE, path="/chat")
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _back() -> str:
    return url_for("chat.show", lang=request.args.get("lang"), _anchor="choices")


def _person() -> str | None:
    """The conversation's token; None when there is none, or one we did not sign."""
    try:
        return str(_serializer().loads(request.cookies.get(COOKIE, "")))
    except BadSignature:
        return None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key, salt="chat")


def _new_key() -> str:
    """Names one message of a page, so that a form sent twice is one message."""
    return secrets.token_urlsafe(9)


@bp.app_template_filter("linked")
def linked(text: str) -> Markup:
    """`text` escaped, its web addresses as links that say nothing about where one came from."""
    pieces, at = [], 0
    for found in _LINK.finditer(text):
        address = found[0] if found[0].startswith("http") else f"http://{found[0]}"
        pieces += [escape(text[at : found.start()]), _ANCHOR.format(address, found[0])]
        at = found.end()
    return Markup("").join([*pieces, escape(text[at:])])
