"""Makes `.venv` and keeps it right: `python bootstrap.py KIND`, or `ensure(kind)`, or `reexec_in_venv(error)`.

Standard library only, and no syntax newer than Python 3.7, so that an old Python can still be told it is old.
A `.venv` is believed only through its stamp, which is written last and removed first: with it the folder is what was
installed, without it the folder is made again from nothing. So there is no half-installed state to recognise,
whatever was killed, deleted or copied here from elsewhere.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

import venv_state as state
from venv_state import KINDS, ROOT, VENV, VENV_PYTHON

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

LOCK = VENV + ".lock"
#: Environment that would make pip install somewhere else, or Python import from somewhere else.
MISLEADING = {"PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PIP_USER", "PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"}
NOT_COMPILED = r"[/\\](tests?|countries|financial)[/\\]"
#: What pip or venv print, in order of trust, and the sentence it means.
SIGNS = (
    ("No space left on device", "disk-full"),
    ("ensurepip is not available", "no-venv"),
    ("NewConnectionError", "offline"),
    ("ConnectTimeoutError", "offline"),
    ("NameResolutionError", "offline"),
    ("Failed to establish a new connection", "offline"),
    ("Temporary failure in name resolution", "offline"),
    ("ProxyError", "offline"),
    ("(from versions: none)", "no-answer"),
)
SENTENCES = {  # code: Vietnamese, English
    "old-python": (
        "An Lộ cần Python 3.11 trở lên, đây là {version}: hãy cài bản mới rồi chạy lại (make run PYTHON=python3.12).",
        "An Lộ needs Python 3.11 or newer, this is {version}: install one and run again (make run PYTHON=python3.12).",
    ),
    "no-venv": (
        "Python này thiếu phần venv. Trên Debian hay Ubuntu, hãy chạy: apt install python3-venv",
        "This Python comes without venv. On Debian or Ubuntu run: apt install python3-venv",
    ),
    "offline": (
        "Không tải được các gói vì máy không ra được mạng: hãy kết nối (hoặc đặt HTTPS_PROXY) rồi chạy lại.",
        "The packages could not be fetched, the network was not reached: connect (or set HTTPS_PROXY) and run again.",
    ),
    "no-answer": (
        "Không tải được các gói (chi tiết ở trên): hãy kiểm tra mạng và cài đặt của pip rồi chạy lại.",
        "The packages could not be fetched (details above): check the network and the settings of pip, run again.",
    ),
    "disk-full": ("Ổ đĩa đã đầy: cần khoảng 700 MB trống.", "The disk is full: about 700 MB are needed."),
    "failed": ("Không cài được, lý do ở trên.", "The installation failed for the reason above."),
    "in-the-way": (
        "Không xóa được {path} ({reason}): hãy tắt chương trình đang dùng nó hoặc tự xóa, rồi chạy lại.",
        "{path} cannot be removed ({reason}): stop what uses it or remove it yourself, then run again.",
    ),
    "not-writable": (
        "Không ghi được vào {path} ({reason}): hãy chạy bằng người dùng sở hữu thư mục này.",
        "{path} cannot be written ({reason}): run as the user who owns this folder.",
    ),
    "waiting": ("Một lệnh khác đang cài đặt; chờ nó xong…", "Another command is installing; waiting for it…"),
    "making": ("Đang chuẩn bị .venv, khoảng nửa phút…", "Preparing .venv, about half a minute…"),
    "adding": ("Đang cài thêm vào .venv…", "Installing into .venv…"),
    "ready": ("Xong sau {seconds} giây.", "Ready after {seconds} s."),
    "still-missing": (
        "Đã cài đủ các gói mà vẫn thiếu ({what}): hãy xóa thư mục .venv rồi chạy lại.",
        "The packages are installed and something is still missing ({what}): remove the folder .venv and run again.",
    ),
}


class CannotPrepare(SystemExit):
    """`.venv` could not be made. Uncaught, it prints its one sentence and ends with status 1."""


def words(code, environment=os.environ, **values):
    """The sentence `code`: in Vietnamese when LC_ALL, LC_MESSAGES or LANG says vi, else in English."""
    spoken = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return SENTENCES[code][0 if spoken.lower().startswith("vi") else 1].format(**values)


def tell(sentence):
    """To standard error: standard output belongs to the command that follows."""
    print(sentence, file=sys.stderr, flush=True)


def refuse_old_python(version=sys.version_info):
    """Raises CannotPrepare when `version` is too old for the code that would follow."""
    if version < (3, 11):
        raise CannotPrepare(words("old-python", version=".".join(map(str, version[:3]))))


def ensure(kind="run"):
    """Makes `.venv` hold what `kind` (one of KINDS) needs; returns at once when it does. Raises CannotPrepare."""
    stamp = state.read_stamp()
    if state.task(stamp, state.look(kind, stamp)) == "nothing":
        return
    try:
        with alone() as lock:
            prepare(kind, lock)
    except KeyboardInterrupt:
        sys.exit(130)


def reexec_in_venv(missing):
    """For a door that could not import: prepares `.venv` and starts the same command again in it; never returns.

    `missing` is the ImportError. It is raised again when it tells of a module of our own: no installation mends that.
    """
    if is_ours(missing.name):
        raise missing
    if os.environ.get("AN_LO_REEXECED"):
        raise CannotPrepare(words("still-missing", what=missing))
    ensure("run")
    command, environment = [VENV_PYTHON, *sys.orig_argv[1:]], dict(os.environ, AN_LO_REEXECED="1")
    if os.name == "nt":  # there, exec would give the terminal back before the command has ended
        sys.exit(subprocess.run(command, env=environment).returncode)
    os.execve(VENV_PYTHON, command, environment)


def is_ours(module):
    """Whether the dotted name begins with a room or a file of this project."""
    top = os.path.join(ROOT, (module or "").partition(".")[0])
    return bool(module) and (os.path.isdir(top) or os.path.isfile(top + ".py"))


def prepare(kind, lock):
    """Brings `.venv` to what `kind` needs. The caller holds the lock; who held it before may have done all of it."""
    started, stamp = time.monotonic(), state.read_stamp()
    seen = state.look(kind, stamp)
    to_do = state.task(stamp, seen)
    if to_do == "nothing":
        return
    installed = stamp["installed"] if to_do == "install" else {}
    if to_do == "install":
        tell(words("adding"))
        remove(state.STAMP)
    else:
        tell(words("making"))
        make_venv(lock)
    install(state.missing(installed, seen["wanted"]), lock)
    state.write_stamp(dict(seen, installed=dict(installed, **seen["wanted"])))
    tell(words("ready", seconds=round(time.monotonic() - started)))


def make_venv(lock):
    """A new `.venv` in place of whatever is there."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise CannotPrepare(words("no-venv"))
    remove(state.STAMP)
    remove(VENV)
    run([[getattr(sys, "_base_executable", sys.executable), "-m", "venv", VENV]], lock)


