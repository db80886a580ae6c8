"""An engine that says back what it heard: enough to see what the inbox does around a real one."""

import dataclasses
from types import MappingProxyType

from bots.model import Heard, OpenCase, OptIn, OptOut, Said


class Echo:
    """"stop" opts out, "start" opts in, "help" opens a red case; everything else is repeated."""

    in_order = True

    def __init__(self):
        self.book = _Book()
        self.before_reply = lambda: None

    def respond(self, heard: Heard) -> Said:
        self.before_reply()
        effects = {"stop": (OptOut(),), "start": (OptIn(),), "help": (OpenCase("red", "words"),),
                   "person": (OpenCase("none", "asked"),)}.get(heard.text, ())
        red = heard.text == "help"
        context = dataclasses.replace(heard.context, turns=heard.context.turns + 1)
        return Said(topic="echo", confidence=1.0, why=(heard.text,), danger="red" if red else "none", language="vi",
                    reply=f"{heard.channel}: {heard.text[:40]}", effects=effects, context=context)


class _Book:
    """With nothing in it that could be adopted."""

    topics = phrases = flags = MappingProxyType({})

    def phrase(self, name: str, language: str, channel: str, /, **values: object) -> str:
        return f"{name} {language} {channel}"
