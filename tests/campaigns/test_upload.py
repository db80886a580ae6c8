"""How a file is read, and one clear sentence for each way in which it is no list."""

import io

import pytest
import xlsxwriter

from campaigns import file_kinds, upload
from campaigns.reading import Choices
from messages.errors import Mistake
from tests.campaigns.office_files import ods, with_password, xls, zipped

PEOPLE = [["DANH SÁCH"], ["Họ tên", "SĐT"], ["Đào", 912345678], ["Bình", "0912345679"]]


def _reading(content, **choices):
    return upload.find_reading(lambda: io.BytesIO(content), len(content), Choices(**choices))


def _look(content, **choices):
    return upload.look(lambda: io.BytesIO(content), len(content), Choices(**choices))


def _rows(content, **choices):
    return list(upload.records(io.BytesIO(content), _reading(content, **choices)))


def _workbook(**sheets):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
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


@pytest.mark.parametrize("write", [xls, ods])
def test_workbooks_of_the_old_and_the_open_kind(write):
    content = write({"Bìa": [["UBND"]], "Danh sách": PEOPLE})
    assert _reading(content).sheet == 1
    assert _rows(content) == [(3, ["Đào", "912345678"]), (4, ["Bình", "0912345679"])]


def test_an_open_document_sheet_keeps_its_blank_rows():
    content = ods({"Danh sách": [["Họ tên", "SĐT"], 2, ["Đào", "0912345678"], 1_000_000]})
    assert _rows(content) == [(4, ["Đào", "0912345678"])]


