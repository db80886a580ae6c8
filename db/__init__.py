"""One seam to the data: SQLite in one file by default, PostgreSQL when several machines share the work.

Start in `engine.py` (opening, transactions). `tables/` holds the columns, one module a room, and no statement;
statements stand in the rooms' store modules. `seal.py` keeps numbers and names unreadable without the key.
"""

from db.engine import Database, open_database

__all__ = ["Database", "open_database"]
