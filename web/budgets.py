"""What campaigns have spent of what they may."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns import programme
from campaigns.programme import Listed
from db.engine import Database

#: From this share on a budget is nearly used up.
NEARLY = 0.8


@dataclass(frozen=True)
class Budgets:
    """Open campaigns that have a budget, the fullest first."""

    campaigns: Sequence[Listed]

    @property
    def vnd(self) -> int:
        return sum(row.vnd for row in self.campaigns)

    @property
    def limit(self) -> int:
        return sum(row.campaign.budget_vnd for row in self.campaigns)

    @property
    def tone(self) -> str:
        """How the fullest of them stands: "" | warn | danger."""
        return tone(self.campaigns[0]) if self.campaigns else ""


def budgets(db: Database) -> Budgets:
    there = [row for row in programme.all(db) if row.campaign.budget_vnd and row.campaign.closed_at is None]
    return Budgets(sorted(there, key=lambda row: (-share(row), row.campaign.name)))


def share(row: Listed) -> float:
    return row.vnd / row.campaign.budget_vnd


def tone(row: Listed) -> str:
    return "danger" if share(row) >= 1 else "warn" if share(row) >= NEARLY else ""
