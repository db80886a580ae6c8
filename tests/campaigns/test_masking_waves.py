"""What a month tells of a commune does not tell what its waves hide, nor the other way round: whoever solves all sums
that are shown, as equations, is left without the hidden numbers.
"""

import time
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.figures.intervals import Rate
from campaigns.figures.masking import LEAST
from campaigns.figures.masking_rates import masked_rates
from campaigns.figures.masking_rings import Pipe, told
from campaigns.figures.masking_tables import masked_table
from campaigns.figures.masking_waves import masked_together

PRIME = 2**61 - 1


# -- rings


def told_slowly(hidden):
    """Each number by itself: whether a unit gets back to where it came from without going through it."""

    def leads(start, end, without):
        seen, todo = {start}, [start]
        while todo:
            at = todo.pop()
            for name, pipe in hidden.items():
                for a, b, goes in ((pipe.a, pipe.b, pipe.up), (pipe.b, pipe.a, pipe.down)):
                    if goes and name != without and a == at and b not in seen:
                        seen.add(b)
                        todo.append(b)
        return end in seen

    return {
        name for name, (a, b, up, down) in hidden.items()
        if not (up and leads(b, a, name)) and not (down and leads(a, b, name))
    }  # fmt: skip


def nets():
    ends = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] != pair[1])
    pipe = st.builds(lambda ends, up, down: Pipe(*ends, up, down), ends, st.booleans(), st.booleans())
    return st.lists(pipe, min_size=1, max_size=14)


@settings(max_examples=400, deadline=None)
@given(nets())
def test_rings_are_found_as_if_one_went_round_each_of_them(pipes):
    hidden = dict(enumerate(pipes))
    assert told(hidden) == told_slowly(hidden)


@pytest.mark.parametrize("numbers", [(0, 0, 1, 1, 2, 3, 5, 9, 12, 40), (0,) * 20 + (1, 2, 3), (12, 20, 50, 100, 3)])
def test_all_communes_by_all_topics_take_no_time(numbers):
    """130 × 40, mostly small, beside totals that are shown elsewhere."""
    draw = Random(2)
    rows = {topic: {commune: draw.choice(numbers) for commune in range(130)} for topic in range(40)}
    topics = {topic: sum(cells.values()) for topic, cells in rows.items()}
    communes = {commune: sum(cells[commune] for cells in rows.values()) for commune in range(130)}
    begun = time.perf_counter()
    shown = masked_table(rows, known_rows=topics, known_columns=communes)
    assert time.perf_counter() - begun < 10
    small = sum(0 < n < LEAST for cells in rows.values() for n in cells.values())
    hidden = sum(n is None for cells in shown.cells.values() for n in cells.values())
    assert small <= hidden <= 1.1 * small + 2
    assert (shown.rows, shown.columns) == (topics, communes)


def test_a_total_that_stands_elsewhere_protects_nothing():
    """Where the 503 of the first row is hidden beside them, one hidden cell in the row is enough; here it is not."""
    rows = {"a": {"x": 500, "y": 3}, "b": {"x": 300, "y": 40}, "c": {"x": 200, "y": 60}}
    shown = masked_table(rows, known_columns={"x": 1000, "y": 103})
    assert (shown.columns["x"], shown.columns["y"]) == (1000, 103)
    assert sum(shown.cells[row]["y"] is None for row in rows) == 2
    for row in rows:
        assert [shown.cells[row][column] for column in "xy"].count(None) + (shown.rows[row] is None) != 1


def test_a_total_that_is_hidden_elsewhere_is_hidden_here():
    shown = masked_table({"a": {"x": 50, "y": 30}, "b": {"x": 20, "y": 40}}, known_rows={"a": None, "b": None})
    assert shown.rows == {"a": None, "b": None}
    assert sum(n is None for cells in shown.cells.values() for n in cells.values()) in (2, 4)


# -- waves and what they add up to


class Equations:
    """Sums that are shown, in the hidden numbers; solved in whole numbers of a prime field."""

    def __init__(self, names):
        self._column = {name: i for i, name in enumerate(names)}
        self._rows = []

    def know(self, names):
        row = self._reduced(names)
        if row:
            lead = min(row)
            inverse = pow(row[lead], -1, PRIME)
            self._rows.append((lead, {i: n * inverse % PRIME for i, n in row.items()}))

    def tell(self, names) -> bool:
        """Whether the sum of these numbers follows."""
        return not self._reduced(names)

    def _reduced(self, names):
        row = {}
        for name in names:
            row[self._column[name]] = row.get(self._column[name], 0) + 1
        for lead, known in self._rows:
            if times := row.get(lead, 0):
                for i, n in known.items():
                    row[i] = (row.get(i, 0) - times * n) % PRIME
                row = {i: n for i, n in row.items() if n}
        return row


def known(waves, parts, name, together):
    """Equations of what is shown of each wave, and of all `together` (None: of the waves alone)."""
    found = Equations([(n, key) for n, rates in enumerate(waves) for key in rates])

    def look(shown, sums, every):
        found.know(every)
        for key in (key for key, at in shown.items() if getattr(at, name) is not None):
            found.know([each for each in every if each[1] == key])
        for part in (part for part, at in sums.items() if getattr(at, name) is not None):
            found.know([each for each in every if parts[each[1]] == part])

    for n, rates in enumerate(waves):
        look(*masked_rates(rates, parts), [(n, key) for key in rates])
    if together is not None:
        look(*together, [(n, key) for n, rates in enumerate(waves) for key in rates])
    return found


