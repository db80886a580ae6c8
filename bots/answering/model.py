"""A version of an answer, and the words for where it stands. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bots.answering.content import Content, from_json

#: A topic's name is part of addresses and of file names; these name pages.
TOPIC = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_TOPIC = 40
TAKEN = frozenset({"adoption", "due", "lines", "new", "try", "versions"})


class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    LIVE = "live"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


#: Somebody still works on it.
OPEN = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED)


@dataclass(frozen=True)
class Version:
    """An answer in one language as somebody wrote it. `base` is the digest of the answer it was written from."""

    id: int
    topic: str
    language: str
    number: int
    status: Status
    content: Content
    base: str
    note: str
    written_by: int | None
    written_at: datetime
    submitted_by: int | None
    submitted_at: datetime | None
    decided_by: int | None
    decided_at: datetime | None

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def name(self) -> str:
        """As the audit names it."""
        return name_of(self.id)


def name_of(version_id: int) -> str:
    return f"answer:{version_id}"


def version(row: Mapping) -> Version:
    return Version(**{**row, "status": Status(row["status"]), "content": from_json(row["content"])})


def is_topic(name: str) -> bool:
    """Whether a new topic may be called so."""
    return bool(TOPIC.fullmatch(name)) and len(name) <= LONGEST_TOPIC and name not in TAKEN
