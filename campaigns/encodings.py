"""What kind of file was uploaded, and in which encoding its text is. Pure: looks at bytes, opens nothing."""

import charset_normalizer

from campaigns.page_tables import is_page
from messages.errors import Mistake

#: What somebody may choose by hand, by the names people know. TCVN3 (campaigns/tcvn3.py) is only ever chosen.
OFFERED = ("utf-8", "utf-16", "windows-1258", "windows-1252", "tcvn3")
_CODECS = {"utf-8": "utf-8-sig", "windows-1258": "cp1258", "windows-1252": "cp1252"}
_NAMES = {"utf-8-sig": "utf-8", "cp1258": "windows-1258", "cp1252": "windows-1252", "latin-1": "windows-1252"}

#: First bytes of files that are sent in by mistake, and what to call them.
_OTHER_KINDS = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BM", "BMP"),
    (b"RIFF", "RIFF"),
    (b"II*\x00", "TIFF"),
    (b"SQLite format 3", "SQLite"),
)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

#: Windows code pages a list of Vietnamese people comes in; of others no list was ever seen.
_CODE_PAGES = ["cp1258", "cp1252"]
#: A UTF-8 file may carry a few broken letters; with more than one in fifty it is no UTF-8.
_BROKEN_SHARE = 0.02


def kind_of(head: bytes) -> str:
    """"text", "workbook" (XLSX, XLS, ODS), "page" (HTML), or the name of something that is no list ("PNG", …)."""
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return "workbook"
    if is_page(head):
        return "page"
    if head.startswith(tuple(mark for mark, _ in _MARKS)):
        return "text"
    if head.lstrip().startswith(b"<?xml"):
        return "XML"
    other = next((name for magic, name in _OTHER_KINDS if head.startswith(magic)), None)
    # "BM" and "RIFF" may begin a heading; bytes no text has are what makes them pictures.
    if other and _is_binary(head):
        return other
    return "?" if _is_binary(head) and not _wide(head) else "text"


def find_encoding(head: bytes, telling: bytes) -> str | None:
    """A codec's name, or None when no known one fits.

    `head` are the first bytes of the file, `telling` some of its lines that hold more than ASCII.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if wide := _wide(head):
        return wide
    if _broken_share(telling) <= _BROKEN_SHARE:
        return "utf-8"
    guess = charset_normalizer.from_bytes(telling, cp_isolation=_CODE_PAGES).best()
    return guess.encoding if guess else None


def chosen(name: str, head: bytes, telling: bytes) -> tuple[str, bool]:
    """The codec of an OFFERED encoding, and whether what it gives is TCVN3. Raises Mistake for another name.

    Text in TCVN3's fonts may have been saved as UTF-8 or UTF-16 since, a letter for each of its bytes.
    """
    if name not in OFFERED:
        raise Mistake("upload-no-such-encoding", encoding=name, choices=", ".join(OFFERED))
    if name == "utf-16":
        return ("utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else _wide(head) or "utf-16-le"), False
    if name != "tcvn3":
        return _CODECS[name], False
    found = find_encoding(head, telling) or ""
    return (found if found.startswith("utf") else "latin-1"), True


def offered_name(codec: str | None, tcvn3: bool) -> str:
    """What somebody would have to choose to have a file read in this codec; "" where there is nothing to choose."""
    if tcvn3:
        return "tcvn3"
    return "utf-16" if codec and codec.startswith("utf-16") else _NAMES.get(codec, codec or "")


def _broken_share(sample: bytes) -> float:
    text = sample.decode("utf-8", errors="replace")
    beyond = sum(letter > "\x7f" for letter in text)
    return text.count("\ufffd") / beyond if beyond else 0.0


def _wide(head: bytes) -> str | None:
    """UTF-16 without its mark shows as a zero beside every ASCII letter, always on the same side."""
    pairs = max(len(head) // 2, 1)
    zeros = head[0 : 2 * pairs : 2].count(0) / pairs, head[1 : 2 * pairs : 2].count(0) / pairs
    if max(zeros) < 0.4 or min(zeros) > 0.05:
        return None
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def _is_binary(head: bytes) -> bool:
    control = sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x00" for byte in head)
    return control > len(head) * 0.02 or head.count(0) > len(head) * 0.1
