"""Importing a file from start to end, as the tests of this folder do it."""

import io
from pathlib import Path

from campaigns import imports

SAMPLES = Path(__file__).parent.parent / "samples"


def receive(db, folder, content, now, **options):
    """`content`: bytes, text, or the name of a file in tests/samples."""
    if isinstance(content, str) and "\n" not in content:
        options.setdefault("filename", content)
        content = (SAMPLES / content).read_bytes()
    if isinstance(content, str):
        content = content.encode()
    options = {"filename": "people.csv", "list_name": "Yên Thành", "source": "test", "by": None} | options
    return imports.receive(db, folder=folder, content=io.BytesIO(content), now=now, **options)


def take_in(db, folder, content, now, **options):
    """The Progress of an import that was worked to its end."""
    batch = options.pop("batch", imports.import_work.BATCH)
    import_id = receive(db, folder, content, now, **options)
    return imports.work(db, folder, import_id, "test", lambda: now, batch)
