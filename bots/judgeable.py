"""Which replies the question "was this helpful?" may stand under. Pure."""

from messages.book import Book

#: Groups of topics nobody is asked about: greetings, thanks, what the service does.
_NOT_ASKED = ("talk", "service")


def is_an_answer(reply) -> bool:
    """Whether a row of a reply is an answer of the machine to a question, not help in danger and not staff's."""
    return bool(reply.topic) and reply.written_by is None and reply.danger != "red"


def may_be_judged(book: Book, reply, text: str) -> bool:
    """Whether "was this helpful?" may stand under a reply: the answer of a topic is in it, and not only its name."""
    topic = book.topics.get(reply.topic) if is_an_answer(reply) else None
    if topic is None or topic.group in _NOT_ASKED or reply.language not in topic.answers:
        return False
    answer = topic.answers[reply.language]
    return any(form in text for form in (answer.chat, answer.sms, answer.sms_unaccented))
