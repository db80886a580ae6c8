"""A trained router and alarm in one file of plain arrays (.npz), so that a start need not train again."""

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
_KEPT = 3
_SURE = tuple(field.name for field in fields(Confidence))
_ALARM = ("red", "amber", "middle", "spread", "limits")

Arrays = Mapping[str, np.ndarray]


def load(path: Path) -> tuple[Router, Alarm] | None:
    """What `save` wrote, or None when there is no such file or it cannot be read."""
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
        features = _features(arrays)
        sure = Confidence(**{name: arrays[f"sure.{name}"] for name in _SURE})
        topics, examples = (_unpacked(arrays[name]) for name in ("topics", "examples"))
        router = Router(topics, features, _machine("router", arrays), sure, examples)
        return router, Alarm(features, _machine("alarm", arrays), *(arrays[f"alarm.{name}"] for name in _ALARM))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def save(path: Path, router: Router, alarm: Alarm) -> None:
    """Writes the file as a whole or not at all: another process may be starting from it.

    A folder that cannot be written to costs the next start some seconds, and nothing else.
    """
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.stem}.{os.getpid()}.draft")
        with open(draft, "wb") as file:
            np.savez(file, **_arrays(router, alarm))
        os.replace(draft, path)
        for old in sorted(path.parent.glob("bot-*.npz"), key=lambda kept: kept.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)


def _arrays(router: Router, alarm: Alarm) -> Arrays:
    features = router.features
    return {
        **{f"sure.{name}": getattr(router.sure, name) for name in _SURE},
        **{f"alarm.{name}": getattr(alarm, name) for name in _ALARM},
        **_parts("router", router.machine), **_parts("alarm", alarm.machine),
        "topics": _packed(router.topics), "examples": _packed(router.examples),
        "names": _packed(features.names), "rarity": features.rarity, "views": _packed([json.dumps(features.weights)]),
        "words": _packed(features.speller.counts), "counts": np.array(list(features.speller.counts.values())),
    }


def _parts(prefix: str, machine: Machine) -> Arrays:
    rows = machine.rows
    named = {"weights": machine.weights, "starts": machine.starts, "values": rows.data, "columns": rows.indices,
             "ends": rows.indptr, "width": np.array(rows.shape[1])}
    return {f"{prefix}.{name}": value for name, value in named.items()}


def _machine(prefix: str, arrays: Arrays) -> Machine:
    names = ("values", "columns", "ends", "width", "weights", "starts")
    values, columns, ends, width, weights, starts = (arrays[f"{prefix}.{name}"] for name in names)
    rows = sparse.csr_array((values, columns, ends), shape=(len(ends) - 1, int(width)))
    return Machine(rows, weights, starts)


def _features(arrays: Arrays) -> Features:
    words = zip(_unpacked(arrays["words"]), arrays["counts"].tolist(), strict=True)
    [weights] = _unpacked(arrays["views"])
    return Features(_unpacked(arrays["names"]), arrays["rarity"], Speller(Counter(dict(words))), json.loads(weights))


def _packed(texts: Iterable[str]) -> np.ndarray:
    return np.frombuffer("\n".join(texts).encode(), np.uint8)


def _unpacked(packed: np.ndarray) -> list[str]:
    return packed.tobytes().decode().split("\n")
