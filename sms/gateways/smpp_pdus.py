"""PDUs, laid out and read by smpplib's classes, but for the two that matter in a flood: see `Layout` and `frames`.

smpplib makes an object of some forty attributes for each message: 0.1 ms, on the way out and again on the way in. So it
lays out one submit_sm for each kind; per message the number, the text and the sequence number are put in.
"""

import itertools
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from smpplib import command, command_codes, consts, smpp

from sms.gateways.smpp_parts import GSM, UCS_2

SUBMIT = command_codes.get_command_code("submit_sm")
SUBMIT_ANSWER = command_codes.get_command_code("submit_sm_resp")
NACK = command_codes.get_command_code("generic_nack")
DELIVER = command_codes.get_command_code("deliver_sm")
ENQUIRE = command_codes.get_command_code("enquire_link")
UNBIND = command_codes.get_command_code("unbind")
ALERT = command_codes.get_command_code("alert_notification")
BIND_ANSWER = command_codes.get_command_code("bind_transceiver_resp")
#: A request has an answer of the same number with this bit.
ANSWER = 0x80000000

#: TON and NPI: international number, ISDN; alphanumeric; a short code of the network.
_INTERNATIONAL, _NAME, _SHORT_CODE = (1, 1), (5, 0), (3, 0)
_HAS_HEADER = 0x40
_HEAD = struct.Struct(">LLLL")
#: No PDU is longer; what claims to be is no SMPP.
_LONGEST = 70_000
#: Stands for the number while a submit_sm is laid out.
_HERE = "0000000"
#: Fields of a deliver_sm that are one octet each.
_OCTETS = 12
_PAYLOAD = consts.OPTIONAL_PARAMS["message_payload"]


class NotSmpp(Exception):
    """What came is no SMPP: nothing more can be read from this connection."""


_numbers = itertools.count()


def new_sequence() -> int:
    """A sequence number; those of all connections of the process differ."""
    return next(_numbers) % 0x7FFFFFFE + 1


class _Sequence:
    """What smpplib asks for numbers."""

    next_sequence = staticmethod(new_sequence)


_numbered = _Sequence()


def bind(system_id: str, password: str) -> tuple[int, bytes]:
    """(sequence, PDU) that begins a session which sends and receives."""
    pdu = smpp.make_pdu(
        "bind_transceiver", client=_numbered, system_id=system_id, password=password, system_type="",
        addr_ton=0, addr_npi=0, address_range="",
    )  # fmt: skip
    return pdu.sequence, pdu.generate()


def request(code: int) -> bytes:
    """A request without a body: enquire_link, unbind."""
    return _HEAD.pack(16, code, consts.SMPP_ESME_ROK, new_sequence())


def answer(code: int, sequence: int, status: int = consts.SMPP_ESME_ROK) -> bytes:
    """The answer to a request; that to deliver_sm has an empty id for a body."""
    body = b"\0" if code == DELIVER else b""
    return _HEAD.pack(16 + len(body), code | ANSWER, status, sequence) + body


def nack(sequence: int) -> bytes:
    return _HEAD.pack(16, NACK, consts.SMPP_ESME_RINVCMDID, sequence)


class Layout:
    """submit_sm from one sender: `pdu(...)` is what smpplib would make of the same, octet for octet."""

    def __init__(self, source: str):
        kinds = itertools.product((GSM, UCS_2), (False, True))
        self._around = {(coding, joined): _around(source, coding, joined) for coding, joined in kinds}

    def pdu(self, sequence: int, to: str, coding: int, user: bytes, joined: bool) -> bytes:
        """`to` in digits only; `joined` when `user` begins with a header."""
        before, after = self._around[coding, joined]
        body = b"".join((before, to.encode("ascii"), after, bytes((len(user),)), user))
        return _HEAD.pack(16 + len(body), SUBMIT, consts.SMPP_ESME_ROK, sequence) + body


