"""PostgreSQL's advisory locks have numbers for names: two that share one would wait for each other."""

import re
from collections import Counter

from tests.house.tree import ROOT, files

#: Ours are 7460 and following.
NUMBER = re.compile(r"(?:= |\()(74[6-9]\d)\b(?!_)")


def numbers():
    for path in files(".py"):
        if path.relative_to(ROOT).parts[0] != "tests":
            yield from NUMBER.findall(path.read_text(encoding="utf-8"))


def test_no_two_locks_have_the_same_number():
    found = Counter(numbers())
    assert {"7460", "7470"} <= set(found), "the numbers are written in another way now"
    assert [number for number, times in found.items() if times > 1] == []
