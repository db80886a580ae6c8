"""How a file is read, and one clear sentence for each way in which it is no list."""

import io
import zipfile

import pytest
import xlsxwriter

from campaigns import upload
from messages.errors import Mistake

ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Danh sách">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""


def _reading(content):
    return upload.find_reading(lambda: io.BytesIO(content), len(content))


def _rows(content):
    return list(upload.records(io.BytesIO(content), _reading(content)))


def _workbook(**sheets):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def _zip(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text(encoding, delimiter):
    lines = ["DANH SÁCH", "", "Họ tên,SĐT,Xã", "Nguyễn Thị Đào,0912345678,Đô Thành", "", "B,0912345679,", ""]
    content = "\r\n".join(lines).replace(",", delimiter).encode(encoding)
    assert _reading(content).total == 2
    assert _rows(content) == [(4, ["Nguyễn Thị Đào", "0912345678", "Đô Thành"]), (6, ["B", "0912345679", ""])]


def test_a_workbook_gives_numbers_as_they_were_typed():
    people = [["A", 912345678, 41.5], ["B", "0912 345 679", True], [], ["C"]]
    rows = [["DANH SÁCH"], [], ["Họ tên", "SĐT", "Tuổi"], *people]
    content = _workbook(Bìa=[["UBND"]], Người=rows)
    assert _reading(content).sheet == 1
    assert _rows(content) == [
        (4, ["A", "912345678", "41.5"]),
        (5, ["B", "0912 345 679", "True"]),
        (7, ["C", "", ""]),
    ]


def test_an_open_document_sheet():
    def row(*cells):
        inner = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
        )
        return f"<table:table-row>{inner}</table:table-row>"

    blank = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    content = ODS.format(rows=row("Họ tên", "SĐT") + blank + row("Đào", "0912345678"))
    members = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        "content.xml": content,
    }
    assert _rows(_zip(members)) == [(4, ["Đào", "0912345678"])]


def test_a_formula_is_only_the_text_that_was_seen():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Họ tên", "SĐT"])
        sheet.write_formula(1, 0, '=HYPERLINK("http://x.example")', None, "bấm vào đây")
        sheet.write_string(1, 1, "0912345678")
        sheet.write_string(2, 0, "=1+1")
        sheet.write_string(2, 1, "0912345679")
    assert [cells for _, cells in _rows(file.getvalue())] == [["bấm vào đây", "0912345678"], ["=1+1", "0912345679"]]


def _sparse():
    """A workbook of 5 KB that claims 17 thousand million cells."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_string(0, 0, "SĐT")
        sheet.write_string(1_048_575, 16_383, "x")
    return file.getvalue()


HEAD = "Họ tên,SĐT\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "upload-empty"),
        (b"\xef\xbb\xbf", "upload-empty"),
        (b"  \r\n\t\r\n", "upload-empty"),
        (_workbook(Trống=[]), "upload-empty"),
        (HEAD.encode(), "upload-no-rows"),
        (f"{HEAD},\n,\n".encode(), "upload-no-rows"),
        (_workbook(Một=[["Họ tên", "SĐT"]]), "upload-no-rows"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10, "upload-not-a-list"),
        (b"<html><table><tr><td>0912345678</td></tr></table>", "upload-not-a-list"),
        (bytes(range(256)) * 100, "upload-not-a-list"),
        (HEAD.encode() + b"x" * 3_000_000, "upload-not-a-list"),
        (b"0912345678\n0912345679\n", "upload-no-phone-column"),
        (_workbook(Một=[["Họ tên", "Tuổi"], ["A", 1]]), "upload-no-phone-column"),
        ("SĐT,SĐT,SĐT\n1,2,3\n".encode(), "upload-many-phone-columns"),
        (_workbook(Một=[["SĐT", "SĐT", "SĐT"], [1, 2, 3]]), "upload-many-phone-columns"),
        (_workbook(Một=[["SĐT"], ["0912345678"]], Hai=[["SĐT"], ["0912345679"]]), "upload-many-sheets"),
        (b"PK\x03\x04 this is no zip", "upload-broken"),
        (_zip({"readme": "no workbook"}), "upload-broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"no workbook" * 100, "upload-broken"),
        (_zip({"xl/worksheets/sheet1.xml": b"\0" * (200 << 20)}), "upload-bomb"),
        (_sparse(), "upload-broken"),
    ],
)
def test_one_clear_sentence(content, code):
    with pytest.raises(Mistake) as mistake:
        _reading(content)
    assert mistake.value.code == code
    assert all(len(mistake.value.sentence(language)) > 20 for language in ("vi", "en"))


def test_a_picture_is_called_what_it_is():
    with pytest.raises(Mistake) as mistake:
        _reading(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert "PNG" in mistake.value.sentence("vi")


def test_the_sheets_in_question_are_named():
    with pytest.raises(Mistake) as mistake:
        _reading(_workbook(Một=[["SĐT"], ["1"]], Hai=[["SĐT"], ["2"]]))
    assert "Một, Hai" in mistake.value.sentence("en")


@pytest.mark.slow
def test_a_row_too_many():
    most = b"Phone\n" + b"0912345678\n" * upload.MOST_ROWS
    assert _reading(most).total == upload.MOST_ROWS
    with pytest.raises(Mistake) as mistake:
        _reading(most + b"0912345678\n")
    assert mistake.value.code == "upload-too-many-rows"
    assert "1.000.000" in mistake.value.sentence("vi")


def test_a_reading_survives_its_row_in_the_database():
    reading = _reading("STT,Họ tên,SĐT,Nghề\n1,A,0912345678,thợ\n".encode())
    assert upload.Reading.from_json(reading.to_json()) == reading
