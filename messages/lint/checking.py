"""Runs the rules over the forms of one message."""

from collections.abc import Callable, Collection
from typing import Protocol

from messages.lint import ambiguous, fields, forms, letterhead, links, marks, phones, promises, reading
from messages.lint.finding import FORMS, Finding
from messages.lint.text import Text, text_of

#: Nobody reads a longer one to its end, and every segment is paid.
MOST_SEGMENTS = 3


class Count(Protocol):
    """What the SMS room says of a text."""

    segments: int


def check(
    *,
    vi: str = "",
    vi_unaccented: str = "",
    en: str = "",
    advert: bool = False,
    allowed_hosts: Collection[str] = (),
    sender_names: Collection[str] = (),
    columns: Collection[str] | None = None,
    approved: phones.Approved | None = None,
    count: Callable[[str], Count] | None = None,
) -> list[Finding]:
    """What is wrong with a message, what stops it first, then form by form in the order of the text.

    `allowed_hosts` (hosts or addresses, such as PUBLIC_URL) and `sender_names` come on top of those known everywhere;
    `columns` are the headings of the chosen list, None when none is chosen; `approved` the numbers and hosts of other
    facts than the shipped ones; `count` measures a text as SMS, without it the length is not judged. A form left empty
    is not written.
    """
    written = {form: text for form, text in zip(FORMS, (vi, vi_unaccented, en), strict=True) if text.strip()}
    texts = {form: text_of(form, text) for form, text in written.items()}
    known = approved or phones.shipped()
    hosts = {*known.hosts, *allowed_hosts}
    each = list(texts.values())
    found = [
        *letterhead.check(each, advert=advert, sender_names=sender_names, known=known, hosts=hosts),
        *phones.check(each, known),
        *links.check(each, hosts),
        *promises.check(each),
        *fields.check(each, columns),
        *forms.check(texts),
        *marks.check(each),
        *reading.check(each),
        *ambiguous.check(texts),
        *(_too_long(text, count) for text in each if count and count(text.raw).segments > MOST_SEGMENTS),
    ]
    return sorted(found, key=lambda finding: (finding.level != "stop", FORMS.index(finding.form), finding.at))


def _too_long(text: Text, count: Callable[[str], Count]) -> Finding:
    return text.finding("too-long", "advice", segments=count(text.raw).segments, most=MOST_SEGMENTS)
