"""The chat on partners' sites: one script that puts a button there. Who may show the chat in a frame: CHAT_HOSTS."""

from pathlib import Path

from flask import Blueprint, Response, current_app

from web.access import access
from web.here import rt

bp = Blueprint("embed", __name__, url_prefix="/chat/embed.js")
#: Partners' visitors fetch it again after so many seconds: a site that is allowed today is not refused until tomorrow.
FRESH_FOR = 600


@bp.get("")
@access("public")
def script():
    """The script, with the sites that may show the chat written into it; on another its button leads to our page."""
    words = Path(current_app.static_folder, "embed.js").read_text(encoding="utf-8")
    answer = Response(words.replace("ORIGINS", " ".join(rt.settings.chat_hosts)), mimetype="text/javascript")
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_FOR}"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
