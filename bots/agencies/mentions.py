"""Where a text names a firm: behind "công ty", in capitals, or by a name the list has. Pure.

A text is cut where no name goes on: at punctuation and at words that stand around names. Each piece is then looked up
as it is, so that "công ty Sona Nghệ An" is never read as Sona.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bots import letters
from bots.agencies import names
from bots.agencies.matching import Directory, Found
from bots.agencies.words import ASKING, ENDERS, PLACES, TRIGGERS

#: So much of a text is read, and so many pieces of it are looked up.
MOST_LETTERS = 10_000
MOST_PIECES = 60
#: A name that was not announced must look like a listed one at least so much.
_SURELY_ALIKE = 0.85
#: An unannounced name in small letters has so many; a name nobody wrote in capitals has so few words.
_TELLING, _LONGEST_ASKED = 5, 4
#: A sentence ends, a bracket opens: no name goes on. A dot or a comma before a legal form does not end one.
_ENDS = re.compile(r"[!?;:\n\r\t()\[\]{}<>\"“”|/]|\.(?=\s|$)|,(?!\s*(?:ltd|jsc|corp|inc|llc)\b)", re.IGNORECASE)
#: "cổ phần", "cơ khí", "cơ sở", "Co., Ltd": no "có".
_BEHIND_CO = ("phan", "khi", "so", "ltd", "jsc")
_FULL_STOP_OF_FORM = re.compile(r"\b(co|corp|jsc|ltd|inc)\.", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """Words of a text that may be a name, as written. `announced`: "công ty" stands before them; `asked`: "có phép
    không" behind.
    """

    text: str
    announced: bool
    asked: bool = False


@dataclass(frozen=True)
class Mention:
    """What the text calls the firm, and what the list says of that."""

    text: str
    found: Found


def named(directory: Directory, text: str) -> Mention | None:
    """The firm a text names: one that is on the list, else one that resembles, else one that was announced as a name.

    None when it names none. With no list loaded, what is announced as a name is still found.
    """
    best: tuple[int, Mention] | None = None
    for piece in pieces(text):
        signs = _signs(piece)
        if signs is None:
            continue
        found = directory.find(piece.text, alike=piece.announced or signs.capitals)
        rank = _rank(piece, signs, found)
        if rank and (best is None or rank > best[0]):
            best = rank, Mention(piece.text, found)
    return best[1] if best else None


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a text that may be names, in order, each once; MOST_PIECES of them."""
    seen: set[str] = set()
    text = _FULL_STOP_OF_FORM.sub(r"\1 ", names.visible(text[:MOST_LETTERS]))
    for part in _ENDS.split(text):
        for piece in _of_part(part.split()):
            key = piece.text.lower()
            if key not in seen and len(seen) < MOST_PIECES:
                seen.add(key)
                yield piece


def _of_part(words: list[str]) -> Iterator[Piece]:
    """Cut at words of asking and at announcements; `words` as written, between spaces."""
    piece: list[str] = []
    announced = False
    at = 0
    while at < len(words):
        length, kind = _kind(words, at, bool(piece))
        if kind == "goes on":
            piece.append(words[at])
        else:
            asked = kind == "ends" and _asks(words, at)
            if piece:
                yield Piece(" ".join(piece), announced or kind == "announced before", asked)
            announced = kind == "announces"
            piece = words[at : at + length] if announced else []
        at += length
    if piece:
        yield Piece(" ".join(piece), announced)


def _kind(words: list[str], at: int, inside: bool) -> tuple[int, str]:
    """How many words stand here together, and what they do to a piece."""
    folded = [_plain(word) for word in words[at : at + 2]]
    for length in (2, 1):
        if " ".join(folded[:length]) in TRIGGERS and len(folded) >= length:
            return length, "announces"
    if folded[0] in ENDERS:
        return 1, "announced before" if inside else "announces"
    token, *more = names.tokens(words[at]) or [""]
    of_name = folded[0] == "co" and folded[-1] in _BEHIND_CO
    return 1, "ends" if names.is_stop(token) and not (more or of_name) else "goes on"


def _asks(words: list[str], at: int) -> bool:
    rest = " ".join(_plain(word) for word in words[at : at + 4])
    return rest.startswith(ASKING)


def _plain(word: str) -> str:
    return " ".join(letters.fold(token) for token in letters.tokens(word))


@dataclass(frozen=True)
class _Signs:
    """What of a piece looks like a name: each word of the name proper in `capitals`; `unusual`: more than one word, or
    one that is no Vietnamese syllable; `sure`: so written that it is a name even where no list has it.
    """

    capitals: bool
    unusual: bool
    sure: bool


def _signs(piece: Piece) -> _Signs | None:
    """None when there is nothing that could be a name: no word of its own, or a place alone ("công ty bên Nhật")."""
    name = names.read_question(piece.text)
    core = [word for word in name.words if word.kind == "core"]
    if not name.sequence or (core and all(word.means in PLACES for word in core)):
        return None
    written = {token.lower() for token in re.findall(r"[^\W_]+", piece.text) if token[0].isupper()}
    capitals = bool(core) and all(word.typed in written or word.means.isdigit() for word in core)
    capitals = capitals and any(len(word.typed) > 1 for word in core)
    unusual = len(core) > 1 or any(not letters.is_syllable(word) and len(word) > 1 for word in name.core)
    asked = piece.asked and unusual and len(core) <= _LONGEST_ASKED
    return _Signs(capitals, unusual, bool(core) and (capitals or asked))


def _rank(piece: Piece, signs: _Signs, found: Found) -> int:
    """3 a listed firm, 2 one that resembles it, 1 a name at least; 0 no name."""
    best = found.matches[0] if found.matches else None
    if best and best.exact and (piece.announced or signs.capitals or (signs.unusual and len(piece.text) >= _TELLING)):
        return 3
    alike = best is not None and best.score >= _SURELY_ALIKE and signs.unusual
    if best and (signs.sure if piece.announced else alike and signs.capitals):
        return 2
    if alike and piece.announced:
        return 2
    return 1 if piece.announced and signs.sure else 0