def _around(source: str, coding: int, joined: bool) -> tuple[bytes, bytes]:
    """The octets of a submit_sm before the number, and between it and the length of the text."""
    ton, npi = source_kind(source)
    pdu = smpp.make_pdu(
        "submit_sm", client=_numbered, service_type="", source_addr_ton=ton, source_addr_npi=npi,
        source_addr=source.lstrip("+"), dest_addr_ton=_INTERNATIONAL[0], dest_addr_npi=_INTERNATIONAL[1],
        destination_addr=_HERE, esm_class=_HAS_HEADER if joined else 0, data_coding=coding, short_message=b"",
        registered_delivery=consts.SMPP_SMSC_DELIVERY_RECEIPT_BOTH,
    )  # fmt: skip
    before, after = pdu.generate()[16:].rsplit(_HERE.encode(), 1)
    return before, after[:-1]


def source_kind(source: str) -> tuple[int, int]:
    """(TON, NPI) of a sender: +84… is a number, digits alone a short code, anything else a name."""
    if source.startswith("+"):
        return _INTERNATIONAL
    return _SHORT_CODE if source.isdecimal() else _NAME


@dataclass(frozen=True, slots=True)
class Frame:
    """One PDU as it came; `raw` is all of it."""

    code: int
    status: int
    sequence: int
    raw: bytes

    @property
    def message_id(self) -> str:
        return self.raw[16:].partition(b"\0")[0].decode("latin-1")


def frames(received: bytes) -> tuple[list[Frame], bytes]:
    """The whole PDUs in what was received, and the rest. Raises NotSmpp."""
    found, at = [], 0
    while len(received) - at >= 16:
        length, code, status, sequence = _HEAD.unpack_from(received, at)
        if not 16 <= length <= _LONGEST:
            raise NotSmpp
        if len(received) - at < length:
            break
        found.append(Frame(code, status, sequence, received[at : at + length]))
        at += length
    return found, received[at:]


class _Delivered(command.DeliverSM):
    """smpplib stops at optional parameters that it knows, but not in a deliver_sm; operators put anything there."""

    def parse_optional_params(self, data: bytes) -> None:
        self.tlvs = tlvs(data)


def tlvs(octets: bytes) -> Mapping[int, bytes]:
    """Tag → value; a torn one at the end is left out."""
    found, at = {}, 0
    while at + 4 <= len(octets):
        tag, length = struct.unpack_from(">HH", octets, at)
        at += 4 + length
        if at <= len(octets):
            found[tag] = octets[at - length : at]
    return found


@dataclass(frozen=True, slots=True)
class Delivered:
    """A deliver_sm: a receipt, or what somebody wrote."""

    sender: str
    sender_ton: int
    to: str
    esm_class: int
    coding: int
    user: bytes
    tlvs: Mapping[int, bytes]


def _is_whole(pdu: command.DeliverSM, raw: bytes) -> bool:
    """smpplib reads on where a field has no end: what it found must stand where it belongs."""
    texts = (pdu.service_type, pdu.source_addr, pdu.destination_addr, pdu.schedule_delivery_time, pdu.validity_period)
    end = 16 + sum(len(text) + 1 for text in texts) + _OCTETS + pdu.sm_length
    return end <= len(raw) and raw[end - pdu.sm_length : end] == (pdu.short_message or b"")


def delivered(raw: bytes) -> Delivered:
    """Reads a deliver_sm. Raises NotSmpp when it is torn."""
    pdu = _Delivered("deliver_sm", need_sequence=False)
    pdu.tlvs = {}
    try:
        pdu.parse(raw)
        if not _is_whole(pdu, raw):
            raise NotSmpp
        user = pdu.short_message or pdu.tlvs.get(_PAYLOAD, b"")
        return Delivered(
            pdu.source_addr.decode("latin-1"), pdu.source_addr_ton, pdu.destination_addr.decode("latin-1"),
            pdu.esm_class, pdu.data_coding, user, pdu.tlvs,
        )  # fmt: skip
    except (struct.error, AttributeError, TypeError, ValueError) as torn:
        raise NotSmpp from torn
