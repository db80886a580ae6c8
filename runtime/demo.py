"""The demo: made-up people, officers and a message, so that a first start shows a house that is lived in.

Its people carry the mark `made_up`: no gateway that leaves this machine is ever handed one of them.
"""

import os
import secrets
from pathlib import Path

from bots import inbox
from campaigns import areas, authoring, imports, prices
from messages.errors import sentence
from runtime.build import Runtime
from staff import accounts, audit
from staff.model import Officer

_LISTS = Path(__file__).parent / "demo_lists"

#: e-mail, name, role. example is a name nobody can own (RFC 2606).
OFFICERS = (
    ("lan@anlo.example", "Nguyễn Thị Lan", "officer"),
    ("minh@anlo.example", "Trần Văn Minh", "officer"),
    ("hoa@anlo.example", "Lê Thị Hoa", "staff"),
    ("quantri@anlo.example", "Quản trị", "admin"),
)


def load_once(rt: Runtime) -> bool:
    """Loads the demo into an installation where nobody signs in yet and no real gateway is set up."""
    if accounts.everybody(rt.db) or not _only_simulator(rt):
        return False
    _add_officers(rt)
    _import_lists(rt)
    _write_messages(rt)
    return True


def sign_ins(rt: Runtime) -> list[str]:
    """A line for each demo officer, with the demo's password; nothing when there is no demo."""
    officers = [officer for officer in accounts.everybody(rt.db) if officer.demo]
    if not officers:
        return []
    language = officers[0].language
    lines = [f"  {officer.email:24} {officer.name} ({officer.role})" for officer in officers]
    return [sentence("demo-sign-ins", language, password=_password_file(rt).read_text().strip()), *lines]


def _only_simulator(rt: Runtime) -> bool:
    return not any(
        gateway.traits.leaves_machine and gateway.readiness().ready for gateway in rt.gateways.values()
    )
