"""Uploaded files at rest."""

import os
import stat

import pytest

from campaigns import vault
from db.seal import CannotOpen, Seal

SEAL = Seal([b"a key for tests only, thirty-two"])


def _store(folder, *chunks):
    return vault.store(folder, SEAL, iter(chunks))


def _read(folder, name):
    with vault.open_stored(folder, SEAL, name) as content:
        return content.read()


@pytest.mark.parametrize("chunks", [(), (b"",), (b"abc",), (b"0912345678" * 1000, b"", b"x" * 300_000, b"end")])
def test_what_was_stored_is_read(tmp_path, chunks):
    assert _read(tmp_path, _store(tmp_path, *chunks)) == b"".join(chunks)


def test_nothing_of_it_can_be_read_without_the_key(tmp_path):
    name = _store(tmp_path / "uploads", b"0912345678,Nguyen Van A")
    raw = (tmp_path / "uploads" / name).read_bytes()
    assert b"0912345678" not in raw
    assert b"Nguyen" not in raw
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "uploads").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "uploads" / name).stat().st_mode) == 0o600


def _cut(raw):
    return raw[: len(raw) // 2]


def _without_the_end(raw):
    return raw[: -(4 + 1 + 12 + 16)]


def _flipped(raw):
    return raw[:40] + bytes([raw[40] ^ 1]) + raw[41:]


@pytest.mark.parametrize("damage", [_cut, _without_the_end, _flipped, lambda raw: b"", lambda raw: raw[:2]])
def test_damage_is_noticed(tmp_path, damage):
    name = _store(tmp_path, b"a" * 1000, b"b" * 1000)
    path = tmp_path / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(CannotOpen):
        _read(tmp_path, name)


def test_a_file_cannot_take_another_ones_place(tmp_path):
    one, other = _store(tmp_path, b"one"), _store(tmp_path, b"other")
    (tmp_path / one).write_bytes((tmp_path / other).read_bytes())
    with pytest.raises(CannotOpen):
        _read(tmp_path, one)


def test_nothing_is_left_of_an_upload_that_broke_off(tmp_path):
    def chunks():
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        vault.store(tmp_path, SEAL, chunks())
    assert list(tmp_path.iterdir()) == []


def test_strays_are_old_files_nobody_knows(tmp_path):
    known, stray, fresh = _store(tmp_path, b"1"), _store(tmp_path, b"2"), _store(tmp_path, b"3")
    os.utime(tmp_path / known, (1000, 1000))
    os.utime(tmp_path / stray, (1000, 1000))
    assert vault.strays(tmp_path, {known}, before=2000) == [stray]
    assert vault.strays(tmp_path / "nowhere", set(), before=2000) == []
    vault.remove(tmp_path, stray)
    vault.remove(tmp_path, stray)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([known, fresh])
