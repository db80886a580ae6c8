"""While the bot still learns (a first start, a new release): help in danger by the rules alone. Pure."""

from bots.model import Heard, Said, StillLearning
from bots.replying import reply
from bots.understanding import cry
from messages.book import Book


class FirstAid:
    """Stands in for the Engine. Help is said whatever waits before it."""

    in_order = False

    def __init__(self, book: Book):
        self.book = book

    def respond(self, heard: Heard) -> Said:
        """The help line for a plain cry. Raises StillLearning for everything else: it waits for the bot."""
        found = cry(self.book, heard)
        if found is None:
            raise StillLearning
        return reply(self.book, heard, found)
