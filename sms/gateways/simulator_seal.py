"""How the simulator's numbers and texts are sealed in its file, or, for tests, are not."""

from collections.abc import Iterable, Sequence
from typing import Protocol


class Seal(Protocol):
    """What the simulator needs of db.seal.Seal."""

    def seal(self, text: str, field: str) -> bytes: ...

    def open(self, sealed: bytes, field: str) -> str: ...

    def index(self, address: str) -> bytes: ...

    def seal_many(self, texts: Sequence[str], field: str) -> list[bytes]: ...

    def index_many(self, addresses: Iterable[str]) -> list[bytes]: ...


class NoSeal:
    """For tests and for trying things out."""

    def seal(self, text: str, field: str) -> bytes:
        return text.encode()

    def open(self, sealed: bytes, field: str) -> str:
        return sealed.decode()

    def index(self, address: str) -> bytes:
        return address.encode()

    def seal_many(self, texts: Sequence[str], field: str) -> list[bytes]:
        return [text.encode() for text in texts]

    def index_many(self, addresses: Iterable[str]) -> list[bytes]:
        return [address.encode() for address in addresses]
