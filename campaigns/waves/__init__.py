"""A wave from the first plan to the last message: planned and previewed, approved by a second person, opened, finished.

`planning.py` (plan, change), `previewing.py`, `deciding.py` (submit, approve, return, schedule), `running.py` (open
what is due, pause, resume, cancel, finish), `reading.py` (show, all). The steps a wave may take stand in
campaigns.model.WAVE_STEPS.
"""

from campaigns.waves.deciding import approve, approve_by_machine, return_to_author, schedule, submit
from campaigns.waves.planning import change, plan
from campaigns.waves.previewing import preview
from campaigns.waves.reading import Shown, all, decisions, paused_by_itself, show, stopped_gateways
from campaigns.waves.running import (
    OnOpen,
    cancel,
    check_may_run,
    finish_done,
    open_due,
    pause,
    resume,
    sending,
    sweep_cancelled,
)

__all__ = [
    "OnOpen",
    "Shown",
    "all",
    "approve",
    "approve_by_machine",
    "cancel",
    "change",
    "check_may_run",
    "decisions",
    "finish_done",
    "open_due",
    "pause",
    "paused_by_itself",
    "plan",
    "preview",
    "resume",
    "return_to_author",
    "schedule",
    "sending",
    "show",
    "stopped_gateways",
    "submit",
    "sweep_cancelled",
]
