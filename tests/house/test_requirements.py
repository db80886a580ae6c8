"""The pins: every package that runs is named once, in a form that bootstrap.py reads, and none is forgotten."""

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import venv_state
from tests.house.tree import ROOT

FILES = sorted({name for names in venv_state.KINDS.values() for name in names})
PINS = [(name, pin) for name in FILES for pin in venv_state.pins_of(name)]
FORM = re.compile(r'[A-Za-z][\w-]*==[\w.]+(; sys_platform [!=]= "\w+"( (and|or) platform_machine [!=]= "\w+")?)?')
#: Comes with every .venv.
GIVEN = {"pip", "setuptools"}
#: (sys_platform, platform_machine, python_version)
MACHINES = [
    (system, machine, python)
    for system, machine in (
        *(("linux", "x86_64"), ("linux", "aarch64"), ("win32", "AMD64")),
        *(("darwin", "arm64"), ("darwin", "x86_64")),
    )
    for python in ("3.11", "3.12", "3.13")
]


def environment(system, machine, python, extra=""):
    return {
        "sys_platform": system,
        "platform_machine": machine,
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[system],
        "os_name": "nt" if system == "win32" else "posix",
        "python_version": python,
        "python_full_version": f"{python}.0",
        "extra": extra,
    }


def pinned_on(where, files=FILES):
    """{package: pin} of what would be installed on one kind of machine."""
    pins = [Requirement(pin) for name, pin in PINS if name in files]
    chosen = [pin for pin in pins if pin.marker is None or pin.marker.evaluate(environment(*where))]
    assert len({canonicalize_name(pin.name) for pin in chosen}) == len(chosen), "a package is pinned twice"
    return {canonicalize_name(pin.name): pin for pin in chosen}


@pytest.mark.parametrize(("name", "pin"), PINS, ids=[pin for _, pin in PINS])
def test_the_form_of_a_line(name, pin):
    assert FORM.fullmatch(pin)


def test_the_development_file_includes_the_others():
    included = re.findall(r"^-r (\S+)$", (ROOT / "requirements-dev.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert (*included, "requirements-dev.txt") == venv_state.KINDS["dev"]


def needs(package, where):
    """What an installed package needs on one kind of machine, extras left out (each is pinned by name)."""
    for line in metadata.requires(package) or ():
        need = Requirement(line)
        if need.marker is None or need.marker.evaluate(environment(*where)):
            yield need


@pytest.mark.parametrize("kind", ["run", "cluster", "dev"])
@pytest.mark.parametrize("where", MACHINES, ids=" ".join)
def test_none_is_forgotten(kind, where):
    pins = pinned_on(where, venv_state.KINDS[kind])
    installed = {canonicalize_name(found.metadata["Name"]) for found in metadata.distributions()}
    missing = {
        f"{need} (for {package})"
        for package in pins
        if package in installed
        for need in needs(package, where)
        if canonicalize_name(need.name) not in GIVEN | set(pins)
    }
    assert sorted(missing) == []


@pytest.mark.parametrize("where", MACHINES, ids=" ".join)
def test_they_agree_with_each_other(where):
    pins = pinned_on(where)
    clashes = {
        f"{package} wants {need}"
        for package in pins
        if _is_installed(package)
        for need in needs(package, where)
        for pin in [pins.get(canonicalize_name(need.name))]
        if pin and not need.specifier.contains(str(pin.specifier)[2:], prereleases=True)
    }
    assert sorted(clashes) == []


def _is_installed(package):
    try:
        return bool(metadata.version(package))
    except metadata.PackageNotFoundError:
        return False


def test_every_package_we_chose_has_its_reason():
    """docs/decisions/0002-dependencies.md, a line each."""
    reasons = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8").lower()
    assert sorted(name for name in _chosen() if f"`{name.lower()}`" not in reasons) == []


def _chosen():
    for file in FILES:
        part = (ROOT / file).read_text(encoding="utf-8").partition("# asked for by name\n")[2]
        yield from re.findall(r"^([A-Za-z][\w-]*)==", part.partition("\n\n#")[0], re.MULTILINE)
