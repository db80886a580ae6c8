"""Planning a wave, and changing a plan: whatever was approved no longer holds then."""

from collections.abc import Mapping
from datetime import datetime

from campaigns import audience as audiences
from campaigns.model import Form, WaveStatus
from campaigns.store import waves as store
from campaigns.waves.steps import note, wave_for
from db.engine import Database
from messages.errors import Mistake

#: What `change` may change.
CHANGEABLE = frozenset(
    {"name", "version_id", "form", "audience", "gateway", "rate", "ignore_quiet_hours", "starts_at", "campaign_id"}
)


LONGEST_NAME = 120
#: Messages a second. Slower than one in a quarter of an hour is a slip of the keyboard.
SLOWEST = 0.001
#: Outside these years a date is a slip too, and arithmetic about the night before or after it would overflow.
FIRST_YEAR, LAST_YEAR = 2020, 2100


def plan(
    db: Database,
    *,
    name: str,
    version_id: int,
    audience: Mapping[str, object],
    gateway: str,
    form: str = Form.VI,
    rate: float | None = None,
    ignore_quiet_hours: bool = False,
    starts_at: datetime | None = None,
    campaign_id: int | None = None,
    by: int | None,
    now: datetime,
) -> int:
    """A draft; its id. `audience` as campaigns.audience makes it; `rate` in messages a second; `starts_at` None = at
    once.

    Raises Mistake: audience-empty, wave-unnamed, rate-wrong, form-unknown, version-unknown, wave-no-text.
    """
    row = {
        "name": name,
        "version_id": version_id,
        "audience": audience,
        "gateway": gateway,
        "form": form,
        "rate": rate,
        "ignore_quiet_hours": ignore_quiet_hours,
        "starts_at": starts_at,
        "campaign_id": campaign_id,
    }
    checked = _checked(db, row)
    with db.transaction() as c:
        wave_id = store.add(c, {**checked, "status": WaveStatus.DRAFT, "author_id": by, "created_at": now})
        note(c, wave_id, "plan", by, now)
    return wave_id


def change(db: Database, wave_id: int, *, by: int | None, now: datetime, **changes: object) -> None:
    """Edits a wave that is not open yet. Whatever was approved no longer holds: it is a draft of `by`'s again.

    Raises Mistake: wave-unknown, wave-cannot-change, and what `plan` raises.
    """
    if strange := set(changes) - CHANGEABLE:
        raise TypeError(f"not columns of a plan: {strange}")
    with db.reading() as c:
        wave = wave_for(c, wave_id)
    checked = _checked(db, {**{name: getattr(wave, name) for name in CHANGEABLE}, **changes})
    with db.transaction() as c:
        wave_for(c, wave_id, "change")
        store.change(c, wave_id, **checked, status=WaveStatus.DRAFT, author_id=by)
        note(c, wave_id, "change", by, now, fields=sorted(changes))


def _checked(db: Database, row: Mapping[str, object]) -> dict[str, object]:
    name = " ".join(str(row["name"]).split())
    if not name:
        raise Mistake("wave-unnamed")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Mistake("wave-name-unusable", most=LONGEST_NAME)
    if row["starts_at"] is not None and not FIRST_YEAR <= row["starts_at"].year <= LAST_YEAR:
        raise Mistake("time-wrong", text=row["starts_at"].date())
    if row["rate"] is not None and not SLOWEST <= row["rate"] <= 100_000:
        raise Mistake("rate-wrong", rate=row["rate"])
    if row["form"] not in set(Form):
        raise Mistake("form-unknown", form=row["form"], known=", ".join(Form))
    with db.reading() as c:
        texts = store.texts(c, row["version_id"])
    if texts is None:
        raise Mistake("version-unknown", id=row["version_id"])
    if not texts.for_reader("vi", row["form"]):
        raise Mistake("wave-no-text", form=row["form"])
    return {**row, "name": name, "form": str(row["form"]), "audience": audiences.checked(row["audience"])}
