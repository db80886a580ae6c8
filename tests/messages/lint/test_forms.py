"""The three forms of a message say the same."""

import pytest

from messages import lint
from messages.lint.figures import figures
from messages.lint.text import text_of


def found(code: str, **texts: str) -> list[tuple[str, str, str]]:
    """(form, other form, quote) of the findings."""
    return [(one.form, one.values["other"], one.quote) for one in lint.check(**texts) if one.code == code]


@pytest.mark.parametrize(
    ("form", "text", "values"),
    [
        ("vi", "10.000 bảng, 1,5 tháng, 700–1.000%", ["10000", "1.5", "700", "1000"]),
        ("en", "10,000 pounds, 1.5 months, 700-1,000%", ["10000", "1.5", "700", "1000"]),
        ("vi", "5,4 triệu, 500 nghìn, 1 tỷ", ["5400000", "500000", "1000000000"]),
        ("en", "5.4 million, 500 thousand, 1 billion", ["5400000", "500000", "1000000000"]),
        ("vi", "ngày 22/7/2025", ["22", "7", "2025"]),
        ("en", "22 July 2025, the 2nd", ["22", "2025", "2"]),
        ("vi", "24/7", ["24/7"]),
        ("vi", "24/24 giờ", ["24/7"]),
        ("vi-unaccented", "24 gio", ["24/7"]),
        ("en", "24 hours a day", ["24/7"]),
        ("en", "24 hours a day, 7 days a week", ["24/7"]),
        ("en", "a 24-hour line", ["24/7"]),
        ("vi", "8 giờ, 14h, 14h30, 09:00", ["8", "14", "14:30", "9"]),
        ("en", "8 am, 2 pm, 2:30 pm, 9:00", ["8", "14", "14:30", "9"]),
        ("vi", "Gọi 0800 0121 700, www.1955.gov.vn, B2, QH14", ["call +448000121700"]),
        ("vi", "IELTS 4.0, 7 người", ["4", "7"]),
        ("vi", "{{ ten or \"bạn 5\" }} 6", ["6"]),
    ],
)  # fmt: skip
def test_a_number_has_one_value_however_it_is_written(form, text, values):
    assert [figure.value for figure in figures(text_of(form, text))] == values


@pytest.mark.parametrize(
    ("vi", "unaccented"),
    [
        ("Gọi 111 hoặc 999.", "Goi 999 hoac 111."),
        ("Gọi 08000 121 700.", "Goi 0800 0121 700."),
        ("Có bốn người.", "Co 4 nguoi."),
        ("Có 10.000 đồng.", "Co 10000 dong."),
        ("24/24", "24/7"),
        ("Năm 2019 và năm 2019", "Nam 2019"),
    ],
)
def test_the_same_numbers_pass(vi, unaccented):
    assert found("numbers-differ", vi=vi, vi_unaccented=unaccented) == []


@pytest.mark.parametrize(
    ("texts", "where"),
    [
        (
            {"vi": "Gọi 111.", "vi_unaccented": "Goi 112."},
            [("vi", "vi-unaccented", "111"), ("vi-unaccented", "vi", "112")],
        ),
        (
            {"vi": "Gọi 0800 808 3733.", "vi_unaccented": "Goi 0300 808 3733."},
            [("vi", "vi-unaccented", "0800 808 3733"), ("vi-unaccented", "vi", "0300 808 3733")],
        ),
        ({"vi": "Phạt 5 triệu.", "vi_unaccented": "Phat tien."}, [("vi", "vi-unaccented", "5 triệu")]),
        ({"vi": "Có người.", "vi_unaccented": "Co 4 nguoi."}, [("vi-unaccented", "vi", "4")]),
        (
            {"vi": "Từ 22/7/2025.", "vi_unaccented": "Tu 23/7/2025."},
            [("vi", "vi-unaccented", "22"), ("vi-unaccented", "vi", "23")],
        ),
        ({"vi": "39 người", "en": "38 people"}, [("vi", "en", "39"), ("en", "vi", "38")]),
        (
            {"vi_unaccented": "39 nguoi", "en": "38 people"},
            [("vi-unaccented", "en", "39"), ("en", "vi-unaccented", "38")],
        ),
        ({"vi": "5 triệu", "en": "5 billion"}, [("vi", "en", "5 triệu"), ("en", "vi", "5 billion")]),
    ],
)
def test_a_number_that_differs_stops_the_message(texts, where):
    assert found("numbers-differ", **texts) == where
    assert all(one.level == "stop" for one in lint.check(**texts) if one.code == "numbers-differ")


@pytest.mark.parametrize(
    ("vi", "en"),
    [
        ("Từ 22/7/2025", "Since 22 July 2025"),
        ("2 năm", "two years"),
        ("cả hai người, ba điều", "both people, 3 things"),
        ("30.170 cuộc gọi", "30,170 calls"),
        ("1,5 tháng", "1.5 months"),
        ("100 triệu đồng", "100 million dong"),
        ("20:00", "8 pm"),
        ("Gọi 0981 84 84 84", "Call +84 981 84 84 84"),
    ],
)
def test_two_languages_may_write_a_number_differently(vi, en):
    assert found("numbers-differ", vi=vi, en=en) == []


