"""Waves: planned (`planning`), looked at and approved by a second officer (`deciding`), watched while they go out
(`showing`), paused or stopped (`steering`).
"""

from web.views.waves import deciding, planning, showing, steering
from web.views.waves.door import bp

__all__ = ["bp", "deciding", "planning", "showing", "steering"]
