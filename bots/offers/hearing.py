"""Whether a message is a pasted offer, so that the bot looks at it instead of taking it for a question."""

from dataclasses import replace

from bots.model import Heard
from bots.offers import finding
from bots.offers.finding import Found
from bots.offers.model import Offer
from bots.router import Route
from messages.book import Book

#: The topic an offer is answered under.
CHECK = "job-offer-check"
#: Topics an offer may rightly be taken for.
_LIKE = frozenset({CHECK, "scam-compounds", "social-media-broker", "smuggler-promises", "trafficking-signs",
                   "broker-fee", "agency-check", "deposit"})
#: From so many words on a message is pasted rather than asked; up to so many a question may mean an offer not shown.
_PASTED, _SHORT = 25, 12
#: A question this sure of its own topic keeps it, unless the message is longer than a question is.
_SURE, _LONG = 0.6, 70
#: So many signs make an offer of a message.
_SIGNS = 2


def with_offer(book: Book, heard: Heard, found):
    """The `understanding.Understood` of a message, with the offer in it. Danger, stops and choices stay first."""
    if found.intent not in ("topic", "long") or CHECK not in book.topics:
        return found
    read = finding.find(heard.text)
    answered = found.route.topics[0] if found.route and found.route.verdict == "answer" else None
    if _is_offer(read, answered):
        keeps = (answered in _LIKE and read.words < _PASTED) or _is_sure(found.route, answered, read.words)
        found = found if keeps else _rerouted(found)
        return replace(found, offer=Offer(read.signs))
    shows_none = read.asks and not read.signs and read.words < _SHORT and answered is None
    return _rerouted(found) if shows_none and found.intent == "topic" else found


def _is_sure(route: Route | None, answered: str | None, words: int) -> bool:
    return answered is not None and route.confidence >= _SURE and words < _LONG


def _is_offer(read: Found, answered: str | None) -> bool:
    pasted, signs = read.words >= _PASTED, len(read.signs)
    if not signs:
        return pasted and read.offer and (read.asks or answered == CHECK)
    if read.asks or answered in _LIKE:
        return pasted or signs >= _SIGNS or (read.asks and answered is None)
    return read.offer and (signs > _SIGNS or (pasted and signs == _SIGNS))


def _rerouted(found):
    """To the answer about offers; what the router thought stays as the second guess."""
    before = tuple(topic for topic in (found.route.topics if found.route else ()) if topic != CHECK)
    route = Route((CHECK, *before), 1.0, 1.0, "answer", ("a pasted offer",))
    return replace(found, intent="topic", route=route, second=None)
