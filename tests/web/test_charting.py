"""Charts as they are reckoned: round steps, both languages, and nothing breaks on none, one, alike or huge numbers."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import render_template_string
from hypothesis import given
from hypothesis import strategies as st

import web
from campaigns.figures.intervals import Rate
from web import charting, charting_axis, charting_rates

DAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def pages(house):
    return web.create_app(house)


@pytest.fixture(params=["vi", "en"])
def language(request, pages):
    with pages.test_request_context(f"/?lang={request.param}"):
        yield request.param


@pytest.fixture
def vi(pages):
    with pages.test_request_context("/?lang=vi"):
        yield


def days(*values):
    return [(DAY + timedelta(days=i), n) for i, n in enumerate(values)]


def drawn(kind, chart):
    return render_template_string(f'{{% from "charts.html" import {kind} %}}{{{{ {kind}(chart) }}}}', chart=chart)


@given(st.floats(1e-6, 1e12))
def test_steps_are_round_and_reach_the_top(most):
    step = charting_axis.round_step(most)
    assert most <= step * charting_axis.STEPS * (1 + 1e-6)
    assert re.fullmatch(r"(1|2|2\.5|5|10?)0*", f"{step / 10 ** (len(str(int(step))) - 1):g}") or step < 1
    assert step * charting_axis.STEPS <= 6 * most * (1 + 1e-6), "no more than a few times as high as what is drawn"


@pytest.mark.parametrize(
    ("most", "words"),
    [
        (0, ["0", "1"]), (1, ["0", "1"]), (3, ["0", "1", "2", "3"]), (12, ["0", "5", "10", "15"]),
        (12345, ["0", "2.500", "5.000", "7.500", "10.000", "12.500"]), (5_000_000_000, None),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("vi")
def test_an_axis_of_counts_has_whole_numbers(most, words):
    axis = charting_axis.axis(most)
    assert axis.top >= most
    assert words is None or [text for _y, text in axis.ticks] == words
    assert len({text for _y, text in axis.ticks}) == len(axis.ticks) <= charting_axis.STEPS + 1
    assert max(len(text) for _y, text in axis.ticks) <= 8, "there is room for no more on a phone"


@pytest.mark.parametrize(("most", "last"), [(0, "25%"), (0.0042, "0,5%"), (0.36, "40%"), (1, "100%")])
@pytest.mark.usefixtures("vi")
def test_an_axis_of_shares_ends_at_the_whole(most, last):
    axis = charting_axis.share_axis(most)
    assert axis.ticks[-1][1] == last
    assert most <= axis.top <= 1


@pytest.mark.parametrize("n", [1, 2, 5, 7, 30, 31, 90, 365, 3650])
@pytest.mark.usefixtures("vi")
def test_few_days_are_named_on_a_phone(n):
    marks = charting_axis.labels([DAY + timedelta(days=i) for i in range(n)])
    narrow = [mark for mark in marks if not mark.wide]
    assert 1 <= len(narrow) <= charting_axis.NARROW
    assert len(marks) <= charting_axis.WIDE
    assert all(0 < mark.x < 100 for mark in marks)


def test_numbers_and_days_are_written_as_the_reader_writes_them(language):
    chart = charting.columns("Tin", days(1234, 20), ["tin"])
    assert chart.columns[0].words == {"vi": "01/11/2026: 1.234", "en": "1 Nov 2026: 1,234"}[language]
    assert chart.labels[0].words == {"vi": "01/11", "en": "1 Nov"}[language]


def test_hours_are_vietnams(language):
    hours = [(datetime(2026, 11, 1, 1, tzinfo=UTC) + timedelta(hours=i), 3) for i in range(3)]
    chart = charting.columns("Tin", hours, ["tin"])
    assert chart.labels[0].words == "08:00"
    assert chart.columns[0].words.startswith({"vi": "08:00 01/11/2026", "en": "08:00, 1 Nov 2026"}[language])


@pytest.mark.usefixtures("vi")
def test_stacked_parts_stand_on_each_other_and_fill_their_share():
    chart = charting.columns("Tin", days((60, 40), (0, 0)), ["đến nơi", "mất"])
    low, high = chart.columns[0].pieces
    assert (low.y + low.height, high.y + high.height) == (charting.HEIGHT, low.y)
    assert (low.height, high.height) == (120, 80)
    assert (low.tone, high.tone) == (1, 2)
    assert not chart.columns[1].pieces
    assert chart.columns[0].words == "01/11/2026: đến nơi 60, mất 40"


@pytest.mark.parametrize("values", [(), (0,), (5,), (0, 0, 0), (7, 7, 7), (None,), (None, 3), (10**15, 1, 0)])
@pytest.mark.usefixtures("vi")
def test_whatever_the_numbers_everything_lies_within_the_drawing(values):
    chart = charting.columns("Tin", days(*values), ["tin"], "Tin mỗi ngày")
    assert bool(chart) == bool(values)
    for column in chart.columns:
        assert column.x >= 0
        assert column.x + column.width <= 100
        assert all(0 <= piece.y <= piece.y + piece.height <= charting.HEIGHT + 1e-6 for piece in column.pieces)
    assert "nan" not in drawn("columns", chart)


@pytest.mark.usefixtures("vi")
def test_a_chart_is_read_and_walked_without_eyes_or_mouse():
    page = drawn("columns", charting.columns("Tin mỗi ngày", days(*range(20)), ["tin"], "Hai mươi ngày"))
    assert re.search(r'<svg [^>]*aria-labelledby="(chart-\w+)-t"[^>]*aria-describedby="\1-d"', page)
    assert "<title" in page
    assert "<desc" in page
    assert page.count('tabindex="0"') == 20
    assert page.count('role="img" aria-label="') == 20
    assert 'class="skip"' in page, "twenty points may be skipped"
    assert page.count("<tr>") == 21, "its table has a head and every point"
    assert "style=" not in page
    assert "<script" not in page


@pytest.mark.usefixtures("vi")
def test_nothing_written_by_people_becomes_markup():
    chart = charting.columns("<b>Tin</b>", [("<script>", 3)], ["<i>"])
    assert not re.search(r"<(script|b|i)>", drawn("columns", chart))


@pytest.mark.usefixtures("vi")
def test_bars_of_rates_carry_their_interval():
    chart = charting_rates.rate_bars("Nhà mạng", [("A", Rate(90, 100)), ("B", None), ("C", Rate(0, 0))])
    first, hidden, nobody = chart.rows
    assert first.low < first.wide < first.high <= 100
    assert first.words == "90% (90 trong 100; 83–94%)"
    assert (hidden.words, hidden.wide) == ("đã ẩn", None)
    assert nobody.wide is None
    assert drawn("rate_bars", chart).count("<line") == 3
    assert not charting_rates.rate_bars("x", [])


@pytest.mark.usefixtures("vi")
def test_a_funnel_narrows_from_its_first_step():
    steps = charting_rates.funnel("Đợt", [("chọn", 200), ("gửi", 150, [("từ chối", None)]), ("hỏi", 3), ("mở", None)])
    assert [step.wide for step in steps.steps] == [100, 75, 1.5, None]
    assert "75%" in steps.steps[1].of_before
    assert steps.steps[1].left == [("từ chối", "đã ẩn")]
    assert [step.of_before for step in charting_rates.funnel("Đợt", [("chọn", 0), ("gửi", 0)]).steps] == ["", ""]


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (Rate(3120, 3318), "94% (3.120 trong 3.318; 93–95%)"), (Rate(12, 3000), "0,4% (12 trong 3.000; 0,2–0,7%)"),
        (Rate(0, 50), "0% (0 trong 50; 0–7%)"), (Rate(50, 50), "100% (50 trong 50; 93–100%)"), (None, "đã ẩn"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("vi")
def test_a_rate_never_stands_without_what_it_was_measured_on(rate, words):
    assert charting_rates.rate_words(rate).replace("\xa0", "") == words


def test_what_is_hidden_is_said_in_the_language_of_this_reader(pages):
    """A constant of a template must not keep the words of its first reader."""
    said = []
    for language in ("vi", "en"):
        with pages.test_request_context(f"/?lang={language}"):
            said.append(render_template_string("{{ none|shown }} {{ none|rate }} {{ none|rate_words }}"))
    assert said == ["đã ẩn đã ẩn đã ẩn", "hidden hidden hidden"]
