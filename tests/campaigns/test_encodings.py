"""What a file's bytes say about it."""

import pytest

from campaigns.encodings import OFFERED, chosen, find_encoding, kind_of, offered_name
from messages.errors import Mistake

TEXT = "Họ và tên,Số điện thoại,Xã\r\nNguyễn Thị Đào,0912345678,Quỳnh Bảng\r\nVõ Văn Kỷ,0912345679,Đô Thành\r\n"


def _as_windows_writes_it(text):
    """Windows-1258: accents of letters composed, tones apart."""
    letters = {"ễ": "ê\u0303", "ị": "i\u0323", "ọ": "o\u0323", "ố": "ô\u0301", "ệ": "ê\u0323", "ạ": "a\u0323"}
    letters |= {"ỳ": "y\u0300", "ả": "a\u0309", "ỷ": "y\u0309", "õ": "o\u0303", "ã": "a\u0303"}
    return "".join(letters.get(letter, letter) for letter in text).encode("cp1258")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (_as_windows_writes_it(TEXT), "cp1258"),
        (b"name,phone\n", "utf-8"),
        # one broken letter does not make a long Vietnamese file something else
        ((TEXT * 20).encode("utf-8") + b"\xff\n", "utf-8"),
    ],
)
def test_find_encoding(content, encoding):
    assert kind_of(content) == "text"
    telling = b"".join(line for line in content.splitlines(keepends=True) if not line.isascii())
    assert find_encoding(content, telling) == encoding


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)), "JPEG"),
        (b"%PDF-1.7\n" + bytes(range(128, 256)) + bytes(range(32)), "PDF"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "workbook"),
        (b"  <!DOCTYPE html><table>", "page"),
        (b"<html><table>", "page"),
        (b"<?xml version='1.0'?><Workbook>", "XML"),
        (bytes(range(256)) * 4, "?"),
        (bytes(1000), "?"),
        # letters that begin like a picture, and a zero byte in a text, are still text
        (b"BMI,phone\nx,1\n", "text"),
        (b"name,phone\nnull\x00byte,0912345683\n" * 3, "text"),
    ],
)
def test_kind_of(head, kind):
    assert kind_of(head) == kind


@pytest.mark.parametrize(
    ("name", "content", "codec", "tcvn3"),
    [
        ("utf-8", b"name\n", "utf-8-sig", False),
        ("windows-1258", b"name\n", "cp1258", False),
        ("windows-1252", b"name\n", "cp1252", False),
        ("utf-16", TEXT.encode("utf-16"), "utf-16", False),
        ("utf-16", TEXT.encode("utf-16-be"), "utf-16-be", False),
        ("utf-16", b"name\n", "utf-16-le", False),
        ("tcvn3", b"Nguy\xd4n\n", "latin-1", True),
        # saved as Unicode since, a letter for each byte
        ("tcvn3", "Nguy\u00d4n Th\u00de\n".encode(), "utf-8", True),
        ("tcvn3", "Nguy\u00d4n Th\u00de \u00a7\u00b5o\n".encode("utf-16"), "utf-16", True),
    ],
)
def test_chosen(name, content, codec, tcvn3):
    assert chosen(name, content, content) == (codec, tcvn3)
    assert offered_name(codec, tcvn3) == name
    assert name in OFFERED


def test_what_is_not_offered_is_said():
    with pytest.raises(Mistake) as mistake:
        chosen("vni", b"", b"")
    assert "tcvn3" in mistake.value.sentence("vi")
