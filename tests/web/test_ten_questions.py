"""Ten questions, two clicks each: Figures, then the question; the walk follows exactly those links, and what stands
there is what somebody reckons by hand from the rows.

The house is that of tests.web.december, in January. By hand means: from deliveries, opt-outs, turns and cases, with
none of our counters.
"""

import csv
import io
import re
from datetime import timedelta
from statistics import median

import pytest
from sqlalchemy import insert, text

import web
from db.tables import waves
from db.types import from_utc_text
from tests.house.tree import ROOT
from tests.web import december
from tests.web.doors import lines_of, part_of, plain, signed_in
from web.questions import QUESTIONS

#: December in Vietnam, as moments are stored.
IN_DECEMBER = "BETWEEN '2026-11-30T17:00' AND '2026-12-31T16:59:59.999999Z'"
#: The newest wave each person had got within the week before `{at}`.
NEWEST_GOT = """(SELECT d.wave_id FROM deliveries d WHERE d.contact_id = c.id
    AND d.status IN ('accepted', 'delivered', 'unknown')
    AND julianday({at}) - julianday(d.sent_at) BETWEEN 0 AND 7 ORDER BY d.sent_at DESC LIMIT 1)"""
WHY = {"unreachable-now": "Máy đang tắt hoặc ngoài vùng phủ sóng", "blocked-by-carrier": "Nhà mạng đã chặn tin này"}


@pytest.fixture(scope="module")
def january(lived_in, tmp_path_factory):
    with december.passed(lived_in, tmp_path_factory.mktemp("january") / "data") as (rt, app):
        yield rt, signed_in(app, rt, "lan@anlo.example")


@pytest.fixture
def rows(january):
    """What a query of the rows finds."""
    rt, _browser = january

    def found(query: str, **values) -> list[tuple]:
        with rt.db.reading() as c:
            return [tuple(row) for row in c.execute(text(query), values)]

    return found


@pytest.fixture
def newest(rows):
    """The two waves that went out last."""
    return [wave for (wave,) in rows("SELECT wave_id FROM deliveries GROUP BY wave_id ORDER BY max(sent_at) DESC")]


def questions_on(page: str) -> list[tuple[str, str]]:
    """(address, question) of the box, in its order."""
    box = re.search(r'<ol class="asked">(.*?)</ol>', page, re.S)[1]
    found = re.findall(r'<a href="([^"]+)">(.*?)</a>', box)
    return [(address.replace("&amp;", "&"), question) for address, question in found]


@pytest.fixture
def two_clicks(january):
    """The part of the page that a question leads to, from the home page."""
    _rt, browser = january

    def follow(number: int) -> str:
        home = browser.get("/").get_data(as_text=True)
        figures = re.search(r'<a href="(/figures)"', home)[1]
        links = questions_on(browser.get(figures).get_data(as_text=True))
        assert len(links) == 10
        path, _hash, part = links[number - 1][0].partition("#")
        answer = browser.get(path)
        assert answer.status_code == 200, path
        return part_of(answer.get_data(as_text=True), part)

    return follow


def vn(n: float) -> str:
    """1.234.567"""
    return f"{round(n):,}".replace(",", ".")


def of(words: str) -> tuple[int, int]:
    """How many of how many a rate in words says: "81% (160 trong 198; 75–86%)"."""
    n, whole = re.search(r"\((\S+) trong ([^;]+);", words).groups()
    return int(n.replace(".", "")), int(whole.replace(".", ""))


def title(rt, topic: str) -> str:
    return rt.book.topics[topic].answers["vi"].title


def test_1_how_many_arrived_and_what_one_cost(two_clicks, rows):
    [(sent, waves, arrived, lost, segments, vnd)] = rows(f"""
        SELECT count(*), count(DISTINCT wave_id), sum(status = 'delivered'), sum(status IN ('undelivered', 'failed')),
               sum(segments), sum(vnd) FROM deliveries WHERE sent_at {IN_DECEMBER}""")
    assert sent > arrived + lost > arrived > 300 and waves == 2
    said = plain(two_clicks(1))
    assert f"Đã gửi {sent} tin trong {waves} đợt: {arrived} tin đến nơi ({round(100 * arrived / sent)}%;" in said
    assert f"), {lost} tin không đến, {sent - arrived - lost} tin chưa rõ." in said
    assert f"Hết {vn(vnd)} ₫ cho {segments} đoạn tin; mỗi tin đến nơi tốn {vn(vnd / arrived)} ₫." in said


def test_2_where_most_opted_out(two_clicks, rows):
    by_hand = rows(f"""
        SELECT a.name, count(*) FROM optouts o JOIN contacts c ON c.number_index = o.person_index
        JOIN areas a ON a.code = c.area WHERE o.at {IN_DECEMBER} GROUP BY a.name ORDER BY count(*) DESC, a.name""")
    assert dict(by_hand) == december.OPTED_OUT
    part = two_clicks(2)
    assert lines_of(part) == [[name, str(n)] for name, n in by_hand if n >= 10]
    hidden = sorted(name for name, n in by_hand if n < 10)
    assert f"Đã ẩn ({len(hidden)}) {'; '.join(hidden)}" in plain(part)