def install(requirement_files, lock):
    """Without resolving: every package is pinned, and tests/house says when one is forgotten.

    Several pips at once, each with its share of the packages: one alone mostly reads indexes on one core (`run` on two
    cores: 16 s instead of 27). Bytecode likewise (7 s instead of 19), the packages' own tests left out; a file that
    does not compile is no mistake of ours.
    """
    pins = [pin for name in requirement_files for pin in state.pins_of(name)]
    at_once = min(4, os.cpu_count() or 1)
    pip = [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--no-input", "--no-deps"]
    pip += ["--no-compile", "--only-binary=:all:"]
    run([[*pip, *pins[nth::at_once]] for nth in range(at_once) if pins[nth:]], lock)
    compiler = [VENV_PYTHON, "-m", "compileall", "-q", "-j", "0", "-x", NOT_COMPILED, state.SITE_PACKAGES]
    run([compiler], lock, may_fail=True)


def run(commands, lock, may_fail=False):
    """Runs them side by side, silently; what a failed one said is shown unless one sentence tells it: CannotPrepare.

    The children inherit the lock: if we are killed they may go on writing, and nobody else begins until they end.
    """
    environment = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "env": environment}
    kept = {"pass_fds": (lock,)} if fcntl else {}
    children = [subprocess.Popen(command, **said, **kept) for command in commands]
    ended = [(child.communicate()[0], child.returncode) for child in children]
    complaints = [output.decode(errors="replace") for output, status in ended if status]
    if complaints and not may_fail:
        reason = why_failed(complaints[0])
        if reason in ("failed", "no-answer"):
            tell("\n".join(complaints[0].splitlines()[-15:]))
        raise CannotPrepare(words(reason))


def why_failed(said):
    """The code of the sentence for what pip or venv printed."""
    return next((code for sign, code in SIGNS if sign in said), "failed")


def remove(path):
    """Deletes a file, a link or a folder; what is not there is gone already. Raises CannotPrepare."""
    try:
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.remove(path)
    except OSError as error:
        raise CannotPrepare(words("in-the-way", path=path, reason=error.strerror or error)) from error


@contextmanager
def alone():
    """Waits until no other command prepares `.venv`. The lock is the kernel's: it ends with its last holder."""
    try:
        file = open(LOCK, "a", encoding="utf-8")  # noqa: SIM115 - closed below
    except OSError as error:
        raise CannotPrepare(words("not-writable", path=ROOT, reason=error.strerror or error)) from error
    with file:
        if not take(file.fileno()):
            tell(words("waiting"))
            while not take(file.fileno()):
                time.sleep(0.2)
        yield file.fileno()


def take(descriptor):
    """Whether the lock is ours now."""
    try:
        if fcntl:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


refuse_old_python()  # on import: what stands beside this file may not even compile there

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in KINDS:
        sys.exit("python bootstrap.py " + "|".join(KINDS))
    ensure(sys.argv[1])
