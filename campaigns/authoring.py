"""Messages as officers write them: a Vietnamese/English pair with an unaccented form; a new wording is a new
version. Of two officers who write at once the second is told, and nothing is lost.
"""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from campaigns.folding import fold
from campaigns.model import Texts, actor
from campaigns.store import authoring as store
from db.engine import Database
from messages import lint, render
from messages.errors import Mistake
from messages.lint import Finding
from sms import segments
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
    #: Marked as an advertisement.
    advert: bool = False
    #: The name of the starter message it was taken from.
    starter: str | None = None


def write(
    db: Database,
    *,
    title: str,
    vi: str = "",
    vi_unaccented: str = "",
    en: str = "",
    advert: bool = False,
    starter: str | None = None,
    message_id: int | None = None,
    expected: int | None = None,
    campaign: str = DEFAULT_CAMPAIGN,
    by: int | None,
    now: datetime,
) -> int:
    """Keeps a wording, NFC, as the first version of a new message or the next one of `message_id`; the version's id.

    `expected` is the version the writer began from. What equals the newest version is not kept twice. Raises Mistake:
    message-empty (no text at all), message-untitled, unaccented-has-accents (the draft without them is offered, never
    taken), message-unknown, message-changed-meanwhile (another version was saved since `expected`; nothing is kept),
    and what messages.render.compile raises.
    """
    texts = checked(Texts(vi=vi, vi_unaccented=vi_unaccented, en=en))
    title = " ".join(_nfc(title).split())[:LONGEST_TITLE]
    if not title:
        raise Mistake("message-untitled")
    with db.transaction() as c:
        newest = _newest(c, message_id, expected) if message_id is not None else None
        if newest and (newest.title, newest.texts, newest.advert) == (title, texts, advert):
            return newest.id
        message_id = _message(c, newest, title, campaign, by, now)
        row = {"vi": texts.vi, "vi_unaccented": texts.vi_unaccented, "en": texts.en, "advert": advert,
               "starter": newest.starter if newest else starter}  # fmt: skip
        version_id = store.add_version(c, {"message_id": message_id, "written_by": by, "written_at": now, **row})
        audit.record(c, at=now, actor=actor(by), action="messages.write", object=f"message:{message_id}",
                     detail={"version": version_id})
    return version_id


def _newest(c: Connection, message_id: int, expected: int | None) -> Version:
    """The newest version, its message held until the end: two officers on PostgreSQL must not both find the same."""
    if store.message(c, message_id, lock=True) is None:
        raise Mistake("message-unknown", id=message_id)
    newest = _version(store.versions(c, message_id)[0])
    if expected is not None and newest.id != expected:
        raise Mistake("message-changed-meanwhile", number=newest.number)
    return newest


def _message(c: Connection, newest: Version | None, title: str, campaign: str, by: int | None, now: datetime) -> int:
    """The id of the message, made or renamed."""
    if newest is None:
        return store.add_message(c, title, store.campaign(c, campaign, "", now), by, now)
    if newest.title != title:
        store.rename(c, newest.message_id, title)
    return newest.message_id


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


def messages(db: Database, find: str = "") -> list[Version]:
    """The newest wording of every message, the one written last first; `find` is part of the title, accents aside."""
    with db.reading() as c:
        found = [_version(row) for row in store.newest_versions(c)]
    return [each for each in found if fold(find) in fold(each.title)]


def findings(
    texts: Texts, *, advert: bool = False, hosts: Collection[str] = (), columns: Collection[str] | None = None
) -> list[Finding]:
    """What is to be mended in a message, the worst first: `level` "stop" keeps it from approval, "advice" does not.

    `hosts` (PUBLIC_URL) may be linked to besides those of the facts; `columns` are those of the chosen list.
    """
    return lint.check(
        vi=texts.vi,
        vi_unaccented=texts.vi_unaccented,
        en=texts.en,
        advert=advert,
        allowed_hosts=hosts,
        columns=columns,
        count=segments.count,
    )


def blocking(db: Database, version_id: int, *, hosts: Collection[str] = ()) -> list[Finding]:
    """What keeps a version from being sent for approval. Raises Mistake: version-unknown."""
    written = version(db, version_id)
    return [each for each in findings(written.texts, advert=written.advert, hosts=hosts) if each.level == "stop"]


def campaigns(db: Database) -> list[Mapping[str, object]]:
    with db.reading() as c:
        return store.all_campaigns(c)


def _version(row: Mapping) -> Version:
    names = ("id", "message_id", "number", "title", "campaign_id", "written_by", "written_at", "advert", "starter")
    return Version(**{name: row[name] for name in names}, texts=Texts(row["vi"], row["vi_unaccented"], row["en"]))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
