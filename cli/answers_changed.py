"""`answers expiring`, `stale` and `replay`: what grows old, and what a draft would change."""

from collections.abc import Iterator
from dataclasses import asdict

import click

from bots.answering import due, replays
from bots.answering.replay import Difference, Outcome
from campaigns.masking import masked_inside
from cli.context import emit, language, with_runtime
from messages.errors import sentence


@click.command()
@click.option("--days", type=click.IntRange(0, 3650), default=due.AHEAD, show_default=True, help="days to look ahead")
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def expiring(rt, days, as_json):
    """Answers that have expired or expire soon; an expired one is not said on real channels."""
    found = due.expiring(rt.book, rt.clock().date(), days)
    lines = [_day(each) for each in found] or [sentence("nothing-expires", language(), days=days)]
    emit(as_json, [{**asdict(each), "day": each.day.isoformat()} for each in found], lines)


def _day(each: due.Expiring) -> str:
    values = {"topic": each.topic, "lang": each.language, "day": each.day.isoformat()}
    if each.days < 0:
        return sentence("days-over", language(), **values)
    return sentence("days-left", language(), **values, days=each.days)


@click.command()
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def stale(rt, as_json):
    """Answers to read over: old or ending facts, not read over for long, said not to help."""
    now = rt.clock()
    found = due.stale(rt.book, now.date(), due.complaints(rt.db, now))
    lines = [f"{each.topic} ({each.language}): {_reasons(each)}" for each in found]
    emit(as_json, [asdict(each) for each in found], lines or [sentence("nothing-stale", language())])


def _reasons(each: due.Stale) -> str:
    told = (sentence(f"stale-{reason.code}", language(), what=reason.what, fact=reason.fact) for reason in each.reasons)
    return "; ".join(told)


@click.command()
@click.argument("draft", metavar="DRAFT_ID", type=click.IntRange(1))
@click.option("--words", is_flag=True, help="also what people wrote, numbers masked; else only the measuring lines")
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def replay(rt, draft, words, as_json):
    """Which past questions, and which lines of the measuring set, this version would answer differently."""
    result = replays.of_version(rt.db, rt.answers.shipped, draft, train=rt.answers.train)
    routed = [each for each in result.differences if not each.reworded]
    figures = {
        "asked": result.asked,
        "measured": result.measured,
        "routed": len(routed),
        "better": sum(each.verdict == "better" for each in routed),
        "worse": sum(each.verdict == "worse" for each in routed),
        "reworded": len(result.differences) - len(routed),
    }
    listed = [{**asdict(each), "text": _text(each, words), "verdict": each.verdict} for each in routed]
    emit(as_json, {**figures, "differences": listed}, _told(figures, routed, words))


def _told(figures: dict, routed: list[Difference], words: bool) -> Iterator[str]:
    yield sentence("replay-summary", language(), **figures)
    for each in routed:
        yield f"{_text(each, words)}: {_outcome(each.before)} → {_outcome(each.after)} {each.verdict}".rstrip()


def _text(each: Difference, words: bool) -> str:
    return masked_inside(each.text) if words or each.origin == "measured" else "…"


def _outcome(outcome: Outcome) -> str:
    return f"{outcome.topic or '—'} ({outcome.verdict})"
