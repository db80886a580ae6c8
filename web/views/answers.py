"""Answers: all of them by group, one with everything it says and rests on, and what the bot makes of a question."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from bots import adoption
from bots.answering import due, versions
from bots.answering.content import standing
from bots.answering.model import Version
from bots.answering.replay import outcome
from bots.model import Context, Heard, Said
from messages.book import Topic
from messages.errors import LANGUAGES, Mistake
from messages.folding import fold
from web import answer_words as words
from web.access import access
from web.here import now, reader, rt
from web.story import names

bp = Blueprint("answers", __name__, url_prefix="/answers")
#: Letters of a question that is tried.
LONGEST = 500
#: What the bot made of a question, in words.
VERDICTS = ("answer", "ask", "refuse", "red")


@bp.get("")
@access("read")
def index():
    find = request.args.get("find", "").strip()
    book, writing, live = rt.book, _by_topic(versions.under_way(rt.db)), _by_topic(versions.live(rt.db))
    adopted = _adopted()
    wanted = fold(find).split()
    found = [topic for topic in book.topics.values() if all(word in _searched(topic) for word in wanted)]
    rows = {topic.id: _row(topic, writing[topic.id], bool(live[topic.id]), adopted.get(topic.id)) for topic in found}
    groups = {group: [topic for topic in found if topic.group == group] for group in words.GROUPS}
    other = [topic for topic in found if topic.group not in words.GROUPS]
    return render_template(
        "answers/index.html",
        find=find,
        groups=[(words.group_words(group), topics) for group, topics in groups.items() if topics]
        + ([(_("Other"), other)] if other else []),
        rows=rows,
        writing=[each for found in writing.values() for each in found],
        who=names(),
        STATES=words.STATES,
        soon=len(due.expiring(book, now().date(), due.SOON)),
        trouble=rt.answers.trouble,
    )


def _by_topic(found: Sequence[Version]) -> Mapping[str, list[Version]]:
    sorted_ = defaultdict(list)
    for each in found:
        sorted_[each.topic].append(each)
    return sorted_


def _adopted() -> dict[str, bool]:
    """Topic → whether it may be said outside."""
    groups = adoption.state(rt.db, rt.book).values()
    return {topic: topic not in group.open for group in groups for topic in group.topics}


def _searched(topic: Topic) -> str:
    """Everything a colleague might type to find it."""
    parts = (part for answer in topic.answers.values() for part in (answer.title, answer.chat, *answer.questions))
    return fold(" ".join((topic.id, *parts)))


def _row(topic: Topic, writing: Sequence[Version], live: bool, adopted: bool | None) -> dict:
    return {
        "title": topic.answers[reader()].title,
        "states": words.states(topic.answers, writing, live, adopted, now().date()),
        "expires": min(answer.expires for answer in topic.answers.values()),
    }


@bp.get("/<topic>")
@access("read")
def show(topic: str):
    return _page(topic)


def _page(topic: str, tried: dict | None = None):
    history = versions.history(rt.db, topic)
    if topic not in rt.book.topics and not history:
        raise Mistake("answer-unknown", name=topic[:60])
    found = {language: standing(rt.book, topic, language) for language in LANGUAGES}
    answers = {language: content.answer for language, content in found.items() if content}
    live = any(each.status == "live" for each in history)
    title = answers[reader()].title if answers else history[0].content.answer.title
    return render_template(
        "answers/show.html",
        title=title,
        topic=topic,
        group=words.group_words(found["vi"].group if found["vi"] else history[0].content.group),
        answers=answers,
        forms={language: words.forms(answer, language) for language, answer in answers.items()},
        facts=words.facts(rt.book, dict.fromkeys(name for answer in answers.values() for name in answer.sources)),
        claim=words.claim,
        titles={name: rt.book.answer(name, reader()).title for name in rt.book.topics},
        states=words.states(
            answers, [each for each in history if each.open], live, _adopted().get(topic), now().date()
        ),
        history=history,
        words=words,
        who=names(),
        tried=tried,
    )


@bp.post("/try")
@access("read")
def test():
    """What the bot makes of a question now, and why. By POST, as it may be somebody's own words; nothing is kept."""
    text = request.form.get("question", "").strip()[:LONGEST]
    tried = _tried(text) if text else None
    topic = request.form.get("topic", "")
    if topic:
        return _page(topic, tried)
    return render_template("answers/try.html", tried=tried, question=text)


def _tried(text: str) -> dict:
    engine = rt.engine
    book, said = engine.book, engine.respond(Heard(text, context=Context(greeted=True)))
    return {
        "question": text,
        "verdict": _verdict(said),
        "topic": said.topic,
        "title": book.answer(said.topic, reader()).title if said.topic in book.topics else "",
        "confidence": said.confidence,
        "why": said.why,
        "reply": said.reply,
        "others": [(name, book.answer(name, reader()).title) for name in said.alternatives if name in book.topics],
    }


def _verdict(said: Said) -> str:
    told = {
        "answer": _("It answers this topic."),
        "ask": _("It is not sure and asks back, this topic first."),
        "refuse": _("It does not know, says so and gives the help line."),
        "red": _("It hears danger: help comes first."),
    }
    return told[outcome(said).verdict]
