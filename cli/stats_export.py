"""`stats export`: the figures as a SQLite file to share, with what Datasette needs to say what they are."""

from pathlib import Path

import click

from cli.context import emit, language, with_runtime
from db import figures_file
from messages.errors import LANGUAGES, Mistake, sentence
from runtime.report import sheets


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--lang", type=click.Choice(LANGUAGES), help="of the titles and descriptions")
@click.option("--force", is_flag=True, help="replace what stands there")
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def export(rt, file, lang, force, as_json):
    """Writes the figures into FILE.db: sums only, small numbers masked, nothing of a person."""
    beside = figures_file.metadata_path(file)
    for each in (file, beside):
        if each.exists() and not force:
            raise Mistake("export-exists", file=each)
    spoken = lang or language()
    words = sheets.words(spoken)
    try:
        counts = figures_file.write(
            file, sheets.sheets(rt.db, rt.book, spoken, rt.clock()), title=words["title"], told=words["about"]
        )
    except OSError as error:
        raise Mistake("export-cannot-write", file=file, why=error.strerror or "") from error
    done = {"file": str(file), "metadata": str(beside), "rows": counts}
    said = sentence("export-made", language(), file=file, tables=len(counts), rows=sum(counts.values()), beside=beside)
    emit(as_json, done, [said])
