"""Whether what the bot says in the terminal is adopted here: one line on standard error, beside the result."""

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bots import adoption, wordings
from cli.context import language, say
from db.engine import open_database
from db.seal import Seal
from messages.book import Book
from messages.errors import sentence
from runtime.settings import Settings

#: Adoptions are not sealed, so the installation's own key is neither needed nor made.
_NO_KEY = Seal([bytes(32)])
#: Seconds a database may take to be reached; an answer does not wait longer for it.
_PATIENCE = "3"


def adopted(settings: Settings, book: Book) -> frozenset[str]:
    """What is adopted by the installation of these settings; nothing where there is none yet. Nothing is created."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not _exists(settings):
        return frozenset()
    if url.get_backend_name() == "postgresql":
        url = url.update_query_dict({"connect_timeout": _PATIENCE})
    try:
        db = open_database(url.render_as_string(hide_password=False), _NO_KEY)
        try:
            return adoption.may_say(db, book)
        finally:
            db.close()
    except (SQLAlchemyError, ModuleNotFoundError):  # out of reach, not set up yet, or older than adoption
        return frozenset()


def _exists(settings: Settings) -> bool:
    return bool(settings["DATABASE_URL"]) or (settings.data_dir / "an-lo.db").is_file()


def say_topic(topic: str | None, names: frozenset[str]) -> None:
    """Of one answer; nothing about a reply that answered no topic."""
    if topic:
        say(sentence("adopted-here" if topic in names else "not-adopted-here", language(), topic=topic))


def say_content(book: Book, names: frozenset[str]) -> None:
    """Of the content as a whole."""
    every = sum(len(group) for group in wordings.groups(book).values())
    say(sentence("content-adopted", language(), n=len(names), all=every))
