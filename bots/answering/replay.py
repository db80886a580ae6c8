"""Two engines asked the same: which questions are answered differently. Pure."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bots.model import Context, Heard, Said

if TYPE_CHECKING:  # it brings NumPy and SciPy along
    from bots.engine import Engine

#: Questions by another hand, with the right topic; see README.md beside it.
MEASURED = Path(__file__).parent.parent / "measured" / "questions.jsonl"
#: The topic of a line that no answer fits.
OUTSIDE = "out-of-scope"
#: What people asked, and what stands in the measuring set.
ASKED, MEASURING = "asked", "measured"


@dataclass(frozen=True)
class Question:
    """`right`: the topic it belongs to, and `danger` its danger; "" where nobody has said."""

    text: str
    origin: str = ASKED
    right: str = ""
    danger: str = ""


@dataclass(frozen=True)
class Outcome:
    """verdict: answer | ask (did you mean) | refuse | red. `topic` is None when it is refused."""

    topic: str | None
    verdict: str


@dataclass(frozen=True)
class Difference:
    """A question and what becomes of it. Both outcomes alike: only the words of the reply differ."""

    text: str
    origin: str
    right: str
    before: Outcome
    after: Outcome
    danger: str = ""

    @property
    def reworded(self) -> bool:
        return self.before == self.after

    @property
    def verdict(self) -> str:
        """better | worse | "" (as good as before, or nobody knows)."""
        was, will = (_is_right(each, self.right, self.danger) for each in (self.before, self.after))
        return {(False, True): "better", (True, False): "worse"}.get((was, will), "") if self.right else ""


def replay(
    before: "Engine", after: "Engine", lines: Iterable[Question], stop: Callable[[], bool] = lambda: False
) -> list[Difference]:
    """What `after` answers differently from `before`, each line asked on its own; in order. Ends early on `stop`."""
    found = []
    for line in lines:
        if stop():
            break
        then, now = _asked(after, line.text), _asked(before, line.text)
        if then.reply != now.reply or outcome(then) != outcome(now):
            found.append(Difference(line.text, line.origin, line.right, outcome(now), outcome(then), line.danger))
    return found


def outcome(said: Said) -> Outcome:
    """What a reply amounts to. Where the person is asked back, the topic itself is among what is offered."""
    if said.danger == "red":
        return Outcome(said.topic, "red")
    if said.topic is None:
        return Outcome(None, "refuse")
    return Outcome(said.topic, "ask" if said.topic in said.context.offered else "answer")


def _asked(engine: "Engine", text: str) -> Said:
    """As somebody who has been told before that a machine answers."""
    return engine.respond(Heard(text, context=Context(greeted=True)))


def _is_right(each: Outcome, right: str, danger: str) -> bool:
    """In danger any help is right, and without it none is; else the topic decides."""
    if danger == "red" or each.verdict == "red":
        return danger == each.verdict
    return each.topic == right or (each.topic is None and right == OUTSIDE)


def to_values(found: Sequence[Difference]) -> list[dict]:
    return [asdict(each) for each in found]


def from_values(values: Iterable[dict]) -> list[Difference]:
    """What `to_values` wrote."""
    return [
        Difference(**{**each, "before": Outcome(**each["before"]), "after": Outcome(**each["after"])})
        for each in values
    ]


@cache
def measuring() -> tuple[Question, ...]:
    """The lines of the measuring set."""
    lines = map(json.loads, MEASURED.read_text(encoding="utf-8").splitlines())
    return tuple(Question(line["text"], MEASURING, line["topic"], line["danger"]) for line in lines)
