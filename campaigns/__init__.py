"""The officers' room: lists of people, the messages written to them, and the waves that carry them out.

Start with `imports.py` (a file becomes people: `upload` reads it, `entries` judges a row, `packing` seals them in a
process `beside` this one, `import_work` stores them),
`areas.py` and `places.py` (where people live, on the maps before and after July 2025), `lists.py`, `consent.py`; then
`authoring.py` (messages), `waves.py` (plan, approve, open), `deliveries` (claim, record). What only thinks takes values
and returns values; statements stand in `store`, which is private to this room.
"""
