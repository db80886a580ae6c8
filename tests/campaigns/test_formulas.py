"""Cells that no spreadsheet runs."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.formulas import csv_lines, plain, safe


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ('=HYPERLINK("http://x.example","click")', '\'=HYPERLINK("http://x.example","click")'),
        ("@SUM(A1:A9)", "'@SUM(A1:A9)"),
        ("+84912345678", "'+84912345678"),
        ("-1", "'-1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("\t=1", "'\t=1"),
        # where a semicolon parts cells, the formula would begin after it
        ("Tí;=cmd|'/c calc'!A1", "Tí;'=cmd|'/c calc'!A1"),
        ('Tí; "=1', 'Tí; "\'=1'),
        ("Nguyễn Văn A", "Nguyễn Văn A"),
        ("0912345678", "0912345678"),
        ("Robert'); DROP TABLE contacts;--", "Robert'); DROP TABLE contacts;'--"),
        ("", ""),
    ],
)
def test_safe(cell, written):
    assert safe(cell) == written


@given(st.text(alphabet="=+-@ab' \t09＝"))
def test_what_was_made_safe_comes_back_as_it_was(text):
    assert not safe(text).lstrip().startswith(tuple("=+-@＝"))
    if not text.startswith("'"):
        assert plain(safe(text)) == text


def test_csv_lines_open_in_a_spreadsheet():
    lines = "".join(csv_lines([["Tên", "SĐT"], ["Tí, con\nTèo", "=1"]]))
    assert lines.startswith("\ufeff")
    assert list(csv.reader(lines.removeprefix("\ufeff").splitlines(keepends=True))) == [
        ["Tên", "SĐT"],
        ["Tí, con\nTèo", "'=1"],
    ]
