"""PDUs of SMPP 3.4 as an SMSC reads and writes them, by hand: what checks a library must not lean on it.

Specification: SMPP v3.4 Issue 1.2, sections 4 and 5; alphabet and headers: 3GPP TS 23.038, TS 23.040.
"""

import struct
from dataclasses import dataclass

BIND_RECEIVER, BIND_TRANSMITTER, SUBMIT, DELIVER, UNBIND, BIND_TRANSCEIVER, ENQUIRE = 1, 2, 4, 5, 6, 9, 0x15
BINDS = (BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER)
RESPONSE, NACK = 0x80000000, 0x80000000

OK, BAD_COMMAND, BAD_STATE, ALREADY_BOUND, BAD_CLASS, THROTTLED = 0, 3, 4, 5, 0x43, 0x58
SYSTEM_ERROR = 0x08

_ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|",
            0x65: "€"}  # fmt: skip
_HEAD = struct.Struct(">LLLL")


@dataclass(frozen=True, slots=True)
class Submit:
    """A submit_sm; `user` is what the phone shows of it, undecoded, `part` (reference, total, number) of a header."""

    source: str
    to: str
    coding: int
    user: bytes
    part: tuple[int, int, int] | None
    receipt: int


class Wrong(Exception):
    """(command status, what is wrong): a PDU that this SMSC does not take."""


def pdu(command: int, sequence: int, body: bytes = b"", status: int = OK) -> bytes:
    return _HEAD.pack(16 + len(body), command, status, sequence) + body


def frames(received: bytes) -> tuple[list[tuple[int, int, int, bytes]], bytes]:
    """The whole PDUs (command, status, sequence, body) in what was received, and the rest. Raises Wrong."""
    found, at = [], 0
    while len(received) - at >= 16:
        length, command, status, sequence = _HEAD.unpack_from(received, at)
        if not 16 <= length <= 70_000:
            raise Wrong(2, f"length {length}")
        if len(received) - at < length:
            break
        found.append((command, status, sequence, received[at + 16 : at + length]))
        at += length
    return found, received[at:]


def text_field(text: str) -> bytes:
    return text.encode("latin-1") + b"\0"


def read_bind(body: bytes) -> tuple[str, str]:
    """(system id, password). Raises Wrong."""
    fields = body.split(b"\0", 2)
    if len(fields) != 3 or len(fields[0]) > 15 or len(fields[1]) > 8:
        raise Wrong(2, "bind")
    return fields[0].decode("latin-1"), fields[1].decode("latin-1")


def read_submit(body: bytes) -> Submit:
    """A submit_sm, every field looked at. Raises Wrong."""
    at = 0

    def field(most: int) -> str:
        nonlocal at
        end = body.find(b"\0", at)
        if end < 0 or end - at >= most:
            raise Wrong(2, f"field at {at}")
        at, start = end + 1, at
        return body[start:end].decode("latin-1")

    def octet() -> int:
        nonlocal at
        if at >= len(body):
            raise Wrong(2, "too short")
        at += 1
        return body[at - 1]

    field(6)
    source_kind, source_plan, source = octet(), octet(), field(21)
    to_kind, to_plan, to = octet(), octet(), field(21)
    esm, _, _ = octet(), octet(), octet()
    if field(17) or field(17):
        raise Wrong(0x61, "schedule or validity")
    receipt, _, coding, _, length = octet(), octet(), octet(), octet(), octet()
    if length != len(body) - at or length > 254:
        raise Wrong(1, f"sm_length {length} of {len(body) - at}")
    _check_addresses((source_kind, source_plan, source), (to_kind, to_plan, to))
    user, part = _without_header(esm, body[at:])
    _check_user(coding, user, part)
    return Submit(source, to, coding, user, part, receipt)


def _check_addresses(source: tuple[int, int, str], to: tuple[int, int, str]) -> None:
    if source[0] == 5 and not (source[1] == 0 and 1 <= len(source[2]) <= 11):
        raise Wrong(0x0A, "alphanumeric source")
    if source[0] != 5 and not source[2].isdecimal():
        raise Wrong(0x0A, "numeric source")
    if to[:2] != (1, 1) or not to[2].isdecimal() or not 8 <= len(to[2]) <= 15:
        raise Wrong(0x0B, "destination")


def _without_header(esm: int, octets: bytes) -> tuple[bytes, tuple[int, int, int] | None]:
    if esm == 0:
        return octets, None
    reference, total, number = octets[3:6] if len(octets) > 6 else (0, 0, 0)
    if esm != 0x40 or octets[:3] != b"\5\0\3" or not 1 <= number <= total or total < 2:
        raise Wrong(BAD_CLASS, "header")
    return octets[6:], (reference, total, number)


def _check_user(coding: int, user: bytes, part: tuple | None) -> None:
    """No more than a phone gets in one message, and nothing torn in two."""
    if coding == 0:
        torn = any(octet > 0x7F for octet in user) or user.endswith(b"\x1b")
        room = 153 if part else 160
    elif coding == 8:
        units = struct.unpack(f">{len(user) // 2}H", user[: len(user) // 2 * 2])
        torn = len(user) % 2 or (units and (0xD800 <= units[-1] < 0xDC00 or 0xDC00 <= units[0] < 0xE000))
        room = 134 if part else 140
    else:
        raise Wrong(SYSTEM_ERROR, f"data_coding {coding}")
    if torn or len(user) > room:
        raise Wrong(1, f"{len(user)} octets of {room}{', torn' if torn else ''}")


def decode(coding: int, user: bytes) -> str:
    """What the phone shows."""
    if coding == 8:
        return user.decode("utf-16-be")
    octets, letters = iter(user), []
    for octet in octets:
        letters.append(_ESCAPED[next(octets)] if octet == 0x1B else _ALPHABET[octet])
    return "".join(letters)


def encode(text: str) -> tuple[int, bytes]:
    """(data_coding, octets) of what somebody writes on a phone; no extension table."""
    if all(letter in _ALPHABET for letter in text):
        return 0, bytes(_ALPHABET.index(letter) for letter in text)
    return 8, text.encode("utf-16-be")


def deliver_body(source: str, to: str, esm: int, coding: int, octets: bytes, tlvs: bytes = b"") -> bytes:
    head = b"\0\1\1" + text_field(source) + b"\1\1" + text_field(to)
    return head + bytes((esm, 0, 0, 0, 0, 0, 0, coding, 0, len(octets))) + octets + tlvs


def tlv(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value
