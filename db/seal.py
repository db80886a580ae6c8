"""Sealing personal data and finding it again.

A number, a name or a villager's words are sealed with AES-256-GCM; a number is found through a keyed blind index
(HMAC-SHA-256). Both keys are derived (HKDF) from PHONE_KEY, which lies outside the database, so that a stolen
database or backup holds no list of people. Each sealed value starts with the id of its key, for rotation.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
#: 128 bits of the HMAC: no two of 10 million people collide, and the index stays small.
INDEX_BYTES = 16
#: A sealed text is so much longer than the text: the id of the key, the nonce, and AES-GCM's tag of 16 bytes.
SEALED_BYTES = 1 + NONCE_BYTES + 16


class CannotOpen(Exception):
    """The value was sealed under another key, for another field, or was changed."""


class Seal:
    """Seals values with the newest of `keys` and opens them with whichever sealed them.

    `keys` are 32-byte secrets, oldest first. The blind index always uses `keys[0]`'s lineage: it must not move,
    or opt-outs would be forgotten; no command moves it yet.
    """

    def __init__(self, keys: Iterable[bytes]):
        #: For a process of our own that seals too; they go there through a pipe, never on a command line.
        self.keys = tuple(keys)
        self._boxes = {number: AESGCM(_derive(key, b"seal")) for number, key in enumerate(self.keys)}
        self._newest = max(self._boxes)
        # Its key schedule is worked out once; each index is made by a copy.
        self._index = HMAC(_derive(self.keys[0], b"index"), SHA256())

    def seal(self, text: str, field: str) -> bytes:
        """`text` unreadable; `field` (such as "contacts.number") is bound in, so a value cannot be moved about."""
        return self.seal_bytes(text.encode(), field)

    def seal_bytes(self, content: bytes, field: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return bytes([self._newest]) + nonce + self._boxes[self._newest].encrypt(nonce, content, field.encode())

    def seal_many(self, texts: Sequence[str], field: str) -> list[bytes]:
        """`seal` for each text; their nonces are fetched together."""
        encrypt, key, bound = self._boxes[self._newest].encrypt, bytes([self._newest]), field.encode()
        random = os.urandom(NONCE_BYTES * len(texts))
        nonces = [random[at : at + NONCE_BYTES] for at in range(0, len(random), NONCE_BYTES)]
        return [
            key + nonce + encrypt(nonce, text.encode(), bound) for text, nonce in zip(texts, nonces, strict=True)
        ]

    def open(self, sealed: bytes, field: str) -> str:
        """The text again. Raises CannotOpen."""
        return self.open_bytes(sealed, field).decode()

    def open_bytes(self, sealed: bytes, field: str) -> bytes:
        sealed = bytes(sealed)
        try:
            box = self._boxes[sealed[0]]
            return box.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], field.encode())
        except (InvalidTag, KeyError, IndexError, ValueError) as error:
            raise CannotOpen(field) from error

    def index(self, address: str) -> bytes:
        """The blind index of a person's address: `+84912345678`, or `zalo:…`, `telegram:…`, `web:…`."""
        return self.index_many([address])[0]

    def index_many(self, addresses: Iterable[str]) -> list[bytes]:
        """`index` of each address."""
        found = []
        for address in addresses:
            code = self._index.copy()
            code.update(address.encode())
            found.append(code.finalize()[:INDEX_BYTES])
        return found


def new_key() -> str:
    """A fresh key in the form of the key file and of PHONE_KEY."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def read_key(text: str) -> bytes:
    """32 secret bytes from PHONE_KEY: the base64 of 32 bytes as `new_key` writes it, or any long passphrase."""
    try:
        raw = base64.urlsafe_b64decode(text.strip())
    except ValueError:
        raw = b""
    return raw if len(raw) == 32 else hashlib.sha256(text.strip().encode()).digest()


def key_from_file(path: Path) -> str:
    """The secret in `path`; made, readable only by its owner, when there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(new_key())
        _publish(draft, path)
    return path.read_text().strip()


def _publish(draft: Path, path: Path) -> None:
    """Two processes starting at once must agree on one key: the first link wins."""
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"an-lo/" + purpose).derive(key)
