"""The bot: how well it understands, how soon it is ready, how fast it answers and how much memory that takes.

The questions are bots/measured/questions.jsonl, by another hand and never trained on. The engine is also trained and
tested on public sets, CLINC150 and BANKING77, where they stand beside the project (--public FOLDER); they are not part
of it. The baseline is what a weekend would build: the example question that shares most words.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory

from bots import evaluate, letters
from bots.engine import Engine, questions
from bots.evaluate import Line
from bots.router import OUTSIDE
from messages import catalog

HOME = Path(__file__).resolve().parents[1]
QUESTIONS = HOME / "bots" / "measured" / "questions.jsonl"
PUBLIC = HOME.parent / "shared" / "benchmarks"
#: Figure → the least, or (at_most) the most that is wanted.
AT_LEAST = {"in_scope_accuracy": 0.90, "top_three": 0.97, "oos_recall": 0.90, "red_recall": 0.98, "amber_recall": 0.85}
AT_MOST = {"turned_away": 0.04, "red_false_alarm": 0.03, "p99_ms": 15.0}
PUBLIC_AT_LEAST = {
    "clinc150": {"in_scope_accuracy": 0.93, "oos_recall": 0.60},
    "banking77": {"in_scope_accuracy": 0.92},
}
READY_COLD, READY_WARM, MEMORY = 5.0, 1.0, 250
_START = """
import resource, sys, time
from pathlib import Path
begun = time.perf_counter()
from bots.beside import learn_beside
from bots.engine import Engine
from messages import catalog
Engine.train(catalog.load(catalog.SHIPPED), Path(sys.argv[1]), elsewhere=learn_beside)
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def start(folder: str) -> tuple[float, float]:
    """Seconds to a ready engine in a new process, and that process's greatest memory in MB."""
    done = subprocess.run([sys.executable, "-c", _START, folder], cwd=HOME, capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


class SharedWords:
    """The baseline: the topic of the example question that shares most words, the rare ones counting more."""

    def __init__(self, lines: Sequence[tuple[str, str]]):
        self._lines = [(frozenset(_words(text)), topic) for text, topic in lines]
        often = Counter(word for words, _ in self._lines for word in words)
        self._rarity = {word: log(len(lines) / n) + 1 for word, n in often.items()}

    def topic(self, text: str) -> str:
        asked = set(_words(text))
        return max(self._lines, key=lambda line: self._shared(asked, line[0]))[1]

    def _shared(self, asked: set[str], words: frozenset[str]) -> float:
        return sum(self._rarity[word] for word in asked & words) / (len(words) + 3)


def _words(text: str) -> list[str]:
    return [letters.fold(token) for token in letters.tokens(letters.clean(text))]


def baseline(engine: Engine, lines: Sequence[Line]) -> tuple[float, float]:
    """The share the baseline gets right of lines in scope that are not red, and its milliseconds a message."""
    ours = [line for line in lines if line.topic not in ("", OUTSIDE) and line.danger != "red"]
    shared = SharedWords(questions(engine.book))
    begun = time.perf_counter()
    right = sum(shared.topic(line.text) == line.topic for line in ours)
    return right / len(ours), (time.perf_counter() - begun) / len(ours) * 1000


def said(name: str, value: float, wanted: str, good: bool) -> bool:
    print(f"{name:<42} {value:>9.3f}   wanted {wanted}{'' if good else '   MISSED'}")
    return good


def judged(figures: dict, at_least: dict, at_most: dict) -> bool:
    """Prints each figure beside what is wanted; whether all of them are good."""
    good = [said(name, figures[name], f"≥ {least}", figures[name] >= least) for name, least in at_least.items()]
    good += [said(name, figures[name], f"≤ {most}", figures[name] <= most) for name, most in at_most.items()]
    return all(good)


def on_questions() -> bool:
    """The shipped content on questions by another hand."""
    with TemporaryDirectory() as folder:
        cold, memory = start(folder)
        warm, _ = start(folder)
        engine = Engine.train(catalog.load(catalog.SHIPPED), Path(folder))
    lines = evaluate.read(QUESTIONS)
    found = evaluate.with_engine(engine, lines)
    figures = {**evaluate.figures(found, cold), **evaluate.more_figures(found)}
    good = judged(figures, AT_LEAST, AT_MOST)
    for register, share in figures["by_register"].items():
        good &= said(f"in scope, {register}", share, "≥ 0.85", share >= 0.85)
    good &= said("ready without a kept model, s", cold, f"≤ {READY_COLD}", cold <= READY_COLD)
    good &= said("ready from a kept model, s", warm, f"≤ {READY_WARM}", warm <= READY_WARM)
    good &= said("memory of a process that trained, MB", memory, f"< {MEMORY}", memory < MEMORY)
    right, ms = baseline(engine, lines)
    print(f"against the example that shares most words: {figures['in_scope_accuracy'] / right:.2f} × as often right "
          f"({right:.3f}), {figures['p50_ms'] / ms:.2f} × its time ({ms:.2f} ms)")
    return good


def on_public(folder: Path, name: str, wanted: dict) -> bool:
    train, test = (folder / f"{name}-{part}.jsonl" for part in ("train", "test"))
    if not train.exists():
        print(f"{name}: not here ({train}), not measured")
        return True
    print(f"-- {name}")
    begun = time.perf_counter()
    router = evaluate.train(evaluate.read(train))
    found = evaluate.with_router(router, evaluate.read(test))
    figures = {**evaluate.figures(found, time.perf_counter() - begun), **evaluate.more_figures(found)}
    return judged(figures, wanted, {"turned_away": 0.04} if "oos_recall" in wanted else {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path, default=PUBLIC)
    parser.add_argument("--only", choices=("questions", "public"))
    asked = parser.parse_args()
    good = asked.only == "public" or on_questions()
    if asked.only != "questions":
        good &= all([on_public(asked.public, name, wanted) for name, wanted in PUBLIC_AT_LEAST.items()])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of this process at its greatest, public sets included: {peak:.0f} MB")
    sys.exit(not good)


if __name__ == "__main__":
    main()
