"""Which hidden numbers follow from the sums that are shown. Pure.

Every hidden number stands in two sums, in one of them as a part and in the other one as what is taken off: a cell in
its row and in its column, a total in its own row and in the row of totals. So a unit can be carried from sum to sum as
in a net of pipes, and a number may be another one when units can go round a ring through it without any sum changing.
Then more than one table has the same sums; what lies on no ring can be reckoned (Gusfield, "A graph theoretic approach
to statistical data security", SIAM Journal on Computing 17 (1988)).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple, TypeVar

Name = TypeVar("Name", bound=Hashable)


class Pipe(NamedTuple):
    """A hidden number in the sums `a` and `b`; whether it may be larger than it is, and smaller."""

    a: Hashable
    b: Hashable
    up: bool = True
    down: bool = True


def told(hidden: Mapping[Name, Pipe]) -> set[Name]:
    """Those on no ring. Nearly all are found to be on one in a single pass; only of the others each is looked at."""
    pipes = list(hidden.values())
    free = _round_both_ways(pipes)
    one = _joined(pipes, free)
    left = {i: Pipe(one(pipe.a), one(pipe.b), pipe.up, pipe.down) for i, pipe in enumerate(pipes)}
    arcs = _arcs({i: pipe for i, pipe in left.items() if pipe.a != pipe.b})
    knot = _knots(arcs)
    bound = {i for i, pipe in left.items() if i not in free and not _on_a_ring(i, pipe, arcs, knot)}
    return {name for i, name in enumerate(hidden) if i in bound}


def _joined(pipes: Sequence[Pipe], free: Collection[int]) -> Callable[[Hashable], Hashable]:
    """Which sum stands for another one: those that free pipes join both ways are one, when some other pipe is shut."""
    above: dict[Hashable, Hashable] = {}

    def one(at: Hashable) -> Hashable:
        while (over := above.get(at, at)) != at:
            above[at] = above.get(over, over)
            at = over
        return at

    for i in free:
        if pipes[i].up and pipes[i].down:
            above[one(pipes[i].a)] = one(pipes[i].b)
    return one


#: From each sum on: (next sum, by which pipe).
Arcs = Mapping[Hashable, Sequence[tuple[Hashable, int]]]


def _arcs(pipes: Mapping[int, Pipe]) -> Arcs:
    found: dict[Hashable, list[tuple[Hashable, int]]] = defaultdict(list)
    for i, pipe in pipes.items():
        if pipe.up:
            found[pipe.a].append((pipe.b, i))
        if pipe.down:
            found[pipe.b].append((pipe.a, i))
    return found


def _on_a_ring(i: int, pipe: Pipe, arcs: Arcs, knot: Mapping[Hashable, int]) -> bool:
    if pipe.a == pipe.b:
        return pipe.up or pipe.down
    if knot.get(pipe.a, -1) != knot.get(pipe.b, -2):
        return False
    if pipe.up != pipe.down:
        return True
    return pipe.up and (_leads(pipe.a, pipe.b, i, arcs) or _leads(pipe.b, pipe.a, i, arcs))


def _leads(start: Hashable, end: Hashable, without: int, arcs: Arcs) -> bool:
    """Whether units get from one sum to the other by other pipes than `without`."""
    seen, todo = {start}, [start]
    while todo:
        onward = {there for there, i in arcs.get(todo.pop(), ()) if i != without and there not in seen}
        if end in onward:
            return True
        seen |= onward
        todo.extend(onward)
    return False


def _round_both_ways(pipes: Sequence[Pipe]) -> set[int]:
    """Pipes that go both ways and lie on a ring of which all but one do: nearly all there are, found in one pass.

    Everything that closes a ring over a tree of pipes marks its two ends with a number drawn for it; what the sums
    below a pipe of the tree are marked with together is nothing when no ring runs through it.
    """
    wide = [i for i, pipe in enumerate(pipes) if pipe.up and pipe.down]
    tree, order, root = _trees(pipes, wide)
    draw, marks, free = Random(7), defaultdict(int), set()
    used = set(tree.values())
    for i, pipe in enumerate(pipes):
        if i in used or not (pipe.up or pipe.down) or root.get(pipe.a, -1) != root.get(pipe.b, -2):
            continue
        mark = draw.getrandbits(64)
        marks[pipe.a] ^= mark
        marks[pipe.b] ^= mark
        free.add(i)
    for at in reversed(order):
        if at in tree:
            pipe = pipes[tree[at]]
            marks[pipe.b if pipe.a == at else pipe.a] ^= marks[at]
            if marks[at]:
                free.add(tree[at])
    return free


def _trees(pipes: Sequence[Pipe], wide: Sequence[int]) -> tuple[dict[Hashable, int], list, dict[Hashable, int]]:
    """(sum → the pipe that leads to it from above, the sums from above to below, the tree that each belongs to)."""
    beside = defaultdict(list)
    for i in wide:
        beside[pipes[i].a].append((pipes[i].b, i))
        beside[pipes[i].b].append((pipes[i].a, i))
    tree: dict[Hashable, int] = {}
    order: list[Hashable] = []
    root: dict[Hashable, int] = {}
    for start in beside:
        if start in root:
            continue
        root[start], todo = len(order), [start]
        for at in todo:
            order.append(at)
            for there, i in beside[at]:
                if there not in root:
                    root[there], tree[there] = root[start], i
                    todo.append(there)
    return tree, order, root


def _knots(arcs: Arcs) -> dict[Hashable, int]:
    """The strongly connected part that each sum belongs to (Kosaraju and Sharir)."""
    back: dict[Hashable, list[Hashable]] = defaultdict(list)
    for here, onward in arcs.items():
        for there, _ in onward:
            back[there].append(here)
    found: dict[Hashable, int] = {}
    for n, start in enumerate(reversed(list(_left_last({here: [t for t, _ in to] for here, to in arcs.items()})))):
        if start in found:
            continue
        found[start], todo = n, [start]
        while todo:
            for there in back.get(todo.pop(), ()):
                if there not in found:
                    found[there] = n
                    todo.append(there)
    return found


def _left_last(onward: Mapping[Hashable, Sequence[Hashable]]) -> Iterator[Hashable]:
    """Every sum after all that is first reached from it."""
    seen: set[Hashable] = set()
    for start in onward:
        if start in seen:
            continue
        seen.add(start)
        way = [(start, iter(onward[start]))]
        while way:
            at, rest = way[-1]
            there = next((each for each in rest if each not in seen), None)
            if there is None:
                way.pop()
                yield at
            else:
                seen.add(there)
                way.append((there, iter(onward.get(there, ()))))
