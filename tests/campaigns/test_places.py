"""Names of places as officers write them, against the units of Nghệ An."""

import json
import unicodedata

import pytest

from campaigns import areas, unit_files
from campaigns.folding import fold, spoken
from campaigns.places import Place, Resolver, Unit


@pytest.fixture(scope="module")
def resolver():
    columns = ("code", "level", "name", "province", "former_district", "now")
    return Resolver(Unit(*(row[column] for column in columns)) for row in unit_files.read(areas.NGHE_AN.read_bytes()))


def _apart(text):
    return unicodedata.normalize("NFD", text)


#: district, commune, the list's area → today's commune, former district, former commune
KNOWN = [
    # plain, and with kinds in every short form
    ("Yên Thành", "Đô Thành", None, "17530", "426", "17527-2025"),
    ("Huyện Yên Thành", "Xã Vân Tụ", None, "17611", "426", "17611-2025"),
    ("H. Yên Thành", "X. Vân Tụ", None, "17611", "426", "17611-2025"),
    ("H.Yên Thành", "X.Vân Tụ", None, "17611", "426", "17611-2025"),
    ("HUYỆN YÊN THÀNH", "XÃ VÂN TỤ", None, "17611", "426", "17611-2025"),
    ("  yên   thành ", "vân tụ", None, "17611", "426", "17611-2025"),
    ("Quỳnh Lưu", "TT Cầu Giát", None, "17179", "421", "17179-2025"),
    ("Quỳnh Lưu", "TT. Cầu Giát", None, "17179", "421", "17179-2025"),
    ("Quỳnh Lưu", "T.T Cầu Giát", None, "17179", "421", "17179-2025"),
    ("Quỳnh Lưu", "Thị trấn Cầu Giát", None, "17179", "421", "17179-2025"),
    ("TX Thái Hoà", "P. Hoà Hiếu", None, "16939", "414", "16939-2025"),
    ("Thị xã Thái Hòa", "Phường Hòa Hiếu", None, "16939", "414", "16939-2025"),
    ("Tp. Vinh", "P Cửa Lò", None, "16732", "412", None),
    # no accents, accents apart, tones typed elsewhere, i for y
    ("yen thanh", "van tu", None, "17611", "426", "17611-2025"),
    ("Qùy Hợp", "Tam Hợp", None, "17059", "420", "17059-2025"),
    ("Quì Hợp", "Tam Hợp", None, "17059", "420", "17059-2025"),
    (_apart("Yên Thành"), _apart("Vân Tụ"), None, "17611", "426", "17611-2025"),
    # "Xá" is a name, not the kind "xã"
    ("", "Xá Lượng", None, "16876", "418", "16921-2025"),
    ("Tương Dương", "xa xa luong", None, "16876", "418", "16921-2025"),
    # no district: the name alone is enough when it leads to one place
    ("", "Diễn Phong", None, "17416", "425", "17416-2025"),
    ("Nghệ An", "Diễn Phong", None, "17416", "425", "17416-2025"),
    ("", "Vinh Phú", None, "16702", "412", None),
    # one cell with an address
    ("", "Đô Thành, Yên Thành, Nghệ An", None, "17530", "426", "17527-2025"),
    ("", "Xóm 3, xã Đô Thành, huyện Yên Thành", None, "17530", "426", "17527-2025"),
    ("", "Đồng Văn - Thanh Chương", None, "17713", "428", "17764-2025"),
    # a name of several places: the written district decides, then the list's area
    ("Thanh Chương", "Đồng Văn", None, "17713", "428", "17764-2025"),
    ("Quế Phong", "Đồng Văn", None, "16744", "415", "16744-2025"),
    ("", "Đồng Văn", "423", "17287", "423", "17287-2025"),
    ("", "Đồng Văn", "17713", "17713", "428", "17764-2025"),
    # Xã Đông Thành was one commune and is now another: beside a former district the former one is meant
    ("Yên Thành", "Đông Thành", None, "17506", "426", "17572-2025"),
    ("Yên Thành", "Đồng Thành", None, "17521", "426", "17545-2025"),
    # the kind tells today's commune from the town that was
    ("", "Xã Nam Đàn", None, "17935", "430", None),
    ("", "Thị trấn Nam Đàn", None, "17950", "430", "17950-2025"),
    # outside the list's area, but only one place has that name
    ("", "Vinh Phú", "426", "16702", "412", None),
    # today's commune and a former one of it share the name: the place is clear, which of the two is not
    ("", "Nghĩa Hưng", None, "16972", "419", None),
]


