"""Where a gateway hears no answer, no text promises to hear one, and every text says another way to stop."""

import pytest
from sqlalchemy import insert

from campaigns import waves
from db.tables import staff
from messages.errors import Mistake
from sms.gateway import Traits
from tests import make
from tests.fakes import FakeGateway

BASE = "https://an-lo.example"
VN = frozenset({"84"})
ONE_WAY = Traits(inbound=True, one_way_to=VN)
NO_WAY = Traits(inbound=False)
TWO_WAY = Traits(inbound=True)
PAGE = "An Lo: hay hoi 111. Ngung: {{ stop }}"


@pytest.fixture
def officers(db, now):
    with db.transaction() as c:
        rows = [{"email": f"{name}@example.com", "role": "officer", "created_at": now} for name in ("anh", "binh")]
        return list(c.execute(insert(staff).returning(staff.c.id), rows).scalars())


def gateways(traits: Traits):
    gateway = FakeGateway()
    gateway.traits = traits
    return {"fake": gateway}


def verdict(db, now, officers, text: str, traits: Traits, *, base: str = BASE, country: str = "VN", en: str = ""):
    """The code of what keeps a wave with this text from being submitted; None when nothing does."""
    people = make.people(db, 2, country=country)
    wave_id = make.a_wave(
        db, list_ids=[make.a_list(db, "nghe", people)], form="vi-unaccented", link_base=base, by=officers[0],
        version_id=make.a_version(db, vi="", vi_unaccented=text, en=en), ready=False,
    )  # fmt: skip
    try:
        waves.submit(db, wave_id, by=officers[0], now=now, hosts=[base], gateways=gateways(traits))
    except Mistake as mistake:
        return mistake.code
    return None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("An Lo: hay hoi 111. Ngung: TU CHOI.", "one-way-promise"),
        ("An Lo: hay hoi 111. Soan TC gui 8088 de tu choi.", "one-way-promise"),
        ("An Lo: nhan lai tin nay de hoi. Ngung: {{ stop }}", "one-way-promise"),
        ("An Lo: Ngung: TU CHOI hoac {{ stop }}", "one-way-promise"),
        ("An Lo: hay hoi 111.", "one-way-no-stop"),
        ("An Lo: hay hoi 111. Chao {{ ten or 'ban' }}", "one-way-no-stop"),
        (PAGE, None),
    ],
)
def test_what_a_text_through_a_deaf_gateway_must_say(db, now, officers, text, code):
    assert verdict(db, now, officers, text, ONE_WAY) == code


def test_a_gateway_that_hears_may_promise(db, now, officers):
    assert verdict(db, now, officers, "An Lo: hay hoi 111. Ngung: TU CHOI.", TWO_WAY) is None


def test_it_is_deaf_to_some_countries_only(db, now, officers):
    assert verdict(db, now, officers, "An Lo: hay hoi 111. Ngung: TU CHOI.", ONE_WAY, country="GB") is None


def test_one_without_inbound_is_deaf_to_all(db, now, officers):
    assert verdict(db, now, officers, "An Lo: hay hoi 111. Ngung: TU CHOI.", NO_WAY, country="GB") == "one-way-promise"


def test_the_english_text_is_read_too(db, now, officers):
    assert verdict(db, now, officers, PAGE, ONE_WAY, en="An Lo: call 111. To stop: STOP.") == "one-way-promise"


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "http://an-lo.example"])
def test_an_address_no_phone_can_open_is_refused(db, now, officers, base):
    assert verdict(db, now, officers, PAGE, ONE_WAY, base=base) == "stop-address-local"


def test_the_approver_is_kept_from_it_too(db, now, officers):
    """The audience or the gateway may have changed since it was submitted."""
    people = make.people(db, 1)
    wave_id = make.a_wave(
        db, list_ids=[make.a_list(db, "nghe", people)], ready=False, by=officers[0], version_id=make.a_version(db),
    )  # fmt: skip
    digest = waves.submit(db, wave_id, by=officers[0], now=now, gateways=gateways(TWO_WAY))
    with pytest.raises(Mistake, match="one-way-no-stop"):
        waves.approve(db, wave_id, by=officers[1], digest=digest, now=now, gateways=gateways(ONE_WAY))
