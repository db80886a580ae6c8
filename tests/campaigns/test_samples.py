"""The five sample files, counted by reading them: with the eye, and with libphonenumber alone (no line of ours).

Line numbers are those of a spreadsheet that shows the file: the heading row of a CSV is row 1. In all lists 089 is only
valid from 0896 on; what is written as 0890-0895 is "invalid".
"""

import io
from typing import NamedTuple

import pytest

from campaigns import areas, imports, lists, upload
from campaigns.entries import Refused, RowReader
from tests.campaigns.uploading import SAMPLES, receive, take_in


class Count(NamedTuple):
    """`refused`: code → rows. `repeated`: rows whose number stands above already, in another spelling."""

    rows: int
    accepted: int
    rewritten: dict[str, int]
    refused: dict[str, list[int]]
    repeated: list[int]
    country: str = "VN"


COUNTED = {
    "yen-thanh.csv": Count(
        437,
        393,
        {"renumbered-2018": 19, "lost-zero": 28, "letter-o": 3},
        {
            "empty": [40],
            "not-a-number": [6, 130, 158, 207, 377],  # "không có"
            "landline": [58, 62, 281, 342, 350],  # 0238…
            "too-short": [327, 340, 391, 417],  # eight digits
            "two-numbers": [329, 332, 359, 375],
            "invalid": [120, 151, 161, 163, 195, 317, 368, 384, 433],
        },
        # 144 repeats the person above it under the number they had before 2018
        [24, 66, 93, 114, 144, 221, 242, 267, 271, 274, 299, 324, 357, 361, 399, 409],
    ),
    # Windows-1258, tones apart from their letters.
    "quynh-luu-windows1258.csv": Count(
        316,
        274,
        {"renumbered-2018": 13, "lost-zero": 18, "letter-o": 3},
        {
            "empty": [119, 170, 272, 312],
            "not-a-number": [47, 62, 91, 117, 201],
            "landline": [152],
            "too-short": [28, 55, 261, 276],
            "two-numbers": [35, 81, 132, 189, 225],
            "invalid": [20, 80, 131, 143, 188, 241, 286, 306],
        },
        [12, 65, 99, 104, 112, 123, 142, 158, 178, 186, 208, 211, 215, 240, 271],
    ),
    # Two title rows and a blank one above the headings in row 4; numbers typed as numbers, without their 0. The last
    # row says only "Tổng cộng" (a total): nobody's number, so it is refused as empty and shown, not passed over.
    "dien-chau.xlsx": Count(
        397,
        357,
        {"renumbered-2018": 11, "lost-zero": 197, "letter-o": 6},
        {
            "empty": [6, 180, 273, 388, 400, 411],
            "not-a-number": [64, 128, 136],
            "landline": [103, 210, 266, 317, 372],  # 238…
            "too-short": [126, 171, 215, 344],  # seven digits
            "two-numbers": [330, 396],
            "invalid": [62, 75, 81, 309],
        },
        [52, 80, 121, 186, 190, 194, 224, 234, 254, 283, 285, 306, 347, 350, 374, 390],
    ),
    # 07700 900050 to …59: the range Ofcom keeps for films, which nobody has.
    "partners-uk.tsv": Count(60, 50, {}, {"invalid": [*range(52, 62)]}, [], "GB"),
    # A cell of row 9 runs over two lines, row 13 is blank. Row "f" repeats the first number; "b" has none, 113 and
    # 1900… are services, +1 0912… is no number. Arabic digits are digits: taken in, and counted as rewritten.
    "hostile.csv": Count(16, 11, {"other-digits": 1}, {"empty": [12], "short-code": [14, 15], "invalid": [16]}, [17]),
}


@pytest.mark.parametrize("sample", COUNTED)
def test_what_was_counted_adds_up(sample):
    """The table itself: nobody is counted twice or forgotten."""
    count = COUNTED[sample]
    lines = [*count.repeated, *(line for found in count.refused.values() for line in found)]
    assert len(lines) == len(set(lines)) == count.rows - count.accepted


@pytest.mark.parametrize("sample", COUNTED)
def test_the_samples_come_out_as_they_were_counted(db, tmp_path, now, sample):
    count = COUNTED[sample]
    folder = tmp_path / "uploads"
    progress = take_in(db, folder, sample, now, country=count.country, batch=100)
    assert (progress.status, progress.rows, progress.total) == ("done", count.rows, count.rows)
    assert (progress.accepted, progress.duplicates) == (count.accepted, len(count.repeated))
    assert imports.refused_where(db, progress.id, most=1000) == count.refused
    assert dict(progress.refusals) == {code: len(lines) for code, lines in count.refused.items()}
    assert progress.refused == sum(progress.refusals.values())
    rules = {code: n for code, n in progress.notes.items() if code.startswith("rewritten-")}
    assert rules == {f"rewritten-{rule}": n for rule, n in count.rewritten.items()}
    assert progress.rewritten == sum(count.rewritten.values())
    assert (progress.known, progress.opted_out) == (0, 0)
    assert lists.show(db, "yen thanh").people == count.accepted
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("sample", COUNTED)
def test_the_same_rows_repeat_somebody(sqlite_db, now, sample):
    count = COUNTED[sample]
    areas.ensure_loaded(sqlite_db, now=now)
    with sqlite_db.reading() as c:
        resolver = areas.resolver(c)
    content = (SAMPLES / sample).read_bytes()
    reading = upload.find_reading(lambda: io.BytesIO(content), len(content))
    rows = list(upload.records(io.BytesIO(content), reading))
    seen, repeated = set(), []
    entries = RowReader(reading.columns, count.country, resolver).read(rows)
    for (line, _), entry in zip(rows, entries, strict=True):
        if isinstance(entry, Refused):
            continue
        if entry.e164 in seen:
            repeated.append(line)
        seen.add(entry.e164)
    assert repeated == count.repeated


def test_the_published_examples_are_made_up_whatever_is_said(db, tmp_path, now):
    for sample in COUNTED:
        assert imports.show(db, receive(db, tmp_path, sample, now, made_up=False)).made_up
    assert not imports.show(db, receive(db, tmp_path, "SĐT\n0912345678\n", now)).made_up


def test_the_sample_files_are_the_published_ones():
    for path in SAMPLES.glob("*.*sv"):
        assert b"\r\n" in path.read_bytes(), f"{path.name}: line ends were changed, which changes its fingerprint"


def test_people_of_yen_thanh_live_in_todays_communes(db, tmp_path, now):
    take_in(db, tmp_path, "yen-thanh.csv", now)
    figures = lists.show(db, "Yên Thành")
    assert sum(area.people for area in figures.by_area) == 393
    # all nine of today's communes of the former district, nobody without one
    assert {area.former_district for area in figures.by_area} == {"Huyện Yên Thành"}
    assert len(figures.by_area) == 9
    assert all(area.code for area in figures.by_area)
