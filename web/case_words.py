"""The words of the desk: why somebody was handed over, what was done about it, how it ended, what came that was no
text.
"""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

#: Why the bot hands somebody over: the cues of bots/words/danger.toml, and its other reasons.
CASE_REASONS = {
    "asked for a person": _l("asked for a person"),
    "confined": _l("locked up"),
    "beaten": _l("beaten or threatened with weapons"),
    "raped": _l("sexual violence"),
    "forced": _l("forced to work"),
    "hunted": _l("being hunted"),
    "adrift": _l("adrift at sea"),
    "missing": _l("somebody is missing"),
    "rescue": _l("a call for rescue"),
    "cut-off": _l("cut off from the world"),
    "hurt": _l("hurt or ill"),
    "in-water": _l("in the water"),
    "no-air": _l("no air to breathe"),
    "sealed": _l("shut in a lorry or container"),
    "lost": _l("lost or left behind"),
    "starved": _l("no food or water"),
    "ransom": _l("ransom demanded"),
    "passport-taken": _l("papers taken"),
    "child-taken": _l("a child taken"),
    "suicide": _l("wants to die"),
    "cry": _l("calls for help"),
    "answer not sent": _l("our answer could not be sent"),
    "staff": _l("opened by one of us"),
    "minor": _l("a child"),
    "not adopted": _l("asked for an answer that this office has not adopted"),
}
#: What happened to a case, by the kind of its event; %(who)s did it, %(to)s is who it was handed to.
CASE_EVENTS = {
    "opened": _l("The machine opened it"),
    "opened-by": _l("%(who)s opened it"),
    "raised": _l("It became more urgent"),
    "raised-by": _l("%(who)s made it more urgent"),
    "claimed": _l("%(who)s took it"),
    "released": _l("Whoever had it cannot go on with it: it waits for somebody again"),
    "released-by": _l("%(who)s laid it down"),
    "handed-over": _l("%(who)s handed it to %(to)s"),
    "note": _l("%(who)s noted"),
    "replied": _l("%(who)s answered"),
    "restricted": _l("Only for safeguarding staff, by the machine"),
    "restricted-by": _l("%(who)s kept it to safeguarding staff"),
    "unrestricted-by": _l("%(who)s opened it to all who answer"),
    "alerted": _l("The people on duty were called"),
    "closed": _l("It was closed"),
    "closed-by": _l("%(who)s closed it"),
    "reopened": _l("It was opened again"),
    "reopened-by": _l("%(who)s opened it again"),
}
#: How a case ended, in the order in which one chooses.
OUTCOMES = {
    "helped": _l("Helped"),
    "referred": _l("Passed on to another service"),
    "answered": _l("Question answered"),
    "no-contact": _l("Could not be reached"),
    "not-ours": _l("Not for us"),
    "duplicate": _l("Same as another case"),
}
#: What somebody sent when it was no text.
KINDS = {
    "image": _l("sent a picture"),
    "sticker": _l("sent a sticker"),
    "voice": _l("sent a voice message"),
    "location": _l("sent where they are"),
    "file": _l("sent a file"),
    "other": _l("sent something that cannot be shown here"),
    "follow": _l("began to follow us"),
    "helpful": _l("said that the answer helped"),
    "unhelpful": _l("said that the answer did not help"),
}


def case_reason(codes: str) -> str:
    """Why a case was opened, in words; cues that only sharpen others are left out."""
    known = [str(CASE_REASONS[code]) for code in codes.split(", ") if code in CASE_REASONS]
    return ", ".join(known) or _("it sounds like danger")
