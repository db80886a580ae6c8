"""Carries the furniture in: reads the settings and builds the database, the gateways, the platforms and the bot, once.

Start in `build.py`: `build(settings)` is the only place that knows which adapters exist. Doors get one `Runtime` and
hand its parts down. `settings.py` is the one table of settings.
"""
