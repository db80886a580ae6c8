"""`.venv` from any state: the decisions, as tables. That they are carried out is seen by every `make`."""

import json
import os
import subprocess
import sys

import pytest

import bootstrap
import venv_state
from tests.house.tree import ROOT

STAMP = {
    "format": venv_state.FORMAT,
    "made_for": venv_state.MADE_FOR,
    "files": {"flask": 26, "flask-3.1.3.dist-info": 7, "six.py": 1},
    "installed": {"requirements.txt": "aa"},
    "interpreter": ["python", 1, 2],
}
SEEN = {
    "format": venv_state.FORMAT,
    "made_for": venv_state.MADE_FOR,
    "works": True,
    "files": {"flask": 26, "flask-3.1.3.dist-info": 7, "six.py": 1},
    "wanted": {"requirements.txt": "aa"},
}
OTHER_VERSION = {"flask": 26, "flask-2.0.0.dist-info": 7, "six.py": 1}


@pytest.mark.parametrize(
    ("stamp", "seen", "task"),
    [
        pytest.param(STAMP, SEEN, "nothing", id="as it was left"),
        pytest.param(None, SEEN, "rebuild", id="no stamp: never finished, or damaged"),
        pytest.param({**STAMP, "format": 0}, SEEN, "rebuild", id="made by an older bootstrap"),
        pytest.param({**STAMP, "made_for": "3.10 x86_64-linux-gnu"}, SEEN, "rebuild", id="another Python"),
        pytest.param(STAMP, {**SEEN, "works": False}, "rebuild", id="its Python is gone"),
        pytest.param(STAMP, {**SEEN, "files": {}}, "rebuild", id="everything deleted"),
        pytest.param(STAMP, {**SEEN, "files": {**SEEN["files"], "flask": 25}}, "rebuild", id="one module deleted"),
        pytest.param(STAMP, {**SEEN, "files": OTHER_VERSION}, "rebuild", id="another version"),
        pytest.param(STAMP, {**SEEN, "files": {**SEEN["files"], "pdbpp": 40}}, "nothing", id="something of one's own"),
        pytest.param(STAMP, {**SEEN, "wanted": {"requirements.txt": "bb"}}, "install", id="a pin changed"),
        pytest.param(STAMP, {**SEEN, "wanted": {"requirements.txt": "aa", "x": "c"}}, "install", id="more is wanted"),
        pytest.param({**STAMP, "installed": {"requirements.txt": "aa", "x": "c"}}, SEEN, "nothing", id="more is there"),
    ],
)
def test_what_is_to_be_done(stamp, seen, task):
    assert venv_state.task(stamp, seen) == task


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A project folder of its own, with one requirements file and no .venv."""
    monkeypatch.setattr(venv_state, "ROOT", str(tmp_path))
    monkeypatch.setattr(venv_state, "STAMP", str(tmp_path / "an-lo.json"))
    monkeypatch.setattr(venv_state, "SITE_PACKAGES", str(tmp_path / "site-packages"))
    monkeypatch.setattr(bootstrap, "LOCK", str(tmp_path / ".venv.lock"))
    for name in venv_state.KINDS["dev"]:
        (tmp_path / name).write_text("# why\n\nsix==1.17.0\n-r other.txt\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 1}', '{"installed": 3, "files": {}}', "\x00\x01"])
def test_a_damaged_stamp_is_no_stamp(checkout, text):
    (checkout / "an-lo.json").write_text(text, encoding="utf-8")
    assert venv_state.read_stamp() is None


def test_no_stamp(checkout):
    assert venv_state.read_stamp() is None


def test_a_stamp_is_read_as_written(checkout):
    venv_state.write_stamp({"format": venv_state.FORMAT, "installed": {"requirements.txt": "aa"}})
    assert venv_state.read_stamp()["installed"] == {"requirements.txt": "aa"}
    assert json.loads((checkout / "an-lo.json").read_text())["files"] == {}
    assert not (checkout / "an-lo.json.part").exists()


def test_a_pin_changes_the_digest_and_a_line_end_does_not(checkout):
    path = checkout / "requirements.txt"
    before = venv_state.digest_of("requirements.txt")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert venv_state.digest_of("requirements.txt") == before
    path.write_text("six==1.16.0\n", encoding="utf-8")
    assert venv_state.digest_of("requirements.txt") != before


def test_pins_are_the_lines_that_name_a_package(checkout):
    assert venv_state.pins_of("requirements.txt") == ["six==1.17.0"]


def test_what_was_once_wanted_is_kept_up_to_date(checkout):
    stamp = {"installed": {"requirements-cluster.txt": "old", "gone.txt": "x"}}
    assert sorted(venv_state.look("run", stamp)["wanted"]) == ["requirements-cluster.txt", "requirements.txt"]


def test_files_are_counted_without_bytecode(tmp_path):
    package = tmp_path / "flask" / "sansio"
    (package / "__pycache__").mkdir(parents=True)
    for name in ("six.py", "flask/app.py", "flask/sansio/app.py", "flask/sansio/__pycache__/app.pyc"):
        (tmp_path / name).touch()
    assert venv_state.count_files(tmp_path) == {"six.py": 1, "flask": 2}
    assert venv_state.count_files(tmp_path / "nowhere") == {}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("WARNING: Retrying … NewConnectionError('<pip…>: Failed to establish a new connection')", "offline"),
        ("… NameResolutionError(…): Failed to resolve 'index.example'", "offline"),
        ("socket.gaierror: [Errno -3] Temporary failure in name resolution", "offline"),
        ("WARNING: Retrying … ProxyError('Cannot connect to proxy.')", "offline"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk-full"),
        ("NewConnectionError … [Errno 28] No space left on device", "disk-full"),
        ("The virtual environment was not created successfully because ensurepip is not available.", "no-venv"),
        ("ERROR: Could not find a version that satisfies the requirement six==9 (from versions: none)", "no-answer"),
        ("ERROR: Could not find a version that satisfies the requirement six==9 (from versions: 1.16.0)", "failed"),
        ("", "failed"),
    ],
)
def test_why_it_failed(said, code):
    assert bootstrap.why_failed(said) == code


@pytest.mark.parametrize(
    ("environment", "vietnamese"),
    [
        ({}, False),
        ({"LANG": "vi_VN.UTF-8"}, True),
        ({"LANG": "en_GB.UTF-8"}, False),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "vi_VN"}, True),
        ({"LANG": "vi_VN", "LC_MESSAGES": "C"}, False),
        ({"LANG": "vi_VN", "LC_ALL": ""}, True),
    ],
)
def test_the_language_of_a_sentence(environment, vietnamese):
    assert bootstrap.words("disk-full", environment).startswith("Ổ đĩa") is vietnamese


def test_every_sentence_is_one_line_in_both_languages():
    for code, pair in bootstrap.SENTENCES.items():
        assert len(pair) == 2 and all(sentence and "\n" not in sentence for sentence in pair), code


@pytest.mark.parametrize(("version", "refused"), [((3, 10, 14), True), ((3, 11, 0), False), ((3, 13, 1), False)])
def test_an_old_python_is_told_in_one_sentence(version, refused):
    if not refused:
        return bootstrap.refuse_old_python(version)
    with pytest.raises(bootstrap.CannotPrepare, match=r"3\.10\.14"):
        bootstrap.refuse_old_python(version)


def test_a_python_without_venv_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(bootstrap.CannotPrepare, match="apt install python3-venv"):
        bootstrap.make_venv(lock=0)


def test_a_failed_command_is_one_sentence(capfd, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    complain = "print('noise'); print('NewConnectionError'); raise SystemExit(1)"
    with open(os.devnull) as lock:
        with pytest.raises(bootstrap.CannotPrepare, match="network"):
            bootstrap.run([[sys.executable, "-c", "pass"], [sys.executable, "-c", complain]], lock.fileno())
        bootstrap.run([[sys.executable, "-c", complain]], lock.fileno(), may_fail=True)
    assert "noise" not in "".join(capfd.readouterr())


def test_only_one_prepares_at_a_time(checkout):
    with bootstrap.alone(), open(bootstrap.LOCK, "a") as other:
        assert not bootstrap.take(other.fileno())
    with open(bootstrap.LOCK, "a") as other:
        assert bootstrap.take(other.fileno())


@pytest.mark.skipif(os.name == "nt", reason="file handles are inherited in another way there")
def test_the_lock_lasts_as_long_as_a_child_that_was_left_behind(checkout):
    """Ours is killed, pip goes on: nobody may begin before it has ended."""
    with bootstrap.alone() as lock:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock,))
    with open(bootstrap.LOCK, "a") as other:
        assert not bootstrap.take(other.fileno())
        child.communicate(b"\n")
        assert bootstrap.take(other.fileno())


def test_removing_whatever_is_in_the_way(tmp_path):
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("folder", "file", "link", "nothing"):
        bootstrap.remove(str(tmp_path / name))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("module", "ours"),
    [("web.views", True), ("cli", True), ("venv_state", True), ("flask", False), ("flask.app", False), (None, False)],
)
def test_a_missing_module_of_our_own_is_not_mended_by_installing(module, ours):
    assert bootstrap.is_ours(module) is ours
    if ours:
        with pytest.raises(ImportError):
            bootstrap.reexec_in_venv(ImportError(name=module))


def test_the_second_failure_says_what_is_missing(monkeypatch):
    monkeypatch.setenv("AN_LO_REEXECED", "1")
    with pytest.raises(bootstrap.CannotPrepare, match="flask"):
        bootstrap.reexec_in_venv(ModuleNotFoundError("No module named 'flask'", name="flask"))


@pytest.mark.parametrize("kind", venv_state.KINDS)
def test_the_files_of_every_kind_exist(kind):
    assert all((ROOT / name).is_file() for name in venv_state.KINDS[kind])
