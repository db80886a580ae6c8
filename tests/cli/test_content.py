"""`content check` as a person at the terminal meets it."""

import json
import re
import shutil

import pytest
from click.testing import CliRunner

from cli.commands import commands
from messages import catalog


@pytest.fixture
def folder(tmp_path):
    """A copy of what ships, cut down to three topics that do not expire."""
    for language in ("vi", "en"):
        (tmp_path / language / "answers").mkdir(parents=True)
        shutil.copy(catalog.SHIPPED / language / "replies.toml", tmp_path / language)
        for topic in ("thanks", "goodbye", "menu"):
            text = (catalog.SHIPPED / language / "answers" / f"{topic}.md").read_text(encoding="utf-8")
            text = re.sub(r"^choices = .*$", "choices = []", text, flags=re.MULTILINE)
            text = re.sub(r"^expires = .*$", "expires = 2999-12-31", text, flags=re.MULTILINE)
            (tmp_path / language / "answers" / f"{topic}.md").write_text(text, encoding="utf-8")
    shutil.copy(catalog.SHIPPED / "facts.toml", tmp_path)
    return tmp_path


def _check(folder, *options):
    return CliRunner().invoke(commands, ["content", "check", "--folder", str(folder), *options])


def test_content_in_order_says_how_much_there_is(folder):
    result = _check(folder, "--json")
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert (said["ok"], said["findings"], said["topics"]) == (True, [], 3)
    assert said["questions"] >= 120


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [("số 111", "số 112", "112"), ("2999-12-31", "2026-11-21", "2026-11-21"), ('"hotline-111"', '"gone"', "gone")],
)
def test_what_is_to_be_corrected_is_listed_and_the_status_is_1(folder, old, new, named):
    path = folder / "vi/answers/thanks.md"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = _check(folder)
    assert result.exit_code == 1
    assert "vi/answers/thanks.md" in result.stdout
    assert all("answers/thanks.md" in line for line in result.stdout.splitlines())
    assert named in result.stdout


def test_content_that_cannot_be_read_is_one_sentence_and_status_2(folder):
    (folder / "vi/answers/thanks.md").unlink()
    result = _check(folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "vi/answers/thanks.md" in result.stderr
