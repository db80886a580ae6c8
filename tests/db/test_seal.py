"""Sealed values: unreadable without the key, tied to their field, found by the blind index."""

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from db.seal import CannotOpen, Seal, key_from_file, new_key, read_key

NUMBER = "+84912345678"
KEY = b"k" * 32


def test_a_sealed_number_opens_again_and_says_nothing_itself():
    seal = Seal([KEY])
    sealed = seal.seal(NUMBER, "contacts.number")
    assert seal.open(sealed, "contacts.number") == NUMBER
    assert b"912345678" not in sealed
    assert sealed != seal.seal(NUMBER, "contacts.number")


@pytest.mark.parametrize(
    "harm",
    [
        lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
        lambda sealed: b"\x07" + sealed[1:],
        lambda sealed: sealed[:5],
        lambda sealed: b"",
    ],
    ids=["one bit changed", "another key's id", "cut short", "empty"],
)
def test_a_changed_value_does_not_open(harm):
    seal = Seal([KEY])
    with pytest.raises(CannotOpen):
        seal.open(harm(seal.seal(NUMBER, "contacts.number")), "contacts.number")


def test_a_value_cannot_be_moved_to_another_field():
    seal = Seal([KEY])
    with pytest.raises(CannotOpen):
        seal.open(seal.seal(NUMBER, "contacts.number"), "turns.text")


def test_the_index_is_the_same_every_time_and_another_with_another_key():
    assert Seal([KEY]).index(NUMBER) == Seal([KEY]).index(NUMBER)
    assert Seal([KEY]).index(NUMBER) != Seal([b"j" * 32]).index(NUMBER)
    assert Seal([KEY]).index(NUMBER) != Seal([KEY]).index("+84912345679")


def test_after_rotation_old_values_open_and_the_index_stays():
    old, both = Seal([KEY]), Seal([KEY, b"n" * 32])
    assert both.open(old.seal(NUMBER, "f"), "f") == NUMBER
    assert both.index(NUMBER) == old.index(NUMBER)
    with pytest.raises(CannotOpen):
        old.open(both.seal(NUMBER, "f"), "f")


def test_the_key_file_is_for_its_owner_alone_and_made_once(tmp_path):
    path = tmp_path / "keys" / "phone"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: key_from_file(path), range(32)))
    assert len(keys) == 1
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert [child.name for child in path.parent.iterdir()] == ["phone"]


def test_a_key_is_32_bytes_whatever_was_typed():
    raw = os.urandom(32)
    assert read_key(base64.urlsafe_b64encode(raw).decode() + "\n") == raw
    assert len(read_key(new_key())) == 32
    assert len(read_key("một câu dài làm khoá")) == 32
