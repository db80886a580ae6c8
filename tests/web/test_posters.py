"""Posters: one page a commune, the squares say what they should, and every number on them is a fact."""

import dataclasses
import re
import shutil
import time
from urllib.parse import unquote

import pytest
import segno

import web
from messages import posters
from messages.catalog import SHIPPED, load_facts
from runtime import settings
from runtime.build import build
from tests.web import doors
from tests.web.doors import words
from web import qr
from web.views.posters import on_trial

VINH = "16681"


@pytest.fixture(scope="module")
def everything_set(lived_in, tmp_path_factory):
    """An officer's browser where all that can stand on a poster is set up."""
    folder = tmp_path_factory.mktemp("posters") / "data"
    shutil.copytree(lived_in, folder)
    given = {
        "DATA_DIR": str(folder), "SECRET_KEY": "s" * 40, "PUBLIC_URL": "https://anlo.example.vn", "SMS_NUMBER": "8066",
        "ZALO_OA_ID": "1234567890123456789", "RUN_BY": "Sở Ngoại vụ <Nghệ An>",
    }  # fmt: skip
    rt = build(settings.load(given, env_file=None))
    yield doors.signed_in(web.create_app(rt), rt, "lan@anlo.example")
    rt.close()


def sheets(browser, *codes: str) -> list[str]:
    page = browser.get("/posters/print", query_string=[("area", code) for code in codes])
    assert page.status_code == 200
    return re.findall(r"<article.*?</article>", page.get_data(as_text=True), re.S)


def squares(sheet: str) -> dict[str, str]:
    """Way → the drawing of its code."""
    return dict(re.findall(r'<li class="(\w+)">.*?<path[^>]* d="([^"]+)"', sheet, re.S))


def drawn(text: str) -> str:
    """What a scanner that reads `text` looks at, made without our own module."""
    svg = segno.make(text, error="q", boost_error=False, micro=False).svg_inline(border=4, omitsize=True)
    return re.search(r' d="([^"]+)"', svg)[1]


def test_the_squares_lead_to_the_chat_of_the_commune_to_zalo_and_to_a_message(everything_set):
    [sheet] = sheets(everything_set, VINH)
    assert squares(sheet) == {
        "web": drawn(f"https://anlo.example.vn/chat?c={VINH}"),
        "zalo": drawn("https://zalo.me/1234567890123456789"),
        "sms": drawn("sms:8066?body=Xin%20chao%20An%20Lo"),
    }


