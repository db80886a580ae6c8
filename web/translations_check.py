"""Are the words on officers' screens complete in Vietnamese? `python -m web.translations_check` says; `--write` renews.

Extracts every message of the code and templates and compares: nothing missing, fuzzy or left over in vi, the same
placeholders on both sides, and the compiled catalogue is that of the text. `--write` adds what is new (empty, for a
person to translate), drops what is gone and compiles.
"""

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

_HERE = Path(__file__).parent
PO = _HERE / "translations" / "vi" / "LC_MESSAGES" / "messages.po"
MO = PO.with_suffix(".mo")
_KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def _empty() -> Catalog:
    """A catalogue whose header never changes by itself, so that a change of the file is a change of words."""
    return Catalog(
        locale="vi",
        header_comment="# An Lộ: the words on officers' screens, Vietnamese.",
        project="An Lộ",
        version="1",
        last_translator="An Lộ",
        language_team="vi",
        msgid_bugs_address="-",
        creation_date=_DAY,
        revision_date=_DAY,
        charset="utf-8",
        fuzzy=False,
    )


def extracted() -> Catalog:
    """Every message that code and templates ask for, in the order of the files."""
    template = _empty()
    with open(_HERE / "babel.cfg", encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    for name, line, message, comments, context in extract_from_dir(
        str(_HERE),
        methods,
        options,
        keywords=_KEYWORDS,
        comment_tags=("For translators:",),
        strip_comment_tags=True,
    ):
        template.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return template


def faults() -> list[str]:
    """One line for each thing wrong; empty when Vietnamese is complete and compiled."""
    catalog, wanted = _read(), extracted()
    known = {_key(message) for message in catalog if message.id}
    asked = {_key(message) for message in wanted if message.id}
    found = [f"missing: {key!r}" for key in sorted(asked - known)]
    found += [f"no longer used: {key!r}" for key in sorted(known - asked)]
    found += [f"left over in the file: {key!r}" for key in catalog.obsolete]
    for message in catalog:
        if message.id:
            found += _faults_of(message)
    if not MO.exists() or MO.read_bytes() != compiled(catalog):
        found.append("messages.mo is not that of messages.po: run python -m web.translations_check --write")
    return found


def compiled(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def renew() -> None:
    """Brings the files up to what the code asks for, keeping what is translated."""
    known = {_key(message): message.string for message in _read() if message.id}
    catalog = extracted()
    for message in catalog:
        if message.id and _key(message) in known:
            message.string = known[_key(message)]
    out = io.BytesIO()
    write_po(out, catalog, width=120, omit_header=False, include_lineno=False)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(out.getvalue())
    MO.write_bytes(compiled(_read()))


def _read() -> Catalog:
    if not PO.exists():
        return _empty()
    with open(PO, "rb") as file:
        return read_po(file, locale="vi")


def _key(message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _faults_of(message) -> list[str]:
    texts = [message.string] if isinstance(message.string, str) else list(message.string)
    if message.fuzzy:
        return [f"fuzzy: {_key(message)!r}"]
    if not all(texts):
        return [f"not translated: {_key(message)!r}"]
    asked = set(_PLACEHOLDER.findall(_key(message))) | set(_PLACEHOLDER.findall(_last(message)))
    return [
        f"placeholders differ: {_key(message)!r}"
        for text in texts
        if set(_PLACEHOLDER.findall(text)) - asked or asked - set(_PLACEHOLDER.findall(text))
    ]


def _last(message) -> str:
    return message.id if isinstance(message.id, str) else message.id[-1]


def main() -> int:
    if "--write" in sys.argv:
        renew()
    found = faults()
    print("\n".join(found) or "Vietnamese is complete.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
