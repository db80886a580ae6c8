"""How many people in danger nobody has taken, for who reads the page; and why the people on duty cannot be called."""

from flask_babel import ngettext

from bots.alerts import watch
from messages.errors import sentence
from runtime import calls
from web.here import officer, reader, rt


def now_waiting() -> watch.Bell | None:
    """What this officer may know about; None for who does not answer cases."""
    if not officer or not officer.may("cases"):
        return None
    return watch.bell(rt.db, restricted_too=officer.may("safeguarding"))


def words(bell: watch.Bell) -> str:
    """The sentence of the strip; empty when nobody is in danger."""
    if not bell.red:
        return ""
    return ngettext(
        "%(num)s person is in danger and nobody has taken their case.",
        "%(num)s people are in danger and nobody has taken their cases.",
        bell.red,
    )


def not_callable(trial_too: bool = False) -> list[str]:
    """Sentences: why the people on duty, or some of them, cannot be called. `trial_too`: also that all this is only a
    trial, which every page says.
    """
    codes = calls.missing(rt)
    return [sentence(code, reader()) for code in codes if trial_too or code != calls.ONLY_TRYING]
