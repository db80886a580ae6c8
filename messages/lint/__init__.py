"""What is wrong with a campaign message before anybody approves it, in reasons an author can act on.

`checking.py` runs the rules and is where to start. One module a subject: `letterhead` (who writes, how to ask, how to
stop, adverts), `phones` (numbers to call against the approved list), `links`, `promises`, `reading` (how hard), `forms`
(the three forms say the same), `ambiguous` (what unaccented words are read as), `fields` (placeholders) and `marks`
(invisible and foreign letters, shouting, spaces). What a rule looks for is data, in the .toml files beside it; what it
says is in messages/{vi,en}/lint.toml.
"""

from messages.lint.checking import check
from messages.lint.finding import Finding, words
from messages.lint.letterhead import promises_to_hear, say_stop_page
from messages.lint.phones import Approved, approved

__all__ = ["Approved", "Finding", "approved", "check", "promises_to_hear", "say_stop_page", "words"]
