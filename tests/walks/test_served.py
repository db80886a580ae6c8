"""The whole house as somebody meets it who has just started it: a real server, a real browser's requests."""

import re
import signal
import time

import pytest
import requests

from tests.walks.server import Served, free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with Served(tmp_path_factory.mktemp("served")) as running:
        yield running


def number(text: str) -> int:
    return int(re.sub(r"[.,\s]", "", text))


def test_a_wave_goes_from_a_list_to_the_figures_between_two_officers(served):
    lan, minh = served.officer("lan@anlo.example"), served.officer("minh@anlo.example")
    assert "Yên Thành – diễn tập" in lan.see("/lists")
    planned = lan.send("/waves/new", name="Walk", lists="1", version=version_on(lan), form="vi-unaccented", when="now",
                       outside_hours="1")
    wave = re.search(r"/waves/\d+", planned.url)[0]
    people = 235
    assert f"{people}" in planned.text
    lan.send(f"{wave}/submit", page=wave)
    assert lan.session.get(served.address + f"{wave}/review", timeout=30).status_code in (200, 403)
    own = lan.session.post(served.address + f"{wave}/approve", timeout=30, data={"csrf_token": token(lan, wave)})
    assert own.status_code >= 400, "the author approved their own wave"
    minh.send(f"{wave}/approve", page=f"{wave}/review")
    served.wait_for(lambda: delivered(lan, wave) > people * 0.8)
    assert "An Lo:" in lan.see("/handsets")
    assert "Walk" in lan.see("/figures/waves")


def version_on(browser) -> str:
    return re.search(r'<option value="(\d+)"', browser.see("/waves/new").partition('name="version"')[2])[1]


def token(browser, page: str) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', browser.see(page))[1]


def delivered(browser, wave: str) -> int:
    text = re.sub(r"<[^>]+>", " ", browser.see(f"{wave}/progress"))
    found = re.search(r"([\d.,]+)\s+(?:delivered|tin đã tới máy|đã tới máy)", text)
    return number(found[1]) if found else 0


def test_a_villager_asks_in_the_browser_without_javascript(served):
    villager = requests.Session()
    page = villager.get(served.address + "/chat", timeout=30).text
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    asked = {"text": "gọi số nào khi gặp nguy hiểm", "key": key}
    answer = villager.post(served.address + "/chat/messages", data=asked, timeout=60)
    assert answer.status_code == 200
    assert "111" in answer.text
    assert "gọi số nào khi gặp nguy hiểm" in answer.text


def test_it_stops_in_good_order_within_ten_seconds_and_a_second_start_is_quick(tmp_path):
    with Served(tmp_path) as first:
        assert first.end() < 10
        assert first.process.returncode == 0
    began = time.monotonic()
    with Served(tmp_path):
        quick = time.monotonic() - began
    assert quick < 15, "a start on data that is there should not load the demo again"


def test_a_second_process_on_the_same_data_says_so_and_does_not_send(tmp_path):
    with Served(tmp_path) as first, Served(tmp_path) as second:
        assert "Another process does the sending" not in first.said()
        second.wait_for(lambda: "Another process does the sending" in second.said())
        assert requests.get(second.address + "/healthz", timeout=10).status_code == 200


def test_a_port_in_use_is_said_in_one_sentence(tmp_path, served):
    with_same_port = Served(tmp_path, port=served.port)
    assert with_same_port.process.wait(60) == 2
    assert "in use by another program" in with_same_port.said()
    assert "Traceback" not in with_same_port.said()


def test_killed_at_a_start_it_starts_again(tmp_path):
    port = free_port()
    for _ in range(3):
        killed = Served(tmp_path, port=port)
        time.sleep(1.5)
        killed.end(signal.SIGKILL)
    with Served(tmp_path, port=port) as served:
        assert "Yên Thành – diễn tập" in served.officer("lan@anlo.example").see("/lists")
