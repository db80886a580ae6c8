"""Which firm a text names; and that thousands of questions which name none are left alone."""

import pytest

from bots.agencies.matching import Directory
from bots.agencies.mentions import named
from messages import catalog
from tests.bots.agencies.firms import directory

NAMED = {
    "cong ty Sovana co phep khong": ("licensed", "Sovana"),
    "sovana co phep ko": ("licensed", "sovana"),
    "is TKC Vietnam licensed": ("licensed", "TKC Vietnam"),
    "is the agency KIMLO Co., Ltd legit?": ("licensed", "KIMLO"),
    "cty trubavina uy tin k ad": ("licensed", "trubavina"),
    "check giup cty kim lo": ("licensed", "kim lo"),
    "e nop ho so o cty bao tin loc co dc ko": ("licensed", "bao tin loc"),
    "Em muốn hỏi công ty cổ phần xuất khẩu lao động Bình Minh Sa ạ": ("revoked", "Bình Minh Sa"),
    "Công ty TNHH Hợp tác quốc tế Kim Lộ tuyển 50 đơn hàng đi Nhật. Phí 5 triệu.": ("licensed", "Kim Lộ"),
    "tuyển gấp lao động đi Úc lương 80tr, cty HASOMEX bảo lãnh": ("licensed", "HASOMEX"),
    "công ty Lam Kinh Việt Nghệ An có phép không ạ": ("similar", "Lam Kinh Việt Nghệ An"),
    "cty sovanna co giay phep ko": ("similar", "sovanna"),
    "công ty VINAJOB lừa đảo phải không": ("not-found", "VINAJOB"),
    "cong ty hoang ha co phep khong": ("not-found", "hoang ha"),
    "công ty Hoàng Hà có uy tín không": ("not-found", "Hoàng Hà"),
}
UNNAMED = (
    "", "công ty này có phép không", "công ty ở Hà Nội nhưng văn phòng ở Vinh, có tin được không", "cty nào uy tín ạ",
    "công ty bên Nhật có phép không", "Is this agency licensed?", "The tour company says it is fine", "👍", "111",
    "xuất khẩu lao động đi Hàn Quốc", "tôi muốn gặp cán bộ", "'; DROP TABLE agencies; --",
)


@pytest.fixture(scope="module")
def where():
    return directory()


@pytest.mark.parametrize("text", NAMED)
def test_a_firm_is_named(where, text):
    verdict, words = NAMED[text]
    mention = named(where, text)
    assert mention.found.verdict == verdict
    assert words in mention.text


@pytest.mark.parametrize("text", UNNAMED)
def test_no_firm_is_named(where, text):
    assert named(where, text) is None


def test_no_example_question_names_a_firm(where):
    """Every question of the shipped answers, in all its registers, against the made-up list."""
    book = catalog.load(catalog.SHIPPED)
    questions = [q for topic in book.topics.values() for answer in topic.answers.values() for q in answer.questions]
    found = {question: mention.text for question in questions if (mention := named(where, question))}
    assert len(found) <= len(questions) // 1000, found


def test_a_listed_firm_comes_before_one_that_only_resembles(where):
    mention = named(where, "Công ty Sovana Nghệ An và công ty TRUBAVINA, cái nào có phép?")
    assert (mention.found.verdict, mention.text) == ("licensed", "công ty TRUBAVINA")


@pytest.mark.parametrize("text", ["công ty Sovana. " * 700, "x" * 10_000, "Sao Mộc Tinh; " * 800, "(" * 10_000])
def test_a_pasted_book_is_read_to_its_bound(where, text):
    mention = named(where, text)
    assert mention is None or mention.found.verdict == "licensed"


def test_without_a_list_a_name_is_still_heard():
    mention = named(Directory(None), "công ty VINAJOB có phép không")
    assert mention.found.verdict == "no-list"
