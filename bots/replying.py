"""What is said about a message, what follows from it, and what is remembered. Every sentence comes from the Book."""

from collections.abc import Sequence
from dataclasses import replace

from bots import remembering, telling
from bots.controls import PERSON
from bots.covering import UNCOVERED, still_known
from bots.draft import Draft
from bots.model import Choice, Context, Heard, OpenCase, OptIn, OptOut, Said, SetLanguage
from bots.offers.saying import with_signs
from bots.speech import Voice
from bots.understanding import Understood
from bots.withholding import one_of_two, with_person
from messages.book import Book
from sms import segments

#: So many choices at most are offered.
MOST_CHOICES = 3
#: After so many refusals in a row a person is offered.
_PATIENCE = 2
#: Answers that introduce the machine themselves.
_INTRODUCTIONS = ("greeting", "bot-identity")
_HELP_TOPICS = {"vn": "hotline-vn", "uk": "hotline-uk", "eu": "hotline-elsewhere", "abroad": "hotline-elsewhere"}


def reply(book: Book, heard: Heard, found: Understood) -> Said:
    """The reply to `heard`, understood as `found`."""
    language = found.control.language if found.control and found.control.language else found.language
    accented = found.plain.writing.accented or not found.plain.folded
    voice = Voice(book, language, heard.channel, accented, heard.may_say)
    context = still_known(book, heard.context)
    said = _spoken(voice, found, context)
    if accented and not voice.fits(said.reply):  # each part did, but not all together
        said = _spoken(replace(voice, accented=False), found, context)
    return said


def _spoken(voice: Voice, found: Understood, context: Context) -> Said:
    draft = with_signs(voice, _DRAFTS[found.intent](voice, found, context), found.offer)
    return _rounded_off(voice, draft, found, context)


def _red(voice: Voice, found: Understood, context: Context) -> Draft:
    """How to get help where they are, before and without anything else; a case at the top of the desk.

    In a chat, what was only heard as danger gets its answer too, below: the ear errs, and the question was asked.
    """
    topics = voice.book.topics
    topic = _HELP_TOPICS.get(found.danger.help, "hotline-vn")
    cues = ", ".join(reason.split(":")[0] for reason in found.danger.reasons)
    draft = Draft(
        voice.phrase("red_self_harm" if found.danger.self_harm else f"red_{found.danger.help}"),
        topic=topic if topic in topics else None,
        confidence=1.0,
        offered=tuple(name for name in (topic, PERSON) if name in topics),
        effects=(OpenCase("red", cues),),
        introduce=False,
    )
    route = found.route
    if voice.channel == "sms" or route is None or route.verdict != "answer" or not voice.may(route.topics[0]):
        return draft
    both = voice.joined(draft.text, voice.answer(route.topics[0]))
    return replace(draft, text=both, topic=route.topics[0], confidence=route.confidence, why=route.why)


def _control(voice: Voice, found: Understood, context: Context) -> Draft:
    control = found.control
    if control.language:
        return _language_set(voice, found, context)
    if control.more:
        draft = _more(voice, context)
    elif control.again:
        draft = Draft(voice.offering("did_you_mean", voice.sayable(context.offered)), offered=context.offered)
    else:
        draft = _answers(voice, control.topic, found.second, context)
    return replace(draft, confidence=1.0, why=(control.why,))


def _language_set(voice: Voice, found: Understood, context: Context) -> Draft:
    """The language as asked for, and the answer to what was asked beside it."""
    effects, said = (SetLanguage(found.control.language),), voice.phrase("language_set")
    if found.route is None or found.route.verdict == "refuse":
        return Draft(said, "switch-language", 1.0, why=(found.control.why,), effects=effects)
    draft = _topic(voice, found, context)
    both = voice.joined(said, draft.text)
    return replace(draft, text=both if voice.fits(both) else draft.text, effects=(*effects, *draft.effects),
                   why=(found.control.why, *draft.why))


def _more(voice: Voice, context: Context) -> Draft:
    """The next part of the answer last given by SMS; in a chat everything has been said."""
    text, told = "", context.told
    if voice.channel == "sms" and context.topic in voice.book.topics:
        text, told = telling.part(voice, context.topic, told)
    return Draft(text or voice.phrase("no_more"), context.topic if text else None, offered=context.offered, told=told,
                 introduce=False)


def _topic(voice: Voice, found: Understood, context: Context) -> Draft:
    route = found.route
    if route.verdict in ("refuse", UNCOVERED):
        draft = _refusal(voice, found, context)
        return replace(draft, alternatives=route.topics[:MOST_CHOICES], why=route.why)
    if route.verdict == "ask":
        asked = route.topics[:MOST_CHOICES]
        offered = voice.sayable(asked)
        text = voice.offering("did_you_mean", offered) if voice.may(asked[0]) else ""
        draft = Draft(text, asked[0], offered=offered, alternatives=asked[1:], others=route.topics[MOST_CHOICES:])
    else:
        draft = _answers(voice, route.topics[0], found.second, context)
        others = route.topics[1 : MOST_CHOICES + 1]
        draft = replace(draft, alternatives=others, others=others)
    return replace(draft, confidence=route.confidence, why=route.why)


