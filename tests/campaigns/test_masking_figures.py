"""Nobody is found in the figures: whoever knows the totals, every number that is shown and even the rules is left with
two values at least for every hidden cell.

The rules are those of ten, tried with a smaller least number where every table there is can be tried.
"""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from campaigns.figures.intervals import Rate
from campaigns.figures.masking import LEAST, masked, masked_parts
from campaigns.figures.masking_rates import Shown, masked_rates
from campaigns.figures.masking_tables import masked_table

SOMETIMES_SMALL = st.one_of(st.integers(0, 12), st.integers(0, 400))


def all_cells(count, most):
    """Every row of so many cells whose sum is `most` at most."""
    return (cells for cells in product(range(most + 1), repeat=count) if sum(cells) <= most)


def worlds(tables, show):
    """What is shown → every table that is shown so, among those with one sum."""
    found = defaultdict(list)
    for cells in tables:
        found[sum(cells), show(cells)].append(cells)
    return found


@pytest.mark.parametrize(("count", "least", "most"), [(2, 10, 45), (3, 10, 42), (3, 4, 22), (4, 4, 14), (5, 4, 9)])
def test_in_a_row_with_its_total_no_hidden_cell_can_be_told(count, least, most):
    found = worlds(
        all_cells(count, most), lambda cells: tuple(masked(dict(enumerate(cells)), sum(cells), least).values())
    )
    for (whole, shown), possible in found.items():
        for i, n in enumerate(shown):
            if n is None:
                assert len({cells[i] for cells in possible}) > 1, (whole, shown)
            else:
                assert not 0 < n < least
    assert any(None in shown for _whole, shown in found)


@pytest.mark.parametrize(
    ("shape", "most"),
    [((2, 1), 16), ((2, 2), 12), ((1, 1, 1), 14), ((2, 1, 1), 12), ((2, 2, 1), 9), ((3, 2), 9), ((2, 2, 2), 7)],
)
def test_communes_and_former_districts_do_not_tell_each_other(shape, most, least=4):
    parts = {i: part for i, part in enumerate(part for part, n in enumerate(shape) for _ in range(n))}

    def show(cells):
        communes, districts = masked_parts(dict(enumerate(cells)), parts, sum(cells), least)
        return tuple(communes.values()), tuple(districts.values())

    for (_whole, (communes, districts)), possible in worlds(all_cells(len(parts), most), show).items():
        for i, n in enumerate(communes):
            assert n is not None or len({cells[i] for cells in possible}) > 1, (communes, districts, possible)
        for part, n in enumerate(districts):
            sums = {sum(cells[i] for i in parts if parts[i] == part) for cells in possible}
            assert n is not None or len(sums) > 1, (communes, districts, possible)


@given(st.lists(SOMETIMES_SMALL, min_size=1, max_size=9))
def test_what_is_shown_is_true_and_what_is_small_is_not_shown(cells):
    shown = masked(dict(enumerate(cells)), sum(cells))
    assert all(shown[i] in (None, n) for i, n in enumerate(cells))
    assert all(shown[i] is None for i, n in enumerate(cells) if 0 < n < LEAST)
    if not any(0 < n < LEAST for n in cells):
        assert None not in shown.values(), "nothing is hidden without need"


@pytest.mark.parametrize(
    ("cells", "whole", "shown"),
    [
        ((3, 40, 12, 0), 55, (None, 40, None, 0)),
        ((3, 4, 12, 0), 19, (None, None, 12, 0)),
        ((3, 40), None, (None, 40)),
        ((0, 0), 0, (0, 0)),
        ((10, 10), 20, (10, 10)),
        ((1, 1, 30, 90), 122, (None, None, None, 90)),
        ((9, 12, 12, 50), 83, (None, None, None, 50)),
        ((5, 0, 0), 5, (None, None, None)),
        ((), 0, ()),
    ],
)
def test_what_is_hidden(cells, whole, shown):
    assert tuple(masked(dict(enumerate(cells)), whole).values()) == shown


