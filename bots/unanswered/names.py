"""Names that no "my name is" goes before: after a word of kinship, before "đây" or a place, spoken addresses. Pure."""

import re
from collections.abc import Iterator

from messages.folding import flat

#: Given names that are seldom another word after a word of kinship; not those of countries (Đức, Mỹ, Nga).
_GIVEN_WORDS = (
    "tuấn hùng dũng hương hằng thảo trang linh ngọc hạnh hải hoàng huy khánh kiên lan mai nhung oanh phương quân sơn"
    " thắng thủy thuỷ thúy thuý tiến toàn tùng yến cường dung giang hiếu hoa huệ huyền khoa lâm liên lộc minh tâm"
    " thịnh tú tuyết vân bình quang hậu hiền nhàn nguyệt phúc tài hưng duy đạt thư trâm trinh"
)
_GIVEN = _GIVEN_WORDS.replace(" ", "|")
#: Large and small letters with two marks stand in turn: every second one is large.
_LARGE = "A-ZÀ-ÖØ-ÝĂĐĨŨƠƯ" + "".join(chr(number) for number in range(0x1EA0, 0x1EFA, 2))
_CAPITAL = rf"[{_LARGE}][\w'’-]*"
_NAME = rf"{_CAPITAL}(?:\s+{_CAPITAL}){{0,3}}"
_SELF = r"(?:em|tôi|toi|tui|mình|minh|cháu|chau|con|anh|chị)"
#: "cháu Hùng", "con gái tôi Hoa", "fb Hung Nguyen": only what is written like a name.
_OF_KIN = re.compile(
    rf"(?<!\w)(?i:em|cháu|chau|bạn|vợ|chồng|bố|mẹ|cha|thím|mợ|cậu|dượng|(?:con|em|cháu)\s+(?:gái|trai|gai|trai|út)"
    rf"|zalo|facebook|fb|tiktok|viber|a|c|a\.|c\.)(?:\s+{_SELF})?\s+(?P<name>{_NAME})"
)
#: "thằng tuấn", "chị lan": a name in small letters.
_SMALL = re.compile(
    rf"\b(?:anh|chị|cô|chú|bác|ông|bà|dì|thím|cậu|mợ|thằng|em|cháu|bạn|vợ|chồng|a|c)\s+(?P<name>{_GIVEN})\b", re.I
)
_IS_HERE = re.compile(rf"(?:^|[,.!?]\s*)(?P<name>{_NAME})\s+(?:đây|day)\b")
_AT_HOME = re.compile(rf"(?:^|[,.!?]\s*)(?P<name>(?:{_CAPITAL}\s+){{0,2}}(?i:{_GIVEN}))\s*,?\s+"
                      r"(?:ở|o|quê|xóm|thôn|xã)\s")
#: In folded text: "em la hung o yen thanh".
_SAYS = re.compile(
    r"\b(?:em|toi|tui|minh|chau|con)\s+(?:day\s+)?la\s+(?P<name>[a-z]+(?:\s+[a-z]+){0,2}?)\s+"
    r"(?:o|que|sinh|xom|thon|xa)\s"
)
_ACCOUNT = re.compile(
    r"\b(?:zalo|facebook|fb|face|viber|telegram|tele|insta|ig|tiktok|nick)"
    r"(?:\s+(?:cua|em|toi|minh|chau|anh|chi|no)){0,3}\s+(?P<name>[a-z._]+\d[\w.]*)"
)
_SPOKEN_MAIL = re.compile(
    r"(?P<name>[\w.+-]+\s+(?:at|a\s?cong)\s+(?:gmail|yahoo|hotmail|outlook|icloud)(?:\s*(?:\.|dot|cham)\s*com)?)\b"
)
_NOT_FIRST_WORDS = (
    "muon hoi can xin dang da co bi duoc cho o di ve thay nghe khong chua se phai nen lam la ten gai trai toi em minh"
    " con tai den sang qua ben lau gan tu cai ngay cam chao nha biet viet quoc uc phap nhat dai"
    " a c i the an in group page messenger marketplace"
)
#: What somebody is who says what they are.
_TRADES_WORDS = (
    "nguoi lao cong sinh hoc nu nam con chu vo chong dan giao nhan me bo ai gi anh chi em dong bao tho y dieu ky ke"
    " ban hang thanh ho que mot ca nong"
)
_NOT_FIRST, _TRADES = frozenset(_NOT_FIRST_WORDS.split()), frozenset(_TRADES_WORDS.split())


def named(text: str) -> Iterator[tuple[int, int]]:
    """Where names stand."""
    for pattern in (_OF_KIN, _SMALL, _IS_HERE, _AT_HOME):
        yield from (found.span("name") for found in pattern.finditer(text) if _may_be(pattern, found))
    plain = flat(text)
    for pattern in (_SAYS, _ACCOUNT, _SPOKEN_MAIL):
        yield from (found.span("name") for found in pattern.finditer(plain) if _may_be(pattern, found))


def _may_be(pattern: re.Pattern, found: re.Match) -> bool:
    first = flat(found["name"]).split()[0]
    if pattern is _SAYS:
        return first not in _TRADES
    if pattern is _OF_KIN and found[0][:1] in "aAcC" and found[0][1:2] in ". ":
        return not found["name"].isascii()  # "a Skilled Worker visa" is English
    return pattern not in (_OF_KIN, _IS_HERE) or (first not in _NOT_FIRST and len(first) > 1)
