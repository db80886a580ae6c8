"""Messages as officers write them: a Vietnamese/English pair with an unaccented form; a new wording is a new
version.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from campaigns.model import Texts, actor
from campaigns.store import authoring as store
from db.engine import Database
from messages import render
from messages.errors import Mistake
from sms.unaccent import unaccent
from staff import audit

#: The campaign of messages nobody put into one.
DEFAULT_CAMPAIGN = "An Lộ"
#: Characters of a title.
LONGEST_TITLE = 120


@dataclass(frozen=True)
class Version:
    """A wording of a message; never changed once written."""

    id: int
    message_id: int
    number: int
    title: str
    campaign_id: int | None
    texts: Texts
    written_by: int | None
    written_at: datetime


def write(
    db: Database,
    *,
    title: str,
    vi: str = "",
    vi_unaccented: str = "",
    en: str = "",
    message_id: int | None = None,
    campaign: str = DEFAULT_CAMPAIGN,
    by: int | None,
    now: datetime,
) -> int:
    """Keeps a wording, NFC, as the first version of a new message or the next one of `message_id`; the version's id.

    Raises Mistake: message-empty (no text at all), message-untitled, unaccented-has-accents (the draft without them is
    offered, never taken), message-unknown, and what messages.render.compile raises.
    """
    texts = checked(Texts(vi=vi, vi_unaccented=vi_unaccented, en=en))
    title = " ".join(_nfc(title).split())[:LONGEST_TITLE]
    if not title:
        raise Mistake("message-untitled")
    with db.transaction() as c:
        message_id = _message(c, message_id, title, campaign, by, now)
        row = {"vi": texts.vi, "vi_unaccented": texts.vi_unaccented, "en": texts.en}
        version_id = store.add_version(c, {"message_id": message_id, "written_by": by, "written_at": now, **row})
        audit.record(c, at=now, actor=actor(by), action="messages.write", object=f"message:{message_id}",
                     detail={"version": version_id})
    return version_id


def _message(c, message_id: int | None, title: str, campaign: str, by: int | None, now: datetime) -> int:
    if message_id is None:
        return store.add_message(c, title, store.campaign(c, campaign, "", now), by, now)
    if store.message(c, message_id) is None:
        raise Mistake("message-unknown", id=message_id)
    return message_id


def checked(texts: Texts) -> Texts:
    """The texts in NFC, without space around them. Raises Mistake, see `write`."""
    texts = Texts(*(_nfc(text).strip() for text in (texts.vi, texts.vi_unaccented, texts.en)))
    if not (texts.vi or texts.vi_unaccented or texts.en):
        raise Mistake("message-empty")
    for text in (texts.vi, texts.vi_unaccented, texts.en):
        render.compile(text)
    if accents := with_accents(texts.vi_unaccented):
        raise Mistake("unaccented-has-accents", characters=" ".join(accents), draft=unaccent(texts.vi_unaccented))
    return texts


def with_accents(text: str) -> list[str]:
    """The letters of `text` that an unaccented text may not have, each once.

    >>> with_accents("Dung dua tien cọc")
    ['ọ']
    """
    return [letter for letter in dict.fromkeys(_nfc(text)) if letter.isalpha() and unaccent(letter) != letter]


def version(db: Database, version_id: int) -> Version:
    """Raises Mistake: version-unknown."""
    with db.reading() as c:
        row = store.version(c, version_id)
    if row is None:
        raise Mistake("version-unknown", id=version_id)
    return _version(row)


def versions(db: Database, message_id: int) -> list[Version]:
    """Every wording of a message, newest first."""
    with db.reading() as c:
        return [_version(row) for row in store.versions(c, message_id)]


def messages(db: Database) -> list[Version]:
    """The newest wording of every message, the one written last first."""
    with db.reading() as c:
        return [_version(row) for row in store.newest_versions(c)]


def campaigns(db: Database) -> list[Mapping[str, object]]:
    with db.reading() as c:
        return store.all_campaigns(c)


def _version(row: Mapping) -> Version:
    names = ("id", "message_id", "number", "title", "campaign_id", "written_by", "written_at")
    return Version(**{name: row[name] for name in names}, texts=Texts(row["vi"], row["vi_unaccented"], row["en"]))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
