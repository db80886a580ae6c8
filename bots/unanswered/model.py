"""Groups of questions and the words for where they stand. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

#: open → done | outside | ignored, and back.
OPEN, DONE, OUTSIDE, IGNORED = "open", "done", "outside", "ignored"
STATUSES = (OPEN, DONE, OUTSIDE, IGNORED)
#: What was made of a group.
EXAMPLE, DRAFT = "example", "draft"
#: Why a question is hard.
ABSTAINED, NOT_HELPFUL = "abstained", "not-helpful"
#: What the masked text of a question is sealed as.
SEALED_AS = "hard_questions.text"
#: Weeks that are shown one by one.
WEEKS = 4
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Group:
    """Questions that are alike. `decision` of an open group is under way: its version, or its lines, wait.

    `line` is the newest question, masked; `weeks` counts the last WEEKS weeks, this one last; `since` how many were
    asked after what was decided went live.
    """

    id: int
    language: str
    status: str
    decision: str | None
    topic: str | None
    decided_by: int | None
    decided_at: datetime | None
    first_at: datetime
    last_at: datetime
    asked: int
    people: int
    not_helpful: int
    since: int
    line: str
    weeks: Sequence[int]
    areas: Mapping[str, int]

    @property
    def under_way(self) -> bool:
        return self.status == OPEN and self.decision is not None


@dataclass(frozen=True)
class Asking:
    """A group in one line: its newest question, masked, and how many people asked."""

    id: int
    language: str
    line: str
    people: int


@dataclass(frozen=True)
class Asked:
    """One wording, masked, and how many asked it so."""

    text: str
    times: int
    last_at: datetime


def week_of(moment: datetime) -> str:
    """The Monday of its week in Vietnam, ISO."""
    day = moment.astimezone(_ZONE).date()
    return (day - timedelta(days=day.weekday())).isoformat()


def last_weeks(now: datetime, count: int = WEEKS) -> list[str]:
    """The Mondays of the last `count` weeks, this one last."""
    monday = date.fromisoformat(week_of(now))
    return [(monday - timedelta(weeks=back)).isoformat() for back in reversed(range(count))]
