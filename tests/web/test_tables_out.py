"""Any table as a file: what Excel is given is what the page shows, and nothing in it runs."""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime

import flask
import pytest
from flask_babel import Babel
from python_calamine import CalamineWorkbook

from web import tables_out
from web.rates import HIDDEN
from web.tables_out import MASKED, Column, Table

TABLE = Table(
    "Theo xã, phường",
    [
        Column("Xã", "Xã hôm nay", "text"), Column("Đã gửi", "Tin đã giao cho nhà mạng"), Column("Tỷ lệ", kind="share"),
        "Ngày", "Lúc",
    ],
    [
        ("Yên Thành", 1234, 0.943, date(2026, 12, 1), datetime(2026, 12, 1, 20, 30, tzinfo=UTC)),
        ('=HYPERLINK("http://evil.example")', MASKED, "", "", ""),
        ("@SUM(A1)", -3, 0.0, "", ""),
    ],
    filters=["Cảnh báo việc nhẹ lương cao", "=1+1"],
)


@pytest.fixture
def page(monkeypatch):
    """A page at /t/ with the table above, and a second one that must not be made unless it is asked for."""
    app = flask.Flask("t")
    Babel(app, timezone_selector=lambda: "Asia/Ho_Chi_Minh")
    tables_out.install(app)
    monkeypatch.setattr(tables_out, "now", lambda: datetime(2026, 12, 1, 18, 0, tzinfo=UTC))

    def never():
        raise AssertionError("nobody asked for this table")

    @app.get("/t/")
    def show():
        found = tables_out.asked({"communes": lambda: TABLE, "never": never})
        return found or tables_out.file_address("csv", "communes")

    return app.test_client()


def sheets(answer) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_page_stays_a_page(page):
    assert page.get("/t/").get_data(as_text=True) == "/t/?table=communes&as=csv"


def test_the_link_keeps_the_filters_and_lets_nothing_else_speak(page):
    address = page.get("/t/?days=7&_scheme=javascript&_external=1&table=x").get_data(as_text=True)
    assert address == "/t/?days=7&_scheme=javascript&_external=1&table=communes&as=csv"


def test_csv(page):
    answer = page.get("/t/?as=csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="an-lo-theo-xa-phuong-2026-12-02.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    note, heads, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert len(note) == 1
    for told in ("Theo xã, phường", "Cảnh báo việc nhẹ lương cao", "02/12/2026 01:00", "Tin đã giao cho nhà mạng"):
        assert told in note[0]
    assert heads == ["Xã", "Đã gửi", "Tỷ lệ", "Ngày", "Lúc"]
    assert rows[0] == ["Yên Thành", "1234", "0.943", "2026-12-01", "2026-12-02 03:30"]
    assert rows[1] == ["'=HYPERLINK(\"http://evil.example\")", str(HIDDEN), "", "", ""]
    assert rows[2][:3] == ["'@SUM(A1)", "-3", "0.0"]  # a number below zero is a number


def test_xlsx(page):
    answer = page.get("/t/?as=xlsx&table=communes")
    assert answer.headers["Content-Disposition"].endswith('phuong-2026-12-02.xlsx"')
    found = sheets(answer)
    heads, *rows = found.pop("Theo xã, phường")
    assert heads == ["Xã", "Đã gửi", "Tỷ lệ", "Ngày", "Lúc"]
    assert rows[0] == ["Yên Thành", 1234, 0.943, date(2026, 12, 1), datetime(2026, 12, 2, 3, 30)]
    assert rows[1][:2] == ['=HYPERLINK("http://evil.example")', str(HIDDEN)]
    assert rows[2][:2] == ["@SUM(A1)", -3]
    (notes,) = found.values()
    told = [cell for row in notes for cell in row]
    assert {"Cảnh báo việc nhẹ lương cao", "=1+1", "Đã gửi", "Tin đã giao cho nhà mạng"} <= set(told)
    assert b"<f>" not in b"".join(_unpacked(answer.data))


def _unpacked(content: bytes):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        yield from (packed.read(name) for name in packed.namelist())


@pytest.mark.parametrize("asked", ["as=pdf", "as=csv&table=unknown", "as="])
def test_no_such_file(page, asked):
    assert page.get(f"/t/?{asked}").status_code == 404


@pytest.mark.parametrize("name", ["Đợt [1]: a/b*c?\\", "'", "", "Ghi chú", "Notes", "x" * 80])
def test_a_name_that_no_sheet_may_have(page, name):
    with page.application.test_request_context():
        found = tables_out.answer(Table(name, ["a"], [(1,)]), "xlsx")
        assert sheets(found)
        assert tables_out.filename(name, "xlsx").isascii()


@dataclass(frozen=True)
class Half:
    n: int = 5
    of: int = 10
    share: float | None = 0.5
    low: float | None = 0.24
    high: float | None = 0.76


@pytest.mark.parametrize(
    ("rate", "cells"),
    [(Half(), [5, 10, 0.5, 0.24, 0.76]), (Half(0, 0, None), [0, 0, "", "", ""]), (None, [None, None, "", "", ""])],
)
def test_a_rate_takes_five_cells(page, rate, cells):
    assert tables_out.rate_cells(rate) == cells
    with page.application.test_request_context():
        assert len(tables_out.rate_columns("Đến nơi")) == len(cells)
