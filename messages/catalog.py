"""The content folders read into one `Book`: answers, the bot's phrases, starter messages and facts.

A file that cannot be used raises one Mistake that names the file and the line or field. What is usable but wrong in
substance (an unknown source, an expired answer, a text too long) is for `check.py`.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from messages.book import Answer, Book, Fact, Flag, Phrase, Starter, Topic
from messages.errors import LANGUAGES, Mistake
from messages.files import Fields, files_below, read_toml, split_front_matter

#: The content that comes with An Lộ.
SHIPPED = Path(__file__).parent


def load(folder: Path) -> Book:
    """Reads `folder` (vi/, en/ and facts.toml in it). Raises Mistake("content-…") naming file and line or field."""
    facts_file = read_toml(folder / "facts.toml", folder)
    return Book(
        topics=_topics(folder),
        phrases=_each(lambda language: _phrases(folder, language)),
        starters=_starters(folder),
        facts=_facts(facts_file),
        facts_as_of=facts_file["as_of"],
        digest=digest(folder),
        flags=_each(lambda language: _flags(folder, language)),
    )


def load_facts(folder: Path) -> Mapping[str, Fact]:
    """The facts of `folder` alone. Raises as `load` does."""
    return _facts(read_toml(folder / "facts.toml", folder))


def digest(folder: Path) -> str:
    """Hex SHA-256 over the names and bytes of the content files of `folder`, without parsing them."""
    sha = hashlib.sha256()
    for path in files_below(folder):
        content = path.read_bytes()
        sha.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        sha.update(content)
    return sha.hexdigest()


def _each(make: Callable[[str], object]) -> Mapping:
    return MappingProxyType({language: make(language) for language in LANGUAGES})


def _topics(folder: Path) -> Mapping[str, Topic]:
    names = _paired(folder, "answers")
    return MappingProxyType({name: _topic(folder, name) for name in names})


def _paired(folder: Path, kind: str) -> list[str]:
    """The names of the .md files of `kind`, which both languages must have."""
    names = {language: {path.stem for path in (folder / language / kind).glob("*.md")} for language in LANGUAGES}
    for language in LANGUAGES:
        if missing := sorted(set.union(*names.values()) - names[language]):
            raise Mistake("content-pair-missing", file=f"{language}/{kind}/{missing[0]}.md")
    return sorted(names["vi"])


def _topic(folder: Path, name: str) -> Topic:
    read = {language: _answer(folder / language / "answers" / f"{name}.md", folder, language) for language in LANGUAGES}
    groups = {group for group, _ in read.values()}
    if len(groups) > 1:
        raise Mistake("content-groups-differ", topic=name, groups=", ".join(sorted(groups)))
    answers = {language: answer for language, (_, answer) in read.items()}
    return Topic(id=name, group=groups.pop(), answers=MappingProxyType(answers))


def _answer(path: Path, folder: Path, language: str) -> tuple[str, Answer]:
    front, body = split_front_matter(path, folder)
    fields = Fields(front, path.relative_to(folder).as_posix())
    sms = fields.text("sms")
    answer = Answer(
        title=fields.text("title"),
        questions=fields.texts("questions", least=1),
        chat=fields.body(body),
        sms=sms,
        sms_unaccented=fields.text("sms_unaccented") if language == "vi" else sms,
        sources=fields.texts("sources"),
        reviewed=fields.day("reviewed"),
        expires=fields.day("expires"),
        choices=fields.texts("choices"),
    )
    group = fields.text("group")
    fields.nothing_left()
    return group, answer


def _phrases(folder: Path, language: str) -> Mapping[str, Phrase]:
    path = folder / language / "replies.toml"
    return MappingProxyType(
        {name: _phrase(name, table, path.relative_to(folder).as_posix(), language)
         for name, table in read_toml(path, folder).items()}
    )


def _phrase(name: str, table: object, file: str, language: str) -> Phrase:
    if not isinstance(table, dict):
        raise Mistake("content-field-table", file=file, field=name)
    fields = Fields(table, file, prefix=f"{name}.")
    sms = fields.text("sms")
    phrase = Phrase(
        chat=fields.text("chat"),
        sms=sms,
        sms_unaccented=fields.text("sms_unaccented") if language == "vi" else sms,
        sources=fields.texts("sources", optional=True),
    )
    fields.nothing_left()
    return phrase


def _flags(folder: Path, language: str) -> Mapping[str, Flag]:
    """Signs of danger in offers; a folder may have none. What one language lacks is for check.py to tell."""
    path = folder / language / "flags.toml"
    if not path.exists():
        return MappingProxyType({})
    file = path.relative_to(folder).as_posix()
    tables = read_toml(path, folder).items()
    return MappingProxyType({name: _flag(name, table, file, language) for name, table in tables})


def _flag(name: str, table: object, file: str, language: str) -> Flag:
    if not isinstance(table, dict):
        raise Mistake("content-field-table", file=file, field=name)
    fields = Fields(table, file, prefix=f"{name}.")
    sms = fields.text("sms")
    flag = Flag(
        level=fields.text("level"),
        reason=fields.text("reason"),
        ask=fields.text("ask"),
        sms=sms,
        sms_unaccented=fields.text("sms_unaccented") if language == "vi" else sms,
        sources=fields.texts("sources"),
    )
    fields.nothing_left()
    return flag


def _starters(folder: Path) -> Mapping[str, Mapping[str, Starter]]:
    return MappingProxyType(
        {name: _each(lambda language, name=name: _starter(folder, language, name)) for name in _paired(folder, "sms")}
    )


def _starter(folder: Path, language: str, name: str) -> Starter:
    path = folder / language / "sms" / f"{name}.md"
    front, body = split_front_matter(path, folder)
    fields = Fields(front, path.relative_to(folder).as_posix())
    text = fields.body(body)
    starter = Starter(
        title=fields.text("title"),
        theme=fields.text("theme"),
        text=text,
        unaccented=fields.text("unaccented") if language == "vi" else text,
        sources=fields.texts("sources"),
        reviewed=fields.day("reviewed"),
        expires=fields.day("expires"),
    )
    fields.nothing_left()
    return starter


def _facts(content: dict) -> Mapping[str, Fact]:
    if not isinstance(content.get("as_of"), date):
        raise Mistake("content-field-date", file="facts.toml", field="as_of")
    facts = {}
    for name, table in content.items():
        if name == "as_of":
            continue
        if not isinstance(table, dict):
            raise Mistake("content-field-table", file="facts.toml", field=name)
        fields = Fields(table, "facts.toml", prefix=f"{name}.")
        names = ("claim_vi", "claim_en", "source", "source_date", "confidence")
        facts[name] = Fact(
            id=name,
            **{key: fields.text(key) for key in names},
            also=fields.texts("also", optional=True),
            expires=fields.day("expires", optional=True),
        )
        fields.nothing_left()
    return MappingProxyType(facts)


