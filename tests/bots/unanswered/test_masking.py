"""What could name or reach a person is hidden before anything is kept; what the question is about stays readable."""

import time

import pytest

from bots.unanswered.masking import masked, words_left

H = "…"

HIDES = [
    # telephone numbers however they are written
    ("gọi 0912345678 nhé", f"gọi {H} nhé"),
    ("gọi 0912 345 678", f"gọi {H}"),
    ("sdt 0912.345.678 ạ", f"sdt {H} ạ"),
    ("0912-345-678 là số em", f"{H} là số em"),
    ("số +84 912 345 678", f"số {H}"),
    ("số (+84) 91 234 56 78 đó", f"số {H} đó"),
    ("84912345678 của em", f"{H} của em"),
    ("O912345678 chữ o", f"{H} chữ o"),
    ("o9l hay 09O2345678", f"o9l hay {H}"),
    ("call 07911 123456 please", f"call {H} please"),
    ("+44 7911 123 456", H),
    ("０９１２３４５６７８ gọi em", f"{H} gọi em"),
    ("09\u200b12 34\u200b56 78 gọi em", f"{H} gọi em"),
    ("nhà 3845 678", f"nhà {H}"),
    ("không chín một hai ba bốn năm sáu bảy tám gọi em", f"{H} gọi em"),
    ("zero seven nine one one two three four five six", H),
    # papers, accounts, birthdays
    ("cccd 040203001234", f"cccd {H}"),
    ("cmnd 187 123 456 của em", f"cmnd {H} của em"),
    ("hộ chiếu C1234567 hết hạn", f"hộ chiếu {H} hết hạn"),
    ("stk 19034567890123 vcb", f"stk {H} vcb"),
    ("my NI is QQ123456C", f"my NI is {H}"),
    ("em sinh ngày 12/03/1990 đi được không", f"em sinh ngày {H} đi được không"),
    ("born 12.03.1990 can I go", f"born {H} can I go"),
    # links, mail, accounts
    ("xem https://lua-dao.example/abc?x=1 nha", f"xem {H} nha"),
    ("vào www.viecnhe.vn", f"vào {H}"),
    ("fb.com/hung.nguyen.99 tuyển", f"{H} tuyển"),
    ("zalo.me/0912345678", H),
    ("mail hung.nguyen@gmail.com", f"mail {H}"),
    ("mail hung @ gmail . com", f"mail {H}"),
    ("hỏi @hungbroker giá sao", f"hỏi {H} giá sao"),
    ("zalo em là hungxklđ99 nhé", f"zalo em là {H} nhé"),
    ("facebook: Hùng Nghệ An tuyển người", f"facebook: {H} tuyển người"),
    ("fb tên Lan Anh đăng bài", f"fb tên {H} đăng bài"),
    # names
    ("tên em là Nguyễn Văn Hùng quê Nghệ An", f"tên em là {H} quê Nghệ An"),
    ("ten em la nguyen van hung o dien chau", f"ten em la {H} o dien chau"),
    ("em tên Lan muốn hỏi", f"em tên {H} muốn hỏi"),
    ("tôi tên là trần thị mai hỏi visa", f"tôi tên là {H} hỏi visa"),
    ("họ và tên: Lê Thị Hoa", f"họ và tên: {H}"),
    ("My name is Hung Tran and I want to work", f"My name is {H} and I want to work"),
    ("my name is hung and i want to work", f"my name is {H} and i want to work"),
    ("Em là Hùng ở Yên Thành", f"Em là {H} ở Yên Thành"),
    ("I'm Linh from Vinh", f"I'm {H} from Vinh"),
    ("chồng em tên Hải bị bắt", f"chồng em tên {H} bị bắt"),
    ("công ty của ông Trần Đức Long", f"công ty của ông {H}"),
    ("gặp chị Lan môi giới", f"gặp chị {H} môi giới"),
    ("pham thi hoa co lua dao khong", f"{H} co lua dao khong"),
    ("Đặng Văn Lâm tuyển đi Đức", f"{H} tuyển đi Đức"),
    ("ở SW1A 1AA London", f"ở {H} London"),
    ("số nhà 12/5 đường Lê Lợi", f"{H} đường Lê Lợi"),
    # what was found by looking for holes
    ("gọi 0912/345/678", f"gọi {H}"),
    ("gọi 0912*345*678", f"gọi {H}"),
    ("gọi 0912|345|678", f"gọi {H}"),
    ("gọi 0912 và 345678", f"gọi {H}"),
    ("gọi 0912 ... 345 ... 678", f"gọi {H}"),
    ("0912 ba bốn năm 678 gọi em", f"{H} gọi em"),
    ("stk 123456 đúng không", f"stk {H} đúng không"),
    ("vợ Nguyễn Thị Hương bị giữ", f"vợ {H} bị giữ"),
    ("chủ tk NGUYEN VAN A", f"chủ tk {H}"),
    ("Lô Văn Pằn ở Kỳ Sơn hỏi", f"{H} ở Kỳ Sơn hỏi"),
    ("em la hung o yen thanh", f"em la {H} o yen thanh"),
    ("em là hùng quê nghệ an", f"em là {H} quê nghệ an"),
    ("Lan ở xã Đô Thành hỏi visa", f"{H} ở xã Đô Thành hỏi visa"),
    ("Hùng đây, cho hỏi visa", f"{H} đây, cho hỏi visa"),
    ("cháu Hùng muốn đi", f"cháu {H} muốn đi"),
    ("con gái tôi Hoa đi 2 tháng chưa về", f"con gái tôi {H} đi 2 tháng chưa về"),
    ("thằng tuấn nó lừa em", f"thằng {H} nó lừa em"),
    ("a Tuấn, c Hạnh môi giới", f"a {H}, c {H} môi giới"),
    ("zalo em hungnguyen99", f"zalo em {H}"),
    ("fb Hung Nguyen tuyển", f"fb {H} tuyển"),
    ("em Hùng Nguyễn ở Vinh", f"em {H} ở Vinh"),
    ("bạn Đức Anh lừa em", f"bạn {H} lừa em"),
    ("hung at gmail dot com", H),
    ("hung a còng gmail chấm com", H),
    ("hung . nguyen @ gmail . com", H),
]

