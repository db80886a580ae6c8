"""Reading the content folders: what a good one gives, and the one sentence a bad one raises."""

import re
import time
from datetime import date
from pathlib import Path

import pytest

from messages import catalog
from messages.book import Answer, Starter
from messages.errors import LANGUAGES, Mistake, sentence

ANSWER = """+++
title = "Nguy hiểm"
group = "risk"
sms = "Gọi 111."
sms_unaccented = "Goi 111."
sources = ["line"]
reviewed = 2026-11-21
expires = 2027-05-21
choices = ["boats"]
questions = [
  "có nguy hiểm không",
  "nguy hiem k",
]
+++
Đoạn một.

Đoạn hai.
"""
STARTER = """+++
title = "Lưu số 111"
theme = "help"
sources = ["line"]
reviewed = 2026-11-21
expires = 2027-05-21
unaccented = "Luu so 111."
+++
Lưu số 111.
"""
REPLIES = """
[hello]
chat = "Chào {name}."
sms = "Chào {name}!"
sms_unaccented = "Chao {name}!"
sources = ["line"]
"""
FACTS = """
as_of = 2026-11-21

[line]
claim_vi = "Gọi 111."
claim_en = "Call 111."
source = "Báo | Số 111 | https://example.org/111"
source_date = "2025-09-19"
confidence = "high"
also = ["Other | 111 | https://example.net/"]
"""


def _english(text: str) -> str:
    return re.sub(r'^(sms_)?unaccented = ".*"\n', "", text, flags=re.MULTILINE)


@pytest.fixture
def folder(tmp_path):
    for language in LANGUAGES:
        in_language = _english if language == "en" else str
        for name, text in {
            "answers/boats.md": ANSWER,
            "sms/save-111.md": STARTER,
            "replies.toml": REPLIES,
        }.items():
            path = tmp_path / language / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(in_language(text), encoding="utf-8")
    (tmp_path / "facts.toml").write_text(FACTS, encoding="utf-8")
    return tmp_path


def test_a_folder_becomes_a_book(folder):
    book = catalog.load(folder)
    assert book.topics["boats"].group == "risk"
    assert book.answer("boats", "vi") == Answer(
        title="Nguy hiểm",
        questions=("có nguy hiểm không", "nguy hiem k"),
        chat="Đoạn một.\n\nĐoạn hai.",
        sms="Gọi 111.",
        sms_unaccented="Goi 111.",
        sources=("line",),
        reviewed=date(2026, 11, 21),
        expires=date(2027, 5, 21),
        choices=("boats",),
    )
    assert book.answer("boats", "en").sms_unaccented == "Gọi 111."
    assert book.starters["save-111"]["vi"] == Starter(
        title="Lưu số 111",
        theme="help",
        text="Lưu số 111.",
        unaccented="Luu so 111.",
        sources=("line",),
        reviewed=date(2026, 11, 21),
        expires=date(2027, 5, 21),
    )
    assert book.starters["save-111"]["en"].unaccented == "Lưu số 111."
    assert book.facts["line"].expires is None
    assert catalog.load_facts(folder) == book.facts
    assert book.facts["line"].supports("example.net") and not book.facts["line"].supports("112")
    assert book.facts_as_of == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("channel", "text"), [("chat", "Chào Hoa."), ("sms", "Chao Hoa!"), ("sms-accented", "Chào Hoa!")]
)
def test_a_phrase_is_said_in_the_form_of_its_channel(folder, channel, text):
    assert catalog.load(folder).phrase("hello", "vi", channel, name="Hoa") == text


def test_a_value_is_not_read_as_a_field(folder):
    assert catalog.load(folder).phrase("hello", "vi", "chat", name="{name} {0}") == "Chào {name} {0}."


def test_a_phrase_without_its_value_is_a_key_error(folder):
    with pytest.raises(KeyError):
        catalog.load(folder).phrase("hello", "vi", "chat")


def test_an_answer_by_sms_is_unaccented(folder):
    answer = catalog.load(folder).answer("boats", "vi")
    assert (answer.text("sms"), answer.text("sms-accented")) == ("Goi 111.", "Gọi 111.")


def test_a_choice_that_is_no_topic_is_not_offered(folder):
    _change(folder, "vi/answers/boats.md", '["boats"]', '["boats", "gone"]')
    assert catalog.load(folder).choices("boats", "vi") == ("boats",)


def test_the_digest_follows_every_content_file(folder):
    first = catalog.load(folder).digest
    assert catalog.digest(folder) == first
    seen = {first}
    for file in ("facts.toml", "en/replies.toml", "vi/answers/boats.md", "en/sms/save-111.md"):
        _change(folder, file, "line", "live")
        seen.add(catalog.digest(folder))
    assert len(seen) == 5


def test_windows_line_ends_a_byte_order_mark_and_decomposed_letters_are_read(folder):
    path = folder / "vi/answers/boats.md"
    before = catalog.load(folder).answer("boats", "vi")
    text = path.read_text(encoding="utf-8").replace("ể", "ê\u0309").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert catalog.load(folder).answer("boats", "vi") == before


@pytest.mark.parametrize("questions", ['["một \\" hai"]', '["một",\n  "hai" ]', "['''một''']", '[\n# vì sao\n"một"]'])
def test_questions_may_be_any_toml_list(folder, questions):
    _change(folder, "vi/answers/boats.md", '[\n  "có nguy hiểm không",\n  "nguy hiem k",\n]', questions)
    assert catalog.load(folder).answer("boats", "vi").questions[0].startswith("một")


