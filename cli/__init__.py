"""The terminal's door: one module a group of commands, each thin; the table in `commands.py` names them all."""