def test_3_how_much_of_its_budget_each_campaign_used(two_clicks, rows):
    by_hand = rows("""
        SELECT p.name, p.budget_vnd, count(DISTINCT d.wave_id), count(d.sent_at), coalesce(sum(d.vnd), 0)
        FROM campaigns p LEFT JOIN waves w ON w.campaign_id = p.id
        LEFT JOIN deliveries d ON d.wave_id = w.id AND d.sent_at IS NOT NULL
        WHERE p.budget_vnd IS NOT NULL GROUP BY p.id ORDER BY p.id DESC""")
    assert [row[:3] for row in by_hand] == [(december.NEW_YEAR, december.UNTOUCHED, 0),
                                            (december.HARVEST, december.BUDGET, 2)]  # fmt: skip
    shown = [row for row in lines_of(two_clicks(3)) if "trên" in row[-1]]
    assert shown == [
        [name, "–", str(waves), vn(messages), f"{vn(vnd)} ₫ trên {vn(budget)} ₫"]
        for name, budget, waves, messages, vnd in by_hand
    ]


def test_4_why_messages_did_not_arrive(two_clicks, rows, newest):
    [(whole,)] = rows("SELECT sum(status <> 'skipped') FROM deliveries WHERE wave_id = :w", w=newest[0])
    by_hand = rows("""
        SELECT reason, count(*) FROM deliveries WHERE wave_id = :w AND status IN ('undelivered', 'failed')
        GROUP BY reason ORDER BY count(*) DESC""", w=newest[0])  # fmt: skip
    assert sorted(by_hand) == sorted(december.LOST.values())
    share = {reason: f"{100 * n / whole:.1f}%".replace(".", ",") for reason, n in by_hand}
    assert lines_of(two_clicks(4)) == [[WHY[reason], str(n), share[reason]] for reason, n in by_hand]


def readers_who(rows, wave: int, did: str) -> int:
    """How many people did something (person_index, at) within the week after this wave, as the newest they got."""
    [(n,)] = rows(f"""
        SELECT count(DISTINCT c.id) FROM ({did}) AS e JOIN contacts c ON c.number_index = e.person_index
        WHERE {NEWEST_GOT.format(at="e.at")} = :w""", w=wave)  # fmt: skip
    return n


WROTE = """SELECT v.person_index, t.at FROM turns t JOIN conversations v ON v.id = t.conversation_id
           WHERE t.direction = 'in' AND v.platform = 'sms'"""
OPTED_OUT = "SELECT person_index, at FROM optouts"


def test_5_whether_the_last_two_waves_differ(two_clicks, rows, newest):
    measured = []
    for wave in newest:
        [(handed_over, arrived, lost)] = rows("""
            SELECT count(sent_at), sum(status = 'delivered'), sum(status = 'undelivered') FROM deliveries
            WHERE wave_id = :w""", w=wave)  # fmt: skip
        did = [readers_who(rows, wave, each) for each in (WROTE, WROTE, OPTED_OUT)]
        measured.append([(arrived, handed_over), *((n, handed_over - lost) for n in did)])
    shown = lines_of(two_clicks(5))[:4]
    assert [[of(row[1]), of(row[2])] for row in shown] == [list(pair) for pair in zip(*measured, strict=True)]
    assert [row[3].split()[0] for row in shown] == [points(*pair) for pair in zip(*measured, strict=True)]
    higher = ["thứ nhất" if a / m > b / n else "thứ hai" for (a, m), (b, n) in zip(*measured, strict=True)]
    assert higher == ["thứ hai", "thứ nhất", "thứ nhất", "thứ hai"]
    assert [f"Đợt {which} cao hơn, vượt quá mức ngẫu nhiên." in row[3]
            for which, row in zip(higher, shown, strict=True)] == [True] * 4  # fmt: skip


def points(first: tuple[int, int], second: tuple[int, int]) -> str:
    """+37,4; where shares lie four standard errors from each other nobody need reckon the interval."""
    (a, m), (b, n) = first, second
    apart, both = a / m - b / n, (a + b) / (m + n)
    assert abs(apart) > 4 * (both * (1 - both) * (1 / m + 1 / n)) ** 0.5
    return f"{'+' if apart > 0 else '−'}{abs(100 * apart):.1f}".replace(".", ",")


def test_6_where_the_fewest_messages_arrive(two_clicks, rows, newest):
    by_hand = rows("""
        SELECT a.name, sum(d.status = 'delivered'), sum(d.status <> 'skipped') FROM deliveries d
        JOIN areas a ON a.code = d.area WHERE d.wave_id = :w GROUP BY a.name""", w=newest[0])  # fmt: skip
    shown = lines_of(two_clicks(6))
    assert {row[0]: (row[2], of(row[3])) for row in shown} == {
        name: (str(people), (arrived, people)) for name, arrived, people in by_hand
    }
    shares = [arrived / people for arrived, people in (of(row[3]) for row in shown)]
    assert shares == sorted(shares) and shares[2] < 0.7 < shares[3]
    assert {row[0] for row in shown[:3]} == {*december.LOST, *december.SILENT}


