"""Licensed agencies: the list that staff load, and which of its firms a name or a text means.

`listing` is what people do with lists, `matching` decides whether a name is a firm's own, `mentions` finds names in a
text, `speaking` has the sentences about them. `find(db, name)` and `named_in(db, text)` are for everybody.
"""

from bots.agencies.listing import Standing, directory, find, named_in
from bots.agencies.matching import Agency, Directory, Found, ListInfo, Match
from bots.agencies.speaking import advice

__all__ = ["Agency", "Directory", "Found", "ListInfo", "Match", "Standing", "advice", "directory", "find", "named_in"]
