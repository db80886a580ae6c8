"""The database is a copy that somebody put back: what stood in it as waiting may have gone out since it was made.

`noticing.py` finds that out and stops everything; nothing of a wave goes out before a person has looked. Then, wave by
wave (`deciding.py`), the gateway is asked about everybody the copy has as waiting (`asking.py`; scheduler/recall.py
does the talking): who has the message counts as sent to, who surely has not waits on. Of whom nobody can tell a person
decides. What the copy does not know at all, such as opt-outs that came since, only people can bring back.
"""

from campaigns.recall.asking import conclude, lines, questions, settle, to_ask
from campaigns.recall.deciding import ask, decide, go_on
from campaigns.recall.noticing import beat, hold, notice
from campaigns.recall.showing import Recalled, State, state

__all__ = [
    "Recalled", "State", "ask", "beat", "conclude", "decide", "go_on", "hold", "lines", "notice", "questions", "settle",
    "state", "to_ask",
]  # fmt: skip
