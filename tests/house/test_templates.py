"""Templates: each is used, none loads from another host. Nothing inline, no unused import: web/test_design.py."""

import re

from tests.house.tree import ROOT, code, files, name_of

FOLDER = ROOT / "web" / "templates"
PAGES = [path for path in files(".html") if path.is_relative_to(FOLDER)]
#: What a browser fetches without being asked; a link that a person follows may lead anywhere.
FETCHED = re.compile(r"""<(?:script|link|img|iframe|source|video|audio|use)\b[^>]*?\s(?:src|href)=["'](?:https?:)?//""")


def test_nothing_is_loaded_from_another_host():
    assert [name_of(path) for path in PAGES if FETCHED.search(path.read_text(encoding="utf-8"))] == []


def test_styles_and_scripts_load_nothing_either():
    ours = [path for path in files(".css", ".js", ".svg") if path.is_relative_to(ROOT / "web" / "static")]
    found = re.compile(r"""url\(\s*["']?(?:https?:)?//|@import|(?:fetch|import)\(\s*["'](?:https?:)?//""")
    assert [name_of(path) for path in ours if found.search(path.read_text(encoding="utf-8"))] == []


def test_every_template_is_used():
    """By a view, or by another template that extends, imports or includes it."""
    said = "\n".join(path.read_text(encoding="utf-8") for path in (*PAGES, *code()))
    unused = [path.relative_to(FOLDER).as_posix() for path in PAGES]
    assert [name for name in unused if f'"{name}"' not in said and f"'{name}'" not in said] == []