@pytest.mark.parametrize(
    ("vi", "unaccented"),
    [
        ("Đừng đưa tiền.", "Dung dua tien."),
        ("Đừng đưa tiền.", "KHONG dua tien."),
        ("Luật cấm giữ hộ chiếu.", "Theo luat, khong ai duoc giu ho chieu."),
        ("Chưa ký hợp đồng thì đừng nộp.", "Chua ky hop dong thi KHONG nop."),
        ("Về đúng hạn được trả lại.", "Ve khong tre han duoc tra lai."),
        ("Miễn phí.", "Khong mat tien."),
        ("Đã ký chưa?", "Da ky chua?"),
        ("Chữa bệnh, đúng giờ, cho bạn", "Chua benh, dung gio, cho ban"),
        ("Ko ai được giữ", "Khong ai duoc giu"),
        ("Đừng bao giờ nộp tiền", "Bao gio cung KHONG nop tien"),
        ("Trước khi ký, đừng nộp tiền", "Dung nop tien truoc khi ky"),
    ],
)
def test_a_no_in_other_words_passes(vi, unaccented):
    assert found("negations-differ", vi=vi, vi_unaccented=unaccented) == []


@pytest.mark.parametrize(
    ("texts", "where"),
    [
        ({"vi": "Đừng đưa tiền cho ai.", "vi_unaccented": "Hay dua tien cho ho."}, ("vi", "vi-unaccented", "Đừng")),
        ({"vi": "Không nộp tiền trước.", "vi_unaccented": "Nop tien truoc."}, ("vi", "vi-unaccented", "Không")),
        ({"vi": "Hãy nộp tiền.", "vi_unaccented": "Khong nop tien."}, ("vi-unaccented", "vi", "Khong")),
        ({"vi": "Không ai giữ hộ chiếu, không nộp tiền.", "vi_unaccented": "Khong ai giu ho chieu, nop tien."},
         ("vi", "vi-unaccented", "không")),
        ({"vi": "Đừng nộp tiền.", "en": "Pay the money."}, ("vi", "en", "Đừng")),
        ({"vi": "Hãy nộp tiền.", "en": "Don't pay."}, ("en", "vi", "Don't")),
        ({"vi": "Hãy nộp tiền.", "en": "Do not pay."}, ("en", "vi", "not")),
        ({"vi_unaccented": "Khong nop tien.", "en": "Pay the money."}, ("vi-unaccented", "en", "Khong")),
    ],
)  # fmt: skip
def test_a_lost_no_stops_the_message(texts, where):
    assert found("negations-differ", **texts) == [where]
    assert all(one.level == "stop" for one in lint.check(**texts) if one.code == "negations-differ")


@pytest.mark.parametrize(
    ("vi", "en"),
    [
        ("Đừng nộp tiền.", "Do not pay."),
        ("Luật cấm thu tiền môi giới.", "The law bans broker fees."),
        ("Không còn visa này.", "This visa is closed."),
        ("Không ai được giữ hộ chiếu.", "Nobody may hold your passport."),
        ("Bạn đã ký chưa?", "Have you signed?"),
        ("Lương 5,4 triệu, chưa tính phụ cấp.", "Pay 5.4 million plus allowances."),
        ("Làm chui ở Hàn.", "Work without papers in Korea."),
        ("An Lộ: khong nop tien.", "An Lo: do not pay."),
        ("Có biết không?", "Do you know?"),
        ("Gọi 111, miễn phí.", "Call 111, at no cost."),
        ("Gọi 111. Ngừng: TU CHOI.", "Call 111. To stop: STOP."),
    ],
)
def test_two_languages_say_no_in_their_own_way(vi, en):
    assert found("negations-differ", vi=vi, en=en) == []


@pytest.mark.parametrize(
    ("texts", "other"),
    [
        ({"vi": "Gọi 111"}, ["en"]),
        ({"vi_unaccented": "Goi 111"}, ["en"]),
        ({"vi": "Gọi 111", "vi_unaccented": "Goi 111"}, ["en"]),
        ({"en": "Call 111"}, ["vi"]),
        ({"vi": "Gọi 111", "en": "Call 111"}, []),
        ({"vi_unaccented": "Goi 111", "en": "Call 111"}, []),
        ({"vi": " \n", "en": "Call 111"}, ["vi"]),
    ],
)
def test_a_missing_language_is_told(texts, other):
    missing = [finding for finding in lint.check(**texts) if finding.code == "language-missing"]
    assert [finding.values["other"] for finding in missing] == other
    assert all(finding.level == "advice" for finding in missing)


def test_another_wording_is_the_authors_right_and_another_message_is_told():
    vi = "Trước khi nộp tiền, hãy xem công ty có tên trong danh sách được cấp phép, rồi hỏi xã."
    near = "Truoc khi nop tien, hay xem cong ty co trong danh sach cap phep, roi toi UBND xa hoi."
    far = "Truoc khi vay tien, nho hoi nguoi nha, hop dong dau, ai giu giay to, roi moi quyet dinh di."
    assert found_words(vi, near) == []
    (words,) = found_words(vi, far)
    assert "vay" in words


def found_words(vi: str, unaccented: str) -> list[str]:
    findings = [one for one in lint.check(vi=vi, vi_unaccented=unaccented) if one.code == "unaccented-differs"]
    assert all(one.level == "advice" for one in findings)
    return [one.values["words"] for one in findings]
