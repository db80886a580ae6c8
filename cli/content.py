"""`content check`: whether what may be said is in order. Part of `make check`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from cli.context import emit, language, say
from messages import catalog
from messages.check import check
from messages.errors import sentence
from sms import segments


@click.group()
def content() -> None:
    """Answers, phrases and starter messages."""


@content.command("check")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=catalog.SHIPPED)
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def check_command(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Check sources, lengths, dates and pairs of the content; exit status 1 when something is to be corrected."""
    book = catalog.load(folder)
    findings = check(book, today=datetime.now(UTC).date(), count=segments.count)
    sentences = [finding.sentence(language()) for finding in findings]
    if findings:
        emit(as_json, {"ok": False, "findings": sentences}, sentences)
        say(sentence("check-failed", language(), n=len(findings)))
        ctx.exit(1)
    questions = sum(len(answer.questions) for topic in book.topics.values() for answer in topic.answers.values())
    numbers = {"topics": len(book.topics), "questions": questions, "facts": len(book.facts)}
    emit(as_json, {"ok": True, "findings": [], **numbers}, [sentence("check-passed", language(), **numbers)])
