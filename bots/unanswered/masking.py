"""What people wrote without what could name a person; amounts of money, years and ages stay. Pure.

When in doubt it hides: a question is understood without the name of who asks it.
"""

import re
import unicodedata
from collections.abc import Callable

from bots.unanswered.digits import without_numbers
from bots.unanswered.names import named
from messages.folding import flat

#: Stands for what was hidden.
HIDDEN = "…"

_LINK = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w.-])[\w.-]+\.(?:com|vn|net|org|me|info|link|ly|gl|co|io|app|top|xyz|shop|site|club|uk|tv)"
    r"(?:\.[a-z]{2})?(?:/\S*|(?![\w@]))", re.I
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+(?:\s\.\s[\w+-]+)?\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\s?\.\s?[\w-]+)+", re.I
)
_HANDLE = re.compile(r"(?<!\w)@[\w.]{2,}")
#: In text folded character by character: "zalo em là …", "facebook: …", "fb ten …".
_ACCOUNT = re.compile(
    r"\b(?:zalo|facebook|fb|face|messenger|mess|viber|telegram|tele|whatsapp|insta(?:gram)?|ig|tiktok|skype|line|wechat|nick)"
    r"(?:\s+(?:cua|em|toi|tui|minh|chau|con|no|ho|my|is|tui))*"
    r"(?:\s*[:=]\s*|\s+(?:la|ten|id|acc|nick|name|is|username)\b\s*:?\s*)(?:(?:(?:la|ten|id|is)\b|:)\s*)*"
)
_SELF = r"(?:em|toi|tui|to|minh|chau|con|anh|chi|chong|vo|me|bo|ba|ong|em trai|em gai|con trai|con gai|nguoi yeu|ban)"
#: What a person's name follows, whatever its letters look like.
_INTRODUCED = re.compile(
    rf"\b(?:(?:ho\s+(?:va\s+)?ten|ten)(?:\s+day\s+du)?(?:\s+cua)?(?:\s+{_SELF}){{0,3}}\s*(?:\bla\b|:)"
    rf"|ten\s+{_SELF}\b(?:\s+{_SELF}\b)?|{_SELF}\s+ten\b(?:\s+la\b)?|goi\s+(?:em|toi|minh)\s+la\b"
    r"|my\s+(?:full\s+)?name(?:\s+is\b|'s\b|:)|name\s*:|i\s+am\s+called\b|call\s+me\b)\s*"
)
#: What a name follows only when it is written like one. With its accents: "di", "co" and "ba" are other words too.
_SAID = re.compile(
    r"\b(?:(?:em|tôi|toi|tui|mình|minh|cháu|chau|con)\s+(?:đây\s+|day\s+)?(?:là|la)|i\s+am|i['’]?m|this\s+is"
    r"|anh|chị|cô|chú|bác|ông|bà|thằng|cậu|dì|mr|mrs|ms|miss)\b\.?\s+(?=\S)", re.I
)
_SURNAMES = ("nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dinh|trinh|dao|mai|cao|thai|ha"
             "|luong|luu|ta|chu|dau|hoang|nghiem|tang|vuong")