def tables():
    cell = st.sampled_from((0, 0, 1, 1, 2, 3, 4, 5, 6))
    return st.sampled_from(((2, 2), (2, 3), (3, 2))).flatmap(
        lambda size: st.lists(st.lists(cell, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
    )


@settings(max_examples=60, deadline=None)
@given(tables())
def test_in_a_table_with_its_totals_no_hidden_cell_or_total_can_be_told(cells):
    shown = masked_table({i: dict(enumerate(row)) for i, row in enumerate(cells)}, least=4)
    hidden = [(i, j) for i, row in enumerate(cells) for j in range(len(row)) if shown.cells[i][j] is None]
    assume(hidden)
    totals = [*shown.rows.values(), *shown.columns.values()]
    # A table of which only the sum of all is shown tells no more than that sum.
    assume(any(n is not None for n in totals) or len(hidden) < sum(map(len, cells)))
    possible = fitting(cells, shown, hidden)
    assert tuple(cells[i][j] for i, j in hidden) in possible
    for at, (i, j) in enumerate(hidden):
        assert len({values[at] for values in possible}) > 1, (cells, shown, (i, j))
    for i in (i for i, n in shown.rows.items() if n is None):
        mine = [at for at, place in enumerate(hidden) if place[0] == i]
        assert len({sum(values[at] for at in mine) for values in possible}) > 1, (cells, shown, f"row {i}")
    for j in (j for j, n in shown.columns.items() if n is None):
        mine = [at for at, place in enumerate(hidden) if place[1] == j]
        assert len({sum(values[at] for at in mine) for values in possible}) > 1, (cells, shown, f"column {j}")


def fitting(cells, shown, hidden):
    """Every way to fill the hidden cells so that the totals that are shown come out. Zeros are shown where none of the
    hidden cells is one, and readers know it.
    """
    least = 0 if any(cells[i][j] == 0 for i, j in hidden) else 1
    most = max(map(max, cells)) + 1
    rows = []
    for i, row in enumerate(cells):
        ways = [range(least, most + 1) if (i, j) in hidden else (n,) for j, n in enumerate(row)]
        rows.append([way for way in product(*ways) if shown.rows[i] in (None, sum(way))])
    return {
        tuple(filled[i][j] for i, j in hidden)
        for filled in product(*rows)
        if sum(map(sum, filled)) == shown.whole
        and all(shown.columns[j] in (None, sum(column)) for j, column in enumerate(zip(*filled, strict=True)))
    }


def test_a_table_of_a_hundred_communes_keeps_most_of_what_it_may_show():
    rows = {i: {"a": 400 + i, "b": i % 13, "c": 30 + i} for i in range(120)}
    shown = masked_table(rows)
    small = sum(0 < n < LEAST for row in rows.values() for n in row.values())
    hidden = sum(n is None for row in shown.cells.values() for n in row.values())
    assert small <= hidden <= 2 * small + 2
    assert shown.whole == sum(sum(row.values()) for row in rows.values())


def rates():
    one = st.integers(0, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of), st.integers(0, 2)))
    return st.lists(one, min_size=1, max_size=7)


@settings(max_examples=400)
@given(rates())
def test_of_rates_neither_side_can_be_told(drawn):
    given_, parts = {i: Rate(n, of) for i, (n, of, _) in enumerate(drawn)}, {i: d[2] for i, d in enumerate(drawn)}
    communes, districts = masked_rates(given_, parts)
    for i, shown in communes.items():
        rate = given_[i]
        assert shown.n in (None, rate.n)
        assert shown.of in (None, rate.of)
        if shown.rate is not None:
            assert not 0 < rate.n < LEAST
            assert not 0 < rate.of - rate.n < LEAST
    for part, shown in districts.items():
        mine = [i for i in parts if parts[i] == part]
        if shown.n is None:
            assert all(communes[i].n is None for i in mine)
        else:
            one_line(given_, communes, mine)
    together = {}
    for i, rate in given_.items():
        before = together.get(parts[i], Rate(0, 0))
        together[parts[i]] = Rate(before.n + rate.n, before.of + rate.of)
    one_line(together, districts, list(districts))


def one_line(given_, communes, mine):
    """Of places whose number together is shown: what the hidden ones may be, from that and from their people."""
    hidden = [i for i in mine if communes[i].n is None and communes[i].of is not None]
    # One place alone is its total, which is shown; where people are hidden too there is less to reckon with.
    if sum(bool(given_[i]) for i in mine) < 2 or any(communes[i].of is None for i in mine):
        return
    if len(hidden) == sum(bool(given_[i]) for i in mine):
        return  # nothing is left to hide: the sum itself has to go, and whoever shows it is told so
    shown_zeros = not any(given_[i].n in (0, given_[i].of) for i in hidden)
    lows = {i: 1 if shown_zeros else 0 for i in hidden}
    highs = {i: given_[i].of - (1 if shown_zeros else 0) for i in hidden}
    whole = sum(given_[i].n for i in hidden)
    for i in hidden:
        others = [j for j in hidden if j != i]
        low = max(lows[i], whole - sum(highs[j] for j in others))
        high = min(highs[i], whole - sum(lows[j] for j in others))
        assert low < high, (i, given_, communes)


def test_three_who_did_not_get_it_are_not_told_by_those_who_did():
    communes, districts = masked_rates(
        {"a": Rate(497, 500), "b": Rate(450, 500), "c": Rate(300, 400)}, {"a": "x", "b": "x", "c": "y"}
    )
    assert communes["a"] == Shown(None, 500)
    assert communes["b"] == Shown(None, 500)
    assert communes["c"] == Shown(300, 400)
    assert districts == {"x": Shown(947, 1000), "y": Shown(300, 400)}


def test_nothing_is_nothing():
    assert masked_rates({}, {}) == ({}, {})
    assert masked_parts({}, {}, 0) == ({}, {})
    empty = masked_table({})
    assert (dict(empty.cells), empty.whole) == ({}, 0)
