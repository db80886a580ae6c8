"""A wave from the first plan to the last message: planned and previewed, approved by a second person, opened, finished.

`planning.py` (plan, change), `previewing.py`, `keeping.py` and `sampling.py` (what it would do, kept; some of its
readers), `deciding.py` (submit, approve, return, schedule), `opening.py` (open what is due), `running.py` (pause,
resume, cancel, finish), `waiting.py` (what it waits for), `limits.py`, `reading.py` (show, all). The steps a wave
may take stand in campaigns.model.WAVE_STEPS.
"""

from campaigns.waves.deciding import approve, approve_by_machine, return_to_author, schedule, submit, unheard
from campaigns.waves.keeping import Kept, last_preview
from campaigns.waves.limits import change_limits
from campaigns.waves.opening import OnOpen, open_due, open_on
from campaigns.waves.planning import change, plan
from campaigns.waves.previewing import preview, preview_uncounted
from campaigns.waves.reading import Shown, all, decisions, paused_by_itself, several, show, stopped_gateways
from campaigns.waves.running import (
    cancel,
    check_may_run,
    finish_done,
    pause,
    resume,
    sending,
    sweep_cancelled,
)
from campaigns.waves.sampling import Reader, readers
from campaigns.waves.waiting import Waiting, claimable, waiting_why

__all__ = [
    "Kept",
    "OnOpen",
    "Reader",
    "Shown",
    "Waiting",
    "all",
    "approve",
    "approve_by_machine",
    "cancel",
    "change",
    "change_limits",
    "check_may_run",
    "claimable",
    "decisions",
    "finish_done",
    "last_preview",
    "open_due",
    "open_on",
    "pause",
    "paused_by_itself",
    "plan",
    "preview",
    "preview_uncounted",
    "readers",
    "resume",
    "return_to_author",
    "schedule",
    "sending",
    "several",
    "show",
    "stopped_gateways",
    "submit",
    "sweep_cancelled",
    "unheard",
    "waiting_why",
]
