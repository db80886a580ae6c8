"""The versions of a message and what changed between them, word by word."""

from campaigns import authoring
from tests.conftest import NOW
from tests.web.doors import words


def a_message(rt, *texts) -> int:
    message_id = None
    for text in texts:
        version = authoring.write(rt.db, title="Cọc", vi=text, message_id=message_id, by=None, now=NOW)
        message_id = authoring.version(rt.db, version).message_id
    return message_id


def test_what_changed_is_marked_by_more_than_colour(officer, rt):
    message_id = a_message(rt, "Gọi 111 ngay", "Gọi 113 ngay", "Gọi 113 ngay nhé")
    source = officer.get(f"/messages/{message_id}/versions").get_data(as_text=True)
    assert "<ins> nhé</ins>" in source
    assert "gạch ngang: bỏ đi" in source and "gạch chân: thêm vào" in source
    source = officer.get(f"/messages/{message_id}/versions?from=1&to=2").get_data(as_text=True)
    assert "<del>111</del><ins>113</ins>" in source


def test_the_first_version_has_nothing_before_it(officer, rt):
    answer = officer.get(f"/messages/{a_message(rt, 'Gọi 111')}/versions")
    assert answer.status_code == 200
    assert "<ins>" not in answer.get_data(as_text=True)


def test_a_version_that_never_was_is_the_nearest(officer, rt):
    message_id = a_message(rt, "Một", "Hai")
    assert "từ bản 1 đến bản 2" in words(officer.get(f"/messages/{message_id}/versions?from=-7&to=99")).lower()


def test_a_message_nobody_wrote(officer):
    assert officer.get("/messages/404/versions").status_code == 404