def test_a_square_is_read_back_from_its_modules():
    """The drawing is the code's own modules, with the quiet zone a scanner needs."""
    text = f"https://anlo.example.vn/chat?c={VINH}"
    code, svg = qr.code(text), qr.drawing(text, "Hỏi")
    size = code.symbol_size(border=qr.QUIET)[0]
    assert f'viewBox="0 0 {size} {size}"' in svg
    assert "<title>Hỏi</title>" in svg
    dark = [[False] * size for _ in range(size)]
    x = y = 0.0
    for step, across, down in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", re.search(r' d="([^"]+)"', svg)[1]):
        if step == "h":
            for n in range(int(across)):
                dark[int(y)][int(x) + n] = True
            x += float(across)
        else:
            x, y = (float(across), float(down)) if step == "M" else (x + float(across), y + float(down))
    expected = [[bool(cell) for cell in row] for row in code.matrix_iter(border=qr.QUIET)]
    assert dark == expected


def test_it_says_whom_to_call_and_who_runs_it(everything_set):
    [sheet] = sheets(everything_set, VINH)
    said = words(everything_set.get(f"/posters/print?area={VINH}"))
    for part in ("Phường Thành Vinh", "Hỏi trước khi đi.", "Ask before you go.", "111", "+84 981 84 84 84",
                 "anlo.example.vn/ chat", "Nhắn tới 8066",
                 "Sở Ngoại vụ <Nghệ An> thực hiện", "Máy trả lời tự động"):  # fmt: skip
        assert part in said
    assert "BẢN THỬ" not in sheet


def test_without_a_public_address_a_poster_says_that_it_is_a_trial(officer):
    [sheet] = sheets(officer, VINH)
    assert "BẢN THỬ" in sheet
    assert list(squares(sheet)) == ["web"]
    assert "PUBLIC_URL" in words(officer.get("/posters"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_number_on_a_poster_is_a_fact(language):
    facts, seen = load_facts(SHIPPED), set()
    for name, line in posters.lines(language).items():
        for number in re.findall(r"\+?\d[\d ]{2,}", line.text):
            seen.add(number)
            assert any(facts[source].supports(number) for source in line.sources), f"{name}: {number}"
        assert all(source in facts and facts[source].confidence != "low" for source in line.sources)
    assert seen == {"111", "+84 981 84 84 84"}


def test_both_languages_have_the_same_blanks():
    vi, en = (posters.lines(language) for language in ("vi", "en"))
    assert {name: re.findall(r"{\w+}", vi[name].text) for name in vi} == {
        name: re.findall(r"{\w+}", en[name].text) for name in en
    }


def test_places_of_every_kind_are_chosen_each_commune_once(everything_set):
    """A commune of today, one of before, a district of before; what names the same commune twice gives one page."""
    district = sheets(everything_set, "412")
    assert len(district) > 1
    assert len(sheets(everything_set, "412", VINH, "16663-2025")) == len(district)
    [former] = sheets(everything_set, "16663-2025")
    assert "Phường Thành Vinh" in former


def test_a_whole_province_at_once_is_a_matter_of_seconds(everything_set):
    began = time.monotonic()
    pages = sheets(everything_set, "40")
    took = time.monotonic() - began
    codes = {squares(page)["web"] for page in pages}
    assert len(pages) == len(codes) == 130
    assert took < 20, "most of it drawing codes; on an idle machine about two seconds"


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [("", 422, "Chưa chọn nơi nào"), ("?area=nowhere", 404, "nowhere"), ("?area=", 404, "")],
)
def test_a_wrong_choice_is_one_sentence(officer, query, status, sentence):
    page = officer.get(f"/posters/print{query}")
    assert page.status_code == status
    assert sentence in words(page)


def test_a_place_is_found_by_any_name(officer):
    page = officer.get("/posters?find=do+thanh").get_data(as_text=True)
    assert re.search(r'href="/posters/print\?area=[\d-]+">Xã Đô Thành', unquote(page))


def test_only_for_who_is_signed_in(visitor):
    assert visitor.get("/posters").status_code == 303
    assert visitor.get("/posters/print?area=40").status_code == 303


@pytest.mark.parametrize(
    ("url", "trial"),
    [
        ("", True), ("http://localhost", True), ("http://0.0.0.0:8000", True), ("http://192.168.1.5:8000", True),
        ("http://127.1", True), ("http://2130706433/", True), ("http://anlo", True), ("http://anlo.local", True),
        ("http://localhost.", True), ("anlo.example.vn", True), ("http://[::1]", True), ("http://[", True),
        ("https://anlo.example.vn", False), ("https://anlo.nghean.gov.vn:8443", False),
    ],
)  # fmt: skip
def test_what_villagers_cannot_reach_is_a_trial(rt, url, trial):
    given = {"DATA_DIR": str(rt.settings.data_dir), "PUBLIC_URL": url, "HOST": "0.0.0.0"}
    there = dataclasses.replace(rt, settings=settings.load(given, env_file=None))
    with web.create_app(there).app_context():
        assert on_trial() is trial


@pytest.mark.parametrize("name", ["ZALO_OA_ID", "PUBLIC_URL", "SMS_NUMBER"])
def test_a_square_that_no_phone_could_read_is_said_before_anything_is_drawn(rt, name):
    long = "https://anlo.example.vn/" + "a" * 3000
    given = {"DATA_DIR": str(rt.settings.data_dir), "SECRET_KEY": "s" * 40, name: long}
    there = dataclasses.replace(rt, settings=settings.load(given, env_file=None))
    browser = doors.signed_in(web.create_app(there), there, "lan@anlo.example")
    page = browser.get(f"/posters/print?area={VINH}")
    assert page.status_code == 422
    assert name in words(page)


def test_a_hostile_number_of_places_is_no_burden(everything_set):
    began = time.process_time()
    assert len(sheets(everything_set, *([VINH] * 5000))) == 1
    assert time.process_time() - began < 5
