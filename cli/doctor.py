"""`doctor`: every setting, gateway and platform: ready, or what is missing."""

import click

from bots import adoption
from cli.context import emit, language, with_runtime
from db import migrate
from messages.errors import sentence
from runtime import calls
from runtime.settings import TABLE


@click.command()
@click.option("--json", "as_json", is_flag=True)
@with_runtime
def doctor(rt, as_json):
    """Prints what is set, what is ready and what is missing."""
    report = {
        "settings": [_setting(rt, setting) for setting in TABLE],
        "database": {"kind": rt.db.dialect, "revision": migrate.revision(rt.db)},
        "gateways": [{**_ready(gateway), "hooks": _hooks(rt, gateway)} for gateway in rt.gateways.values()],
        "platforms": [_ready(platform) for platform in rt.platforms.values()],
        "content": {"topics": len(rt.book.topics), "digest": rt.book.digest[:12]},
        "answers": _answers(rt),
        "alerts": {"mail": _missing(rt.mail), "missing": calls.missing(rt)},
    }
    emit(as_json, report, _lines(report))


def _answers(rt) -> dict:
    """What is adopted, and the help lines nobody has test-called, told at these doors to people in danger."""
    states = adoption.state(rt.db, rt.book).values()
    return {
        "entries": sum(len(state.topics) for state in states),
        "adopted": sum(len(state.topics) - len(state.open) for state in states),
        "untested_help_lines": list(adoption.untested(rt.db, rt.book, rt.clock())),
        "leading_out": list(rt.doors_out),
    }


def _setting(rt, setting) -> dict:
    """A secret is never printed, only whether it is there."""
    value = rt.settings[setting.name]
    shown = ("•••" if value else "") if setting.kind == "secret" else value
    return {"name": setting.name, "value": shown, "set": bool(value), "help": setting.help}


def _ready(adapter) -> dict:
    return {"name": adapter.name, **_missing(adapter)}


def _hooks(rt, gateway) -> list[str]:
    """Addresses that somebody enters at the provider. Whoever knows one may report in the provider's name."""
    readiness = gateway.readiness()
    return [rt.settings.public_url + path for path in readiness.hooks] if readiness.ready else []


def _missing(adapter) -> dict:
    missing = list(adapter.readiness().missing)
    return {"ready": not missing, "missing": missing, "notes": list(adapter.readiness().notes)}


def _lines(report: dict):
    for row in report["settings"]:
        yield f"{row['name']:30} {row['value'] or '–':32} {row['help']}"
    yield ""
    yield f"database   {report['database']['kind']}, revision {report['database']['revision']}"
    for kind in ("gateways", "platforms"):
        for row in report[kind]:
            yield f"{kind[:-1]:10} {row['name']:12} {_verdict(row)}"
            yield from (f"{'':23} {sentence('hook-address', language(), url=url)}" for url in row.get("hooks", ()))
    yield f"content    {report['content']['topics']} topics ({report['content']['digest']})"
    yield from _told(report["answers"])
    yield f"mail       {_verdict(report['alerts']['mail'])}"
    yield from (f"alerts     {sentence(code, language())}" for code in report["alerts"]["missing"])


def _told(answers: dict):
    yield "answers    " + sentence("content-adopted", language(), n=answers["adopted"], all=answers["entries"])
    if answers["untested_help_lines"] and answers["leading_out"]:
        yield "answers    " + sentence(
            "help-lines-untested", language(), days=adoption.CALL_HOLDS.days, doors=", ".join(answers["leading_out"]),
            numbers=", ".join(answers["untested_help_lines"]),
        )


def _verdict(row: dict) -> str:
    if row["ready"]:
        return " ".join(sentence(code, language()) for code in ("ready", *row["notes"]))
    return sentence("missing", language(), names=", ".join(row["missing"]))
