"""What an installation has not adopted is not said: a person answers instead."""

from dataclasses import replace

from bots.draft import Draft
from bots.model import NOT_ADOPTED, OpenCase
from bots.speech import Voice


def with_person(voice: Voice, draft: Draft, danger: str) -> Draft:
    """`draft` as it may be said: where a part of it is missing a case, and where nothing is left the sentence
    that says so. Nothing is offered that would not be answered.
    """
    if voice.may_say is None:
        return draft
    draft = replace(draft, offered=voice.sayable(draft.offered))
    if draft.text and not draft.withheld:
        return draft
    called = any(isinstance(effect, OpenCase) for effect in draft.effects)
    case = () if called else (OpenCase(danger, NOT_ADOPTED),)
    return replace(draft, text=draft.text or voice.phrase("not_adopted"), effects=(*draft.effects, *case),
                   why=(*draft.why, NOT_ADOPTED), withheld=True)


def one_of_two(voice: Voice, draft: Draft, second: str) -> Draft:
    """Of two questions one at most may be answered here: that one is, and a person answers the rest."""
    told = draft.text or voice.answer(second)
    both = voice.joined(told, voice.phrase("not_adopted"))
    return replace(draft, text=both if voice.fits(both) else told, withheld=True, longer=False)
