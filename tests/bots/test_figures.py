"""What the bot heard and said, counted as it happens: a long story counted by hand, and counted anew from its rows."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module

import pytest
from sqlalchemy import delete, insert, select, text, update

from bots import figures, inbox, judging, sending, taking_in
from bots.arrivals import Arrivals
from bots.cases import opening
from bots.figures.counting import Counts, Thought, register_of
from bots.figures.stretches import cover, stretches, week_of
from bots.leaving import Door
from bots.model import Said
from bots.platform import Incoming
from campaigns import figures as campaign_figures
from db.tables import bot_days, deliveries, topic_areas, turns
from tests import make
from tests.bots.fake_engine import Echo
from tests.bots.talking import hear, here
from tests.conftest import NOW

DAY = date(2026, 12, 1)
TOMORROW = DAY + timedelta(days=1)
COMMUNE, POSTER = "17329", "17353"


class Topics(Echo):
    """Finds the topic that stands first in a message; "?" is not understood, "red" is a cry."""

    def respond(self, heard):
        said: Said = super().respond(heard)
        first = (heard.text.split() or [""])[0]
        if first == "?":
            return replace(said, topic=None, confidence=0.2)
        return replace(said, topic=first, danger="red" if first == "red" else "none", withheld=first == "kept")


def answer(db, turn_id, now=NOW, engine=None):
    return inbox.answer(db, engine or Topics(), turn_id, now, here)


def ask(db, text, *, platform="web", address="p", now=NOW, came_by=None, provider_id=None):
    turn_id = inbox.receive(db, platform=platform, address=address, text=text, provider_id=provider_id, now=now,
                            came_by=came_by)
    return turn_id and answer(db, turn_id, now)


def bring(db, *incoming, now=NOW):
    Arrivals(db).take("zalo", incoming, now)
    taking_in.drain(db, 100)
    for turn_id in inbox.waiting(db, 100):
        answer(db, turn_id, now)


def reached(db, numbers: range, at=NOW - timedelta(days=1), area=COMMUNE) -> int:
    """A wave that people with these made-up numbers got."""
    make.area(db, area)
    return got(db, make.people(db, len(numbers), first=numbers[0], area=area), at, area)


def got(db, members, at, area=COMMUNE) -> int:
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, f"Tổ {at}", members)], name=f"Đợt {at}")
    rows = [{"wave_id": wave_id, "contact_id": each, "area": area, "status": "delivered", "sent_at": at}
            for each in members]
    with db.transaction() as c:
        c.execute(insert(deliveries), rows)
    return wave_id


def recounted(db):
    """What a rebuild finds to be wrong; after it nothing is."""
    found = figures.rebuild(db)
    assert figures.rebuild(db) == {}
    return found


def test_nothing_happened(db):
    assert figures.period(db, DAY, DAY) == figures.BotFigures()
    assert figures.by_platform(db, DAY, DAY) == figures.topics_by_day(db, DAY, DAY) == {}
    assert figures.topics_by_area(db, DAY, DAY) == figures.after_wave(db, 1) == figures.asked_after(db, 5) == {}
    assert figures.rebuild(db) == {}


def test_a_long_story_is_counted_as_it_happens_and_anew_with_the_same_result(db):
    make.area(db, POSTER, "Quỳnh Lưu")
    wave_id = reached(db, range(1, 4))

    # A visitor of the chat, behind a poster: three questions, one not understood; two answers judged, one twice.
    boat = ask(db, "boat đi thuyền có an toàn không", address="a", came_by=POSTER)
    fees = ask(db, "fees phi bao nhieu tien em oi", address="a")
    ask(db, "? hả gì cơ", address="a")
    for turn, helpful in ((boat, True), (boat, True), (fees, True), (fees, False)):
        judging.judge(db, platform="web", address="a", turn_id=turn.turn_id, helpful=helpful, now=NOW)
    assert not judging.judge(db, platform="web", address="b", turn_id=boat.turn_id, helpful=False, now=NOW)
    # By SMS two who got the wave, the same message twice, one that is answered twice, and a wish to hear no more.
    for provider_id in ("s1", "s1"):
        ask(db, "fees how much is it", platform="sms", address=make.number(1), provider_id=provider_id)
    turn_id = hear(db, NOW, "boat thuyền", address=make.number(2))
    answer(db, turn_id)
    assert answer(db, turn_id) is None
    ask(db, "opt-out", platform="sms", address=make.number(3))
    ask(db, "red cứu em với", platform="sms", address=make.number(99))  # on no list
    # On Zalo, brought twice: begins, writes, presses "no" and then "yes", sends a picture, goes.
    zalo = [Incoming("z1", "z", kind="follow"), Incoming("z2", "z", text="fees bao nhiêu"),
            Incoming("z3", "z", kind="image"), Incoming("z4", "other", text="? alo")]
    bring(db, *zalo)
    bring(db, *zalo)
    with db.reading() as c:
        reply = c.execute(select(turns.c.id).where(turns.c.topic == "fees", turns.c.status == "to-send")
                          .order_by(turns.c.id.desc()).limit(1)).scalar_one()
    bring(db, Incoming("z5", "z", kind="press", text=f"helpful:{reply}:0"))
    bring(db, Incoming("z6", "z", kind="press", text=f"helpful:{reply}:1"))
    bring(db, Incoming("z7", "z", kind="unfollow"))
    # What may not be said here, what cannot be answered, what somebody of the staff does; and the next day.
    ask(db, "kept điều chưa duyệt", address="a")
    stuck = hear(db, NOW, "boat", platform="terminal", address="t")
    for _ in range(inbox.MOST_TRIES):
        inbox.put_off(db, stuck, NOW)
    with db.transaction() as c:
        opening.hand_over(c, 1, "none", "asked", NOW)
        c.execute(insert(turns).values(conversation_id=1, direction="out", status="sent", text_sealed=b"", at=NOW,
                                       written_by=7))
    ask(db, "boat", address="a", now=NOW + timedelta(hours=15))  # midnight in Vietnam

    web, sms, chat = (figures.period(db, DAY, DAY, platform) for platform in ("web", "sms", "zalo"))
    assert (web.began, web.heard, web.understood, web.abstained) == (1, 4, 3, 1)
    assert (web.answered, web.helpful, web.unhelpful) == (2, 1, 1)
    assert web.topics == {"boat": 1, "fees": 1, "kept": 1} and web.answers == {"boat": 1, "fees": 1}
    assert (web.helpful_topics, web.unhelpful_topics) == ({"boat": 1}, {"fees": 1})
    assert web.registers == {"accented": 3, "unaccented": 1} and web.languages == {"vi": 4}
    assert (sms.began, sms.heard, sms.understood, sms.red, sms.answered) == (4, 4, 4, 1, 4)
    assert (chat.began, chat.heard, chat.understood, chat.abstained) == (2, 3, 1, 1)
    assert (chat.answers, chat.helpful, chat.unhelpful) == ({"xin": 1, "fees": 1}, 1, 0)  # who begins is greeted
    terminal = figures.period(db, DAY, DAY, "terminal")
    assert (terminal.heard, terminal.understood, terminal.abstained) == (1, 0, 0)
    everything = figures.period(db, DAY, DAY)
    assert (everything.heard, everything.understood, everything.abstained) == (12, 8, 2)
    assert everything == figures.together(figures.by_platform(db, DAY, DAY).values())
    assert figures.period(db, DAY, TOMORROW).heard == 13
    assert figures.topics_by_day(db, DAY, TOMORROW)[TOMORROW] == {"boat": 1}
    assert figures.topics_by_area(db, DAY, DAY) == {
        COMMUNE: {"fees": 1, "boat": 1, "opt-out": 1}, POSTER: {"boat": 1, "fees": 1, "kept": 1},
    }
    assert figures.after_wave(db, wave_id) == {"fees": 1, "boat": 1, "opt-out": 1}
    assert figures.asked_after(db, 5) == {wave_id: {"fees": 1, "boat": 1, "opt-out": 1}}
    assert figures.by_area(db, DAY, DAY) == {COMMUNE: 3, POSTER: 3}
    assert recounted(db) == {}


@pytest.mark.parametrize("length", [1, 6, 7, 8, 13, 14, 30, 90, 400])
@pytest.mark.parametrize("back", range(8))
def test_a_long_time_is_made_up_of_weeks_and_days_each_once(length, back):
    end = DAY - timedelta(days=back)
    start = end - timedelta(days=length - 1)
    found = []
    for each in stretches(start, end):
        first = date.fromisoformat(each.lstrip("w"))
        found += [first + timedelta(days=n) for n in range(7 if each.startswith("w") else 1)]
        assert {week_of(str(day)) for day in found[-7:]} == {each} or not each.startswith("w")
    assert found == [start + timedelta(days=n) for n in range(length)]
    assert len(stretches(start, end)) <= 12 + length // 7


def days_in(each: str) -> list[date]:
    if each.startswith("m"):
        first = date.fromisoformat(f"{each[1:]}-01")
        return [day for n in range(31) if (day := first + timedelta(days=n)).month == first.month]
    first = date.fromisoformat(each.lstrip("w"))
    return [first + timedelta(days=n) for n in range(7 if each.startswith("w") else 1)]


@pytest.mark.parametrize("length", [1, 6, 7, 8, 14, 28, 30, 31, 60, 90, 400, 3650])
@pytest.mark.parametrize("back", [*range(12), 25, 31, 300])
def test_months_less_what_lies_outside_are_each_day_once_in_few_rows(length, back):
    end = DAY - timedelta(days=back)
    start = end - timedelta(days=length - 1)
    found = cover(start, end)
    counted = Counter(day for each in found.added for day in days_in(each))
    counted.subtract(day for each in found.taken for day in days_in(each))
    assert {day: n for day, n in counted.items() if n} == {start + timedelta(days=n): 1 for n in range(length)}
    assert len(found) <= min(len(stretches(start, end)), 18 + length // 28)
    if (start.day, (end + timedelta(days=1)).day) == (1, 1):
        assert not found.taken and len(found) <= (length + 3) // 28 + 1, "whole months are their rows alone"


def test_a_long_time_is_its_days_added_up(db):
    """Six weeks of questions, one a day, read as every stretch of them."""
    for n in range(40):
        ask(db, "fees", address=f"p{n}", now=NOW + timedelta(days=n))
    for length in (1, 3, 7, 9, 16, 21, 30, 31, 36):
        for first in range(0, 41 - length, 3):
            start = DAY + timedelta(days=first)
            found = figures.period(db, start, start + timedelta(days=length - 1), "web")
            assert (found.heard, found.topics, found.began) == (length, {"fees": length}, length)
    by_weeks = figures.topics_by_week(db, DAY, DAY + timedelta(days=20))
    assert [(str(day), topics["fees"]) for day, topics in sorted(by_weeks.items())] == [
        ("2026-12-01", 6), ("2026-12-07", 7), ("2026-12-14", 7), ("2026-12-21", 1),
    ]


def test_communes_are_the_same_by_weeks_and_by_days(db):
    make.area(db, POSTER)
    for n in range(16):
        ask(db, "fees" if n % 3 else "boat", address=f"p{n}", now=NOW + timedelta(days=n), came_by=POSTER)
    for length in (1, 5, 9, 16):
        end = DAY + timedelta(days=length - 1)
        assert figures.by_area(db, DAY, end) == {POSTER: length}
        assert sum(figures.topics_by_area(db, DAY, end, [POSTER])[POSTER].values()) == length
        assert figures.topics_by_area(db, DAY, end, ["17329"]) == {}


def test_dates_reversed_are_no_time_at_all(db):
    ask(db, "fees")
    assert figures.period(db, TOMORROW, DAY) == figures.BotFigures()
    assert figures.topics_by_day(db, TOMORROW, DAY) == figures.by_area(db, TOMORROW, DAY) == {}


def test_what_was_asked_after_a_wave_is_told_to_the_campaigns(db):
    """Who wants no more messages, or says hello, asked nothing."""
    wave_id = reached(db, range(1, 5))
    for n, said in enumerate(("fees", "? hả", "opt-out", "fees"), 1):
        ask(db, said, platform="sms", address=make.number(n))
    ask(db, "boat", platform="sms", address=make.number(1))  # once more: it is people that are counted
    assert campaign_figures.responses(db, wave_id)[COMMUNE]["asked"] == 3


@pytest.mark.parametrize(("before", "counts"), [(timedelta(days=6), True), (timedelta(days=8), False)])
def test_a_question_belongs_to_a_wave_of_the_week_before(db, before, counts):
    wave_id = reached(db, range(1, 2), at=NOW - before)
    ask(db, "fees", platform="sms", address=make.number(1))
    assert figures.after_wave(db, wave_id) == ({"fees": 1} if counts else {})


def test_of_two_waves_a_question_belongs_to_the_newer(db):
    [person] = make.people(db, 1)
    newer, older = got(db, [person], NOW - timedelta(days=1)), got(db, [person], NOW - timedelta(days=3))
    ask(db, "fees", platform="sms", address=make.number(1))
    assert figures.after_waves(db, [older, newer]) == {newer: {"fees": 1}}


def test_a_list_says_where_somebody_is_at_home_before_a_poster_does(db):
    make.area(db, COMMUNE)
    make.area(db, POSTER, "Quỳnh Lưu")
    make.people(db, 1, first=1, area=COMMUNE)
    ask(db, "fees", platform="sms", address=make.number(1), came_by=POSTER)
    ask(db, "fees", platform="sms", address=make.number(2), came_by=POSTER)
    ask(db, "fees", address="link", came_by="a-link-s-own-code")
    assert figures.topics_by_area(db, DAY, DAY) == {COMMUNE: {"fees": 1}, POSTER: {"fees": 1}}
    assert recounted(db) == {}


def test_an_answer_that_is_not_said_after_all_was_not_given(db, book):
    topic = "hotline-vn"
    ask(db, f"{topic} số nào", platform="zalo", address="z")
    assert figures.period(db, DAY, DAY).answers == {topic: 1}
    sending.claim_replies(db, "me", 10, NOW, lambda: Door(book, may_say=lambda *_: frozenset()))
    assert figures.period(db, DAY, DAY).answers == {}
    assert figures.period(db, DAY, DAY).topics == {topic: 1}
    assert recounted(db) == {}


def test_a_rebuild_mends_what_is_wrong_and_says_what_it_was(db):
    make.area(db, POSTER)
    ask(db, "fees", address="a", came_by=POSTER)
    with db.transaction() as c:
        c.execute(update(bot_days).where(bot_days.c.what == "heard").values(n=7))
        c.execute(delete(topic_areas))
        c.execute(insert(bot_days).values(day="2026-11-30", platform="web", what="heard", key="", n=3))
    assert recounted(db) == {
        ("bot_days", "2026-12-01", "web", "heard", ""): (7, 1),
        ("bot_days", "2026-11-30", "web", "heard", ""): (3, 0),
        ("bot_days", "w2026-11-30", "web", "heard", ""): (7, 1),
        ("bot_days", "m2026-12", "web", "heard", ""): (7, 1),
        ("topic_areas", "2026-12-01", POSTER, "fees"): (0, 1),
        ("topic_areas", "w2026-11-30", POSTER, ""): (0, 1),
        ("topic_areas", "m2026-12", POSTER, ""): (0, 1),
    }
    assert figures.period(db, DAY - timedelta(days=1), DAY).heard == 1


def test_an_upgrade_adds_the_months_that_were_not_kept(db):
    make.area(db, POSTER)
    for n in range(40):
        ask(db, "fees" if n % 3 else "boat", address=f"p{n}", now=NOW + timedelta(days=n), came_by=POSTER)
    upgrade = import_module("db.migrations.versions.0015_months_counted")
    with db.transaction() as c:
        for table in (bot_days, topic_areas):
            assert c.execute(delete(table).where(table.c.day.like("m%"))).rowcount
        c.execute(text(upgrade.OF_DAYS))
        c.execute(text(upgrade.OF_AREAS))
    assert recounted(db) == {}


def test_what_happens_during_a_rebuild_is_neither_lost_nor_counted_twice(db, monkeypatch):
    ask(db, "fees", address="a")
    counted = figures.rebuilding._counted

    def meanwhile(c):
        found = counted(c)
        ask(db, "boat", address="b")
        return found

    monkeypatch.setattr(figures.rebuilding, "_counted", meanwhile)
    assert figures.rebuild(db) == {}
    monkeypatch.undo()
    assert figures.period(db, DAY, DAY).topics == {"fees": 1, "boat": 1}
    assert recounted(db) == {}


@pytest.mark.parametrize("parts", [1, 2, 1000])
def test_a_rebuild_counts_in_parts(db, monkeypatch, parts):
    for n in range(5):
        ask(db, "fees" if n % 2 else "? hả", address=f"p{n}")
    monkeypatch.setattr("bots.figures.store.COUNTED_AT_ONCE", parts)
    assert figures.rebuild(db) == {}


@pytest.mark.parametrize(
    ("thought", "counted"),
    [
        ({"topic": "fees"}, {"topic": "fees", "language": "vi"}),
        ({"confidence": 0.2}, {"abstained": "", "language": "vi"}),
        ({"confidence": 1.0}, {"language": "vi"}),  # "it helped": the machine knew what that was
        ({"topic": "hotline-vn", "danger": "red"}, {"topic": "hotline-vn", "danger": "red", "language": "vi"}),
        ({"kind": "image", "confidence": 0.2}, {}),
        ({"kind": "location", "danger": "red", "confidence": 1.0}, {"danger": "red"}),
        ({"kind": "follow", "topic": "greeting"}, {}),
        ({"kind": "unhelpful", "topic": "not-helpful"}, {}),
        ({"topic": "fees", "register": "accented"}, {"topic": "fees", "language": "vi", "register": "accented"}),
    ],
)
def test_what_a_message_counts_for(thought, counted):
    counts = Counts()
    given = {"kind": "text", "topic": None, "danger": "none", "confidence": 0.9, "language": "vi", **thought}
    counts.thought("2026-12-01", "web", Thought(**given))
    assert {what: key for _, _, what, key in counts.days} == counted


@pytest.mark.parametrize(
    ("text", "register"),
    [("phí bao nhiêu tiền", "accented"), ("phi bao nhieu tien", "unaccented"), ("how much is it", None), ("1", None),
     ("", None)],
)
def test_how_vietnamese_is_typed(text, register):
    assert register_of(text) == register
