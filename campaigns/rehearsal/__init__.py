"""A wave played through before anybody answers for it: who is reached when, at what price, and what stops it.

`scene.py` reads the wave, its people in groups and its limits; `clock.py` plays them (pure, with `crowds.py`);
`verdict.py` says what came of it (pure, in the shape of `result.py`); `playing.py` is what an officer asks for.
"""

from campaigns.rehearsal.playing import Kept, as_json, of_wave, rehearse, show
from campaigns.rehearsal.result import Rehearsal

__all__ = ["Kept", "Rehearsal", "as_json", "of_wave", "rehearse", "show"]
