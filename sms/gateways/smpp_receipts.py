"""What an SMSC reports of a part: the words of the specification's appendix B, or optional parameters."""

import re
from collections.abc import Callable, Mapping
from functools import cache

from smpplib import consts

from sms.gateway import Receipt
from sms.gateways.smpp_errors import table
from sms.gateways.smpp_pdus import Delivered

# The text form, as the text of a deliver_sm with esm_class 0x04 (word order and spaces vary):
# id:2684354561 sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:DELIVRD err:000 text:Xin chao

#: How the id in an answer and the id in a receipt are written, where they differ: SMPP_ID_FORM → the bases of both.
ID_FORMS: Mapping[str, tuple[int, int]] = {"same": (0, 0), "hex-to-decimal": (16, 10), "decimal-to-hex": (10, 16)}

_IS_RECEIPT = 0x04 | 0x20  # a receipt; an intermediate notification
_ID, _STATE = (re.compile(rf"\b{name}:\s*([!-9;-~]+)(?!\S)", re.IGNORECASE) for name in ("id", "stat"))
_ID_TAG = consts.OPTIONAL_PARAMS["receipted_message_id"]
_STATE_TAG = consts.OPTIONAL_PARAMS["message_state"]
_STATES = ("", "ENROUTE", "DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD")
#: So many letters tell the states apart; some SMSCs write them out (DELIVERED).
_LETTERS = 5


def forms(name: str) -> tuple[Callable[[str], str], Callable[[str], str]]:
    """What makes one and the same id of that in the answer (first) and of that in the receipt (second)."""
    return tuple((lambda id, base=base: _plain(id, base)) for base in ID_FORMS[name])


def _plain(id: str, base: int) -> str:
    """The number that `id` writes in `base`, in decimal; as it is where it is none."""
    try:
        return str(int(id, base)) if base else id
    except ValueError:
        return id


def is_receipt(delivered: Delivered) -> bool:
    return bool(delivered.esm_class & _IS_RECEIPT) or _ID_TAG in delivered.tlvs


def receipt(delivered: Delivered, form: Callable[[str], str]) -> Receipt | None:
    """The receipt in a deliver_sm; None when it names no message or a state nobody knows."""
    words = delivered.user.decode("latin-1")
    id, state = _first(_ID, words) or _id_tag(delivered), _first(_STATE, words).upper() or _state_tag(delivered)
    known = _by_letters().get(state[:_LETTERS])
    if not id or known is None:
        return None
    status, code = known
    return Receipt(form(id), status, code)


@cache
def _by_letters() -> Mapping[str, tuple[str, str]]:
    return {word[:_LETTERS]: known for word, known in table()["states"].items()}


def _first(pattern: re.Pattern, words: str) -> str:
    found = pattern.search(words.partition("text:")[0])
    return found[1] if found else ""


def _id_tag(delivered: Delivered) -> str:
    id = delivered.tlvs.get(_ID_TAG, b"").partition(b"\0")[0].decode("latin-1")
    return id if id.isascii() and id.isprintable() else ""  # what no database takes would keep back all others


def _state_tag(delivered: Delivered) -> str:
    number = int.from_bytes(delivered.tlvs.get(_STATE_TAG, b""), "big")
    return _STATES[number] if number < len(_STATES) else ""
