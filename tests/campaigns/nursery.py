"""Brings up processes that are meant to be killed: `python nursery.py URL FOLDER`, one job a line on standard input.

It answers each line with the process id of a child that does the job, and the next, empty line with the child's end.
Forking from a process that has everything loaded makes a killed start cost milliseconds, not a second.
"""

import io
import os
import sys
from datetime import datetime
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME))

from campaigns import imports  # noqa: E402 (the path must be known first)
from db.engine import open_database  # noqa: E402
from db.seal import Seal  # noqa: E402

KEY = b"a key for tests only, thirty-two"


def main(url: str, folder: Path) -> None:
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _do(url, folder, *line.split())
            os._exit(0)
        print(child, flush=True)
        sys.stdin.readline()  # until then a child that is done keeps its id, so that nobody else can be killed by it
        print("ended", os.waitpid(child, 0)[1], flush=True)


def _do(url: str, folder: Path, job: str, *arguments: str) -> None:
    db = open_database(url, Seal([KEY]))
    if job == "work":
        import_id, worker, moment = arguments
        now = datetime.fromisoformat(moment)
        imports.work(db, folder, int(import_id), worker, lambda: now, batch=40)
    else:
        file, moment = arguments
        content = io.BytesIO(Path(file).read_bytes())
        imports.receive(db, folder=folder, filename="people.csv", content=content, list_name="Yên Thành",
                        source="test", by=None, now=datetime.fromisoformat(moment))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
