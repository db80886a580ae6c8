"""The fields of a campaign message, filled in for one person.

`{{ name }}`, `{{ name or "bà con" }}` and `{% if name %} … {% else %} … {% endif %}` are the whole language. A template
is read against these three forms before Jinja2 sees it, so there is nothing to loop over, call, filter or reach into;
Jinja2's sandbox then only fills in text. A value is text and stays text, whatever is written in it.

A field is a column of the list, written as `field_name` writes it: the column "Năm sinh" is `{{ nam_sinh }}`. The
person's own name is `{{ ten }}` or `{{ name }}` in either language.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import jinja2
from jinja2 import meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from messages.errors import Mistake
from messages.folding import flat

#: Characters of a template, of one value, and of a filled message. The longest SMS a person should get is 3 segments.
TEMPLATE_LIMIT = 4_000
VALUE_LIMIT = 200
RESULT_LIMIT = 6_000

_NAME = "([a-z][a-z0-9_]{0,29})"
_WORDS = r"""(?:"[^"\\{}%\n]{0,60}"|'[^'\\{}%\n]{0,60}')"""
_SHOW = re.compile(rf"\{{\{{\s*{_NAME}(\s+or\s+{_WORDS})?\s*\}}\}}")
_IF = re.compile(rf"\{{%\s*if\s+{_NAME}\s*%\}}")
_ELSE = re.compile(r"\{%\s*else\s*%\}")
_ENDIF = re.compile(r"\{%\s*endif\s*%\}")
#: Whatever Jinja2 could take for code, and closing marks that were never opened.
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\{|\{%|\{#|#\}|\}\}|%\}", re.DOTALL)
_NOT_NAME = re.compile(r"[^a-z0-9]+")
#: What lists keep the person's own name as, and what people call it.
_OWN_NAME = frozenset({"name", "ten", "ho_ten", "ho_va_ten", "full_name"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

_sandbox = ImmutableSandboxedEnvironment(
    undefined=jinja2.StrictUndefined, autoescape=False, keep_trailing_newline=True, cache_size=0
)
_sandbox.globals.clear()
_sandbox.filters.clear()
_sandbox.tests.clear()


@dataclass(frozen=True)
class Template:
    """A message with its fields. `fields` are all names in it; `needed` those without which it cannot be filled."""

    source: str
    fields: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    _program: jinja2.Template | None = field(default=None, repr=False, compare=False)

    def render(self, values: Mapping[str, str]) -> str:
        """The message for one person, NFC; `values` by field or column. An empty or missing value takes the template's
        fallback.

        Raises Mistake: template-value-missing, template-value-wrong (no text, or over VALUE_LIMIT), message-too-long.
        """
        if self._program is None:
            return self.source
        known = {name: _clean(name, _value(values, name)) for name in self.fields}
        for name in self.needed:
            if not known[name]:
                raise Mistake("template-value-missing", field=name)
        text = unicodedata.normalize("NFC", self._program.render(known))
        if len(text) > RESULT_LIMIT:
            raise Mistake("message-too-long", limit=RESULT_LIMIT)
        return text


def compile(text: str, allowed: Collection[str] | None = None) -> Template:
    """Reads `text` as a template; `allowed` names the only fields it may use (None: any).

    Raises Mistake: message-too-long, template-wrong (quotes the part), template-field-unknown.
    """
    if len(text) > TEMPLATE_LIMIT:
        raise Mistake("message-too-long", limit=TEMPLATE_LIMIT)
    template = _compiled(unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    if allowed is not None and (strange := sorted(template.fields - set(allowed))):
        raise Mistake("template-field-unknown", field=strange[0], known=", ".join(sorted(allowed)) or "–")
    return template


@dataclass(frozen=True)
class Field:
    """One place in a template where a value comes. `fallback` is None where there is none."""

    name: str
    at: int
    fallback: str | None


def explain(text: str) -> tuple[Field, ...]:
    """The places of `text` where values come, in order. Raises what `compile` raises."""
    source = compile(text).source
    return tuple(Field(shown[1], shown.start(), _fallback(shown[2])) for shown in _SHOW.finditer(source))


def fields_of(text: str) -> tuple[str, ...]:
    """The names of the fields of `text`, each once, asked and shown ones alike. Raises what `compile` raises."""
    return tuple(sorted(compile(text).fields))


@dataclass(frozen=True)
class Example:
    """What a person with these values gets; when the field `missing` has no value, nothing (`text` is "")."""

    values: Mapping[str, str]
    text: str
    missing: str | None = None


def examples(template: Template, people: Iterable[Mapping[str, str]], most: int = 5) -> list[Example]:
    """`most` different messages among those `people` would get: those that cannot be written first, then the longest.

    Raises Mistake as `render` does, but not for a missing value.
    """
    each = {(example.text, example.missing): example for example in (_example(template, values) for values in people)}
    return sorted(each.values(), key=lambda example: (example.missing is None, -len(example.text)))[:most]


def _example(template: Template, values: Mapping[str, str]) -> Example:
    try:
        return Example(values, template.render(values))
    except Mistake as mistake:
        if mistake.code != "template-value-missing":
            raise
        return Example(values, "", mistake.values["field"])


def _fallback(words: str | None) -> str | None:
    """The words in the quotes of `or "words"`."""
    return words and words.split(maxsplit=1)[1][1:-1]


@lru_cache(maxsize=512)
def _compiled(text: str) -> Template:
    found = [match[0] for match in _CODE.finditer(text)]
    if not found:
        return Template(text)
    fields, needed = _read(found)
    try:
        tree = _sandbox.parse(text)
        if meta.find_undeclared_variables(tree) != fields:  # a word of Jinja2's own: true, none, self …
            raise Mistake("template-wrong", part=found[0][:40])
        program = _sandbox.from_string(text)
    except jinja2.TemplateSyntaxError as why:
        raise Mistake("template-wrong", part=found[0][:40]) from why
    return Template(text, frozenset(fields), frozenset(needed), program)


def _read(parts: list[str]) -> tuple[set[str], set[str]]:
    """The fields of the code `parts`, and those that must have a value. Raises Mistake for any other code."""
    fields: set[str] = set()
    needed: set[str] = set()
    inside: str | None = None  # the field of the open {% if %}; one level only
    in_else = False
    for part in parts:
        if shown := _SHOW.fullmatch(part):
            fields.add(shown[1])
            if not shown[2] and (inside != shown[1] or in_else):
                needed.add(shown[1])
        elif (asked := _IF.fullmatch(part)) and inside is None:
            inside, in_else = asked[1], False
            fields.add(inside)
        elif _ELSE.fullmatch(part) and inside is not None and not in_else:
            in_else = True
        elif _ENDIF.fullmatch(part) and inside is not None:
            inside = None
        else:
            raise Mistake("template-wrong", part=part[:40])
    if inside is not None:
        raise Mistake("template-wrong", part=f"{{% if {inside} %}}")
    return fields, needed


def _value(values: Mapping[str, str], name: str) -> object:
    """The value of a field, by its own name, or else that of the first filled column so called."""
    if values.get(name) is not None:
        return values[name]
    names = _OWN_NAME if name in _OWN_NAME else {name}
    return next((value for column, value in values.items() if value and field_name(column) in names), None)


@lru_cache(maxsize=1024)
def field_name(column: str) -> str:
    """How the column headed `column` is written in a template; "" when it cannot be.

    >>> field_name("Năm sinh"), field_name("Thôn / Xóm"), field_name("2026")
    ('nam_sinh', 'thon_xom', '')
    """
    name = _NOT_NAME.sub("_", flat(column)).strip("_")[:30].strip("_")
    return name if name[:1].isalpha() else ""


def _clean(name: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > VALUE_LIMIT:
        raise Mistake("template-value-wrong", field=name, limit=VALUE_LIMIT)
    return " ".join(_CONTROL.sub(" ", value).split())