@pytest.mark.parametrize(("district", "commune", "within", "area", "former_district", "former_commune"), KNOWN)
def test_known(resolver, district, commune, within, area, former_district, former_commune):
    assert resolver.resolve(district, commune, within) == Place(area, former_district, former_commune)


@pytest.mark.parametrize(
    ("district", "commune", "within", "found", "former_district", "choices"),
    [
        ("", "Đồng Văn", None, "ambiguous", None, ("16744-2025", "17287-2025", "17764-2025")),
        ("", "Đồng Văn", "40", "ambiguous", None, ("16744-2025", "17287-2025", "17764-2025")),
        # both candidates lie in one former district, so that much is known
        ("yen thanh", "dong thanh", None, "ambiguous", "426", ("17545-2025", "17572-2025")),
        ("", "Nam Đàn", None, "ambiguous", "430", ("17935", "17950-2025")),
        ("", "Xã Không Có Thật", None, "unknown", None, ()),
        ("Vinh", "Xã Không Có Thật", None, "unknown", "412", ()),
        ("", "Xã Không Có Thật", "17530", "unknown", "426", ()),
        # a commune of another district is not moved into the written one, nor out of it
        ("Diễn Châu", "Tân Thành", None, "unknown", "425", ()),
        ("", "'; DROP TABLE areas;--", None, "unknown", None, ()),
    ],
)
def test_left_open(resolver, district, commune, within, found, former_district, choices):
    expected = Place(former_district=former_district, found=found, choices=choices)
    assert resolver.resolve(district, commune, within) == expected


@pytest.mark.parametrize(
    ("district", "within", "place"),
    [
        ("", None, Place(found="blank")),
        ("", "40", Place(found="blank")),
        ("Diễn Châu", None, Place(former_district="425", found="blank")),
        ("", "426", Place(former_district="426", found="blank")),
        ("", "17530", Place("17530", "426", found="blank")),
        ("", "17527-2025", Place("17530", "426", "17527-2025", found="blank")),
        ("Diễn Châu", "17530", Place(former_district="425", found="blank")),
        # the commune stands in the district's column
        ("Vinh Phú", None, Place("16702", "412")),
    ],
)
def test_without_a_commune(resolver, district, within, place):
    assert resolver.resolve(district, "", within) == place


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("426", ["426"]),
        (" 17530 ", ["17530"]),
        ("16936-2025", ["16936-2025"]),
        ("huyen yen thanh", ["426"]),
        ("Xã Yên Thành", ["17506"]),
        ("Yên Thành", ["426", "17506"]),
        ("Tỉnh Nghệ An", ["40"]),
        ("nghe an", ["40"]),
        ("Hà Nội", []),
        ("", []),
    ],
)
def test_named(resolver, text, codes):
    assert [unit.code for unit in resolver.named(text)] == codes


def test_every_former_commune_is_found_by_its_district_and_name(resolver):
    file = json.loads(areas.NGHE_AN.read_text(encoding="utf-8"))
    districts = {district["code"]: district["name"] for district in file["former_districts"]}
    for commune in file["former_communes"]:
        place = resolver.resolve(districts[commune["former_district"]], commune["name"])
        assert (place.area, place.former_commune) == (commune["now"], f"{commune['code']}-2025"), commune["name"]


def test_every_commune_of_today_is_found_by_its_name_and_kind_or_is_left_open(resolver):
    file = json.loads(areas.NGHE_AN.read_text(encoding="utf-8"))
    open_names = {c["name"] for c in file["communes"] if resolver.resolve("", c["name"]).area != c["code"]}
    # Each of them was also the name of a former commune that went somewhere else.
    assert open_names == {"Xã Châu Tiến", "Xã Tam Hợp", "Xã Đông Thành"}


@pytest.mark.parametrize(("one", "other"), [("Hoà", "Hòa"), ("Thúy", "Thuý"), ("Kỳ Sơn", "Kì Sơn"), ("QUỲ", "Qùy")])
def test_spoken_the_same(one, other):
    assert spoken(one) == spoken(other)


@pytest.mark.parametrize(("one", "other"), [("Hòa", "Hóa"), ("Đông", "Đồng"), ("Đô", "Do"), ("Vân", "Văn")])
def test_spoken_differently_though_they_fold_alike_or_not(one, other):
    assert spoken(one) != spoken(other)


def test_fold():
    assert fold("  Xã ĐÔ-THÀNH (cũ) ") == "xa do thanh cu"
