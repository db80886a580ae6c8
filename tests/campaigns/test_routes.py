"""Which gateway a message falls to: positions, shares, what one loses when it fares badly. And the table itself."""

import pytest

from campaigns import route_table, routing
from campaigns.routes import WHOLE, Part, Route, first_choice, kinds, share, uncovered
from messages.errors import Mistake
from staff import audit
from tests import make
from tests.fakes import FakeGateway

ANYBODY = (None, "vi")


def route(gateway, position=1, weight=100, carrier=None, language=None) -> Route:
    return Route(0, position, carrier, language, gateway, weight)


def parts(routes, health, kind=ANYBODY) -> dict[str, int]:
    """Gateway → turns of a hundred."""
    return {part.gateway: part.end - part.first for part in share(routes, health)[kind]}


@pytest.mark.parametrize(
    ("routes", "health", "expected"),
    [
        ([route("a")], {"a": 1}, {"a": 100}),
        ([route("a", weight=70), route("b", weight=30)], {"a": 1, "b": 1}, {"a": 70, "b": 30}),
        ([route("a"), route("b", position=2)], {"a": 1, "b": 1}, {"a": 100}),
        # What the first loses goes to the next position …
        ([route("a"), route("b", position=2)], {"a": 0.4, "b": 1}, {"a": 40, "b": 60}),
        ([route("a"), route("b", position=2)], {"a": 0, "b": 1}, {"b": 100}),
        ([route("a"), route("b", 2), route("c", 3)], {"a": 0.5, "b": 0.5, "c": 1}, {"a": 50, "b": 25, "c": 25}),
        # … and where there is none, to the others of its own.
        ([route("a"), route("b")], {"a": 0.5, "b": 1}, {"a": 33, "b": 67}),
        ([route("a")], {"a": 0.1}, {"a": 100}),
        # Nobody can send: everybody waits.
        ([route("a"), route("b", 2)], {"a": 0, "b": 0}, {}),
        # A gateway that is not set up here.
        ([route("a"), route("b", 2)], {"b": 1}, {"b": 100}),
        ([route("a", 1), route("a", 2), route("b", 2)], {"a": 0.5, "b": 1}, {"a": 71, "b": 29}),
    ],
)
def test_what_falls_to_whom(routes, health, expected):
    assert parts(routes, health) == expected


def test_by_carrier_and_language():
    routes = [
        route("viettel", carrier="Viettel"),
        route("english", position=2, language="en"),
        route("rest", position=3),
    ]
    health = dict.fromkeys(("viettel", "english", "rest"), 1.0)
    assert kinds(routes) == [("Viettel", "vi"), ("Viettel", "en"), (None, "vi"), (None, "en")]
    found = {kind: list(parts(routes, health, kind)) for kind in kinds(routes)}
    assert list(found.values()) == [["viettel"], ["viettel"], ["rest"], ["english"]]


@pytest.mark.parametrize("weights", [(1, 1, 1), (7, 13, 19), (1000, 1, 1), (33, 33, 34)])
def test_every_turn_is_dealt_once(weights):
    routes = [route(str(n), weight=weight) for n, weight in enumerate(weights)]
    dealt = share(routes, {str(n): 1 / (n + 1) for n in range(len(weights))})[ANYBODY]
    turns = [turn for part in dealt for turn in range(part.first, part.end)]
    assert turns == list(range(WHOLE))


def test_nobody_is_led_nowhere():
    assert uncovered([]) == [(None, "vi"), (None, "en")]
    assert uncovered([route("a")]) == []
    assert uncovered([route("a", carrier="Viettel")]) == [(None, "vi"), (None, "en")]
    assert uncovered([route("a", language="vi"), route("b", carrier="Viettel")]) == [(None, "en")]
    assert uncovered([route("a")], able=["b"]) == [(None, "vi"), (None, "en")]


def test_the_largest_part_is_the_first_choice():
    assert first_choice([Part("a", 0, 30), Part("b", 30, 100)]) == "b"
    assert first_choice([]) is None


# -- the table as officers keep it

KNOWN = ("a", "b")


def put(db, now, **row):
    return route_table.put(db, **{"position": 1, "gateway": "a", "known": KNOWN, "by": 1, "now": now, **row})


def test_routes_are_added_changed_and_removed(db, now):
    first = put(db, now)
    second = put(db, now, position=2, gateway="b", carrier="Viettel", language="en", weight=30)
    put(db, now, route_id=second, position=3, gateway="b")
    assert [(each.id, each.position, each.carrier, each.weight) for each in route_table.every(db)] == [
        (first, 1, None, 100), (second, 3, None, 100),
    ]  # fmt: skip
    route_table.remove(db, first, by=1, now=now)
    assert [each.id for each in route_table.every(db)] == [second]
    told = [(row.action, row.object) for row in audit.latest(db) if row.action.startswith("routes.")]
    assert told[:1] == [("routes.remove", f"route:{first}")]
    assert len(told) == 4


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"gateway": "nobody"}, "gateway-unknown"),
        ({"carrier": "Mobi"}, "route-carrier-wrong"),
        ({"position": 0}, "route-wrong"),
        ({"weight": 0}, "route-wrong"),
        ({"weight": 1001}, "route-wrong"),
        ({"language": "fr"}, "route-wrong"),
        ({"route_id": 99}, "route-unknown"),
        ({"weight": 5}, "route-twice"),
    ],
)
def test_what_no_route_may_be(sqlite_db, now, row, code):
    put(sqlite_db, now)
    with pytest.raises(Mistake, match=code):
        put(sqlite_db, now, **row)
    assert len(route_table.every(sqlite_db)) == 1


def test_a_wave_under_way_is_not_stranded(sqlite_db, now):
    db = sqlite_db
    whole, viettel = put(db, now), put(db, now, gateway="b", carrier="Viettel")
    make.a_wave(db, gateway="routes")
    with pytest.raises(Mistake, match="routes-in-use"):
        route_table.remove(db, whole, by=1, now=now)
    with pytest.raises(Mistake, match="routes-in-use"):
        put(db, now, route_id=whole, carrier="Viettel")
    route_table.remove(db, viettel, by=1, now=now)


def test_a_wave_needs_a_table_that_leads_everybody_somewhere(sqlite_db, now):
    with pytest.raises(Mistake, match="routes-missing"):
        make.a_wave(sqlite_db, gateway="routes")
    put(sqlite_db, now, carrier="Viettel")
    with pytest.raises(Mistake, match="routes-missing"):
        make.a_wave(sqlite_db, gateway="routes")


def test_the_table_together_is_what_a_plan_reckons_with(sqlite_db, now):
    gateways = {"a": FakeGateway("a", rate=5.0), "b": FakeGateway("b", leaves_machine=True, concurrency=2)}
    put(sqlite_db, now)
    put(sqlite_db, now, position=2, gateway="b")
    found = routing.traits_of(sqlite_db, "routes", gateways)
    assert (found.leaves_machine, found.rate) == (True, 25.0)
    assert routing.traits_of(sqlite_db, "a", gateways) is gateways["a"].traits
    assert routing.traits_of(sqlite_db, "gone", gateways) is None
