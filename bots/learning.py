"""What the bot learns, in parts that do not know each other: a router for each language, and the ear for danger."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bots import alarm, kept, tables
from bots.alarm import Alarm
from bots.both import by_language, learn
from bots.lessons import prepare
from bots.router import OUTSIDE, Router

Line = tuple[str, str]
Learnt = Router | Alarm
#: Part → the file it is to be kept in, and the lines to learn from.
Elsewhere = Callable[[Mapping[str, Path], Sequence[Line]], None]
#: The largest first: the others are learnt meanwhile.
PARTS = ("vi", "en", "alarm")
#: Our example questions are written to be unlike each other, so one that is left out is harder than what people send:
#: refusing this share of them refuses about 2 % of the development questions (docs/understanding.md).
TURNED_AWAY = 0.16
#: The ear hears every second ordinary question: enough to know what is ordinary.
_EVERY = 2


def learnt(lines: Sequence[Line], folder: Path | None, key: str,
           elsewhere: Elsewhere | None = None) -> Mapping[str, Learnt]:
    """Every part, learnt from `lines` or read from `folder`, where files named by `key` speak of these lines only.

    `elsewhere` may learn what is missing in other processes: it leaves files, or does not.
    """
    if folder is None:
        return {part: learn_part(part, lines) for part in PARTS}
    paths = {part: folder / f"bot-{key}-{part}.npz" for part in PARTS}
    found = {part: _kept(part, path) for part, path in paths.items()}
    missing = {part: paths[part] for part in PARTS if found[part] is None}
    if missing and elsewhere:
        elsewhere(missing, lines)
    for part, path in missing.items():
        found[part] = _kept(part, path) or _keep(path, learn_part(part, lines))
    return found


def _kept(part: str, path: Path) -> Learnt | None:
    """What the file holds, if it is of the right sort."""
    found = kept.load(path)
    return found if isinstance(found, Alarm if part == "alarm" else Router) else None


def _keep(path: Path, part: Learnt) -> Learnt:
    kept.save(path, part)
    return part


def learn_part(part: str, lines: Sequence[Line]) -> Learnt:
    """One of PARTS, learnt here and now."""
    if part == "alarm":
        return Alarm.learn(prepare(_ordinary(lines)[::_EVERY], last=OUTSIDE, also=alarm.lines()))
    return learn(by_language(lines).get(part, []), TURNED_AWAY)


def _ordinary(lines: Sequence[Line]) -> list[Line]:
    """What the ear may take for harmless: not what staff called none of ours, or they could teach it not to hear."""
    known = frozenset(tables.background())
    return [line for line in lines if line[1] != OUTSIDE or line[0] in known]
