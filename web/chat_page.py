"""The chat's page as it is drawn, and what its addresses hand on."""

from flask import render_template, request, url_for

from bots import webtalk
from web import chat_turns, chat_visitor
from web.here import now, reader, rt

#: Letters the box takes, and turns looked at for a page.
LONGEST, LOOKED_AT = 1000, 60
#: What a page hands on to the next one, so that no cookie has to.
_CARRIED = ("lang", "big", "embedded", "s", "c")


def page(wrong: str = "", text: str = "", person: str | None = None):
    person = person or chat_visitor.known()
    before = request.args.get("before", type=int)
    before = before and min(max(before, 1), 2**62)
    talk = webtalk.talk(rt.db, person, now=now(), before=before, limit=LOOKED_AT) if person else webtalk.Talk()
    turns = chat_turns.that_fit(talk.turns)
    said = [turn for turn in turns if not turn.mine and not turn.by_staff]
    return render_template(
        "chat/show.html",
        turns=[chat_turns.shown(turn) for turn in turns],
        choices=[] if before else said[-1].choices if said else _menu(),
        talk=talk,
        earlier=turns[0].id if len(turns) < len(talk.turns) or len(talk.turns) == LOOKED_AT else None,
        before=before,
        key=chat_visitor.new_key(),
        who=chat_visitor.signed(person),
        longest=LONGEST,
        links=chat_turns.LINKS,
        wrong=wrong,
        text=text,
        **frame(),
    )


def frame() -> dict:
    """What every page of the chat is drawn with."""
    return {
        "run_by": rt.settings["RUN_BY"],
        "framed": chat_visitor.framed(),
        "big": request.args.get("big") == "1",
        "to": address_of,
    }


def address_of(endpoint: str, **changes: object) -> str:
    """The address of a page of the chat that hands on what this one was asked with; None drops something."""
    carried = {name: request.args[name][:40] for name in _CARRIED if request.args.get(name)}
    return url_for(endpoint, **{"lang": reader(), **carried, **changes})


def _menu() -> list[dict]:
    """The four big choices of somebody who has not written yet."""
    topics = rt.book.answer("menu", reader()).choices[:4]
    titles = [rt.book.answer(topic, reader()).title for topic in topics]
    return [{"text": title, "say": title} for title in titles]
