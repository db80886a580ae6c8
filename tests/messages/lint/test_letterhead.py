"""Who writes, how to stop, and whether it is an advert."""

import pytest

from messages import lint
from messages.lint.letterhead import _TABLE, promises_to_hear
from sms.optout import intent

WRITTEN = "An Lộ: Gọi 111. Ngừng: TU CHOI."


def found(code: str, **asked) -> list:
    return [finding for finding in lint.check(**asked) if finding.code == code]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("An Lộ: gọi 111.", True),
        ("AN LO: goi 111.", True),
        ("UBND xã Đô Thành mời bà con hỏi trước khi đi.", True),
        ("Chào bà con, Sở Nội vụ Nghệ An xin nhắc: gọi 111.", True),
        ("[QC] An Lộ: gọi 111.", True),
        ("Bà con gọi 111 khi cần. Công an xã Đô Thành.", True),
        ("Bà con gọi 111 khi cần nhé, nói với người nhà nữa.\n- An Lộ", True),
        ("Bà con gọi 111 khi cần, hỏi trước khi đi nhé (Hội Phụ nữ)", True),
        ('Chào {{ ten or "bà con" }}. An Lộ đây.', True),
        ("Gọi 111 khi cần.", False),
        ("Gọi công an khi cần.", False),
        ("Hỏi Sở Nội vụ trước khi đi nước ngoài.", False),
        ("Có người giả danh công an gọi cho bạn thì báo 111.", False),
        ("Trước khi nộp tiền cho công ty đưa đi nước ngoài hãy kiểm tra. Cần hỏi: UBND xã.", False),
        ("An Lộc là một nơi khác.", False),
    ],
)
def test_the_text_says_who_writes(text, named):
    unnamed = found("sender-unnamed", vi=text)
    assert bool(unnamed) != named
    assert all((finding.level, finding.at) == ("advice", -1) for finding in unnamed)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Home Affairs Nghe An: call 111.", True),
        ("An Lo: call 111", True),
        ("Ask Home Affairs.", False),
        ("Call 111", False),
    ],
)
def test_in_english_too(text, named):
    assert bool(found("sender-unnamed", en=text)) != named


def test_names_may_be_added():
    assert found("sender-unnamed", vi="Ban quản lý dự án Sao Mai: gọi 111.")
    assert not found("sender-unnamed", vi="Ban quản lý dự án Sao Mai: gọi 111.", sender_names=["dự án sao mai", " "])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Ngừng: TU CHOI.", True),
        ("Để thôi nhận tin, soạn TU CHOI gửi số này.", True),
        ("Từ chối: soạn TC gửi 111", True),
        ("Nhắn STOP để ngừng.", True),
        ("Không muốn nhận tin nữa, nhắn HỦY", True),
        ("Trả lời TỪ CHỐI để dừng.", True),
        ("Ngừng: {{ stop }}", True),
        ("Ngừng: {{stop}}", True),
        ("Ngừng: {{ ten or 'bạn' }}", False),
        ("Bạn có quyền từ chối.", False),
        ("Hãy ngừng lại và hỏi.", False),
        ("Gọi 111.", False),
    ],
)
def test_the_text_says_how_to_stop(text, says):
    missing = found("opt-out-missing", vi=f"An Lộ: {text}")
    assert bool(missing) != says
    assert all(finding.level == "advice" for finding in missing)


@pytest.mark.parametrize(
    ("text", "says"),
    [("To stop: STOP.", True), ("Reply STOP to opt out", True), ("Text UNSUBSCRIBE to leave", True),
     ("Stop and think.", False), ("Do not stop at the border.", False)],
)  # fmt: skip
def test_in_english_it_is_stop(text, says):
    assert bool(found("opt-out-missing", en=f"An Lo: {text}")) != says