def waves_of_places():
    sizes = st.sampled_from((0, 3, 8, 30, 60, 200))
    one = sizes.flatmap(lambda of: st.tuples(st.integers(0, min(of, 14)), st.just(of), st.booleans()))
    rate = one.map(lambda drawn: Rate(drawn[1] - drawn[0] if drawn[2] else drawn[0], drawn[1]))
    return st.lists(st.lists(rate, min_size=7, max_size=7), min_size=1, max_size=4)


PARTS = dict(enumerate("aaabbcc"))


@settings(max_examples=250, deadline=None)
@given(waves_of_places())
def test_no_number_follows_from_waves_and_month_that_did_not_follow_before(drawn):
    waves = [{key: rate for key, rate in enumerate(rates) if rate} for rates in drawn]
    together = masked_together(waves, PARTS)
    for name in ("n", "of"):
        alone, both = known(waves, PARTS, name, None), known(waves, PARTS, name, together)
        for n, rates in enumerate(waves):
            shown, sums = masked_rates(rates, PARTS)
            for key, at in shown.items():
                if getattr(at, name) is None and not alone.tell([(n, key)]):
                    assert not both.tell([(n, key)]), (name, n, key)
            for part, at in sums.items():
                names = [(n, key) for key in rates if PARTS[key] == part]
                if getattr(at, name) is None and not alone.tell(names):
                    assert not both.tell(names), (name, n, part)


@settings(max_examples=250, deadline=None)
@given(waves_of_places())
def test_nor_a_number_that_the_month_itself_hides(drawn):
    waves = [{key: rate for key, rate in enumerate(rates) if rate} for rates in drawn]
    together = masked_together(waves, PARTS)
    shown, sums = together
    for name in ("n", "of"):
        alone, both = known(waves, PARTS, name, None), known(waves, PARTS, name, together)
        for key, at in shown.items():
            names = [(n, key) for n, rates in enumerate(waves) if key in rates]
            if getattr(at, name) is None and not alone.tell(names):
                assert not both.tell(names), (name, key)
        for part, at in sums.items():
            names = [(n, key) for n, rates in enumerate(waves) for key in rates if PARTS[key] == part]
            if getattr(at, name) is None and not alone.tell(names):
                assert not both.tell(names), (name, part)


def test_a_commune_that_one_wave_hides_is_not_the_rest_of_the_month():
    """A month that shows 58 people beside a wave that shows 50 would tell that the other one had 8."""
    first = {"a": Rate(25, 50), "b": Rate(100, 200), "c": Rate(100, 200)}
    second = {"a": Rate(4, 8), "b": Rate(100, 200), "c": Rate(100, 200)}
    parts = dict.fromkeys("abc", "x")
    shown, _sums = masked_together([first, second], parts)
    assert masked_rates(second, parts)[0]["a"].of is None
    assert shown["a"].of is None and shown["a"].n is None


@settings(max_examples=100, deadline=None)
@given(waves_of_places(), st.randoms(use_true_random=False))
def test_in_whatever_order_they_are_read_the_same_is_hidden(drawn, chance):
    """Otherwise one look would tell what another one hides."""
    waves = [{key: rate for key, rate in enumerate(rates) if rate} for rates in drawn]
    mixed = [dict(chance.sample(list(rates.items()), len(rates))) for rates in chance.sample(waves, len(waves))]
    assert masked_together(waves, PARTS) == masked_together(mixed, PARTS)


def test_of_waves_that_hide_nothing_a_month_hides_nothing():
    waves = [{key: Rate(50 + key, 100 + n) for key in range(7)} for n in range(5)]
    shown, sums = masked_together(waves, PARTS)
    assert all(at.rate for at in (*shown.values(), *sums.values()))
    assert shown[0].rate == Rate(250, 510)
    assert masked_together([], {}) == ({}, {})


# -- rates of which every one is hidden


@pytest.mark.parametrize(("places", "most", "least"), [(2, 9, 3), (3, 6, 3)])
def test_where_every_place_is_hidden_their_sum_tells_none_of_them(places, most, least):
    """Two in two communes, neither of them nobody, is one in each: so nobody may be hidden there as well."""
    possible: dict = {}
    one = [(n, of) for of in range(least, most + 1) for n in range(of + 1)]
    for drawn in product(one, repeat=places):
        rates = {i: Rate(*each) for i, each in enumerate(drawn)}
        shown, _sums = masked_rates(rates, dict.fromkeys(rates, ""), least)
        if all(at.n is None for at in shown.values()):
            told_as = (sum(n for n, _ in drawn), tuple(at.of for at in shown.values()))
            possible.setdefault(told_as, []).append(drawn)
    assert possible
    for told_as, worlds in possible.items():
        for i in range(places):
            if worlds[0][i][0]:
                assert len({world[i][0] for world in worlds}) > 1, (told_as, worlds)
