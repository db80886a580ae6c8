"""The public chat: a form that posts and comes back whole, or JSON for the page's own script. A machine answers, and
where a person of ours does the page says so.
"""

import json

from flask import Blueprint, Response, current_app, g, redirect, render_template, request

from bots import judging, webtalk
from messages.errors import Mistake
from web import chat_turns, chat_visitor
from web.access import access
from web.chat_asking import ask, origin, whole_letters
from web.chat_gate import Gate, from_elsewhere, newcomer
from web.chat_page import LONGEST, address_of, frame, page
from web.errors import told, wants_json
from web.here import now, rt

bp = Blueprint("chat", __name__, url_prefix="/chat")
LARGEST_BODY = 64 * 1024
#: Turns looked at for news.
NEWS = 20
#: Where "quick exit" leads: a page anybody might have open.
ELSEWHERE = "https://www.google.com/"
bp.app_template_filter("linked")(chat_turns.linked)
bp.record_once(lambda state: state.app.extensions.update(chat_gate=Gate()))


@bp.before_request
def _limit():
    request.max_content_length = request.max_form_memory_size = LARGEST_BODY
    if chat_visitor.framed():
        g.framed_by = rt.settings.chat_hosts
    if request.method == "POST" and from_elsewhere(rt.settings.public_url):
        return _refused(Mistake("chat-elsewhere"), 403)
    return None


@bp.get("")
@access("public")
def show():
    return page()


@bp.post("")
@access("public")
def again():
    """The page once more, in a frame: there a link would lose the conversation."""
    return page(text=_typed())


@bp.post("/messages")
@access("public")
def messages():
    """Takes {"text": …} as JSON, or a form's `text` or `choice`; the same text with the same `key` changes nothing."""
    given = _given()
    text = given.get("choice") or given.get("text")
    if not isinstance(text, str) or not text.strip():
        return _refused(Mistake("chat-empty"), 422)
    text = whole_letters(text).strip()
    person = chat_visitor.known(given)
    is_new = person is None
    if is_new and not _may_begin():
        return _refused(Mistake("chat-crowded"), 429, text)
    key = whole_letters(str(given.get("key") or chat_visitor.new_key()))[:64]
    person = person or chat_visitor.new(key, text)
    asked = ask(person, text, key, came_by=origin if is_new else None)
    return _answered(person, asked, given)


def _may_begin() -> bool:
    address = newcomer()
    return address is None or current_app.extensions["chat_gate"].lets_in(address)


def _given() -> dict:
    """What was sent; nothing, when it is no table or nested too deep to be read."""
    try:
        given = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    except RecursionError:
        return {}
    return given if isinstance(given, dict) else {}


def _answered(person: str, asked: int | None, given: dict):
    if not wants_json():
        here = page(person=person) if chat_visitor.framed() else _back("choices")
        answer = current_app.make_response(here)
    else:
        seen = given.get("after")
        after = seen if isinstance(seen, int) and 0 < seen < (asked or 0) else (asked or 0)
        talk = webtalk.talk(rt.db, person, now=now(), after=after, limit=NEWS)
        said = talk.reply_to(asked)
        others = [turn for turn in talk.turns if turn.by_staff]
        more = {"token": chat_visitor.signed(person), "next_key": chat_visitor.new_key(), **_news(talk, others, after)}
        more["awaited"] |= said is None  # another message of theirs may be waiting before it
        answer = _light({**chat_turns.as_reply(said), **more})
    chat_visitor.keep(answer, person)
    return answer


def _light(told: dict) -> Response:
    """JSON with Vietnamese letters as they are: escaped they weigh three times as much."""
    return Response(json.dumps(told, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")


def _back(anchor: str):
    return redirect(address_of("chat.show", _anchor=anchor), 303)


def _news(talk: webtalk.Talk, turns, after: int) -> dict:
    last = max([after, *(turn.id for turn in talk.turns)])
    return {"last": last, "awaited": talk.awaited, "messages": [chat_turns.as_json(turn) for turn in turns]}


@bp.get("/messages")
@access("public")
def news():
    """What we said after turn `after`, for a page that waits for a person."""
    person, after = chat_visitor.known(), request.args.get("after", 0, int)
    after = min(max(after, 0), 2**62)
    talk = webtalk.talk(rt.db, person, now=now(), after=after, limit=NEWS) if person else webtalk.Talk()
    return _light(_news(talk, [turn for turn in talk.turns if not turn.mine], after))


@bp.post("/judge")
@access("public")
def judge():
    """Was this helpful? `judge` is "<turn>:1" or "<turn>:0"."""
    given = _given()
    turn, _sign, helpful = str(given.get("judge", "")).partition(":")
    person = chat_visitor.known(given)
    if person and turn.isdecimal() and len(turn) < 19 and helpful in ("0", "1"):
        judging.judge(
            rt.db, platform=webtalk.PLATFORM, address=person, turn_id=int(turn), helpful=helpful == "1", now=now()
        )
    if wants_json():
        return {}
    return page(text=_typed()) if chat_visitor.framed() or _typed() else _back(f"t{turn[:19]}")


def _typed() -> str:
    """What stands in the box, not sent yet."""
    return request.form.get("text", "")[:LONGEST]


@bp.get("/about")
@access("public")
def about():
    """Who answers, what is kept and for how long."""
    return render_template("chat/about.html", **frame())


def _refused(mistake: Mistake, status: int, text: str = ""):
    if wants_json():
        return {"error": mistake.code, "sentence": told(mistake)}, status
    return page(told(mistake), text), status


@bp.get("/leave")
@access("public")
def leave():
    """Quick exit: the conversation is forgotten here and something harmless is on the screen."""
    answer = redirect(ELSEWHERE, 303)
    if not from_elsewhere(rt.settings.public_url):
        chat_visitor.forget(answer)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
