"""Two people stand behind a wave, and what their approval covers, on both databases."""



import pytest
from sqlalchemy import insert, select

from campaigns import authoring, experiments, layout, lists, programme, waves
from campaigns import deliveries as delivering
from db.tables import contacts, list_members
from messages.errors import Mistake
from sms.gateway import Outcome
from staff import audit
from tests import make
from tests.campaigns.test_waves import GATEWAYS, code_of, status
from tests.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("the_books_hold")


def test_two_people_stand_behind_a_wave(db, now, officers):
    author, other = officers
    wave_id = make.a_wave(db, by=author, ready=False)
    assert status(db, wave_id) == "draft"
    digest = waves.submit(db, wave_id, by=author, now=now)
    assert waves.preview(db, wave_id, GATEWAYS, now).digest == digest
    assert code_of(waves.approve, db, wave_id, by=author, digest=digest, now=now) == "approval-own"
    assert code_of(waves.approve, db, wave_id, by=other, digest="x", now=now) == "approval-stale"
    waves.approve(db, wave_id, by=other, digest=digest, now=now)
    waves.schedule(db, wave_id, by=author, now=now)
    assert waves.open_due(db, GATEWAYS, now) == {wave_id: 3}
    assert status(db, wave_id) == "sending"
    actions = [row.action for row in audit.latest(db, about=f"wave:{wave_id}")]
    assert actions == ["waves.open", "waves.schedule", "waves.approve", "waves.submit", "waves.plan"]


def test_an_edit_voids_the_approval_and_makes_the_editor_the_author(db, now, officers):
    author, other = officers
    wave_id = make.a_wave(db, by=author, ready=False)
    digest = waves.submit(db, wave_id, by=author, now=now)
    waves.approve(db, wave_id, by=other, digest=digest, now=now)
    waves.change(db, wave_id, by=other, now=now, name="Đợt khác")
    assert status(db, wave_id) == "draft"
    assert code_of(waves.schedule, db, wave_id, by=other, now=now) == "wave-cannot-schedule"
    again = waves.submit(db, wave_id, by=other, now=now)
    assert again != digest
    assert code_of(waves.approve, db, wave_id, by=other, digest=again, now=now) == "approval-own"
    waves.approve(db, wave_id, by=author, digest=again, now=now)


def approving(db, wave_id, by, now) -> str | None:
    """What is said to `by` who would approve what stands there; None when it is approved."""
    try:
        waves.approve(db, wave_id, by=by, digest=waves.preview(db, wave_id, GATEWAYS, now).digest, now=now)
    except Mistake as told:
        return told.code
    return None


def test_who_submits_does_not_approve(db, now, officers):
    one, other = officers
    wave_id = make.a_wave(db, by=other, ready=False)
    waves.submit(db, wave_id, by=one, now=now)
    assert approving(db, wave_id, one, now) == "approval-own"
    assert status(db, wave_id) == "submitted"


def test_who_submits_all_of_a_campaign_approves_none(db, now, officers):
    one, other = officers
    campaign = programme.create(db, name="Chiến dịch", by=other, now=now)
    wave_id = make.a_wave(db, by=other, ready=False, campaign_id=campaign)
    assert layout.submit_all(db, campaign, by=one, now=now) == 1
    assert approving(db, wave_id, one, now) == "approval-own"


def test_who_planned_does_not_approve_because_another_changed_one_field(db, now, officers):
    one, other = officers
    wave_id = make.a_wave(db, by=one, ready=False)
    waves.change(db, wave_id, by=other, now=now, name="Đợt khác")
    waves.submit(db, wave_id, by=other, now=now)
    assert approving(db, wave_id, one, now) == "approval-own"
    waves.return_to_author(db, wave_id, by=one, note="", now=now)
    waves.submit(db, wave_id, by=other, now=now)
    assert approving(db, wave_id, one, now) == "approval-own", "returning clears what others did, not one's own"


def test_what_was_returned_is_approved_by_whoever_had_no_hand_in_it_since(db, now, officers):
    one, other = officers
    wave_id = make.a_wave(db, by=one, ready=False)
    waves.submit(db, wave_id, by=one, now=now)
    waves.return_to_author(db, wave_id, by=other, note="", now=now)
    waves.change(db, wave_id, by=other, now=now, name="Đợt khác")
    waves.submit(db, wave_id, by=other, now=now)
    assert approving(db, wave_id, one, now) is None


def test_who_wrote_the_words_of_any_arm_does_not_approve(db, now, officers):
    one, other = officers

    def words(by):
        return authoring.write(db, title="Lời", vi=make.VI, vi_unaccented="", en="", by=by, now=now)

    mine = make.a_wave(db, by=other, ready=False, version_id=words(one))
    compared = make.a_wave(db, by=other, ready=False, version_id=words(None))
    experiments.plan(db, compared, others=[(words(one), "vi")], outcome="reply", expected=0.1, smallest=0.4, days=7,
                     by=other, now=now)
    for wave_id in (mine, compared):
        waves.submit(db, wave_id, by=other, now=now)
        assert approving(db, wave_id, one, now) == "approval-own"