#: Family names of the highlands are common words in small letters: "vì văn phòng…".
_HIGHLAND = "lo|vi|moong|cut|xong|lau|kha|quang|ngan|sam|lu|va|vang|gia|mua|lang|tong|vu"
#: Looked for at every word: "vợ", "chủ" and "họ" are family names too, and stand before those of people.
_FULL = re.compile(rf"\b(?=((?:{_SURNAMES}|{_HIGHLAND})\s+(?:(?:van|thi)\s+[a-z]+(?:\s+[a-z]+)?|[a-z]+\s+[a-z]+)))")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b")
_HOUSE = re.compile(r"\b(?:so nha|nha so)\s*:?\s*\d+\s*[a-z]?(?:/\d+)*\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
#: A name without capital letters ends before one of these.
_ENDS_WORDS = (
    "o que muon hoi can sinh nam nu di dang la cho tu va co bi duoc thi ma hien ben a ah nha nhe voi nay roi da se lam"
    " xin hay neu con gi ban dong ve qua sang dinh phai thoi vay ten so dien sdt cty cong ty thon xa huyen tinh"
    " from i and want am live in my is who please can need would the a an to at with for but born age aged"
)
#: What is written with a capital letter and is nobody's name.
_NOT_NAMES_WORDS = (
    "viet nam anh quoc my uc phap nhat han dai trung hoa nghe tinh ha noi vinh yen thanh dien chau hue sai gon vn uk"
    " nguoi vietnamese english british asian from not a an the in at here now looking going working living afraid"
    " worried sorry ok sms cong ty"
)
_ENDS, _NOT_NAMES = frozenset(_ENDS_WORDS.split()), frozenset(_NOT_NAMES_WORDS.split())
_LONGEST_NAME = 4
_RARE = frozenset(_HIGHLAND.split("|")) - frozenset(_SURNAMES.split("|"))


def masked(text: str) -> str:
    """`text` with HIDDEN in place of numbers that reach or name somebody, addresses, links, accounts and names.

    >>> masked("em tên Lan 0912.345.678, phí 50.000.000đ")
    'em tên … …, phí 50.000.000đ'
    """
    text = HIDDEN.join(unicodedata.normalize("NFKC", part) for part in text.split(HIDDEN))
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    for pattern in (_EMAIL, _LINK, _HANDLE, _POSTCODE):
        text = pattern.sub(HIDDEN, text)
    text = without_numbers(text, HIDDEN)
    for hide in (_accounts, _houses, _full_names, _introduced, _said, _others):
        text = hide(text)
    return " ".join(text.split())


def words_left(text: str) -> int:
    """How many words can still be read in a masked text."""
    return len(_WORD.findall(text))


def _accounts(text: str) -> str:
    """The word after "zalo:" or "fb tên", and the rest of a name."""
    return _after(_ACCOUNT, text, lambda rest: max(_any_word(rest), _name(rest, capitals=True)))


def _any_word(rest: str) -> int:
    found = re.match(r"\S+", rest)
    return found.end() if found else 0


def _houses(text: str) -> str:
    return _cut(text, [found.span() for found in _HOUSE.finditer(flat(text))])


def _introduced(text: str) -> str:
    return _after(_INTRODUCED, text, lambda rest: _name(rest, capitals=False))


def _said(text: str) -> str:
    return _after(_SAID, text, lambda rest: _name(rest, capitals=True), as_written=True)


def _others(text: str) -> str:
    return _cut(text, list(named(text)))


def _full_names(text: str) -> str:
    """A family name and what follows it: with "văn" or "thị" in any letters, else in capital ones."""
    spans = []
    for found in _FULL.finditer(flat(text)):
        words = _WORD.findall(text[slice(*found.span(1))])
        middle = len(words) > 2 and flat(words[1]) in ("van", "thi")
        middle &= flat(words[0]) not in _RARE or all(word[0].isupper() for word in words[:3])
        if (middle or all(word[0].isupper() for word in words)) and flat(" ".join(words)) != "ho chi minh":
            spans.append(found.span(1) if not middle else (found.start(), found.start() + _middle_end(text, found)))
    return _cut(text, spans)


def _middle_end(text: str, found: re.Match) -> int:
    """A fourth word belongs to the name when it is written like the third."""
    words = list(_WORD.finditer(text[slice(*found.span(1))]))
    fourth = words[3:] and (words[3][0][0].isupper() if words[0][0][0].isupper() else False)
    return words[3].end() if fourth else words[2].end()


def _after(pattern: re.Pattern, text: str, length: Callable[[str], int], *, as_written: bool = False) -> str:
    """Hides the first `length(rest)` characters after each place where `pattern` is found in the folded text, or in
    the text as written.
    """
    spans, plain = [], text if as_written else flat(text)
    for found in pattern.finditer(plain):
        size = length(text[found.end() :])
        if size:
            spans.append((found.end(), found.end() + size))
    return _cut(text, spans)


def _name(rest: str, *, capitals: bool) -> int:
    """How long the name at the beginning of `rest` is. `capitals`: only what is written like a name is one."""
    end, count = 0, 0
    large = rest[:1].isupper()
    for found in _WORD.finditer(rest):
        between = rest[end : found.start()]
        if count == _LONGEST_NAME or between.strip() or (count and not between):
            break
        if not _continues(found[0], large, capitals, count):
            break
        end, count = found.end(), count + 1
    return end


def _continues(word: str, large: bool, capitals: bool, count: int) -> bool:
    plain = flat(word)
    if large or capitals:
        return word[0].isupper() and (count > 0 or not capitals or plain not in _NOT_NAMES)
    return plain not in _ENDS


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    out, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            out += [text[at:start], HIDDEN]
        at = max(at, end)
    return "".join(out) + text[at:]
