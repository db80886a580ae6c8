"""The design system keeps its promises: weight, contrast, nothing inline, one set of colours, icons that exist."""

import gzip
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parent.parent.parent / "web"
STATIC = WEB / "static"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))


def weight(name: str) -> int:
    return len(gzip.compress((STATIC / name).read_bytes(), 9))


def test_the_stylesheet_is_small():
    assert weight("app.css") < 8 * 1024


def test_the_scripts_are_tiny():
    assert weight("app.js") < 2 * 1024
    assert weight("bell.js") < 2 * 1024
    assert weight("chat.js") < 3 * 1024
    assert weight("embed.js") < 2 * 1024


def test_at_most_twenty_five_icons_with_their_licence():
    assert len(re.findall("<symbol", (STATIC / "icons.svg").read_text())) <= 25
    assert "ISC License" in (STATIC / "licenses" / "lucide.txt").read_text()


def test_every_icon_that_is_named_exists():
    drawn = set(re.findall(r'symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    used = {name for page in TEMPLATES for name in re.findall(r'icon\("([\w-]+)"\)', page.read_text())}
    used |= set(re.findall(r'Chip\(_l\("[^"]+"\), "([\w-]+)"', (WEB / "words.py").read_text()))
    used |= {icon for icon in re.findall(r'\("[\w.]+", "([\w-]+)", _l', (WEB / "frame.py").read_text())}
    assert used <= drawn


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda page: str(page.relative_to(WEB / "templates")))
def test_nothing_is_inline(page):
    """Strict CSP would block it in the browser; here it is seen earlier."""
    words = page.read_text()
    assert not re.search(r"\sstyle\s*=", words)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", words)
    assert "javascript:" not in words
    assert not re.search(r"<style", words)
    assert not re.search(r"<script(?![^>]*\ssrc=)", words)


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda page: str(page.relative_to(WEB / "templates")))
def test_every_imported_part_is_used(page):
    words = page.read_text()
    for names in re.findall(r"{% from \"[^\"]+\" import ([^%]+?) %}", words):
        for name in re.sub(r" with context$", "", names).split(","):
            used_as = name.split(" as ")[-1].strip()
            assert len(re.findall(rf"\b{used_as}\b", words)) > 1, f"{used_as} is imported for nothing"


def colours(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """The light and the dark custom properties of a stylesheet."""
    light, dark = re.findall(r":root \{(.*?)\}", css, re.S)[:2]
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part)) for part in (light, dark)]
    return found[0], {**found[0], **found[1]}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


#: Words on their ground, and the least contrast (WCAG 2: 4.5 for text, 3 for marks and edges).
PAIRS = [
    ("ink", "paper", 7),
    ("ink", "ground", 7),
    ("ink", "line", 4.5),
    ("quiet", "paper", 4.5),
    ("quiet", "ground", 4.5),
    ("action", "paper", 4.5),
    ("action", "ground", 4.5),
    ("action", "action-tint", 4.5),
    ("on-action", "action", 4.5),
    ("on-action", "action-deep", 4.5),
    ("warn", "warn-tint", 4.5),
    ("warn", "paper", 4.5),
    ("danger", "paper", 4.5),
    ("danger", "danger-tint", 4.5),
    ("on-danger", "danger", 4.5),
    ("good", "paper", 4.5),
    ("good", "good-tint", 4.5),
    ("info", "info-tint", 4.5),
    ("ink", "info-tint", 7),
    ("ink", "danger-tint", 7),
    ("ink", "warn-tint", 7),
    ("edge", "paper", 3),
    ("action", "line", 3),
    ("bar-1", "paper", 3),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(scheme):
    chosen = colours((STATIC / "app.css").read_text())[scheme == "dark"]
    faint = [
        (a, b, round(contrast(chosen[a], chosen[b]), 2))
        for a, b, least in PAIRS
        if contrast(chosen[a], chosen[b]) < least
    ]
    assert not faint


def test_the_chat_wears_the_same_colours():
    desk, chat = (colours((STATIC / name).read_text()) for name in ("app.css", "chat.css"))
    for ours, theirs in zip(desk, chat, strict=True):
        assert {name: ours[name] for name in theirs} == theirs
