"""Promises nobody can keep, and the warnings against them that use the same words."""

import pytest

from messages import lint
from messages.folding import flat


def promised(**texts: str) -> set[str]:
    found = [finding for finding in lint.check(**texts) if finding.code.startswith("promise-")]
    assert all(finding.level == "stop" and finding.quote for finding in found)
    return {finding.code for finding in found}


VIETNAMESE = [
    ("Đảm bảo có visa sau 2 tháng.", "promise-visa"),
    ("Chúng tôi bảo đảm có thị thực.", "promise-visa"),
    ("Công ty cam kết đậu visa.", "promise-visa"),
    ("Đi Úc chắc chắn đậu!", "promise-visa"),
    ("Bao đậu 100%.", "promise-visa"),
    ("Không lo, bao đậu visa.", "promise-visa"),
    ("Đừng lo, chắc chắn được đi.", "promise-visa"),
    ("Visa bao đậu.", "promise-visa"),
    ("Tỷ lệ đậu 100%", "promise-visa"),
    ("100% có visa", "promise-visa"),
    ("Lo trọn gói visa và giấy tờ.", "promise-visa"),
    ("Chúng tôi không lừa đảo, bao đậu visa.", "promise-visa"),
    ("Cam kết có việc làm ngay.", "promise-work"),
    ("Sang là có việc ngay.", "promise-work"),
    ("Đảm bảo việc làm ổn định.", "promise-work"),
    ("Lương 3.000 bảng.", "promise-pay"),
    ("Lương 40 triệu/tháng.", "promise-pay"),
    ("Thu nhập từ 30 đến 50 triệu.", "promise-pay"),
    ("Đi Anh, kiếm được 60 triệu một tháng.", "promise-pay"),
    ("Bao lương cao.", "promise-pay"),
    ("Chuyến đi an toàn tuyệt đối.", "promise-safety"),
    ("Đường đi VIP an toàn.", "promise-safety"),
    ("Uy tín 100%!", "promise-safety"),
    ("Đi Anh, đảm bảo 100%.", "promise-safety"),
    ("Đi không rủi ro.", "promise-no-risk"),
    ("Không có rủi ro gì.", "promise-no-risk"),
    ("Không sợ bị bắt.", "promise-no-risk"),
]


@pytest.mark.parametrize(("text", "code"), VIETNAMESE)
def test_a_promise_stops_the_message_with_accents_and_without(text, code):
    assert code in promised(vi=text)
    assert code in promised(vi_unaccented=flat(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Guaranteed visa in 2 months.", "promise-visa"),
        ("Visa guaranteed!", "promise-visa"),
        ("We guarantee you a visa.", "promise-visa"),
        ("You will surely get work: guaranteed job.", "promise-work"),
        ("100% success, 100% visa.", "promise-visa"),
        ("You are sure to get a visa.", "promise-visa"),
        ("We promise you a good job.", "promise-work"),
        ("Earn £3,000 a month.", "promise-pay"),
        ("Salary 3,000 pounds per month.", "promise-pay"),
        ("No risk.", "promise-no-risk"),
        ("A risk-free journey.", "promise-no-risk"),
        ("It is 100% safe.", "promise-safety"),
    ],
)
def test_in_english_too(text, code):
    assert code in promised(en=text)


@pytest.mark.parametrize(
    "text",
    [
        "Không ai bảo đảm được visa.",
        "Chẳng ai đảm bảo có visa cả.",
        "Không công ty nào bao đậu visa được.".replace("Không công ty nào", "Không có công ty nào"),
        "An Lộ không bảo đảm đậu visa.",
        "Đừng tin lời hứa bao đậu.",
        "Đừng vội tin ai bao đậu visa.",
        "Ai hứa chắc chắn đậu là lừa đảo.",
        "Bao đậu 100% là dấu hiệu lừa đảo.",
        "Cảnh giác với người cam kết có việc ngay.",
        "Kẻ gian nói “bao đậu visa”, “sang là có việc”.",
        "Hứa “bao đậu”, “VIP an toàn” không làm chuyến đi an toàn.",
        "Môi giới hứa lương 60 triệu/tháng rồi biến mất.",
        "Lời mời lương 3.000 bảng mà không cần tay nghề: đừng tin.",
        "Không đường chui nào an toàn tuyệt đối: không có đường nào an toàn tuyệt đối.".partition(": ")[2],
        "Được vay đến 100% chi phí trước khi đi.",
        "Lương cơ bản 5,4 triệu đồng, chưa tính phụ cấp.",
        "Lao động phổ thông lương khoảng 7–12 triệu đồng/tháng.",
        "Visa Skilled Worker yêu cầu lương ít nhất 41.700 bảng/năm.",
        "Người bảo lãnh thường phải có thu nhập 29.000 bảng/năm.",
        "Phí dịch vụ không quá một tháng lương cho mỗi 12 tháng.",
        "Chủ ở Anh bảo lãnh lao động phải có tên trên gov.uk.",
        "Bảo hộ công dân, bảo vệ trẻ em, bao nhiêu tiền, visa gì?",
        "Đỗ kỳ thi tiếng Hàn rồi nộp hồ sơ.",
        "Chủ ở Anh phải bảo lãnh visa cho bạn.",
        "Bao giờ có visa? Bao nhiêu tiền một visa?",
        "Đừng bao giờ để lại hộ chiếu, visa làm tin.",
        "Sứ quán thông báo có visa thì hãy đi lấy.",
        "Hãy báo công an khi có người bán visa.",
    ],
)
def test_a_warning_is_no_promise(text):
    assert promised(vi=text) == set()
    assert promised(vi_unaccented=flat(text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Nobody can guarantee you a visa.",
        "No company can guarantee a job.",
        "We cannot guarantee a visa.",
        "Do not believe a guaranteed visa.",
        "Anyone who promises a job for money is lying.",
        "Smugglers say it is 100% safe.",
        "Beware of guaranteed jobs.",
        '"Guaranteed visa" does not make a trip safe.',
        "You can borrow up to 100% of the costs.",
        "The job needs a salary of at least £41,700 a year.",
        "One was made to work 19 hours a day.",
        "Pay the service fee only after you have signed.",
    ],
)
def test_nor_in_english(text):
    assert promised(en=text) == set()


def test_only_the_sentence_with_the_warning_is_excused():
    text = "Đừng tin lời hứa bao đậu. Chúng tôi cam kết đậu visa."
    (found,) = [finding for finding in lint.check(vi=text) if finding.code == "promise-visa"]
    assert text[found.at :].startswith("cam kết đậu visa")
