"""What happens is counted where it is written down: called last in the transaction that writes it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row

from bots.figures.counting import Counts, Thought, day, register_of
from bots.figures.whence import Whence
from bots.hearing import Turn
from bots.model import Said
from campaigns import responses
from messages.book import Book

#: Topics of these groups, and these, are said without asking anything.
_TALK, _NO_QUESTION = ("talk",), ("opt-out", "opt-in")


def arrived(c: Connection, platform: str, person_index: bytes, at: datetime, *, begins: bool) -> None:
    """One message came from a person; the first of its conversation if it `begins` one."""
    if platform in responses.PLATFORMS:
        responses.note(c, person_index, responses.REPLIED, at)
    counts = Counts()
    counts.heard(day(at), platform, "text")
    if begins:
        counts.began(day(at), platform)
    counts.write(c)


@dataclass(frozen=True)
class Entry:
    """What a message counts for: `withheld` where its answer may not be said."""

    thought: Thought
    is_question: bool
    withheld: bool

    def columns(self) -> dict[str, object]:
        """Of the message's row."""
        return {name: value for name, value in vars(self.thought).items() if name != "kind"}

    def write(
        self, c: Connection, asked: Row, now: datetime, *, answered: bool, judged: tuple[Row, bool] | None
    ) -> None:
        """The message was thought about, and `answered` unless nothing is said; `judged`: the answer that it is about,
        as it stood, and whether that helped.
        """
        thought, counts = self.thought, Counts()
        if self.is_question and thought.wave_id is not None:
            responses.note(c, bytes(asked.person_index), responses.ASKED, asked.at)
        counts.thought(day(asked.at), asked.platform, thought)
        if answered and thought.topic and not self.withheld:
            counts.answered(day(now), asked.platform, thought.topic)
        if judged:
            rejudged(counts, asked.platform, *judged)
        counts.write(c)


def entry(book: Book, turn: Turn, said: Said, came: Whence) -> Entry:
    """What `turn` counts for, of which `said` was thought."""
    thought = Thought(
        kind=turn.kind, topic=said.topic, danger=said.danger, confidence=said.confidence, language=said.language,
        register=register_of(turn.text) if turn.kind == "text" else None, area=came.area, wave_id=came.wave_id,
    )
    return Entry(thought, _is_question(book, thought), said.withheld)


def _is_question(book: Book, thought: Thought) -> bool:
    if thought.kind != "text" or thought.topic is None:
        return thought.abstained
    topic = book.topics.get(thought.topic)
    return thought.topic not in _NO_QUESTION and (topic is None or topic.group not in _TALK)


def rejudged(counts: Counts, platform: str, answer: Row, helpful: bool) -> None:
    """Somebody said, perhaps anew, whether an answer helped; `answer` as it stood: at, topic and helpful."""
    if answer.helpful is helpful:
        return
    if answer.helpful is not None:
        counts.judged(day(answer.at), platform, answer.topic, answer.helpful, -1)
    counts.judged(day(answer.at), platform, answer.topic, helpful)


def judged(c: Connection, platform: str, answer: Row, helpful: bool) -> None:
    """The same, of one answer alone."""
    counts = Counts()
    rejudged(counts, platform, answer, helpful)
    counts.write(c)


def withheld(c: Connection, reply: Row) -> None:
    """Something else is said in place of an answer."""
    if reply.topic and reply.written_by is None:
        counts = Counts()
        counts.answered(day(reply.at), reply.platform, reply.topic, -1)
        counts.write(c)
