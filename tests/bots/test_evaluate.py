"""The figures of `bot evaluate`, on lines whose right figures can be counted by hand."""

import json

import pytest

from bots import evaluate
from bots.evaluate import Found, Line
from messages.errors import Mistake


def found(topic, said, danger="none", heard="none", register="full", ms=1.0):
    ranked = (said,) if said else ()
    return Found(Line("text", topic, danger, register), said, ranked, heard, 0.9, ms)


SEVEN = [
    found("a", "a", register="full"),
    found("b", "a", register="teen"),
    found("b", None, register="teen"),
    found("out-of-scope", None),
    found("out-of-scope", "a"),
    found("a", "help", danger="red", heard="red"),
    found("a", "a", danger="red", heard="none", ms=9.0),
]


def test_figures():
    assert evaluate.figures(SEVEN, 1.23456) == {
        "n": 7, "accuracy": 0.4, "in_scope_accuracy": 0.3333, "oos_recall": 0.5, "oos_precision": 0.5,
        "red_recall": 0.5, "red_false_alarm": 0.0, "by_register": {"full": 1.0, "teen": 0.0},
        "train_s": 1.235, "p50_ms": 1.0, "p99_ms": 9.0,
    }


def test_more_figures():
    more = evaluate.more_figures(SEVEN)
    assert (more["turned_away"], more["first_guess"], more["confused"]) == (0.3333, 0.3333, ["b → a: 1"])


def test_what_a_file_does_not_say_has_no_figure():
    figures = evaluate.figures([Found(Line("text", "a"), "a", ("a",), "none", 0.9, 1.0)], 0.0)
    assert (figures["red_recall"], figures["oos_recall"], figures["red_false_alarm"]) == (None, None, None)
    assert figures["by_register"] == {}


def test_reading(tmp_path):
    file = tmp_path / "lines.jsonl"
    lines = '\ufeff{"text": "một", "topic": "a"}\n\n{"text": "hai", "danger": "red", "other": 1}\n'
    file.write_text(lines, encoding="utf-8")
    assert evaluate.read(file) == [Line("một", "a"), Line("hai", "", "red")]


@pytest.mark.parametrize("bad", ["no json", "[1]", '"text"', '{"topic": "a"}', '{"text": 3}', "{"])
def test_a_line_that_is_no_question_is_named(tmp_path, bad):
    file = tmp_path / "lines.jsonl"
    file.write_text('{"text": "một"}\n' + bad + "\n", encoding="utf-8")
    with pytest.raises(Mistake) as mistake:
        evaluate.read(file)
    assert mistake.value.values["line"] == 2
    assert mistake.value.sentence("vi")


def test_a_file_that_is_not_there_or_is_no_text(tmp_path):
    with pytest.raises(Mistake, match="questions-missing"):
        evaluate.read(tmp_path / "none.jsonl")
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(Mistake, match="questions-unreadable"):
        evaluate.read(tmp_path / "picture")


def test_any_labels_can_be_learnt():
    lines = [Line(f"{fruit} {word}", fruit) for fruit in ("apple", "pear", "plum") for word in ("red", "ripe", "sweet")]
    lines += [Line("play a song", "out-of-scope"), Line("what time is it", "out-of-scope")]
    router = evaluate.train(lines)
    results = evaluate.with_router(router, [Line("ripe apple", "apple"), Line("", "out-of-scope")])
    assert [each.right for each in results] == [True, True]


def test_the_figures_are_one_json_document():
    assert json.loads(json.dumps(evaluate.figures(SEVEN, 1.0)))
