"""How well the engine does on a file of questions: the figures of `bot evaluate`."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bots.both import BothLanguages
from bots.engine import Engine
from bots.model import Heard
from bots.router import OUTSIDE
from messages.errors import Mistake


@dataclass(frozen=True)
class Line:
    """A question of a test file. `danger` and `register` are empty when the file says nothing of them."""

    text: str
    topic: str = ""
    danger: str = ""
    register: str = ""


@dataclass(frozen=True)
class Found:
    """What was made of a Line. `topic` is None when the engine abstained; `ranked` are the topics considered."""

    line: Line
    topic: str | None
    ranked: tuple[str, ...]
    danger: str
    confidence: float
    ms: float

    @property
    def right(self) -> bool:
        return self.topic == self.line.topic or (self.topic is None and self.line.topic == OUTSIDE)


def read(path: Path) -> list[Line]:
    """The lines of a JSONL file. Raises Mistake("questions-unreadable") with the line that cannot be read."""
    try:
        rows = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as why:
        raise Mistake("questions-missing", file=path) from why
    except UnicodeDecodeError as why:
        raise Mistake("questions-unreadable", file=path, line=1) from why
    return [_line(row, path, number) for number, row in enumerate(rows, start=1) if row.strip()]


def _line(row: str, path: Path, number: int) -> Line:
    try:
        fields = json.loads(row)
        text, others = fields["text"], (str(fields.get(name) or "") for name in ("topic", "danger", "register"))
    except (ValueError, TypeError, KeyError, AttributeError) as why:
        raise Mistake("questions-unreadable", file=path, line=number) from why
    if not isinstance(text, str):
        raise Mistake("questions-unreadable", file=path, line=number)
    return Line(text, *others)


def with_engine(engine: Engine, lines: Iterable[Line]) -> list[Found]:
    """Each line asked on its own, as the first message of a conversation."""
    return [_timed(line, lambda line: _asked(engine, line)) for line in lines]


def with_router(router: BothLanguages, lines: Iterable[Line]) -> list[Found]:
    """Each line routed by a router trained on other labels; there is no triage then."""
    return [_timed(line, lambda line: _routed(router, line)) for line in lines]


def train(lines: Sequence[Line]) -> BothLanguages:
    """A router that knows nothing but these lines."""
    return BothLanguages.train([(line.text, line.topic) for line in lines if line.topic])


def figures(found: Sequence[Found], train_s: float) -> dict[str, object]:
    """The figures of INTERFACES: shares 0..1, or None where the file has no such line.

    Topics count on lines that are not red (in danger any help topic is right); an "out-of-scope" line is right when the
    engine abstained. `red_false_alarm` is the share of the other lines answered as red.
    """
    judged = [each for each in found if each.line.topic and each.line.danger != "red"]
    ours = [each for each in judged if each.line.topic != OUTSIDE]
    outside = [each for each in judged if each.line.topic == OUTSIDE]
    red = [each for each in found if each.line.danger == "red"]
    not_red = [each for each in found if each.line.danger not in ("", "red")]
    refused = [each for each in judged if each.topic is None]
    speed = sorted(each.ms for each in found)
    return {
        "n": len(found),
        "accuracy": _share(judged, lambda each: each.right),
        "in_scope_accuracy": _share(ours, lambda each: each.right),
        "oos_recall": _share(outside, lambda each: each.topic is None),
        "oos_precision": _share(refused, lambda each: each.line.topic == OUTSIDE),
        "red_recall": _share(red, lambda each: each.danger == "red"),
        "red_false_alarm": _share(not_red, lambda each: each.danger == "red"),
        "by_register": _by_register(ours),
        "train_s": round(train_s, 3),
        "p50_ms": _quantile(speed, 0.5),
        "p99_ms": _quantile(speed, 0.99),
    }


def more_figures(found: Sequence[Found]) -> dict[str, object]:
    """What else a person who tunes the engine wants to know; for the printed report, not for `--json`."""
    ours = [each for each in found if each.line.topic not in ("", OUTSIDE) and each.line.danger != "red"]
    amber = [each for each in found if each.line.danger == "amber"]
    guesses = ((each.line.topic, each.ranked[0]) for each in ours if each.ranked)
    wrong = Counter(pair for pair in guesses if pair[0] != pair[1])
    return {
        "turned_away": _share(ours, lambda each: each.topic is None),
        "first_guess": _share(ours, lambda each: each.line.topic in each.ranked[:1]),
        "top_three": _share(ours, lambda each: each.line.topic in each.ranked[:3]),
        "amber_recall": _share(amber, lambda each: each.danger != "none"),
        "calibration": _calibration(ours),
        "confused": [f"{right} → {guess}: {count}" for (right, guess), count in wrong.most_common(20)],
    }


def _asked(engine: Engine, line: Line) -> tuple:
    said = engine.respond(Heard(line.text))
    ranked = tuple(dict.fromkeys((*((said.topic,) if said.topic else ()), *said.alternatives)))
    return said.topic, ranked, said.danger, said.confidence


def _routed(router: BothLanguages, line: Line) -> tuple:
    route = router.route(line.text, explain=False)
    topic = route.topics[0] if route.topics and route.verdict != "refuse" else None
    return topic, route.topics, "none", route.confidence


def _timed(line: Line, ask: Callable[[Line], tuple]) -> Found:
    start = time.perf_counter()
    topic, ranked, danger, confidence = ask(line)
    return Found(line, topic, ranked, danger, confidence, (time.perf_counter() - start) * 1000)


def _by_register(ours: Sequence[Found]) -> dict[str, float]:
    registers = sorted({each.line.register for each in ours} - {""})
    return {name: _share([each for each in ours if each.line.register == name], lambda each: each.right)
            for name in registers}


def _calibration(ours: Sequence[Found]) -> list[str]:
    """For each tenth of confidence: how many lines, and the share that was right."""
    bands: dict[int, list[Found]] = {}
    for each in ours:
        if each.topic:
            bands.setdefault(int(min(each.confidence, 0.999) * 10), []).append(each)
    return [f"{band / 10}: {len(lines)} lines, {_share(lines, lambda each: each.right):.2f}"
            for band, lines in sorted(bands.items())]


def _share(found: Sequence[Found], yes: Callable[[Found], bool]) -> float | None:
    return round(sum(map(yes, found)) / len(found), 4) if found else None


def _quantile(speed: Sequence[float], at: float) -> float | None:
    return round(speed[min(len(speed) - 1, int(len(speed) * at))], 3) if speed else None