def test_7_what_people_ask_about_most(january, two_clicks, rows):
    rt, _browser = january
    since = f"{december.A_MONTH_ON - timedelta(days=30):%Y-%m-%dT17:00}"
    by_hand = rows("""SELECT topic, count(*) FROM turns WHERE direction = 'in' AND topic IS NOT NULL AND at >= :since
                      GROUP BY topic ORDER BY count(*) DESC""", since=since)  # fmt: skip
    assert dict(by_hand) == {"deposit": 31, "hotline-uk": 12}
    assert [row[:2] for row in lines_of(two_clicks(7))] == [[title(rt, topic), str(n)] for topic, n in by_hand]


def test_8_what_was_asked_after_the_newest_wave(january, two_clicks, rows, newest):
    rt, _browser = january
    by_hand = rows(f"""
        SELECT t.topic, count(*) FROM turns t JOIN conversations v ON v.id = t.conversation_id
        JOIN contacts c ON c.number_index = v.person_index
        WHERE t.direction = 'in' AND v.platform = 'sms' AND t.topic IS NOT NULL AND {NEWEST_GOT.format(at="t.at")} = :w
        GROUP BY t.topic ORDER BY count(*) DESC""", w=newest[0])  # fmt: skip
    assert len(by_hand) == 2
    assert lines_of(two_clicks(8)) == [[title(rt, topic), str(n)] for topic, n in by_hand]


def test_9_what_the_bot_could_not_answer(january, two_clicks, rows):
    rt, browser = january
    by_hand = rows("""
        SELECT max(h.turn_id), count(DISTINCT t.conversation_id) FROM hard_questions h JOIN turns t ON t.id = h.turn_id
        GROUP BY h.group_id ORDER BY count(DISTINCT t.conversation_id) DESC""")
    assert [people for _newest, people in by_hand] == [11, 10], "as many as asked each"
    sealed = dict(rows("SELECT id, text_sealed FROM turns"))
    wordings = [rt.db.seal.open(sealed[turn_id], "turns.text") for turn_id, _people in by_hand]
    assert wordings == [december.HARD[10], december.HARD[-1]]
    told = [[wording, str(people)] for wording, (_newest, people) in zip(wordings, by_hand, strict=True)]
    assert lines_of(two_clicks(9)) == told
    assert file_of(browser, "unanswered") == [[wording, "Tiếng Việt", people] for wording, people in told]


def file_of(browser, table: str) -> list[list[str]]:
    """Its rows below the headings."""
    lines = browser.get(f"/figures/bot?table={table}&as=csv").get_data().decode("utf-8-sig").splitlines()
    return list(csv.reader(io.StringIO("\n".join(lines[2:]))))


def test_10_how_long_people_wait(january, two_clicks, rows):
    moments = rows("SELECT opened_at, claimed_at, answered_at, closed_at FROM cases")
    assert len(moments) == len(december.CASES)
    waits = []
    for which in (1, 2, 3):
        minutes = [(from_utc_text(row[which]) - from_utc_text(row[0])).total_seconds() / 60 for row in moments]
        waits.append(median(minutes))
    assert waits == [20, 90, 180]
    told = [plain(each) for each in re.findall(r"<dd>(.*?)</dd>", two_clicks(10), re.S)]
    assert told[-3:] == ["20 phút", "1 giờ 30 phút", "3 giờ"]
    assert told[0] == str(len(moments))
    assert [row[1:] for row in file_of(january[1], "desk")] == [
        ["3", ""], ["0", ""], ["0", ""], *(["", f"{wait:.1f}"] for wait in waits)
    ]  # fmt: skip


@pytest.mark.parametrize("email", ["hoa@anlo.example", "thuy@anlo.example", "quantri@anlo.example"])
def test_whoever_may_read_may_follow_them(app, rt, email):
    browser = signed_in(app, rt, email)
    links = questions_on(browser.get("/figures").get_data(as_text=True))
    assert len(links) == 10
    assert {browser.get(address.partition("#")[0]).status_code for address, _ in links} == {200}


def test_the_newest_wave_is_found_however_many_are_planned_since(officer, rt):
    """A layout over communes makes hundreds of drafts at once."""
    with rt.db.transaction() as c:
        row = dict(c.execute(waves.select().where(waves.c.id == 1)).mappings().one())
        draft = {**row, "status": "draft", "opened_at": None, "finished_at": None}
        c.execute(insert(waves), [{**draft, "id": 1000 + n} for n in range(120)])
    links = [address for address, _ in questions_on(officer.get("/figures").get_data(as_text=True))]
    assert links[3] == "/figures/waves/1#failures"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_handbook_lists_the_same_questions(house, lang):
    handbook = (ROOT / "docs" / f"officers.{lang}.md").read_text(encoding="utf-8")
    with web.create_app(house).test_request_context(f"/?lang={lang}"):
        said = [str(question) for question, _ in QUESTIONS]
    rows = re.findall(r"^\| ([^|]+\?) \|", handbook, re.M)
    assert rows == said
