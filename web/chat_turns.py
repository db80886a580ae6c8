"""What was said, as the chat page shows it: addresses and numbers to tap, who speaks, where an answer comes from."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask_babel import gettext as _
from markupsafe import Markup, escape

from bots import judgeable
from bots.webtalk import Turn
from web.here import reader, rt
from web.sources import source_of

#: Bytes of conversation on one page; the rest is a tap away. The page with everything stays under 30 KB.
MOST_BYTES, LEAST_TURNS = 7_000, 2
#: A web address (1), a phone number (2), or digits that are neither (an article of a law, an amount): taken first that
#: comes. The page's script uses the same words of this pattern, so only what every browser knows is in it.
LINKS = (
    r"((?:https?://|www\.)[^\s<>\"]+[^\s<>\".,;:!?)\]])"
    r"|(\+\d{2}(?: \d{2,4}){3,5}|\b0\d{2,4}(?: \d{3,4}){2}|\b(?:11[1-5]|999)\b(?![./,-]?\d|/))"
    r"|\d[\d.,/-]*"
)
_LINKS = re.compile(LINKS)
_ANCHOR = Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>')
_CALL = Markup('<a href="tel:{}">{}</a>')


@dataclass(frozen=True)
class Shown:
    """A turn for the page. `who` names a person of ours; `judge`: the page asks whether it helped."""

    id: int
    mine: bool
    who: str
    text: str
    danger: str
    source: str
    judge: bool
    helpful: bool | None


def shown(turn: Turn) -> Shown:
    source = "" if turn.mine or turn.by_staff else source_of(rt.book, turn.topic, turn.language or reader())
    return Shown(
        id=turn.id, mine=turn.mine, text=turn.text, danger=turn.danger, source=source,
        who=_("Staff of An Lộ") if turn.by_staff else "",
        judge=not turn.mine and turn.helpful is None and judgeable.may_be_judged(rt.book, turn, turn.text),
        helpful=turn.helpful,
    )  # fmt: skip


def that_fit(turns: Sequence[Turn]) -> Sequence[Turn]:
    """The newest of `turns`, oldest first, that a light page has room for."""
    kept, weight = 0, 0
    for turn in reversed(turns):
        weight += len(turn.text.encode()) + sum(len(choice.text.encode()) for choice in turn.choices)
        if kept >= LEAST_TURNS and weight > MOST_BYTES:
            break
        kept += 1
    return turns[len(turns) - kept :]


def as_json(turn: Turn) -> dict:
    """What the page's script needs of something we said; what is not so is left out, for it travels slowly."""
    it = shown(turn)
    told = {"id": it.id, "text": it.text, "danger": it.danger, "who": it.who, "source": it.source, "judge": it.judge}
    return {name: value for name, value in told.items() if value and value != "none"}


def as_reply(said: Turn | None) -> dict:
    """The reply in the words that programs know since the first version."""
    if said is None:
        return {"reply": "", "choices": [], "topic": None, "danger": "none", "source": "", "language": reader()}
    it = shown(said)
    return {
        "reply": said.text, "choices": [asdict(choice) for choice in said.choices], "topic": said.topic,
        "danger": said.danger, "source": it.source, "language": said.language or reader(),
        "id": said.id, "judge": it.judge,
    }  # fmt: skip


def linked(text: str, *, numbers: bool = False) -> Markup:
    """`text` escaped, its web addresses as links that say nothing about where one came from. With `numbers`, for what
    we said ourselves: its telephone numbers are to be tapped.
    """
    pieces, at = [], 0
    for found in _LINKS.finditer(text):
        address, number = found.groups()
        if address or (number and numbers):
            pieces += [escape(text[at : found.start()]), _call(number) if number else _link(address)]
            at = found.end()
    return Markup("").join([*pieces, escape(text[at:])])


def _link(address: str) -> Markup:
    """Answers write addresses as people do, "www.dolab.gov.vn"; whether it is http or https is left to the browser."""
    return _ANCHOR.format(address if address.startswith("http") else f"http://{address}", address)


def _call(number: str) -> Markup:
    return _CALL.format(number.replace(" ", ""), number)
