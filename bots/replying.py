"""What is said about a message, what follows from it, and what is remembered. Every sentence comes from the Book."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bots.controls import PERSON
from bots.model import DANGERS, Choice, Context, Effect, Heard, OpenCase, OptIn, OptOut, Said, SetLanguage
from bots.speech import Voice
from bots.understanding import Understood
from messages.book import Book

#: So many choices at most are offered.
MOST_CHOICES = 3
#: After so many refusals in a row a person is offered.
_PATIENCE = 2
#: Answers that introduce the machine themselves.
_INTRODUCTIONS = ("greeting", "bot-identity")
_HELP_TOPICS = {"vn": "hotline-vn", "uk": "hotline-uk", "eu": "hotline-elsewhere", "abroad": "hotline-elsewhere"}


@dataclass(frozen=True)
class Draft:
    """A reply before it is rounded off: its text, what hangs on it, and how sure it is."""

    text: str
    topic: str | None = None
    confidence: float = 0.0
    offered: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    understood: bool = True
    introduce: bool = True


def reply(book: Book, heard: Heard, found: Understood) -> Said:
    """The reply to `heard`, understood as `found`."""
    language = found.control.language if found.control and found.control.language else found.language
    accented = found.plain.writing.accented or not found.plain.folded
    voice = Voice(book, language, heard.channel, accented)
    said = _spoken(voice, found, heard.context)
    if accented and not voice.fits(said.reply):  # each part did, but not all together
        said = _spoken(replace(voice, accented=False), found, heard.context)
    return said


def _spoken(voice: Voice, found: Understood, context: Context) -> Said:
    return _rounded_off(voice, _DRAFTS[found.intent](voice, found, context), found, context)


def _red(voice: Voice, found: Understood, context: Context) -> Draft:
    """How to get help where they are, before and without anything else; a case at the top of the desk.

    In a chat, what was only heard as danger gets its answer too, below: the ear errs, and the question was asked.
    """
    topics = voice.book.topics
    topic = _HELP_TOPICS.get(found.danger.help, "hotline-vn")
    cues = ", ".join(reason.split(":")[0] for reason in found.danger.reasons)
    draft = Draft(
        voice.phrase(f"red_{found.danger.help}"),
        topic=topic if topic in topics else None,
        confidence=1.0,
        offered=tuple(name for name in (topic, PERSON) if name in topics),
        effects=(OpenCase("red", cues[:200]),),
        introduce=False,
    )
    route = found.route
    if voice.channel == "sms" or route is None or route.verdict != "answer":
        return draft
    both = voice.joined(draft.text, voice.answer(route.topics[0]))
    return replace(draft, text=both, topic=route.topics[0], confidence=route.confidence, why=route.why)


def _control(voice: Voice, found: Understood, context: Context) -> Draft:
    control = found.control
    if control.language:
        effects = (SetLanguage(control.language),)
        return Draft(voice.phrase("language_set"), "switch-language", 1.0, why=(control.why,), effects=effects)
    return replace(_answer(voice, control.topic, context), confidence=1.0, why=(control.why,))


def _topic(voice: Voice, found: Understood, context: Context) -> Draft:
    route = found.route
    if route.verdict == "refuse":
        return replace(_refusal(voice, found, context), alternatives=route.topics[:MOST_CHOICES], why=route.why)
    if route.verdict == "ask":
        asked = route.topics[:MOST_CHOICES]
        draft = Draft(voice.offering("did_you_mean", asked), asked[0], offered=asked, alternatives=asked[1:])
    else:
        draft = _answers(voice, route.topics[0], found.second, context)
        draft = replace(draft, alternatives=route.topics[1 : MOST_CHOICES + 1])
    return replace(draft, confidence=route.confidence, why=route.why)


def _answers(voice: Voice, topic: str, second: str | None, context: Context) -> Draft:
    """The answer, and in a chat the answer to a second question too."""
    draft = _answer(voice, topic, context)
    if not second:
        return draft
    offered = (second, *(name for name in draft.offered if name != second))[: MOST_CHOICES + 1]
    if voice.channel == "sms":
        return replace(draft, offered=offered)
    return replace(draft, text=voice.joined(voice.phrase("two_questions"), draft.text, voice.answer(second)))


def _answer(voice: Voice, topic: str, context: Context) -> Draft:
    choices = voice.book.answer(topic, voice.language).choices
    offered = tuple(name for name in choices if name in voice.book.topics and name != topic)
    draft = Draft(voice.answer(topic), topic, offered=offered, introduce=topic not in _INTRODUCTIONS)
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
    name = "offer_person" if tired else "abstain"
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
    text, greeted = _with_introduction(voice, draft, context)
    chosen = found.control is not None and found.control.language is not None
    after = Context(
        topic=draft.topic or context.topic,
        offered=draft.offered,
        abstained=0 if draft.understood else context.abstained + 1,
        greeted=greeted,
        language=voice.language,
        language_chosen=chosen or context.language_chosen,
        turns=context.turns + 1,
        danger=_danger_remembered(found, draft, context),
        help=found.danger.help if found.danger.level == "red" else context.help,
    )
    return Said(draft.topic, round(draft.confidence, 4), found.danger.level, voice.language, text,
                _buttons(voice, draft.offered), draft.alternatives, _why(draft, found), draft.effects, after)


def _with_warning(voice: Voice, draft: Draft) -> Draft:
    """Amber: the answer together with the warning; where both do not fit, the warning and the topic's number."""
    offered = tuple(dict.fromkeys((*draft.offered[:MOST_CHOICES], *_person(voice))))
    warning = voice.phrase("amber")
    both = voice.joined(warning, draft.text)
    if voice.fits(both) or not draft.topic:
        return replace(draft, text=both if voice.fits(both) else warning, offered=offered)
    offered = (draft.topic, *_person(voice))
    return replace(draft, text=voice.joined(warning, voice.offering("menu_line", offered[:1])), offered=offered)


def _with_introduction(voice: Voice, draft: Draft, context: Context) -> tuple[str, bool]:
    """Once, before the first answer it fits with: a machine is speaking. Never before help in danger."""
    if context.greeted or not draft.introduce:
        return draft.text, context.greeted or draft.topic in _INTRODUCTIONS
    introduced = voice.joined(voice.phrase("first_message"), draft.text)
    return (introduced, True) if voice.fits(introduced) else (draft.text, False)


def _danger_remembered(found: Understood, draft: Draft, context: Context) -> str:
    if found.danger.level == "none" and context.danger == "red" and draft.understood and found.intent == "topic":
        return "amber"
    return max(found.danger.level, context.danger, key=DANGERS.index)


def _buttons(voice: Voice, offered: Sequence[str]) -> tuple[Choice, ...]:
    return voice.choices(offered) if voice.channel == "chat" else ()


def _why(draft: Draft, found: Understood) -> tuple[str, ...]:
    read = (f"read {', '.join(found.plain.changes[:6])}",) if found.plain.changes else ()
    return (*found.danger.reasons, *draft.why, *read)
