"""Who writes, how the reader can ask and how the reader can stop; and whether it is an advert and says so.

The label of an advert and the way to refuse it: Decree 91/2020/NĐ-CP (facts sms-label, sms-segments of the fact base).
"""

import re
from collections.abc import Collection, Iterable, Iterator

from messages.folding import flat
from messages.lint import links, phones
from messages.lint.finding import Finding
from messages.lint.tables import Patterns, table
from messages.lint.text import Text, text_of

_TABLE = table("letterhead")
_SENDERS: dict = _TABLE["senders"]
_LABELS: tuple[str, ...] = tuple(_TABLE["advert"]["labels"])
_SAY: dict[str, str] = _TABLE["stop"]["say"]
_KEYWORD = rf"(?:{'|'.join(keyword.lower() for keyword in _TABLE['stop']['keywords'])})"
#: What a signature stands behind.
_SIGNED = re.compile(r"[.!?…(\n–—-]\s*\Z")
_TURNED_TO = Patterns(_SENDERS["turned_to"])
_ASK = {language: Patterns(_TABLE["ask"][language]) for language in ("vi", "en")}
_ADVERT = {language: Patterns(_TABLE["advert"][language]) for language in ("vi", "en")}
_STOP = {
    language: Patterns(pattern.replace("<keyword>", _KEYWORD) for pattern in _TABLE["stop"][language])
    for language in ("vi", "en")
}
#: The page with the reader's own code, which a wave writes in.
_STOP_PAGE = re.compile(r"\{\{\s*stop\s*\}\}")
_HEARD = {language: Patterns(_TABLE["heard"][language]) for language in ("vi", "en")}


def promises_to_hear(form: str, raw: str) -> str | None:
    """The words of a text that ask the reader to answer by SMS: "soạn TC", "reply STOP", "nhắn lại tin này"."""
    text = text_of(form, raw)
    language = _language(text)
    for patterns in (_STOP[language], _HEARD[language]):
        if match := next(patterns.find(text), None):
            return text.raw[match.start() : match.end()]
    return None


def say_stop_page(form: str) -> str:
    """What is proposed where no gateway hears an answer."""
    return _TABLE["stop"]["say_page"][form]


def check(
    texts: Iterable[Text],
    *,
    advert: bool,
    sender_names: Iterable[str],
    known: phones.Approved,
    hosts: Collection[str],
) -> Iterator[Finding]:
    names = _names([*_SENDERS["names"], *sender_names])
    for text in texts:
        if not _names_its_sender(text, names):
            yield text.finding("sender-unnamed", "advice")
        if not _can_be_asked(text, known, hosts):
            yield text.finding("help-line-missing", "advice")
        yield from _advert(text, advert)


def _names(names: Iterable[str]) -> re.Pattern:
    either = "|".join(re.escape(flat(name.strip())) for name in names if name.strip())
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])")


def _names_its_sender(text: Text, names: re.Pattern) -> bool:
    last = len(text.flat) - _SENDERS["end"]
    for match in names.finditer(text.flat):
        at = match.start()
        if at <= _SENDERS["beginning"] and not _is_turned_to(text, at):
            return True
        if at >= last and _SIGNED.search(text.read[:at]):
            return True
    return False


def _is_turned_to(text: Text, at: int) -> bool:
    before = len(text.read[:at].rstrip())
    return any(match.end() == before for match in _TURNED_TO.find(text, max(0, before - 20), before))


def _can_be_asked(text: Text, known: phones.Approved, hosts: Collection[str]) -> bool:
    return (
        _ASK[_language(text)].within(text)
        or any(number.key in known.numbers for number in phones.numbers(text))
        or any(links.is_allowed(link, hosts) for link in links.read(text))
    )


def _advert(text: Text, advert: bool) -> Iterator[Finding]:
    language = _language(text)
    says_how_to_stop = _STOP[language].within(text) or _STOP_PAGE.search(text.raw) is not None
    if advert:
        if not text.raw.startswith(_LABELS):
            yield text.finding("advert-unmarked", "stop", 0, 20, label=_LABELS[text.form == "en"])
        if not says_how_to_stop:
            yield text.finding("advert-refusal-missing", "stop", say=_SAY[text.form])
        return
    if not says_how_to_stop:
        yield text.finding("opt-out-missing", "advice", say=_SAY[text.form])
    if not text.raw.startswith(_LABELS) and (match := next(_ADVERT[language].find(text), None)):
        yield text.finding("advert-suspected", "advice", match.start(), match.end(), label=_LABELS[text.form == "en"])


def _language(text: Text) -> str:
    return "en" if text.form == "en" else "vi"