def _change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


#: file, what stands there, what is written instead, the code, and what the sentence must name
BAD = [
    ("vi/answers/boats.md", "+++\ntitle", "title", "content-front-matter", "vi/answers/boats.md"),
    ("vi/answers/boats.md", "]\n+++\n", "]\n", "content-front-matter", "vi/answers/boats.md"),
    ("vi/answers/boats.md", 'title = "Nguy hiểm"', "title = Nguy", "content-not-toml", "2"),
    ("vi/answers/boats.md", '  "nguy hiem k",\n', '  "nguy hiem k\n', "content-not-toml", "12"),
    ("vi/answers/boats.md", "]\n+++", "]\nx =\n+++", "content-not-toml", "14"),
    ("vi/answers/boats.md", 'group = "risk"', 'group = "risk"\ngroup = "risk"', "content-not-toml", "4"),
    ("vi/answers/boats.md", 'title = "Nguy hiểm"\n', "", "content-field-missing", "title"),
    ("vi/answers/boats.md", 'title = "Nguy hiểm"', 'title = " "', "content-field-text", "title"),
    ("vi/answers/boats.md", 'title = "Nguy hiểm"', "title = 7", "content-field-text", "title"),
    ("vi/answers/boats.md", 'sms_unaccented = "Goi 111."\n', "", "content-field-missing", "sms_unaccented"),
    ("vi/answers/boats.md", "2026-11-21", '"2026-11-21"', "content-field-date", "reviewed"),
    ("vi/answers/boats.md", "2027-05-21", "2027-05-21T00:00:00", "content-field-date", "expires"),
    ("vi/answers/boats.md", '["line"]', '"line"', "content-field-texts", "sources"),
    ("vi/answers/boats.md", '["line"]', '["line", ""]', "content-field-texts", "sources"),
    ("vi/answers/boats.md", '  "có nguy hiểm không",\n  "nguy hiem k",\n', "", "content-field-texts", "questions"),
    ("vi/answers/boats.md", "choices =", "choses =", "content-field-missing", "choices"),
    ("vi/answers/boats.md", 'group = "risk"', 'group = "risk"\ncolour = "red"', "content-field-unknown", "colour"),
    ("vi/answers/boats.md", "Đoạn một.\n\nĐoạn hai.", " ", "content-body-missing", "vi/answers/boats.md"),
    ("en/answers/boats.md", 'group = "risk"', 'group = "help"', "content-groups-differ", "boats"),
    ("en/answers/boats.md", "choices =", 'sms_unaccented = "x"\nchoices =', "content-field-unknown", "unaccented"),
    ("vi/replies.toml", '[hello]\nchat = "Chào {name}."', "hello = 1\n[x]", "content-field-table", "hello"),
    ("vi/replies.toml", "chat =", "chatt =", "content-field-missing", "hello.chat"),
    ("vi/sms/save-111.md", 'unaccented = "Luu so 111."\n', "", "content-field-missing", "unaccented"),
    ("vi/sms/save-111.md", 'theme = "help"\n', "", "content-field-missing", "theme"),
    ("en/sms/save-111.md", "2027-05-21", '"May"', "content-field-date", "expires"),
    ("facts.toml", "[line]", "[line]\nexpires = 1", "content-field-date", "line.expires"),
    ("facts.toml", "as_of = 2026-11-21", "", "content-field-date", "as_of"),
    ("facts.toml", "confidence =", "confidense =", "content-field-missing", "line.confidence"),
    ("facts.toml", "[line]", "[[line]]", "content-field-table", "line"),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "named"), BAD, ids=lambda value: str(value)[:24])
def test_bad_content_is_one_sentence_naming_file_and_place(folder, file, old, new, code, named):
    _change(folder, file, old, new)
    with pytest.raises(Mistake) as raised:
        catalog.load(folder)
    assert raised.value.code == code
    for language in LANGUAGES:
        said = raised.value.sentence(language)
        assert named in said
        assert file in said or code == "content-groups-differ"


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("en/answers/boats.md", None, "content-pair-missing"),
        ("vi/sms/save-111.md", None, "content-pair-missing"),
        ("vi/replies.toml", None, "content-missing"),
        ("facts.toml", None, "content-missing"),
        ("vi/answers/boats.md", b"+++\n\xff\xfe", "content-not-utf8"),
        ("vi/answers/boats.md", b"", "content-front-matter"),
        ("vi/answers/boats.md", b"x" * 1_000_001, "content-too-long"),
        ("vi/answers/boats.md", b"+++\nx = " + b"[" * 5000 + b"\n+++\nx", "content-not-toml"),
        ("facts.toml", b"\x00\x01", "content-not-toml"),
    ],
)
def test_a_missing_or_broken_file_is_named(folder, file, content, code):
    path = folder / file
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Mistake) as raised:
        catalog.load(folder)
    assert (raised.value.code, raised.value.values["file"]) == (code, file)
    assert raised.value.sentence("vi")


def test_template_code_in_a_bad_file_is_only_quoted():
    assert "{{ x }}" in sentence("content-field-unknown", "en", file="{{ x }}", field="f")


def test_the_shipped_content_is_read_quickly():
    """By the processor's time, and the best of three tries: the others may be a neighbour's on a shared machine."""
    best = min(_seconds() for _ in range(3))
    assert best < 0.5  # 0.1 s on an idle core


def _seconds() -> float:
    started = time.process_time()
    catalog.load(catalog.SHIPPED)
    return time.process_time() - started
