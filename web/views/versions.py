"""The versions of a message: who wrote which when, and what changed between two of them, word by word."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request

from campaigns import authoring
from campaigns.authoring import Version
from messages.errors import Mistake
from web.access import access
from web.differences import differences
from web.drafts import NAMES, given_of, words_of
from web.here import rt
from web.story import names

bp = Blueprint("versions", __name__, url_prefix="/messages/<int:message_id>/versions")


@bp.get("")
@access("read")
def index(message_id: int):
    versions = authoring.versions(rt.db, message_id)
    if not versions:
        raise Mistake("message-unknown", id=message_id)
    after = _chosen(versions, "to", versions[0].number)
    before = _chosen(versions, "from", after.number - 1) if len(versions) > 1 else after
    return render_template(
        "versions/index.html",
        title=versions[0].title,
        versions=versions,
        numbered=[(each.number, each.number) for each in versions],
        who=names(),
        before=before,
        after=after,
        changes=_changes(before, after),
        words=words_of(),
    )


def _chosen(versions: Sequence[Version], name: str, usual: int) -> Version:
    """The version whose number is asked for; the nearest there is when it is not."""
    wanted = request.args.get(name, usual, int)
    return min(versions, key=lambda each: abs(each.number - wanted))


def _changes(before: Version, after: Version) -> dict:
    """Box → what became of its text, for those that differ."""
    old, new = given_of(before.texts), given_of(after.texts)
    return {name: differences(old[name], new[name]) for name in NAMES if old[name] != new[name]}
