"""What an SMSC sends by itself: delivery receipts in both forms, and what people write, in one part or several."""

import itertools

from tests.servers.smsc_pdus import deliver_body, encode, tlv

STATES = {"ENROUTE": 1, "DELIVRD": 2, "EXPIRED": 3, "DELETED": 4, "UNDELIV": 5, "ACCEPTD": 6, "UNKNOWN": 7,
          "REJECTD": 8}  # fmt: skip
_references = itertools.count(1)


def receipt(id: str, source: str, to: str, state: str, form: str = "text", err: str = "000") -> bytes:
    """The body of a deliver_sm that says what became of message `id` to `to`."""
    if form == "tlv":
        tlvs = tlv(0x1E, id.encode() + b"\0") + tlv(0x427, bytes((STATES[state],))) + tlv(0x1400, b"a vendor's own")
        return deliver_body(to, source, 0x04, 0, b"", tlvs)
    times = "submit date:2611221200 done date:2611221201"
    words = f"id:{id} sub:001 dlvrd:001 {times} stat:{state} err:{err} text:Xin chao"
    return deliver_body(to, source, 0x04, 0, words.encode())


def inbound(
    sender: str, text: str, to: str = "9029", room: int = 60, reference: int | None = None, header: str = "8 bit"
) -> list[bytes]:
    """The bodies of deliver_sm that carry what `sender` wrote; more than `room` characters come in parts, whose
    `header` is 8 bit | 16 bit | sar (TLVs)."""  # fmt: skip
    coding, _ = encode(text)
    pieces = [text[start : start + room] for start in range(0, len(text), room)] or [""]
    octets = [encode(piece)[1] if coding == 0 else piece.encode("utf-16-be") for piece in pieces]
    if len(pieces) == 1:
        return [deliver_body(sender, to, 0, coding, octets[0])]
    reference = next(_references) if reference is None else reference
    return [
        _part(sender, to, coding, user, (reference, len(pieces), number), header)
        for number, user in enumerate(octets, start=1)
    ]


def _part(sender, to, coding, user, part, header) -> bytes:
    reference, total, number = part
    if header == "sar":
        tlvs = tlv(0x20C, reference.to_bytes(2, "big")) + tlv(0x20E, bytes((total,))) + tlv(0x20F, bytes((number,)))
        return deliver_body(sender, to, 0, coding, user, tlvs)
    if header == "16 bit":
        udh = b"\6\x08\4" + reference.to_bytes(2, "big") + bytes((total, number))
    else:
        udh = b"\5\0\3" + bytes((reference % 256, total, number))
    return deliver_body(sender, to, 0x40, coding, udh + user)
