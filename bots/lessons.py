"""Training lines made ready: read, sorted by class, and turned into rows of features."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bots.features import WEIGHTS, Features, Rows
from bots.normalise import Plain, normalise


@dataclass(frozen=True)
class Lesson:
    """Lines of known classes. Class c of `classes` has the label c; the lines are sorted by label."""

    classes: tuple[str, ...]
    texts: Sequence[str]
    plains: Sequence[Plain]
    labels: np.ndarray
    features: Features
    rows: Rows
    #: Lines of no class, whose words are known all the same, and their rows.
    also: Sequence[Plain]
    also_rows: Rows


def prepare(lines: Iterable[tuple[str, str]], last: str, also: Iterable[str] = (),
            weights: Mapping[str, float] = WEIGHTS) -> Lesson:
    """A lesson from (text, class) lines; the class `last`, where there is one, gets the highest label.

    The other classes are in the order of their names read backwards, so that the last ones are of every sort.
    `also` are texts to be known although they teach no class. Lines without words are left out.
    """
    named = ((" ".join(text.split()), topic) for text, topic in lines)
    read = [(topic, text, normalise(text)) for text, topic in dict.fromkeys(named)]
    read = [line for line in read if line[2].folded]
    classes = sorted({topic for topic, _, _ in read}, key=lambda topic: (topic == last, topic[::-1]))
    places = {topic: place for place, topic in enumerate(classes)}
    read.sort(key=lambda line: places[line[0]])
    plains = [plain for _, _, plain in read]
    others = [normalise(text) for text in also]
    features, rows = Features.learn(plains + others, weights)
    labels = np.array([places[topic] for topic, _, _ in read])
    texts = [text for _, text, _ in read]
    return Lesson(tuple(classes), texts, plains, labels, features, rows[: len(read)], others, rows[len(read) :])
