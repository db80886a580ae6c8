"""The library of starter messages: by theme, with sources; used, one becomes a message of one's own."""

from campaigns import authoring
from tests.web.doors import press, words


def test_the_library_by_theme(officer, rt):
    said = words(officer.get("/messages/starters"))
    assert all(pair["vi"].title in said for pair in rt.book.starters.values())


def test_a_starter_shows_its_sources_and_is_used(officer, rt):
    pair = rt.book.starters["hotline-111"]
    said = words(officer.get("/messages/starters/hotline-111"))
    assert pair["vi"].unaccented in said
    fact = rt.book.facts[pair["vi"].sources[0]]
    assert fact.source.split("|")[1].strip() in said
    answer = press(officer, "/messages/starters/hotline-111")
    assert answer.location.endswith("/edit")
    newest = authoring.messages(rt.db)[0]
    assert (newest.starter, newest.texts.vi, newest.number) == ("hotline-111", pair["vi"].text, 1)
    assert pair["vi"].text in words(officer.get(answer.location))


def test_what_it_was_taken_from_stays_with_its_versions(officer, rt):
    press(officer, "/messages/starters/hotline-111")
    begun = authoring.messages(rt.db)[0]
    press(officer, f"/messages/{begun.message_id}/edit", title="Của tôi", vi="Gọi 111.", began=begun.id, do="save")
    assert authoring.messages(rt.db)[0].starter == "hotline-111"


def test_a_starter_nobody_wrote(officer):
    assert officer.get("/messages/starters/nothing").status_code == 404
    assert press(officer, "/messages/starters/nothing").status_code == 404
