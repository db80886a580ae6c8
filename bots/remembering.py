"""What is remembered when a message has been answered: enough for the next one to lean on, and never its words."""

from bots.draft import Draft
from bots.model import DANGERS, Context
from bots.speech import Voice
from bots.understanding import Understood

#: Groups of topics that interrupt what is spoken of rather than change it.
_ASIDE = ("talk", "service")


def after(voice: Voice, draft: Draft, found: Understood, context: Context, greeted: bool) -> Context:
    """The memory after `draft` was said to a message understood as `found`."""
    chosen = found.control is not None and found.control.language is not None
    return Context(
        topic=draft.topic if context.topic is None or _changes(voice, draft, found, context) else context.topic,
        offered=draft.offered,
        abstained=0 if draft.understood else context.abstained + 1,
        greeted=greeted,
        language=voice.language,
        language_chosen=chosen or context.language_chosen,
        turns=context.turns + 1,
        danger=_danger(found, draft, context),
        help=found.danger.help if found.danger.level == "red" else context.help,
        told=draft.told,
        **_leant_on(voice, draft, found, context),
    )


def _changes(voice: Voice, draft: Draft, found: Understood, context: Context) -> bool:
    """Whether a draft is about something to go on speaking of. Thanks and service matters are not, and a question back
    that offers the topic spoken of keeps it.
    """
    if found.intent == "topic" and found.route.verdict == "ask" and context.topic in draft.offered:
        return False
    return draft.topic in voice.book.topics and voice.book.topics[draft.topic].group not in _ASIDE


def _leant_on(voice: Voice, draft: Draft, found: Understood, context: Context) -> dict[str, tuple[str, ...]]:
    """Gone as soon as something else is spoken of."""
    if not _changes(voice, draft, found, context) or draft.told or found.intent == "red":
        return {"places": context.places, "asked": context.asked, "others": context.others if draft.told else ()}
    topics = voice.book.topics
    others = tuple(topic for topic in draft.others if topic in topics and topics[topic].group not in _ASIDE)
    return {"places": found.places, "asked": found.asked, "others": others}


def _danger(found: Understood, draft: Draft, context: Context) -> str:
    if found.danger.level == "none" and context.danger == "red" and draft.understood and found.intent == "topic":
        return "amber"
    return max(found.danger.level, context.danger, key=DANGERS.index)
