"""A trained router or alarm in one file of plain arrays (.npz), so that a start need not train again."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from scipy import sparse

from bots.alarm import Alarm
from bots.confidence import Confidence
from bots.features import Features
from bots.machine import Machine
from bots.router import Router
from bots.spelling import Speller

#: Older files are of older content; a few are kept so that going back to it is quick.
_KEPT = 9
_SURE = tuple(field.name for field in fields(Confidence))
_ALARM = ("red", "amber", "middle", "spread", "limits")

Arrays = Mapping[str, np.ndarray]


def load(path: Path) -> Router | Alarm | None:
    """What `save` wrote, or None when there is no such file or it cannot be read."""
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
        return _alarm(arrays) if "alarm.red" in arrays else _router(arrays)
    except (OSError, ValueError, KeyError, EOFError, TypeError, AttributeError, BadZipFile):
        return None


def save(path: Path, learnt: Router | Alarm) -> None:
    """Writes the file as a whole or not at all: another process may be starting from it.

    A folder that cannot be written to costs the next start some seconds, and nothing else.
    """
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.stem}.{os.getpid()}.draft")
        with open(draft, "wb") as file:
            np.savez(file, **_arrays(learnt))
        os.replace(draft, path)
        for old in sorted(path.parent.glob("bot-*.npz"), key=lambda kept: kept.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)


def _arrays(learnt: Router | Alarm) -> Arrays:
    common = {**_parts(learnt.machine), **_words(learnt.features)}
    if isinstance(learnt, Alarm):
        return common | {f"alarm.{name}": getattr(learnt, name) for name in _ALARM}
    sure = {f"sure.{name}": getattr(learnt.sure, name) for name in _SURE}
    return common | sure | {"topics": _packed(learnt.topics), "examples": _packed(learnt.examples)}


def _router(arrays: Arrays) -> Router:
    sure = Confidence(**{name: arrays[f"sure.{name}"] for name in _SURE})
    topics, examples = (_unpacked(arrays[name]) for name in ("topics", "examples"))
    return Router(topics, _features(arrays), _machine(arrays), sure, examples)


def _alarm(arrays: Arrays) -> Alarm:
    return Alarm(_features(arrays), _machine(arrays), *(arrays[f"alarm.{name}"] for name in _ALARM))


def _parts(machine: Machine) -> Arrays:
    rows = machine.rows
    return {"rows.weights": machine.weights, "rows.starts": machine.starts, "rows.values": rows.data,
            "rows.columns": rows.indices, "rows.ends": rows.indptr, "rows.width": np.array(rows.shape[1])}


def _machine(arrays: Arrays) -> Machine:
    names = ("values", "columns", "ends", "width", "weights", "starts")
    values, columns, ends, width, weights, starts = (arrays[f"rows.{name}"] for name in names)
    rows = sparse.csr_array((values, columns, ends), shape=(len(ends) - 1, int(width)))
    return Machine(rows, weights, starts)


def _words(features: Features) -> Arrays:
    counts = features.speller.counts
    return {"names": _packed(features.names), "rarity": features.rarity, "words": _packed(counts),
            "counts": np.array(list(counts.values())), "views": _packed([json.dumps(features.weights)])}


def _features(arrays: Arrays) -> Features:
    words = zip(_unpacked(arrays["words"]), arrays["counts"].tolist(), strict=True)
    [weights] = _unpacked(arrays["views"])
    return Features(_unpacked(arrays["names"]), arrays["rarity"], Speller(Counter(dict(words))), json.loads(weights))


def _packed(texts: Iterable[str]) -> np.ndarray:
    return np.frombuffer("\n".join(texts).encode(), np.uint8)


def _unpacked(packed: np.ndarray) -> list[str]:
    return packed.tobytes().decode().split("\n")
