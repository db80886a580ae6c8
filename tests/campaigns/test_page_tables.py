"""Rows of an HTML page, as systems send them out under the name of a workbook."""

import pytest

from campaigns.page_tables import MOST_COLUMNS, Endless, is_page, rows

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"><title>BC</title>
<style>td {mso-number-format:"\\@"}</style></head><body>
<table><tr><th colspan="3">DANH SÁCH LAO ĐỘNG</th></tr>
<tr><th>Họ &amp; tên</th><th>SĐT</th><th>Xã</th></tr>
<tr><td>Nguyễn<br>Thị Đào</td><td x:str>0912345678</td><td>Đô&nbsp;Thành</td></tr>
<tr><td>Lê Văn B<td>0912345679<td>
</table></body></html>"""


def test_a_page():
    assert list(rows([PAGE])) == [
        ["DANH SÁCH LAO ĐỘNG", "", ""],
        ["Họ & tên", "SĐT", "Xã"],
        ["Nguyễn Thị Đào", "0912345678", "Đô Thành"],
        ["Lê Văn B", "0912345679", ""],
    ]


@pytest.mark.parametrize("size", [1, 2, 7, 100])
def test_it_may_come_in_pieces(size):
    pieces = [PAGE[at : at + size] for at in range(0, len(PAGE), size)]
    assert list(rows(pieces)) == list(rows([PAGE]))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<tr><td rowspan=2>a<td>b</tr><tr><td>c</tr>", [["a", "b"], ["", "c"]]),
        ("<tr><td>a<td rowspan=3>b<td>c</tr><tr><td>d<td>e</tr>", [["a", "b", "c"], ["d", "", "e"]]),
        ("<tr><td colspan=0>a<td colspan=x>b</tr>", [["a", "b"]]),
        ("<tr><td/><td>b</td></tr>", [["", "b"]]),
        ("<td>a</td>", [["a"]]),
        ("<tr></tr><tr><td>a", [[], ["a"]]),
        ("<tr><td><script>alert(1)</script>a</td></tr>", [["a"]]),
        ("<tr><td>&lt;b&gt; &#7885;</td></tr>", [["<b> ọ"]]),
        ("no table at all", []),
    ],
)
def test_cells(table, expected):
    assert list(rows([f"<table>{table}</table>"])) == expected


def test_a_page_cannot_take_all_memory():
    wide = next(iter(rows([f"<tr>{'<td colspan=99999>x' * 100}</tr>"])))
    assert len(wide) <= 2 * MOST_COLUMNS
    with pytest.raises(Endless):
        list(rows(["<td "] + ["x" * 100_000] * 20))


@pytest.mark.parametrize(
    ("head", "page"),
    [
        (b"<html><body>", True),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>", True),
        (b"<table border=1><tr>", True),
        (b"<meta http-equiv=Content-Type><style></style><TABLE>", True),
        (b"<?xml version='1.0'?><html>", True),
        (b"<?xml version='1.0'?><Workbook>", False),
        (b"<script>alert(1)</script>,0912345678\n", False),
        (b"name,phone\n<html>,1\n", False),
    ],
)
def test_is_page(head, page):
    assert is_page(head) is page
