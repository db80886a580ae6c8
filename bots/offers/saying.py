"""What is said about a pasted offer: the signs with the person's own words quoted, then the answer about offers."""

from dataclasses import replace

from bots.model import phrase_key
from bots.offers.checking import PHRASES, Told, level_of, told
from bots.speech import Voice
from sms.unaccent import unaccent

#: So many signs in a chat; by SMS the gravest alone.
MOST = 4
#: A quote by SMS is cut to so many characters.
_SMS_QUOTE = 40


def flag_key(name: str) -> str:
    """How `may_say` names a flag: its sentences are taken over like the bot's own phrases."""
    return phrase_key(f"flag_{name}")


def with_signs(voice: Voice, draft, offer):
    """The `replying.Draft` of the answer with the signs of `offer` before it; unchanged when there is no offer."""
    if offer is None or not draft.text:
        return draft
    flags = told(voice.book.flags.get(voice.language, {}), offer.signs)
    sayable = tuple(one for one in flags if voice.may(flag_key(one.id)))
    why = (*draft.why, *(f"offer: {one.id}" for one in flags))
    if flags and not sayable:  # found, and may not be said here yet: the answer alone, never "nothing found"
        return replace(draft, why=why)
    said = _sms(voice, sayable) if voice.channel == "sms" else _chat(voice, sayable)
    text = said if voice.channel == "sms" else voice.joined(said, draft.text)
    return replace(draft, text=text or draft.text, why=why)


def _chat(voice: Voice, flags: tuple[Told, ...]) -> str:
    lines = (f"• “{' '.join(one.quote.split())}”: {one.flag.reason} {one.flag.ask}" for one in flags[:MOST])
    return voice.phrase(PHRASES[level_of(flags)], signs="\n\n".join(lines))


def _sms(voice: Voice, flags: tuple[Told, ...]) -> str:
    """The gravest sign, with its quote if that fits; empty when nothing does."""
    name = PHRASES[level_of(flags)]
    if not flags:
        return voice.phrase(name, signs="")
    flag, quote = flags[0].flag, _cut(flags[0].quote)
    plain = voice.language == "en" or not voice.accented
    sign = flag.sms_unaccented if plain else flag.sms
    shown = unaccent(quote) if plain else quote
    for signs in (f'"{shown}": {sign}', f'"{unaccent(quote)}": {flag.sms_unaccented}', flag.sms_unaccented):
        text = voice.phrase(name, signs=signs)
        if voice.fits(text):
            return text
    return ""


def _cut(quote: str) -> str:
    """Whole words of a quote, no more than an SMS has room for."""
    shown = " ".join(quote.split())
    return shown if len(shown) <= _SMS_QUOTE else shown[:_SMS_QUOTE].rsplit(" ", 1)[0]