STAYS = [
    "phí 50.000.000 có đắt không",
    "phí 50.000.000đ",
    "đóng 50000000 đồng rồi",
    "vay 150 000 000 đ",
    "1,200,000 vnd mỗi tháng",
    "cọc 5.000 bảng",
    "lương 5000-7000 bảng",
    "từ 8.000.000 - 10.000.000 đồng",
    "£25,000 a year",
    "mất 20000000 tiền cọc",
    "đi năm 2024-2025",
    "hạn 12/10/2026",
    "hạn 12-10-2026 còn kịp không",
    "em 17 tuổi đi được không",
    "gọi 111 hay 113",
    "tổng đài 18001567"[:6],
    "visa 400 hay 482",
    "tên công ty là gì",
    "tên visa là gì vậy",
    "em tên gì cũng được ạ",
    "em là người Nghệ An",
    "I am Vietnamese and I want to work",
    "sang Anh Quốc làm nail",
    "anh Quốc"[:3] + " có cần bằng không",
    "đi Hồ Chí Minh học tiếng",
    "3 4 tháng mới có visa",
    "con tôi 5 tuổi",
    "zalo có an toàn không",
    "trên facebook có người tuyển",
    "vì văn phòng công ty ở xa",
    "em là lao động ở nghệ an",
    "em là giáo viên quê vinh",
    "Em Muốn Đi Đức",
    "EM MUON DI ANH",
    "cảm ơn em. Cho hỏi visa",
    "anh đức mỹ úc nước nào dễ đi",
    "a Skilled Worker visa",
    "hai năm 2024 2025 em ở nhà",
    "phí 50.000.000/100.000.000 đồng",
    "làm ở đây bao lâu",
    "Ở đây có ai đi Nhật chưa",
    "lương một hai ba tháng đầu",
]


@pytest.mark.parametrize(("text", "left"), HIDES, ids=[text for text, _ in HIDES])
def test_hidden(text, left):
    assert masked(text) == left


@pytest.mark.parametrize("text", STAYS)
def test_what_a_question_is_about_stays(text):
    assert masked(text) == text


@pytest.mark.parametrize("text", [text for text, _ in HIDES] + STAYS)
def test_masking_what_is_masked_changes_nothing(text):
    assert masked(masked(text)) == masked(text)


def test_a_message_of_nothing_but_a_number_has_no_words_left():
    assert words_left(masked("0912 345 678")) == 0
    assert words_left(masked("gọi cho em 0912345678")) == 3


@pytest.mark.parametrize(
    "piece",
    ["a.", "0 ", "(0", "tên ", "không ", "1.000 ", "zalo là ", "em là a ", "Em ", "A-", "@", "a@a.", "A ", "a . "],
)
def test_no_message_keeps_the_house_busy(piece):
    text = (piece * 600)[:600]
    began = time.process_time()
    masked(text)
    assert time.process_time() - began < 0.1
