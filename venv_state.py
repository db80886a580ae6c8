"""What `.venv` holds, and what is to be done about it. Looks, and writes nothing but the stamp; bootstrap.py acts.

The stamp (`.venv/an-lo.json`) says what was installed, for which Python, and how many files that made.
Standard library only, and no syntax newer than Python 3.7.
"""

import hashlib
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.realpath(__file__))
VENV = os.path.join(ROOT, ".venv")
MINOR = ".".join(map(str, sys.version_info[:2]))
#: What wheels are made for. A folder that only moved is still good, one from another kind of machine is not.
MADE_FOR = MINOR + " " + getattr(sys.implementation, "_multiarch", sys.platform)
if os.name == "nt":
    VENV_PYTHON, SITE_PACKAGES = os.path.join(VENV, "Scripts", "python.exe"), os.path.join(VENV, "Lib", "site-packages")
else:
    VENV_PYTHON, SITE_PACKAGES = os.path.join(VENV, "bin", "python"), f"{VENV}/lib/python{MINOR}/site-packages"
STAMP = os.path.join(VENV, "an-lo.json")
#: Raise it when a `.venv` made by an older bootstrap.py must not be kept.
FORMAT = 1
#: The requirement files of each kind. A package stands in one file only, so the files can be installed one by one.
KINDS = {
    "run": ("requirements.txt",),
    "cluster": ("requirements.txt", "requirements-cluster.txt"),
    "dev": ("requirements.txt", "requirements-cluster.txt", "requirements-dev.txt"),
    "bench": ("requirements.txt", "requirements-cluster.txt", "requirements-dev.txt", "requirements-bench.txt"),
}


def task(stamp, seen):
    """What is to be done: "nothing", "install" (requirement files are new or changed) or "rebuild"."""
    if stamp is None or any(stamp.get(fact) != seen[fact] for fact in ("format", "made_for")):
        return "rebuild"
    if not seen["works"] or any(seen["files"].get(name, 0) < count for name, count in stamp["files"].items()):
        return "rebuild"
    return "install" if missing(stamp["installed"], seen["wanted"]) else "nothing"


def missing(installed, wanted):
    """The requirement files not installed as they now are; both arguments: {file: digest}."""
    return [name for name, digest in wanted.items() if installed.get(name) != digest]


def look(kind, stamp):
    """What there is, to hold against the stamp. About 20 ms, most of it counting the installed files.

    What was once asked for is kept up to date with the rest: a cluster machine stays one through every `make run`.
    """
    before = [name for name in (stamp or {}).get("installed", ()) if os.path.exists(os.path.join(ROOT, name))]
    return {
        "format": FORMAT,
        "made_for": MADE_FOR,
        "works": interpreter_works(stamp),
        "files": count_files(SITE_PACKAGES),
        "wanted": {name: digest_of(name) for name in dict.fromkeys((*KINDS[kind], *before))},
    }


def digest_of(requirement_file):
    with open(os.path.join(ROOT, requirement_file), "rb") as file:
        return hashlib.sha256(file.read().replace(b"\r\n", b"\n")).hexdigest()


def count_files(folder):
    """How many files lie under each entry of `folder`, bytecode left out: whatever is deleted lowers a number."""
    try:
        with os.scandir(folder) as entries:
            return {entry.name: count_below(entry) for entry in entries if entry.name != "__pycache__"}
    except OSError:
        return {}


def count_below(entry):
    """Ten times as fast as os.walk, and this is most of what a second `make` waits for."""
    if not entry.is_dir(follow_symlinks=False):
        return 1
    count, folders = 0, [entry.path]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for one in entries:
                if not one.is_dir(follow_symlinks=False):
                    count += 1
                elif one.name != "__pycache__":
                    folders.append(one.path)
    return count


def interpreter():
    """Where `.venv`'s Python really lies, and its time; None when it is gone."""
    try:
        return [os.path.realpath(VENV_PYTHON), os.stat(VENV_PYTHON).st_mtime_ns, os.path.getsize(VENV + "/pyvenv.cfg")]
    except OSError:
        return None


def interpreter_works(stamp):
    """It is asked only when it is not the one of the stamp: a system update replaces Python within its minor."""
    found = interpreter()
    if stamp is None or found is None or stamp.get("interpreter") == found:
        return stamp is not None and found is not None
    question = "import sys, pip; sys.exit('%d.%d' % sys.version_info[:2] != sys.argv[1])"
    try:
        return subprocess.run([VENV_PYTHON, "-c", question, MINOR], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def read_stamp():
    """The stamp as it was written; None when there is none or it is not whole."""
    try:
        with open(STAMP, encoding="utf-8") as file:
            stamp = json.load(file)
        return stamp if isinstance(stamp["installed"], dict) and isinstance(stamp["files"], dict) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def pins_of(requirement_file):
    """The lines that name a package; what a file includes with -r is a file of its own in KINDS."""
    with open(os.path.join(ROOT, requirement_file), encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and line[0] not in "#-"]


def write_stamp(facts):
    facts = dict(facts, files=count_files(SITE_PACKAGES), interpreter=interpreter())
    with open(STAMP + ".part", "w", encoding="utf-8") as file:
        json.dump(facts, file)
    os.replace(STAMP + ".part", STAMP)
