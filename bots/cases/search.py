"""Finding a case again by its words (with or without accents), its number, or the person's phone number in full.

What people said is sealed; what is searched are keyed digests of its words (docs/decisions/0008-words-as-digests.md).
"""

import base64
import re
from collections.abc import Iterable
from weakref import WeakSet

from bots.cases import store
from bots.cases import words_store as found_by
from bots.cases.model import Case
from db.engine import Database
from db.seal import CannotOpen
from messages.folding import fold
from sms import numbers
from staff.model import Officer

#: Letters of a digest: 50 bits, so that two of a million words are one with a chance of one in two thousand.
_LETTERS = 10
#: Words of a search that count, turns of a conversation taken in at once.
MOST_WORDS, MOST_TURNS = 20, 500
_NUMBER = re.compile(r"#?\s*(\d{1,9})")
#: A word is letters only: numbers of papers, cards and phones cannot be searched for, so none can be tried out.
_WORD = re.compile(r"[^\W_]+")
#: Databases whose index is known to be there.
_made: WeakSet[Database] = WeakSet()


def search(db: Database, officer: Officer, words: str, limit: int = 50) -> list[Case]:
    """The cases this person may see in which all `words` were said or noted, newest first; a whole number ("12", "#12")
    is a case; a phone number in full is looked for by those who may see numbers.
    """
    words = words.strip()
    trained = officer.may("safeguarding")
    _ensure_index(db)
    with db.reading() as c:
        ids = _by_number(words) + _by_phone(db, c, officer, words, limit)
        if digests := _digests(db, words)[:MOST_WORDS]:
            ids += found_by.with_words(c, digests, trained, limit)
        return [Case(**row._mapping) for row in store.these(c, ids, trained)][:limit]


def _by_number(words: str) -> list[int]:
    whole = _NUMBER.fullmatch(words)
    return [int(whole[1])] if whole else []


def _by_phone(db: Database, c, officer: Officer, words: str, limit: int) -> list[int]:
    if not officer.may("see-numbers"):
        return []
    number = numbers.read(words)
    return found_by.of_person(c, db.seal.index(number.e164), limit) if number.valid else []


def index(db: Database, limit: int = 200) -> int:
    """Brings up to `limit` cases with new words up to date; how many there were."""
    _ensure_index(db)
    with db.reading() as c:
        behind = found_by.behind(c, limit)
        kept = [_with_news(db, c, row) for row in behind]
    for at in range(0, len(kept), 20):  # nobody who writes waits for long
        with db.transaction() as c:
            for values in kept[at : at + 20]:
                found_by.keep(c, **values)
    return len(kept)


def _with_news(db: Database, c, row) -> dict:
    """The row of `case_words` as it is now. What the machine said is no one's words and would be in every case."""
    said = found_by.newer_turns(c, row.conversation_id, row.turn_id or 0, MOST_TURNS)
    noted = found_by.newer_events(c, row.id, row.event_id or 0)
    own = [turn for turn in said if turn.direction == "in" or turn.written_by]
    texts = [*_opened(db, own, "turns.text"), *_opened(db, noted, "case_events.text")]
    words = {*(row.folded or "").split(), *_digests(db, *texts)}
    return {
        "case_id": row.id, "folded": " ".join(sorted(words)),
        "turn_id": said[-1].id if said else row.turn_id or 0, "event_id": noted[-1].id if noted else row.event_id or 0,
    }


def _opened(db: Database, rows: Iterable, field: str) -> list[str]:
    found = []
    for row in rows:
        try:
            found.append(db.seal.open(row.text_sealed, field) if row.text_sealed else "")
        except CannotOpen:  # one that cannot be read must not keep the others from being found
            continue
    return found


def _digests(db: Database, *texts: str) -> list[str]:
    """What stands in the index for the words of `texts`, each once."""
    words = dict.fromkeys(word for text in texts for word in _WORD.findall(fold(text)) if _counts(word))
    return [_as_text(digest) for digest in db.seal.index_many(f"word:{word}" for word in words)]


def _counts(word: str) -> bool:
    return word.isalpha() and len(word) > 1


def _as_text(digest: bytes) -> str:
    """With a "w" before it: no reader of full text takes that for a number."""
    return "w" + base64.b32encode(digest).decode().lower()[:_LETTERS]


def _ensure_index(db: Database) -> None:
    if db not in _made:
        with db.transaction() as c:
            found_by.make_index(c)
        _made.add(db)
