"""Delimited text with the faults of real files."""

import io
import unicodedata

import pytest

from campaigns.delimited import clean, find_delimiter, rows


def _read(text, delimiter=",", width=2):
    return list(rows(clean(io.StringIO(text, newline="")), delimiter, width))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
        ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
        ("a,b\rc,d\r", [["a", "b"], ["c", "d"]]),
        # blank lines count as rows of the file, so that numbers are those of the spreadsheet
        ("a,b\n\nc,d", [["a", "b"], [], ["c", "d"]]),
        ("a\nb,c,d\n", [["a"], ["b", "c", "d"]]),
        # a quoted cell over two lines is one row
        ('a,"x\ny"\nc,d\n', [["a", "x\ny"], ["c", "d"]]),
        ('"Nguyễn ""Tí"", con ông Tèo",1\nb,2\n', [['Nguyễn "Tí", con ông Tèo', "1"], ["b", "2"]]),
        # a quote that never closes is a letter, and swallows nobody
        ('a,b\n"Tí,1\nc,2\nd,3\n', [["a", "b"], ['"Tí', "1"], ["c", "2"], ["d", "3"]]),
        ('a,b\n"Tí,1\nc,2\n"d,3\ne,4\n', [["a", "b"], ['"Tí', "1"], ["c", "2"], ['"d', "3"], ["e", "4"]]),
        ('a,b\n5" ống,1\nc,2\n', [["a", "b"], ['5" ống', "1"], ["c", "2"]]),
        ('a,b\nx"y,"c\nd,2\n', [["a", "b"], ['x"y', '"c'], ["d", "2"]]),
        # unseen characters go, letters and marks are put together
        ("nu\x00ll,\u200b0912\ufeff\n", [["null", "0912"]]),
        (unicodedata.normalize("NFD", "Nguyễn,Đô Thành\n"), [["Nguyễn", "Đô Thành"]]),
    ],
)
def test_rows(text, expected):
    assert _read(text) == expected


def test_a_stray_quote_late_in_a_long_file_loses_no_row():
    lines = [f"name {n},{n}\n" for n in range(500)]
    lines[100] = '"name 100,100\n'
    found = _read("".join(lines))
    assert len(found) == 500
    assert found[100] == ['"name 100', "100"]
    assert found[101] == ["name 101", "101"]


def test_a_cell_of_a_million_letters_is_a_cell():
    assert len(_read("a," + "x" * 1_000_000 + "\n")[0][1]) == 1_000_000


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["Họ tên,SĐT\n", "A,1\n"], ","),
        (["Họ tên;SĐT\n", "A, con B;1\n", "C, D, E;2\n"], ";"),
        (["Họ tên\tSĐT\n", "A, B\t1\n"], "\t"),
        (["Họ tên|SĐT\n", "A|1\n"], "|"),
        (["DANH SÁCH; NĂM 2026, HUYỆN\n", "Họ tên,SĐT\n", "A,1\n"], ","),
        (["SĐT\n", "0912345678\n"], ","),
        (["sep=;\n", "Họ tên;SĐT\n", "A;1\n"], ";"),
    ],
)
def test_find_delimiter(lines, delimiter):
    assert find_delimiter(lines) == delimiter
