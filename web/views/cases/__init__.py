"""The desk: people the bot handed over. The queue and its search (`looking`), one case with what was said (`showing`),
what staff do with it (`working`), what they write to the person (`writing`), and conversations from which staff open a
case themselves (`opening`).
"""

from web.views.cases import looking, opening, showing, working, writing
from web.views.cases.door import bp

__all__ = ["bp", "looking", "opening", "showing", "working", "writing"]
