"""The demo: made-up people, officers and a message, so that a first start shows a house that is lived in.

Its people carry the mark `made_up`: no gateway that leaves this machine is ever handed one of them.
"""

from datetime import date, datetime
from pathlib import Path

from campaigns import authoring, imports, lists, prices
from db import keepsakes
from db.seal import key_from_file
from messages.errors import sentence
from runtime.build import Runtime
from staff import accounts

_LISTS = Path(__file__).parent / "demo_lists"

#: e-mail, name, role. `.example` is a name nobody can own (RFC 2606).
OFFICERS = (
    ("lan@anlo.example", "Nguyễn Thị Lan", "officer"),
    ("minh@anlo.example", "Trần Văn Minh", "officer"),
    ("hoa@anlo.example", "Lê Thị Hoa", "staff"),
    ("thuy@anlo.example", "Phạm Thị Thuý", "safeguard"),
    ("quantri@anlo.example", "Quản trị", "admin"),
)
#: File in demo_lists → the list's name.
LISTS = (("yen-thanh.csv", "Yên Thành – diễn tập"), ("toan-tinh.csv", "Toàn tỉnh – diễn tập"))
SOURCE = "Danh sách diễn tập, người và số đều bịa ra"
#: Only to show how costs are reckoned; an officer enters the contract's own price.
DEMO_PRICE_VND = 500
DEMO_POUND_VND = 33_000
_ONLY_AN_EXAMPLE = "ví dụ để diễn tập, không phải giá thật"
_LOADED = "demo-loaded"
_STARTERS = ("hotline-111", "light-work-high-pay", "no-broker-fee")


def load_once(rt: Runtime) -> bool:
    """Loads the demo into an installation where nobody else signs in and no real gateway is set up.

    Killed half-way, the next start does the rest: each part is left alone where it stands already.
    """
    if keepsakes.get(rt.db, _LOADED) or _somebody_real(rt) or _real_gateways(rt):
        return False
    now = rt.clock()
    author, *_ = [_officer(rt, *officer, now) for officer in OFFICERS]
    for filename, name in LISTS:
        _import(rt, filename, name, author, now)
    for starter in _STARTERS:
        _write(rt, starter, author, now)
    _prices(rt, author, now)
    keepsakes.put_once(rt.db, _LOADED, b"1")
    return True


def retire(rt: Runtime) -> int:
    """Once a real gateway is set up the demo's officers may not sign in any more; how many that ended."""
    if not _real_gateways(rt):
        return 0
    demo = [officer for officer in accounts.everybody(rt.db) if officer.demo and officer.active]
    for officer in demo:
        accounts.disable(rt.db, email=officer.email, now=rt.clock(), actor="system")
    return len(demo)


def sign_ins(rt: Runtime, language: str) -> list[str]:
    """A line for each demo officer, with the demo's password first; nothing when there is no demo."""
    officers = [officer for officer in accounts.everybody(rt.db) if officer.demo and officer.active]
    if not officers:
        return []
    lines = [f"  {officer.email:24} {officer.name} ({officer.role})" for officer in officers]
    return [sentence("demo-sign-ins", language, password=_password(rt)), *lines]


def _real_gateways(rt: Runtime) -> bool:
    return any(gateway.traits.leaves_machine and gateway.readiness().ready for gateway in rt.gateways.values())


def _password(rt: Runtime) -> str:
    """Made anew for every installation: a password known to everybody would open the first careless server."""
    return key_from_file(rt.settings.data_dir / "keys" / "demo-password")[:16]


def _somebody_real(rt: Runtime) -> bool:
    return any(not officer.demo for officer in accounts.everybody(rt.db))


def _officer(rt: Runtime, email: str, name: str, role: str, now: datetime) -> int:
    if email in {officer.email for officer in accounts.everybody(rt.db)}:
        token = accounts.reset(rt.db, email=email, now=now, actor="system")
    else:
        token = accounts.add(rt.db, email=email, name=name, role=role, demo=True, now=now, actor="system")
    officer = accounts.redeem(rt.db, token=token, now=now)
    return accounts.set_password(rt.db, staff_id=officer.id, password=_password(rt), now=now).id


def _import(rt: Runtime, filename: str, name: str, author: int, now: datetime) -> None:
    """An import that a kill has left half done is finished by whoever works through the uploads."""
    if name in {row.name for row in lists.all(rt.db)}:
        return
    with open(_LISTS / filename, "rb") as content:
        import_id = imports.receive(rt.db, folder=rt.uploads, filename=filename, content=content, list_name=name,
                                    source=SOURCE, made_up=True, by=author, now=now)
    imports.work(rt.db, rt.uploads, import_id, rt.worker, rt.clock)


def _prices(rt: Runtime, author: int, now: datetime) -> None:
    rest = {"valid_from": date(2026, 1, 1), "note": _ONLY_AN_EXAMPLE, "by": author, "now": now}
    if not prices.table(rt.db):
        prices.put(rt.db, gateway="simulator", vnd_per_segment=DEMO_PRICE_VND, **rest)
    if not prices.rates(rt.db):
        prices.put_rate(rt.db, vnd=DEMO_POUND_VND, **rest)


def _write(rt: Runtime, name: str, author: int, now: datetime) -> None:
    vi, en = rt.book.starters[name]["vi"], rt.book.starters[name]["en"]
    if vi.title not in {version.title for version in authoring.messages(rt.db)}:
        authoring.write(rt.db, title=vi.title, vi=vi.text, vi_unaccented=vi.unaccented, en=en.text, by=author, now=now)