def _answers(voice: Voice, topic: str, second: str | None, context: Context) -> Draft:
    """The answer, and the answer to a second question too; by SMS that one is offered."""
    draft = _answer(voice, topic, context)
    if not second:
        return draft
    offered = (second, *(name for name in draft.offered if name != second))[: MOST_CHOICES + 1]
    if draft.withheld or not voice.may(second):
        return one_of_two(voice, draft, second)
    if voice.channel == "sms":
        both = voice.joined(draft.text, voice.offering("menu_line", offered[:1]))
        return replace(draft, text=both, offered=offered, longer=False)
    both = voice.joined(voice.phrase("two_questions"), draft.text, voice.answer(second))
    return replace(draft, text=both, offered=tuple(name for name in draft.offered if name != second))


def _answer(voice: Voice, topic: str, context: Context) -> Draft:
    choices = voice.book.answer(topic, voice.language).choices
    offered = tuple(name for name in choices if name in voice.book.topics and name != topic)
    draft = Draft(voice.answer(topic), topic, offered=offered, introduce=topic not in _INTRODUCTIONS,
                  withheld=not voice.may(topic), longer=telling.is_longer(voice, topic))
    if topic == PERSON:
        return replace(draft, effects=(OpenCase(context.danger, "asked for a person"),))
    if topic == "not-helpful":
        return replace(draft, understood=False)
    return draft


def _refusal(voice: Voice, found: Understood, context: Context) -> Draft:
    """"I do not know", with the help line; from the second in a row on, the offer of a person."""
    if found.danger.level == "amber":
        return Draft("", offered=_person(voice), understood=False)
    tired = context.abstained + 1 >= _PATIENCE
    name = "not_covered" if found.route.verdict == UNCOVERED else "abstain"
    name = "offer_person" if tired else name
    return Draft(voice.phrase(name), offered=_person(voice), understood=False)


def _stop(voice: Voice, found: Understood, context: Context) -> Draft:
    return Draft(voice.phrase("opted_out"), "opt-out", 1.0, effects=(OptOut(),), introduce=False)


def _start(voice: Voice, found: Understood, context: Context) -> Draft:
    return Draft(voice.phrase("opted_in"), "opt-in", 1.0, effects=(OptIn(),), introduce=False)


def _plainly(name: str):
    def draft(voice: Voice, found: Understood, context: Context) -> Draft:
        return Draft(voice.phrase(name), offered=_person(voice), introduce=False)

    return draft


_DRAFTS = {
    "red": _red,
    "stop": _stop,
    "start": _start,
    "control": _control,
    "topic": _topic,
    "empty": _plainly("empty"),
    "foreign": _plainly("language_other"),
    "long": _plainly("too_long"),
}


def _person(voice: Voice) -> tuple[str, ...]:
    return (PERSON,) if PERSON in voice.book.topics else ()


def _rounded_off(voice: Voice, draft: Draft, found: Understood, context: Context) -> Said:
    if found.danger.level == "amber" and found.intent in ("topic", "control"):
        draft = _with_warning(voice, draft)
    draft = with_person(voice, draft, found.danger.level)
    text, greeted = _with_introduction(voice, draft, context)
    text = _with_more(voice, draft, text)
    after = remembering.after(voice, draft, found, context, greeted)
    return Said(draft.topic, round(draft.confidence, 4), found.danger.level, voice.language, text,
                _buttons(voice, draft.offered), draft.alternatives, _why(draft, found), draft.effects, after,
                draft.withheld)


def _with_warning(voice: Voice, draft: Draft) -> Draft:
    """Amber: the answer together with the warning; where both do not fit, the warning and the topic's number."""
    offered = tuple(dict.fromkeys((*draft.offered[:MOST_CHOICES], *_person(voice))))
    warning = voice.phrase("amber")
    draft = replace(draft, withheld=draft.withheld or not warning)
    both = voice.joined(warning, draft.text or (voice.phrase("not_adopted") if draft.withheld else ""))
    if voice.fits(both) or not draft.topic or draft.withheld:
        return replace(draft, text=both if voice.fits(both) else warning, offered=offered)
    offered = (draft.topic, *_person(voice))
    return replace(draft, text=voice.joined(warning, voice.offering("menu_line", offered[:1])), offered=offered)


def _with_introduction(voice: Voice, draft: Draft, context: Context) -> tuple[str, bool]:
    """Once, before the first answer it fits with: a machine is speaking. Never before help in danger."""
    if context.greeted or not draft.introduce:
        return draft.text, context.greeted or (draft.topic in _INTRODUCTIONS and not draft.withheld)
    introduction = voice.phrase("first_message")
    introduced = voice.joined(introduction, draft.text)
    return (introduced, bool(introduction)) if voice.fits(introduced) else (draft.text, False)


def _with_more(voice: Voice, draft: Draft, text: str) -> str:
    """By SMS: how to read the long answer, where saying so costs no further segment."""
    if not draft.longer or not voice.answer(draft.topic) or voice.answer(draft.topic) not in text:
        return text
    both = voice.joined(text, voice.phrase("more"))
    return both if segments.count(both).segments == segments.count(text).segments else text


def _buttons(voice: Voice, offered: Sequence[str]) -> tuple[Choice, ...]:
    return voice.choices(offered) if voice.channel == "chat" else ()


def _why(draft: Draft, found: Understood) -> tuple[str, ...]:
    read = (f"read {', '.join(found.plain.changes[:6])}",) if found.plain.changes else ()
    return (*found.danger.reasons, *draft.why, *read)
