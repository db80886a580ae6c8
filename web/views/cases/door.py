"""The blueprint all pages of the desk hang on, and what keeps them fresh."""

from flask import Blueprint, flash, redirect, request, url_for

from messages.errors import Mistake
from web.errors import told
from web.here import now

bp = Blueprint("cases", __name__, url_prefix="/cases")


def done(case_id: int, words: str, anchor: str | None = None):
    """Back to the case, which says so."""
    flash(words, "good")
    return redirect(url_for("cases.show", case_id=case_id, _anchor=anchor), 303)


def not_done(case_id: int, mistake: Mistake):
    """Back to the case as it stands now, with what is in the way."""
    flash(told(mistake), "danger")
    return redirect(url_for("cases.show", case_id=case_id), 303)


def by_the_minute(mark: str) -> str:
    """The mark of a part that tells how long somebody waits: another one every minute too."""
    return f"{mark}.{int(now().timestamp()) // 60}"


def is_known(mark: str) -> bool:
    """Whether the browser that asks shows what has this mark already; then nothing is drawn."""
    return request.headers.get("X-Mark") == mark


def unchanged(mark: str):
    return "", 204, {"X-Mark": mark}
