"""The words on officers' screens for statuses and codes of rows; each status with its icon and colour."""

from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from messages.errors import sentence
from web.here import reader


@dataclass(frozen=True)
class Chip:
    """`tone`: "" | good | warn | danger | info | action. Word, shape and colour always come together."""

    word: object
    icon: str
    tone: str = ""


#: waves, deliveries, imports, turns, cases: a status word means the same wherever it stands.
STATUSES = {
    "draft": Chip(_l("Draft"), "draft"),
    "submitted": Chip(_l("Waiting for approval"), "clock", "info"),
    "approved": Chip(_l("Approved"), "good", "action"),
    "scheduled": Chip(_l("Scheduled"), "clock", "action"),
    "sending": Chip(_l("Sending"), "live", "action"),
    "paused": Chip(_l("Paused"), "paused", "warn"),
    "finished": Chip(_l("Finished"), "good", "good"),
    "cancelled": Chip(_l("Cancelled"), "stopped"),
    "queued": Chip(_l("Waiting to be sent"), "clock"),
    "accepted": Chip(_l("On its way"), "waves", "info"),
    "delivered": Chip(_l("Delivered"), "good", "good"),
    "undelivered": Chip(_l("Not delivered"), "danger", "danger"),
    "failed": Chip(_l("Failed"), "danger", "danger"),
    "skipped": Chip(_l("Left out"), "stopped"),
    "unknown": Chip(_l("Not certain"), "warn", "warn"),
    "waiting": Chip(_l("Waiting"), "clock", "info"),
    "working": Chip(_l("Being read"), "live", "action"),
    "done": Chip(_l("Done"), "good", "good"),
    "open": Chip(_l("Open"), "warn", "warn"),
    "claimed": Chip(_l("Somebody is on it"), "live", "info"),
    "closed": Chip(_l("Closed"), "good"),
    "red": Chip(_l("Danger now"), "danger", "danger"),
    "amber": Chip(_l("Needs care"), "warn", "warn"),
    "none": Chip(_l("Question"), "messages", "info"),
    "ready": Chip(_l("Ready"), "good", "good"),
    "not-ready": Chip(_l("Not set up"), "stopped"),
    "ok": Chip(_l("Fine"), "good", "good"),
    "error": Chip(_l("Failed"), "danger", "danger"),
}

#: Why somebody is left out of a wave.
SKIPPED = {
    "opted-out": _l("asked not to be messaged"),
    "made-up": _l("made-up person, for exercises only"),
    "dead": _l("number no longer in use"),
    "daily-limit": _l("already had today's messages"),
    "no-text": _l("no text in their language"),
    "cancelled": _l("the wave was stopped first"),
}

#: Why a wave rests, besides an officer's own words and the codes of send errors.
RESTING = {
    "gateway-missing": _l("its gateway is not set up"),
    "approval-void": _l("something changed after it was approved; it needs approval again"),
}

#: The steps of a wave as its history tells them (the audit's actions).
STEPS = {
    "waves.plan": _l("Planned"),
    "waves.change": _l("Changed"),
    "waves.submit": _l("Sent for approval"),
    "waves.approve": _l("Approved"),
    "waves.return": _l("Returned"),
    "waves.schedule": _l("Scheduled"),
    "waves.open": _l("Sending began"),
    "waves.pause": _l("Paused"),
    "waves.resume": _l("Went on"),
    "waves.cancel": _l("Stopped for good"),
    "waves.finish": _l("All handed over"),
}

LANGUAGES = {"vi": _l("Vietnamese"), "en": _l("English")}
READERS = {"vi": _l("read Vietnamese"), "en": _l("read English")}
FORMS = {
    "vi": _l("Vietnamese with accents"),
    "vi-unaccented": _l("Vietnamese without accents"),
    "en": _l("English"),
}
ROLES = {
    "officer": _l("campaign officer"),
    "staff": _l("answering staff"),
    "safeguard": _l("safeguarding staff"),
    "admin": _l("administrator"),
}
PLATFORMS = {
    "web": _l("web chat"),
    "sms": _l("SMS"),
    "zalo": _l("Zalo"),
    "telegram": _l("Telegram"),
    "terminal": _l("terminal"),
}
#: Why the bot hands somebody over: the cues of bots/words/danger.toml, and its other reasons.
CASE_REASONS = {
    "asked for a person": _l("asked for a person"),
    "confined": _l("locked up"),
    "beaten": _l("beaten or threatened with weapons"),
    "raped": _l("sexual violence"),
    "forced": _l("forced to work"),
    "hunted": _l("being hunted"),
    "adrift": _l("adrift at sea"),
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
}
#: The tasks of the runner, as the status page names them.
TASKS = {
    "heartbeat": _l("say that the server lives"),
    "answer_waiting": _l("answer what people ask"),
    "send_replies": _l("send the answers"),
    "open_due": _l("open waves that are due"),
    "send": _l("send waves"),
    "simulate_receipts": _l("receipts of the simulator"),
    "apply_receipts": _l("take in receipts"),
    "finish": _l("finish waves"),
    "work_through_uploads": _l("read uploaded lists"),
    "reconcile": _l("ask after uncertain messages"),
}
#: What the audit's actions mean, besides the steps of waves.
ACTIONS = {
    "areas.load": _l("Loaded the map of communes"),
    "lists.create": _l("Made a list"),
    "lists.delete": _l("Deleted a list"),
    "lists.import": _l("Uploaded a list"),
    "messages.write": _l("Wrote a message"),
    "prices.put": _l("Wrote down a price"),
    "staff.add": _l("Added a person"),
    "staff.reset": _l("Sent a new sign-in link"),
    "staff.password": _l("Chose a password"),
    "staff.link-used": _l("Used a sign-in link"),
    "staff.sign-in": _l("Signed in"),
    "staff.locked": _l("Locked after wrong passwords"),
}
CARRIERS = {"unknown": _l("unknown carrier"), "*": _l("other carriers")}


def install(app: Flask) -> None:
    app.jinja_env.globals.update(
        STATUSES=STATUSES,
        SKIPPED=SKIPPED,
        LANGUAGES=LANGUAGES,
        READERS=READERS,
        FORMS=FORMS,
        ROLES=ROLES,
        PLATFORMS=PLATFORMS,
        CARRIERS=CARRIERS,
        TASKS=TASKS,
        ACTIONS={**ACTIONS, **STEPS},
        reason=reason,
        short_reason=short_reason,
        case_reason=case_reason,
    )


def short_reason(code: str) -> str:
    """The first sentence of `reason`: what happened, without what to do."""
    return reason(code).partition(". ")[0].rstrip(".")


def reason(code: str) -> str:
    """The words for a code of a skip, a send error or a refused row; the code itself when nobody wrote any."""
    if not code:
        return _("no reason given")
    if known := SKIPPED.get(code) or RESTING.get(code):
        return str(known)
    for key in (f"send-{code}", f"refused-{code}", f"note-{code}", code):
        try:
            return sentence(key, reader())
        except (KeyError, IndexError):
            continue
    return code


def case_reason(codes: str) -> str:
    """Why a case was opened, in words; cues that only sharpen others are left out."""
    known = [str(CASE_REASONS[code]) for code in codes.split(", ") if code in CASE_REASONS]
    return ", ".join(known) or _("it sounds like danger")
