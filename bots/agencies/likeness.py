"""How much two names look alike, between 0 and 1. Pure; our own, docs/decisions says why."""

from collections.abc import Callable, Sequence

#: A word counts as another one misspelt from this likeness on.
_SAME_WORD = 0.8
#: A name that holds another whole one is this like it: "Sona Nghệ An" and "Sona".
HOLDS = 0.86


def edits(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with their neighbour to make `other` of `one`; `most` + 1 when more.

    >>> edits("sona", "soan", 3), edits("vinaconex", "vinacomex", 3), edits("lod", "esuhai", 2)
    (1, 1, 3)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, row = [], list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [at]
        for place, there in enumerate(other, start=1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != there))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == there:
                cost = min(cost, earlier[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def ratio(one: str, other: str) -> float:
    """1 for equal words, less with each letter that differs, 0 when more than a third of them do."""
    if one == other:
        return 1.0
    length = max(len(one), len(other))
    most = length // 3
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return 0.0
    found = edits(one, other, most)
    return 0.0 if found > most else 1 - found / length


def held(small: Sequence[str], big: Sequence[str], telling: Callable[[Sequence[str]], bool]) -> float:
    """How surely one name holds the other, each word perhaps misspelt; 0 when the smaller one says too little."""
    if not small or not big:
        return 0.0
    if len(small) > len(big):
        small, big = big, small
    total = 0.0
    for word in small:
        best = 1.0 if word in big else max(ratio(word, there) for there in big)
        if best < _SAME_WORD:
            return 0.0
        total += best
    return HOLDS * total / len(small) if telling(small) else 0.0
