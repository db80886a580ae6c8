"""Lists of made-up people as offices send them in, for benchmarks: names, places, and numbers with real dirt.

Of the numbers 62 in 100 are plain, 20 have blanks, dots or a country prefix, and 18 are doubtful: what a pattern for
0/84/+84/0084 and a mobile number does not take once blanks, dots and dashes are gone. Six of those 18 are nobody's
number. One row in 27 repeats somebody.
"""

import json
import random
from collections.abc import Callable, Iterator

from campaigns.areas import NGHE_AN

HEADINGS = ("Họ và tên", "Số điện thoại", "Huyện", "Xã", "Ngôn ngữ")

_NAMES = (
    "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Cao Đậu Vi Cụt Thái",
    "Văn Thị Đức Đình Hữu Quốc Thanh Xuân Minh Ngọc",
    "Hương Phúc Mai Hạnh Yến Tuấn Ngọc Linh Dũng Sơn Hà Hải Hùng Lan Loan Nga Oanh Quân Quý Tâm Thảo Thắng Thu Tú Vinh",
)
_MOBILE = [
    str(first)
    for ends in ((320, 400), (560, 570), (700, 710), (760, 800), (810, 890), (896, 950), (960, 990))
    for first in range(*ends)
]
_REPEATED = 1 / 27

Spelling = Callable[[random.Random, str], str]
#: How many in a hundred are written so; each is made from nine digits.
_SPELLINGS: tuple[tuple[float, Spelling], ...] = (
    (62, lambda dice, n: f"0{n}"),
    (4, lambda dice, n: f"0{n[:3]} {n[3:6]} {n[6:]}"),
    (4, lambda dice, n: f"0{n[:3]}.{n[3:6]}.{n[6:]}"),
    (1, lambda dice, n: f"0{n[:3]}-{n[3:6]}-{n[6:]}"),
    (2, lambda dice, n: f"0{n[:3]}\u00a0{n[3:]}"),
    (4, lambda dice, n: f"84{n}"),
    (3, lambda dice, n: f"+84{n}"),
    (2, lambda dice, n: f"0084{n}"),
    # doubtful, but somebody's
    (4, lambda dice, n: n),
    (2, lambda dice, n: f"0{n}.0"),
    (2, lambda dice, n: f"(+84) 0{n}"),
    (2, lambda dice, n: f"'0{n}"),
    (1, lambda dice, n: f"\u200b0{n}"),
    (1.5, lambda dice, n: f"016{dice.choice('23456789')}{n[2:]}"),
    (0.5, lambda dice, n: f"O{n}"),
    # nobody's, or not clear whose
    (1, lambda dice, n: f"02383{n[3:]}"),
    (1, lambda dice, n: f"0{n[:7]}"),
    (1, lambda dice, n: f"0{n} / 0{_number(dice)}"),
    (0.5, lambda dice, n: f"0{n}7"),
    (0.5, lambda dice, n: f"0712{n[3:]}"),
    (0.7, lambda dice, n: "không có"),
    (0.3, lambda dice, n: ""),
)


def people(rows: int, seed: int = 1) -> Iterator[list[str]]:
    """So many rows under HEADINGS; the same seed gives the same ones."""
    dice, repeatable = random.Random(seed), []
    places, names = _former_communes(), [part.split() for part in _NAMES]
    shares, spellings = zip(*_SPELLINGS, strict=True)
    for spelling in dice.choices(spellings, shares, k=rows):
        written = spelling(dice, _number(dice))
        if repeatable and dice.random() < _REPEATED:
            written = dice.choice(repeatable)
        elif dice.random() < 0.1:
            repeatable = [*repeatable[-99:], written]
        name = " ".join(map(dice.choice, names))
        yield [name, written, *dice.choice(places), dice.choice(("vi", "vi", "vi", "", "en"))]


def _number(dice: random.Random) -> str:
    return f"{dice.choice(_MOBILE)}{dice.randrange(1_000_000):06}"


def _former_communes() -> list[tuple[str, str]]:
    """(district, commune) as people write them, without the kind of unit."""
    units = json.loads(NGHE_AN.read_text(encoding="utf-8"))
    districts = {unit["code"]: _bare(unit["name"]) for unit in units["former_districts"]}
    return [(districts[unit["former_district"]], _bare(unit["name"])) for unit in units["former_communes"]]


def _bare(name: str) -> str:
    return name.split(" ", 1)[1]
