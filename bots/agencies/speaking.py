"""What is said of a firm: approved phrases with the list's own words in them. Pure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bots.agencies import mentions
from bots.agencies.matching import Directory, Found, Match
from bots.model import Heard, Said
from bots.speech import Voice
from bots.understanding import Understood
from messages.book import Book
from sms.unaccent import unaccent

#: The topic whose question is answered by looking a firm up.
TOPIC = "agency-check"
#: Letters of a firm's name and of the list's source that an SMS has room for.
_SMS_NAME, _SMS_SOURCE = 48, 32
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")


class Besides:
    """Called by the engine with every reply: to a question that names a firm it adds what the list says of it.

    `directory` gives the list in force at that moment; it is asked only when such a question comes.
    """

    def __init__(self, directory: Callable[[], Directory]):
        self._directory = directory

    def __call__(self, book: Book, heard: Heard, found: Understood, said: Said) -> Said:
        if said.topic != TOPIC or said.danger == "red" or TOPIC not in book.topics:
            return said
        mention = mentions.named(self._directory(), heard.text)
        return told(book, heard, found, said, mention.found) if mention else said


def told(book: Book, heard: Heard, found: Understood, said: Said, firm: Found) -> Said:
    """`said` with what the list says in front of the answer; an SMS has room for one of the two."""
    accented = found.plain.writing.accented or not found.plain.folded
    voice = Voice(book, said.language, heard.channel, accented, heard.may_say)
    answer = next((text for text in _answers(voice) if text and text in said.reply), "")
    text = phrase(voice, firm)
    if not answer or not text:
        return said
    why = (f"agency: {firm.verdict}", *said.why)
    both = said.reply.replace(answer, voice.joined(text, answer) if heard.channel == "chat" else text, 1)
    if voice.fits(both):
        return replace(said, reply=both, why=why)
    if said.danger == "amber":  # the warning stays
        return said
    context = replace(said.context, greeted=heard.context.greeted)  # there was no room to say who speaks
    return replace(said, reply=text, why=why, context=context)


def _answers(voice: Voice) -> tuple[str, str]:
    return voice.answer(TOPIC), replace(voice, accented=False).answer(TOPIC)


def advice(book: Book, language: str, firm: Found) -> str:
    """The sentences about a firm as a chat says them."""
    return phrase(Voice(book, language, "chat"), firm)


def phrase(voice: Voice, firm: Found) -> str:
    """The approved phrase for what the list says, with the list's date and source; "" where it may not be said."""
    name = f"agency_{firm.verdict.replace('-', '_')}"
    values = _values(voice, firm)
    if voice.channel == "chat":
        return voice.phrase(name, **values)
    text = voice.phrase(name, **values)
    plain = {field: unaccent(value).encode("ascii", "ignore").decode() for field, value in values.items()}
    is_accented = text != voice.book.phrase(name, voice.language, "sms", **values)
    return text if is_accented else voice.phrase(name, **plain)


def _values(voice: Voice, firm: Found) -> dict[str, str]:
    if firm.list is None:
        return {}
    chat = voice.channel == "chat"
    values = {"as_of": day(firm.list.as_of, voice.language), "source": _cut(firm.list.source, chat, _SMS_SOURCE)}
    if firm.matches:
        values["firm"] = _firm(voice, firm.matches[0])
    return values


def _firm(voice: Voice, match: Match) -> str:
    """Its name with its other names, licence number and address as far as there is room."""
    firm, chat = match.agency, voice.channel == "chat"
    state = ""
    if not match.exact and firm.status != "licensed":
        state = voice.phrase(f"agency_state_{firm.status}")
    inside = (*firm.also[:2], firm.licence, firm.address, state) if chat else (firm.licence, state)
    name = _cut(firm.name, chat, _SMS_NAME)
    behind = ", ".join(part for part in inside if part)
    return f"{name} ({behind})" if behind else name


def day(as_of: str, language: str) -> str:
    """A day as people write it.

    >>> day("2026-11-15", "vi"), day("2026-11-15", "en")
    ('15/11/2026', '15 November 2026')
    """
    at = date.fromisoformat(as_of)
    return f"{at:%d/%m/%Y}" if language == "vi" else f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def _cut(text: str, whole: bool, most: int) -> str:
    return text if whole or len(text) <= most else f"{text[: most - 3].rstrip()}..."