def test_a_page_of_a_table_named_like_a_workbook():
    cells = "".join(f"<tr><td>{name}</td><td>{number}</td></tr>" for name, number in PEOPLE[2:])
    content = f"<html><body><table><tr><th>Họ tên</th><th>SĐT</th></tr>{cells}</table></body></html>"
    for encoding in ("utf-8", "utf-8-sig"):
        assert _rows(content.encode(encoding)) == [(2, ["Đào", "912345678"]), (3, ["Bình", "0912345679"])]
    stated = content.replace("<body>", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1258">')
    apart = stated.replace("ọ", "o\u0323").replace("ì", "i\u0300")
    assert _rows(apart.encode("cp1258")) == [(2, ["Đào", "912345678"]), (3, ["Bình", "0912345679"])]


def test_a_text_with_zero_bytes_is_read_without_them():
    content = b"name,phone\n" + b"".join(b"A\0%d,09123456%02d\n" % (n, n) for n in range(50))
    assert _rows(content)[7] == (9, ["A7", "0912345607"])


TCVN3 = "Hä tªn,Sè ®iÖn tho¹i,X·\nNguyÔn ThÞ §µo,0912345678,§« Thµnh\nTRÇN V¡N HïNG,0912345679,\n"
READ = [(2, ["Nguyễn Thị Đào", "0912345678", "Đô Thành"]), (3, ["TRẦN VĂN HÙNG", "0912345679", ""])]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-16"])
def test_tcvn3_is_read_when_somebody_says_so(encoding):
    content = TCVN3.encode(encoding)
    assert _rows(content, encoding="tcvn3") == READ
    with pytest.raises(Mistake) as mistake:
        _reading(content)
    assert mistake.value.code == "upload-looks-tcvn3"
    assert "“Họ tên, Số điện thoại, Xã" in mistake.value.sentence("vi")


@pytest.mark.parametrize("write", [xls, ods, lambda sheets: _workbook(**sheets)])
def test_tcvn3_in_a_workbook_is_a_matter_of_its_font(write):
    content = write({"Một": [line.split(",") for line in TCVN3.splitlines()]})
    assert [cells for _, cells in _rows(content, encoding="tcvn3")] == [cells for _, cells in READ]
    assert _look(content).hint[1].startswith("Họ tên, Số điện thoại")


def test_a_chosen_sheet_is_read():
    content = _workbook(Một=[["SĐT"], ["0912345678"]], Hai=[["SĐT"], ["0912345679"]])
    assert _rows(content, sheet="Hai") == _rows(content, sheet="2") == [(2, ["0912345679"])]
    with pytest.raises(Mistake) as mistake:
        _reading(content, sheet="Ba")
    assert (mistake.value.code, mistake.value.values["sheets"]) == ("upload-no-such-sheet", "Một, Hai")


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


def _endless_row():
    """A row of an ODS that says it stands there a million times, sixteen thousand cells wide."""
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p>'
    return f'<table:table-row table:number-rows-repeated="1048575">{cell}</table:table-cell></table:table-row>'


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
        (b"<html><table><tr><td>0912345678</td></tr></table>", "upload-no-phone-column"),
        (b"<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>", "upload-page"),
        (b"<html>" + b"<table " * 300_000, "upload-page"),
        (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", "upload-not-a-list"),
        (HEAD.encode() + b"\0" * 3000, "upload-not-a-list"),
        (bytes(range(256)) * 100, "upload-not-a-list"),
        (HEAD.encode() + b"x" * 3_000_000, "upload-not-a-list"),
        (b"0912345678\n0912345679\n", "upload-no-phone-column"),
        (_workbook(Một=[["Họ tên", "Tuổi"], ["A", 1]]), "upload-no-phone-column"),
        ("SĐT,SĐT,SĐT\n1,2,3\n".encode(), "upload-many-phone-columns"),
        (_workbook(Một=[["SĐT", "SĐT", "SĐT"], [1, 2, 3]]), "upload-many-phone-columns"),
        (_workbook(Một=[["SĐT"], ["0912345678"]], Hai=[["SĐT"], ["0912345679"]]), "upload-many-sheets"),
        (b"PK\x03\x04 this is no zip", "upload-broken"),
        (zipped({"readme": "no workbook"}), "upload-broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"no workbook" * 100, "upload-broken"),
        (_workbook(Một=PEOPLE)[:3000], "upload-broken"),
        (xls({"Một": PEOPLE})[:3000], "upload-broken"),
        (ods({"Một": PEOPLE})[:500], "upload-broken"),
        (with_password(), "upload-locked"),
        (xls({"Một": PEOPLE}, locked=True), "upload-locked"),
        (zipped({"xl/worksheets/sheet1.xml": b"\0" * (200 << 20)}), "upload-bomb"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": b" " * (200 << 20)}),
         "upload-bomb"),
        (_sparse(), "upload-broken"),
        (ods({"Một": [*PEOPLE[1:2], _endless_row()]}), "upload-broken"),
    ],
)
def test_one_clear_sentence(content, code):
    with pytest.raises(Mistake) as mistake:
        _reading(content)
    assert mistake.value.code == code
    sentences = [mistake.value.sentence(language) for language in ("vi", "en")]
    assert all(len(sentence) > 20 and "{" not in sentence for sentence in sentences)
    assert sentences[0] != sentences[1]


def test_a_picture_is_called_what_it_is():
    with pytest.raises(Mistake) as mistake:
        _reading(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert "PNG" in mistake.value.sentence("vi")


@pytest.mark.parametrize("content", [xls({"Một": PEOPLE}), _workbook(Một=PEOPLE), b"<html><table><tr><td>SDT</table>"])
def test_a_workbook_too_large_is_not_opened(monkeypatch, content):
    monkeypatch.setattr(file_kinds, "MOST_WORKBOOK_BYTES", len(content) - 1)
    with pytest.raises(Mistake) as mistake:
        _reading(content)
    assert mistake.value.code == "upload-too-big"


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


@pytest.mark.parametrize(
    ("content", "doubts", "phone"),
    [
        ("SĐT,SĐT,SĐT\n,0912345678,2\n,0912345679,\n".encode(), ("upload-many-phone-columns",), 1),
        (b"A,0912345678\nB,0912345679\n", ("upload-no-phone-column",), 1),
        ("Tên,Tuổi\nA,41\n".encode(), ("upload-no-phone-column",), None),
        (_workbook(Một=[["SĐT"], ["0912345678"]], Hai=[["SĐT"], ["0912345679"]]), ("upload-many-sheets",), 0),
        (TCVN3.encode("latin-1"), ("upload-no-phone-column",), 1),
    ],
)
def test_what_a_choice_would_settle_is_asked_and_not_refused(content, doubts, phone):
    look = _look(content)
    assert (look.doubts, look.reading.columns.phone) == (doubts, phone)
    with pytest.raises(Mistake):
        _reading(content)


@pytest.mark.parametrize(
    ("choices", "first", "columns"),
    [
        ({"delimiter": ";"}, (2, ["A", "0912345678", "x,y"]), ("Tên", "SĐT", "Xã")),
        ({"delimiter": ","}, (2, ["A;0912345678;x", "y"]), ("Tên;SĐT;Xã",)),
        ({"heading_row": 2}, (3, ["B", "0912345679", "z"]), ("A", "…", "x,y")),
        ({"heading_row": 0}, (1, ["Tên", "SĐT", "Xã"]), ("Cột A", "Cột B", "Cột C")),
        ({"encoding": "windows-1258"}, (2, ["A", "0912345678", "x,y"]), None),
    ],
)
def test_choices_are_followed(choices, first, columns):
    look = _look("Tên;SĐT;Xã\nA;0912345678;x,y\nB;0912345679;z\n".encode(), **choices)
    assert look.rows[0] == first
    assert columns is None or look.reading.columns.headings == columns


def test_places_are_counted_on_the_way():
    rows = [["A", "1", "Yên Thành", "Đô Thành"]] * 3 + [["B", "2", "", "Đồng Văn"]] * 2 + [["C", "3"]]
    content = "\n".join(map(";".join, [["Tên", "SĐT", "Huyện", "Xã"], *rows])).encode()
    look = _look(content)
    assert look.places == {("Yên Thành", "Đô Thành"): 3, ("", "Đồng Văn"): 2, ("", ""): 1}
    assert look.places_whole
    assert look.reading.total == len(look.rows) == 6


def test_a_file_of_a_million_places_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(upload, "_MOST_PLACES", 600)
    monkeypatch.setattr(upload, "_COUNTED_AT_ONCE", 100)
    look = _look("SĐT,Xã\n".encode() + b"".join(b"%d,x%d\n" % (n, n) for n in range(5000)))
    assert (look.reading.total, look.places_whole) == (5000, False)
    assert len(look.places) <= 700
