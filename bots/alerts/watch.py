"""What the desk's bell says, and what is missing so that somebody can be called at all."""

from dataclasses import dataclass

from bots.alerts import store
from bots.alerts.model import EMAIL, SMS
from db.engine import Database


@dataclass(frozen=True)
class Bell:
    """Cases nobody has: `red` of them in danger, `waiting` in all. `mark` changes when somebody new is in danger."""

    red: int
    waiting: int
    mark: str


def bell(db: Database, *, restricted_too: bool) -> Bell:
    """`restricted_too`: for who may see restricted cases."""
    with db.reading() as c:
        red, waiting, newest = store.waiting(c, restricted_too)
    return Bell(red, waiting, f"{red}-{newest or 0}")


def missing(db: Database, *, mail: bool, sms: bool, pretends: bool) -> list[str]:
    """Codes of sentences: why nobody, or not everybody on the list, can be called. `mail` and `sms` say whether they
    are set up; `pretends`: the SMS gateway rings no real phone.
    """
    with db.reading() as c:
        anybody, by_mail, by_sms = store.reachable(c)
        mail_failed, sms_failed = (store.last_failed(c, channel) for channel in (EMAIL, SMS))
    if not anybody:
        return ["call-list-empty"]
    found = {
        "call-list-no-mail": by_mail and not mail,
        "call-list-no-sms": by_sms and not sms,
        "call-list-pretends": by_sms and sms and pretends,
        "call-list-mail-failed": by_mail and mail and mail_failed,
        "call-list-sms-failed": by_sms and sms and sms_failed,
    }
    return [code for code, holds in found.items() if holds]