@pytest.mark.parametrize(
    ("form", "text", "quote"),
    [
        ("vi", "An Lộ: Ngừng: TU CHOI.", "Ngừng: TU CHOI"),
        ("vi-unaccented", "An Lo: Soan TC gui 8088", "Soan TC"),
        ("vi", "Có gì thắc mắc, nhắn lại tin này.", "nhắn lại tin này"),
        ("vi-unaccented", "Muon gap nguoi: nhan GAP CAN BO", "nhan GAP CAN BO"),
        ("en", "Reply STOP to opt out", "Reply STOP"),
        ("en", "Questions? Reply to this text.", "Reply"),
        ("vi", "Hỏi 111. Ngừng: {{ stop }}", None),
        ("vi", "Bạn có quyền từ chối. Gọi 111.", None),
        ("vi", "Chúng bắt nhắn tin về nhà xin tiền.", None),
        ("en", "To stop: {{ stop }}", None),
        ("en", "Do not answer strangers. Call 111.", None),
    ],
)
def test_what_asks_for_an_answer_by_sms(form, text, quote):
    assert promises_to_hear(form, text) == quote


def test_what_is_proposed_for_a_deaf_gateway_asks_for_no_answer():
    for form, words in _TABLE["stop"]["say_page"].items():
        assert promises_to_hear(form, words) is None
        assert not found("opt-out-missing", **{form.replace("-", "_"): f"An Lộ: gọi 111. {words}"})


@pytest.mark.parametrize("keyword", _TABLE["stop"]["keywords"])
def test_our_own_machine_understands_every_keyword_the_rule_accepts(keyword):
    assert intent(keyword) == "stop"


def test_what_is_proposed_is_understood_and_accepted():
    for form, words in _TABLE["stop"]["say"].items():
        assert not found("opt-out-missing", **{form.replace("-", "_"): f"An Lộ: gọi 111. {words}"})


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"vi": f"[QC] {WRITTEN}"}, []),
        ({"vi": f"[AD] {WRITTEN}"}, []),
        ({"en": "[AD] An Lo: call 111. To stop: STOP."}, []),
        ({"vi": WRITTEN}, ["advert-unmarked"]),
        ({"vi": f" [QC]{WRITTEN}"}, ["advert-unmarked"]),
        ({"vi": f"QC: {WRITTEN}"}, ["advert-unmarked"]),
        ({"vi": f"{WRITTEN} [QC]"}, ["advert-unmarked"]),
        ({"vi": "[QC] An Lộ: gọi 111."}, ["advert-refusal-missing"]),
        ({"vi": "An Lộ: gọi 111."}, ["advert-refusal-missing", "advert-unmarked"]),
        ({"en": "An Lo: call 111."}, ["advert-refusal-missing", "advert-unmarked"]),
        ({"vi": f"[QC] {WRITTEN}", "vi_unaccented": "An Lo: Goi 111."}, ["advert-refusal-missing", "advert-unmarked"]),
    ],
)
def test_an_advert_bears_its_label_and_the_way_to_refuse(asked, codes):
    stops = [finding for finding in lint.check(advert=True, **asked) if finding.code.startswith("advert-")]
    assert sorted(finding.code for finding in stops) == codes
    assert all(finding.level == "stop" for finding in stops)
    assert not found("opt-out-missing", advert=True, **asked)


@pytest.mark.parametrize(
    ("text", "suspected"),
    [
        ("Khuyến mãi lớn, giảm giá học phí!", True),
        ("Khoá tiếng Đức giảm 50%", True),
        ("Cần tuyển 20 thợ hàn đi Nhật.", True),
        ("Nhanh tay đăng ký, chỉ còn 5 suất.", True),
        ("COLAB tuyển chọn người đi EPS.", False),
        ("Chi phí tuyển dụng do chủ Úc trả.", False),
        ("Tổng đài miễn phí 111.", False),
    ],
)
def test_what_reads_like_an_advert_is_asked_about(text, suspected):
    findings = found("advert-suspected", vi=f"An Lộ: {text}")
    assert bool(findings) == suspected
    assert all(finding.level == "advice" and finding.quote for finding in findings)
    assert not found("advert-suspected", vi=f"[QC] An Lộ: {text}")
    assert not found("advert-suspected", vi=f"An Lộ: {text}", advert=True)
