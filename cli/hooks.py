"""`hooks`: the doors of chat platforms, tried without an account."""

import json
import shutil
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from werkzeug.test import Client

import web
from cli.context import emit, language
from cli.stand_in import Received, StandIn, stand_in
from messages.errors import Mistake, sentence
from runtime import samples, settings
from runtime.build import Runtime, build
from runtime.samples import Sample
from scheduler import tasks

#: A press of this presses the first button of the reply before.
FIRST_BUTTON = "first button"
#: Says that a folder may be thrown away.
MARK = "made-by-replay"
#: What happens by itself after an event, in this order.
_AFTER = ("take_in", "answer_waiting", "send_replies")


@dataclass(frozen=True)
class Played:
    """One event: how the door answered it, and the replies that reached the provider."""

    event: dict
    status: int
    replies: Sequence[Received]


@click.group()
def hooks():
    """The doors of chat platforms, tried without an account."""


@hooks.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def replay(file, as_json):
    """Plays recorded events of Zalo or Telegram through the real door, against a provider on this machine.

    Everything happens in a folder of its own, DATA_DIR/replay, made anew each time: no real person is answered.
    """
    sample, events = samples.read(file)
    loaded = settings.load()
    folder = _fresh(loaded.data_dir)
    with stand_in() as provider:
        rt = build(loaded.with_values(**_apart(folder), **sample.led_to(provider.url)))
        try:
            played = list(_play(rt, provider, sample, events))
        finally:
            rt.close()
    emit(as_json, _report(sample, played), [*_told(played), "", sentence("replay-done", language(), folder=folder)])


def _fresh(data_dir: Path) -> Path:
    """An empty folder, but for what the bot has learnt: that is the installation's, so that it need not learn again."""
    folder, learnt = data_dir / "replay", data_dir / "cache"
    _empty(folder)
    learnt.mkdir(mode=0o700, exist_ok=True)
    try:
        (folder / "cache").symlink_to(learnt.resolve(), target_is_directory=True)
    except OSError:  # a system where not everybody may make links
        shutil.copytree(learnt, folder / "cache")
    return folder


def _empty(folder: Path) -> None:
    """Made anew, when nothing is there or this command made it. Raises Mistake: replay-folder (a link to somewhere
    else, an installation that is called so).
    """
    if folder.is_symlink() or (folder.exists() and not (folder / MARK).is_file()):
        raise Mistake("replay-folder", folder=folder)
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True, mode=0o700)
    except OSError as why:
        raise Mistake("replay-folder", folder=folder) from why
    (folder / MARK).touch()


def _apart(folder: Path) -> dict[str, str]:
    """Settings under which nothing of the installation is touched and nothing is asked of anybody outside."""
    return {"DATA_DIR": str(folder.resolve()), "DATABASE_URL": "", "PUBLIC_URL": "", "RUNNER": "off",
            "SMS_GATEWAY": "simulator"}


def _play(rt: Runtime, provider: StandIn, sample: Sample, events: Sequence[dict]) -> Iterator[Played]:
    client = Client(web.create_app(rt))
    for event in samples.as_of(rt.clock(), events):
        body = json.dumps(_pressed(event, provider.received)).encode()
        before = len(provider.received)
        headers = {**sample.headers(body), "Content-Type": "application/json"}
        answer = client.post(sample.path, data=body, headers=headers)
        _work(rt)
        yield Played(event, answer.status_code, tuple(provider.received[before:]))


def _pressed(event: dict, received: Sequence[Received]) -> dict:
    press = event.get("callback_query")
    buttons = next((reply.buttons for reply in reversed(received) if reply.buttons), ())
    if not isinstance(press, dict) or press.get("data") != FIRST_BUTTON or not buttons:
        return event
    return {**event, "callback_query": {**press, "data": buttons[0][1]}}


def _work(rt: Runtime) -> None:
    by_name = {task.name: task for task in tasks.TASKS}
    for name in _AFTER:
        tasks.run(rt, by_name[name], threading.Event())


def _report(sample: Sample, played: Sequence[Played]) -> dict:
    return {
        "platform": sample.platform,
        "events": len(played),
        "statuses": Counter(str(one.status) for one in played),
        "replies": sum(len(one.replies) for one in played),
        "conversation": [asdict(one) for one in played],
    }


def _told(played: Sequence[Played]) -> Iterator[str]:
    for one in played:
        yield f"{one.status}  {_whole(samples.told(one.event))}"
        for reply in one.replies:
            yield from (f"     │ {_whole(line)}" for line in reply.text.splitlines())
            if reply.buttons:
                yield "     │ " + " ".join(f"[{words}]" for words, _ in reply.buttons)
            yield ""


def _whole(text: str) -> str:
    """Halves of letters cannot be printed."""
    return text.encode("utf-8", "replace").decode()
