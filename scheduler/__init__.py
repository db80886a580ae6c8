"""The clock's door: everything that happens by itself, and the sending of waves.

Start in `tasks.py`: one table of small functions, each looking at rows and returning counts. `embedded.py` ticks them
in one process, `cluster.py` spreads them over workers on PostgreSQL, `foreground.py` works through one wave for the
command line. `dispatch.py` hands messages to gateways; `retry.py` finds out what became of those whose sender died.
"""