def test_who_planned_the_comparison_does_not_approve_it(db, now, officers):
    one, other = officers
    wave_id = make.a_wave(db, by=other, ready=False, version_id=make.a_version(db, en=""))
    experiments.plan(db, wave_id, others=[(make.a_version(db, en=""), "vi")], outcome="reply", expected=0.1,
                     smallest=0.4, days=7, by=one, now=now)
    waves.change(db, wave_id, by=other, now=now, name="Đợt khác")
    waves.submit(db, wave_id, by=other, now=now)
    assert approving(db, wave_id, one, now) == "approval-own"


def test_a_returned_wave_is_a_draft_with_a_note(db, now, officers):
    author, other = officers
    wave_id = make.a_wave(db, by=author, ready=False)
    waves.submit(db, wave_id, by=author, now=now)
    waves.return_to_author(db, wave_id, by=other, note="Thiếu đường dây nóng", now=now)
    assert status(db, wave_id) == "draft"
    assert [(row["decision"], row["note"]) for row in waves.decisions(db, wave_id)] == [
        ("returned", "Thiếu đường dây nóng")
    ]


def test_the_machine_answers_only_for_its_own(db, now, officers):
    theirs = make.a_wave(db, by=officers[0], ready=False)
    assert code_of(waves.approve_by_machine, db, theirs, now=now) == "approval-machine"
    ours = make.a_wave(db, ready=False)
    waves.approve_by_machine(db, ours, now=now)
    newest = audit.latest(db, about=f"wave:{ours}")[0]
    assert (newest.action, newest.actor) == ("waves.approve", "machine")
    assert status(db, ours) == "scheduled"


# -- what an approval, an exercise and the night mean


def approved(db, now, officers, **plan) -> int:
    author, other = officers
    wave_id = make.a_wave(db, by=author, ready=False, **plan)
    digest = waves.submit(db, wave_id, by=author, now=now)
    waves.approve(db, wave_id, by=other, digest=digest, now=now)
    waves.schedule(db, wave_id, by=author, now=now)
    return wave_id


def test_an_approval_does_not_cover_people_who_join_the_list_afterwards(db, now, officers):
    first, later = make.people(db, 2, first=900)
    list_id = make.a_list(db, "Yên Thành", [first])
    wave_id = approved(db, now, officers, list_ids=[list_id])
    with db.transaction() as c:
        c.execute(insert(list_members).values(list_id=list_id, contact_id=later, joined_at=now))
    make.count_members(db, list_id)
    assert waves.open_due(db, GATEWAYS, now) == {}
    shown = waves.show(db, wave_id).wave
    assert (shown.status, shown.pause_reason) == ("paused", "approval-void")


def test_a_list_that_an_unfinished_wave_names_is_not_deleted_and_its_id_never_given_out_again(db, now, officers):
    list_id = make.a_list(db, "Yên Thành", make.people(db, 2, first=910))
    wave_id = approved(db, now, officers, list_ids=[list_id])
    assert code_of(lists.delete, db, list_id, by=officers[0], now=now) == "list-in-wave"
    waves.cancel(db, wave_id, by=officers[0], now=now)
    lists.delete(db, list_id, by=officers[0], now=now)
    assert make.a_list(db, "Một danh sách khác", []) > list_id


@pytest.mark.parametrize(("gateway", "by_officer", "goes"), [
    ("fake", True, True), ("fake", False, True), ("outside", True, False), ("outside", False, True),
], ids=["an exercise", "an exercise by the operator", "to people", "what the operator answers for"])
def test_only_an_exercise_or_the_operator_of_the_machine_may_ignore_the_night(
    db, now, officers, gateway, by_officer, goes
):
    night = now.replace(hour=20)
    plan = {"gateway": gateway, "ignore_quiet_hours": True}
    wave_id = approved(db, now, officers, **plan) if by_officer else make.a_wave(db, **plan)
    assert (wave_id in waves.open_due(db, GATEWAYS, night)) is goes


@pytest.mark.parametrize(("made_up", "dead"), [(True, True), (False, False)])
def test_an_exercise_says_of_no_real_person_that_nobody_is_there(db, now, made_up, dead):
    simulator = FakeGateway("simulator", answer=lambda _: Outcome.refused("number-invalid"))
    people = make.people(db, 1, first=920, made_up=made_up)
    wave_id = make.a_wave(db, list_ids=[make.a_list(db, "Diễn tập", people)], gateway="simulator")
    waves.open_due(db, {"simulator": simulator}, now)
    line = delivering.line(db, wave_id, {"simulator": simulator})
    claim = delivering.claim(db, line, worker="w", limit=10, now=now)
    results = [(row, simulator.send([row.outgoing])[0]) for row in claim.rows]
    delivering.record(db, gateway="simulator", worker="w", results=results, now=now)
    with db.reading() as c:
        assert c.execute(select(contacts.c.dead).where(contacts.c.id.in_(people))).scalar_one() is dead
