"""The desk's bell: how many people in danger nobody has taken yet. Pages with JavaScript ask every two seconds."""

from flask import Blueprint

from web.access import access
from web.ringing import now_waiting, words

bp = Blueprint("bell", __name__, url_prefix="/bell")


@bp.get("")
@access("cases")
def show():
    """`words` is the sentence of the strip in the reader's language; `mark` changes when somebody new is in danger."""
    bell = now_waiting()
    return {"red": bell.red, "waiting": bell.waiting, "mark": bell.mark, "words": words(bell)}
