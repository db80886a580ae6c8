"""What the tests of answers need: the shipped Book, three people, a changed answer."""

import dataclasses
from datetime import date
from functools import cache

from bots.answering import content, versions
from messages import catalog
from staff import accounts
from tests.conftest import NOW

TODAY = date(2026, 12, 1)
TOPIC = "korea-eps"
WORDS = "EPS Hàn Quốc do COLAB tuyển. Không nộp tiền cho môi giới."


@cache
def shipped():
    return catalog.load(catalog.SHIPPED)


def people(db, count=3):
    for n in range(count):
        accounts.add(db, email=f"p{n}@example.org", name=f"Person {n}", role="officer", now=NOW)
    return [person.id for person in accounts.everybody(db)][:count]


def now_said(topic=TOPIC, language="vi"):
    return content.standing(shipped(), topic, language)


def changed(base=None, **parts):
    """The shipped answer with other parts."""
    base = base or now_said()
    return content.Content(base.group, dataclasses.replace(base.answer, **(parts or {"chat": WORDS})))


def begun(db, by, topic=TOPIC, language="vi", **parts):
    """A draft of a change to a shipped answer."""
    base = now_said(topic, language)
    return versions.draft(db, shipped(), topic=topic, language=language, content=changed(base, **parts),
                          base=base.digest, by=by, now=NOW)  # fmt: skip


def submitted(db, by, **more):
    version_id = begun(db, by, **more)
    return version_id, versions.submit(db, shipped(), version_id, today=TODAY, by=by, now=NOW)


def live(db, author, approver, **more):
    version_id, digest = submitted(db, author, **more)
    versions.approve(db, shipped(), version_id, digest=digest, today=TODAY, by=approver, now=NOW)
    return version_id
