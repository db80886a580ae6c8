"""The library of starter messages: by theme, with their sources; one of them as the beginning of a new message."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from campaigns import authoring
from campaigns.model import Texts
from messages import themes
from messages.book import Starter
from messages.errors import Mistake
from web.access import access
from web.drafts import draft, given_of
from web.here import now, officer, reader, rt
from web.sources import names_of

bp = Blueprint("starters", __name__, url_prefix="/messages/starters")


@bp.get("")
@access("read")
def index():
    return render_template("starters/index.html", themes=_themes(), used=_used())


def _themes() -> list[dict]:
    """In the order of the library; a theme without a starter is left out."""
    pairs = rt.book.starters.items()
    found = {theme: [(name, pair) for name, pair in pairs if pair["vi"].theme == theme] for theme in themes.themes()}
    return [
        {"id": theme, "words": themes.words(theme, reader()), "starters": those}
        for theme, those in found.items()
        if those
    ]


def _used() -> set[str]:
    """The starters some message was begun from."""
    return {each.starter for each in authoring.messages(rt.db) if each.starter}


@bp.get("/<name>")
@access("read")
def show(name: str):
    pair = _starter(name)
    return render_template(
        "starters/show.html",
        title=pair[reader()].title,
        name=name,
        starter=pair["vi"],
        draft=draft(given_of(_texts(pair)), now()),
        sources=names_of(rt.book, pair["vi"].sources),
    )


@bp.post("/<name>")
@access("write-messages")
def use(name: str):
    """A new message with these texts, to be made one's own."""
    pair = _starter(name)
    texts = given_of(_texts(pair))
    version_id = authoring.write(
        rt.db, title=pair[reader()].title, starter=name, by=officer.id, now=now(), **texts
    )
    flash(_("A new message was begun from it. Change what your people need, then save."), "good")
    message_id = authoring.version(rt.db, version_id).message_id
    return redirect(url_for("messages.edit", message_id=message_id), 303)


def _starter(name: str) -> Mapping[str, Starter]:
    if name not in rt.book.starters:
        raise Mistake("starter-unknown", name=name)
    return rt.book.starters[name]


def _texts(pair: Mapping[str, Starter]) -> Texts:
    return Texts(pair["vi"].text, pair["vi"].unaccented, pair["en"].text)
