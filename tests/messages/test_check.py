"""What `check` finds, one slip at a time, in a book that is otherwise in order."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from messages.book import Answer, Book, Fact, Phrase, Starter, Topic
from messages.check import check, contacts_in, expiring
from messages.errors import LANGUAGES

TODAY = date(2026, 11, 24)


def count(text: str) -> SimpleNamespace:
    """A meter that knows only that € is not a letter it likes."""
    return SimpleNamespace(units=len(text), offending=tuple(letter for letter in text if letter == "♥"))


def answer(language: str, **changes) -> Answer:
    base = Answer(
        title="Nơi giúp đỡ",
        questions=tuple(f"{language} câu {number}" for number in range(25)),
        chat="Gọi 111.\n\nXem www.example.org.",
        sms="Gọi 111.",
        sms_unaccented="Goi 111.",
        sources=("line",),
        reviewed=date(2026, 11, 1),
        expires=date(2027, 5, 1),
        choices=("help",),
    )
    return replace(base, **changes)


def book(*, group="help", vi=None, en=None, more=(), phrases=None, starters=None) -> Book:
    topics = {"help": Topic("help", group, {"vi": answer("vi", **(vi or {})), "en": answer("en", **(en or {}))})}
    topics |= {topic.id: topic for topic in more}
    fact = Fact("line", "Gọi 111.", "Call 111.", "Báo | 111 | https://www.example.org/111", "2025", "high")
    ends = replace(fact, id="ends", expires=date(2026, 12, 31))
    weak = replace(fact, id="weak", confidence="low")
    return Book(
        topics=topics,
        phrases=phrases or {"vi": {}, "en": {}},
        starters=starters or {},
        facts={"line": fact, "ends": ends, "weak": weak},
        facts_as_of=date(2026, 11, 21),
        digest="",
    )


def codes(content: Book) -> set[str]:
    findings = check(content, today=TODAY, count=count)
    assert all(finding.sentence(language) for finding in findings for language in LANGUAGES)
    return {finding.code for finding in findings}


def test_a_book_in_order_has_no_findings():
    assert codes(book()) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sources": ()}, "check-source-missing"),
        ({"sources": ("line", "gone")}, "check-source-unknown"),
        ({"chat": "Gọi 112."}, "check-unsourced"),
        ({"chat": "Gọi +84 981 84 84 84."}, "check-unsourced"),
        ({"sms": "Gọi 0912345678."}, "check-unsourced"),
        ({"sms_unaccented": "xem example.com"}, "check-unsourced"),
        ({"sms_unaccented": "a" * 307}, "check-text-too-long"),
        ({"sms_unaccented": "♥"}, "check-not-gsm7"),
        ({"sms_unaccented": "Gọi 111"}, "check-accented"),
        ({"sms_unaccented": "Goi dì"}, "check-accented"),
        ({"sms_unaccented": "Dung nop tien"}, "check-ambiguous"),
        ({"expires": date(2026, 11, 23)}, "check-expired"),
        ({"reviewed": date(2028, 1, 1)}, "check-dates"),
        ({"questions": ("một",)}, "check-few-questions"),
        ({"chat": "Gọi 111.\n\nA\n\nB\n\nC"}, "check-paragraphs"),
        ({"choices": ("gone",)}, "content-choice-unknown"),
    ],
)
def test_each_slip_of_an_answer_is_found(changes, code):
    assert code in codes(book(vi=changes))


def test_a_compound_with_dung_is_clear():
    vi = {"sms": "Nội dung tuyển dụng, ai sử dụng", "sms_unaccented": "Noi dung tuyen dung, ai su dung"}
    assert codes(book(vi=vi, en={"sms": "A text", "sms_unaccented": "A text"})) == set()


def test_conversation_may_rest_on_no_fact():
    no_claim = {"sources": (), "chat": "Chào bạn.", "sms": "Chào", "sms_unaccented": "Chao"}
    assert codes(book(group="talk", vi=no_claim, en=no_claim)) == set()


def test_a_question_in_two_topics_is_found_whatever_its_accents():
    questions = (*answer("x").questions, "VI  Cau 7")
    twin = Topic("twin", "help", {"vi": answer("x", questions=questions), "en": answer("y")})
    assert codes(book(more=[twin])) == {"check-question-twice"}


def phrase(text: str = "Gọi {name}", **changes) -> Phrase:
    return replace(Phrase(chat=text, sms=text, sms_unaccented="Goi {name}", sources=()), **changes)


@pytest.mark.parametrize(
    ("vi", "en", "code"),
    [
        ({"hello": phrase()}, {}, "check-language-missing"),
        ({"hello": phrase()}, {"hello": phrase(chat="Call {who}")}, "check-fields-differ"),
        ({"hello": phrase(chat="Gọi 112 {name}")}, {"hello": phrase()}, "check-unsourced"),
        ({"red_vn": phrase(sms_unaccented="a" * 161)}, {"red_vn": phrase(sms_unaccented="a")}, "check-text-too-long"),
        ({"hello": phrase(sms_unaccented="Gọi {name}")}, {"hello": phrase()}, "check-accented"),
    ],
)
def test_each_slip_of_a_reply_is_found(vi, en, code):
    assert code in codes(book(phrases={"vi": vi, "en": en}))


def starter(language: str, **changes) -> Starter:
    texts = {
        "vi": ("An Lộ: Gọi 111. Ngừng: TU CHOI.", "An Lo: Goi 111. Ngung: TU CHOI."),
        "en": ("An Lo: Call 111. To stop: STOP.", "An Lo: Call 111. To stop: STOP."),
    }
    text, unaccented = texts[language]
    dates = {"reviewed": date(2026, 11, 1), "expires": date(2027, 5, 1)}
    return replace(Starter("Lưu số 111", "help", text, unaccented, ("line",), **dates), **changes)


def starters(*, vi=None, en=None) -> Book:
    return book(starters={"save": {"vi": starter("vi", **(vi or {})), "en": starter("en", **(en or {}))}})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"vi": {"sources": ()}, "en": {"sources": ()}}, "check-source-missing"),
        ({"vi": {"sources": ("gone",)}}, "check-source-unknown"),
        ({"vi": {"sources": ("weak",)}}, "check-source-weak"),
        ({"vi": {"sources": ("line", "ends")}}, "check-outlives-source"),
        ({"vi": {"sources": ("line", "ends"), "expires": date(2026, 12, 31)}}, "check-starters-differ"),
        ({"vi": {"theme": "weather"}}, "check-theme-unknown"),
        ({"vi": {"theme": "scams"}}, "check-starters-differ"),
        ({"en": {"expires": date(2026, 11, 23)}}, "check-expired"),
        ({"en": {"reviewed": date(2028, 1, 1)}}, "check-dates"),
        ({"vi": {"text": "An Lộ: Gọi 112. Ngừng: TU CHOI."}}, "check-unsourced"),
        ({"vi": {"unaccented": "An Lo: Goi 0800 0121 700. Ngung: TU CHOI."}}, "check-wording"),
        ({"vi": {"unaccented": "An Lo: Goi 111. " + "a" * 400}}, "check-text-too-long"),
        ({"vi": {"unaccented": "An Lo: {{ ten }}, goi 111. Ngung: TU CHOI."}}, "check-template"),
        ({"vi": {"unaccented": "An Lo: {{ ten|x }} goi 111. Ngung: TU CHOI."}}, "check-template"),
        ({"vi": {"text": "Gọi 111. Ngừng: TU CHOI."}}, "check-wording"),
        ({"vi": {"text": "An Lộ: Gọi 111."}}, "check-wording"),
        ({"vi": {"text": "An Lộ: Bao đậu visa. Gọi 111. Ngừng: TU CHOI."}}, "check-wording"),
        ({"en": {"text": "An Lo: Call 111. Do not go. To stop: STOP."}}, "check-wording"),
        ({"vi": {"text": "An Lộ: Các bên gọi 111. Ngừng: TU CHOI.",
                 "unaccented": "An Lo: Cac ben goi 111. Ngung: TU CHOI."}}, "check-wording"),
    ],
)  # fmt: skip
def test_each_slip_of_a_starter_is_found(changes, code):
    assert codes(starters(**changes)) >= ({code} if code else set())
    if code is None:
        assert codes(starters()) == set()


def test_a_starter_about_our_own_messages_may_rest_on_no_fact():
    about_us = {"theme": "service", "sources": ()}
    no_number = {"vi": "An Lộ: Nhắn lại tin này. Ngừng: TU CHOI.", "en": "An Lo: Reply to this text. To stop: STOP."}
    unaccented = "An Lo: Nhan lai tin nay. Ngung: TU CHOI."
    found = starters(
        vi={**about_us, "text": no_number["vi"], "unaccented": unaccented},
        en={**about_us, "text": no_number["en"], "unaccented": no_number["en"]},
    )
    assert codes(found) == set()


def test_a_starter_fits_for_whoever_bears_a_long_name():
    filler = "a" * (306 - len("An Lo: ba con, goi 111. Ngung: TU CHOI. "))
    fallback_only = f'An Lo: {{{{ ten or "ba con" }}}}, goi 111. Ngung: TU CHOI. {filler}'
    assert "check-text-too-long" in codes(starters(vi={"unaccented": fallback_only}))
    assert "check-text-too-long" not in codes(starters(vi={"unaccented": fallback_only.replace("a" * 30, "")}))


def test_an_answer_may_not_outlive_its_source_nor_say_two_things():
    assert "check-outlives-source" in codes(book(vi={"sources": ("line", "ends")}))
    assert "check-wording" in codes(book(vi={"sms_unaccented": "Goi 112."}))
    assert "check-wording" in codes(book(vi={"sms": "Bao đậu visa. Gọi 111."}))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gọi 111.", ["111"]),
        ("Gọi (999), 112 hoặc 1955;", ["999", "112", "1955"]),
        ("+84 981 84 84 84, 08000 121 700, 024 3824 9517", ["+84 981 84 84 84", "08000 121 700", "024 3824 9517"]),
        ("0120-250-168 và 1900 1234", ["0120-250-168", "1900 1234"]),
        ("http://www.dolab.gov.vn/x và gov.uk.", ["www.dolab.gov.vn", "gov.uk"]),
        ("ngày 23/10/2019, 10.000–20.000 bảng, 111 người, 700–1.000%, 2026–2030, 15-20", []),
        ("Nghị định 282/2025/NĐ-CP, Luật 69/2020/QH14, IELTS 4.0, v.v., 16.500 người", []),
    ],
)
def test_numbers_to_call_and_addresses_are_seen(text, found):
    assert contacts_in(text) == found


def test_answers_that_expire_soon_come_soonest_first():
    content = book(vi={"expires": date(2026, 12, 20)}, en={"expires": date(2026, 12, 1)})
    assert expiring(content, before=date(2027, 1, 1)) == [
        ("help", "en", date(2026, 12, 1)),
        ("help", "vi", date(2026, 12, 20)),
    ]
    assert expiring(content, before=date(2026, 12, 1)) == []
