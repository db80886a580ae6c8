"""Roles and what each may do. A role alone never approves: campaigns.rules adds who wrote the thing."""

from dataclasses import dataclass

ROLES = ("officer", "staff", "safeguard", "admin")

#: What a role may do. `see-numbers` opens sealed numbers in full on a page; everybody else sees them masked.
#: `questions`: deciding what becomes of questions the bot could not answer; what it learns, another person approves.
PERMISSIONS: dict[str, frozenset[str]] = {
    "officer": frozenset({"read", "write-messages", "lists", "waves", "approve", "questions"}),
    "staff": frozenset({"read", "cases", "questions"}),
    "safeguard": frozenset({"read", "cases", "questions", "safeguarding", "see-numbers"}),
    "admin": frozenset({
        "read", "write-messages", "lists", "waves", "approve", "questions", "cases", "safeguarding", "see-numbers",
        "admin",
    }),
}


@dataclass(frozen=True)
class Officer:
    """Somebody with a sign-in. `session_stamp` changes whenever every session must end."""

    id: int
    email: str
    name: str
    role: str
    language: str
    active: bool
    demo: bool
    session_stamp: str

    def may(self, permission: str) -> bool:
        return self.active and permission in PERMISSIONS[self.role]

    @property
    def actor(self) -> str:
        """How the audit names this person."""
        return f"staff:{self.id}"
