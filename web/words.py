"""The words on officers' screens for statuses and codes of rows; each status with its icon and colour."""

from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from messages.errors import sentence
from web.adopting_words import source_day
from web.case_words import CASE_EVENTS, KINDS, OUTCOMES, case_reason
from web.here import reader
from web.route_words import GATEWAYS, ROUTE_STEPS, ROUTE_TASKS
from web.wave_words import RESTING, STEPS


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
    "active": Chip(_l("Running"), "live", "action"),
    "ended": Chip(_l("Ended"), "stopped"),
    "cancelled": Chip(_l("Cancelled"), "stopped"),
    "called-off": Chip(_l("Called off"), "stopped"),
    "queued": Chip(_l("Waiting to be sent"), "clock"),
    "accepted": Chip(_l("On its way"), "waves", "info"),
    "delivered": Chip(_l("Delivered"), "good", "good"),
    "undelivered": Chip(_l("Not delivered"), "danger", "danger"),
    "failed": Chip(_l("Failed"), "danger", "danger"),
    "to-send": Chip(_l("Waiting to be sent"), "clock"),
    "sent": Chip(_l("Sent"), "good", "good"),
    "skipped": Chip(_l("Left out"), "stopped"),
    "unknown": Chip(_l("Not certain"), "warn", "warn"),
    "asking": Chip(_l("To be checked"), "warn", "warn"),
    "dropped": Chip(_l("Dropped"), "stopped"),
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
    "control": _l("control group: held back by chance, for comparison"),
    "on-excluded-list": _l("on a list that is left out"),
    "in-excluded-wave": _l("got a wave that is left out"),
    "messaged-recently": _l("messaged only lately"),
    "no-text": _l("no text in their language"),
    "cancelled": _l("the wave was stopped first"),
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
    "zalo-bot": _l("Zalo bot"),
    "telegram": _l("Telegram"),
    "terminal": _l("terminal"),
}
#: The tasks of the runner, as the status page names them.
TASKS = {
    **ROUTE_TASKS,
    "heartbeat": _l("say that the server lives"),
    "answer_waiting": _l("answer what people ask"),
    "send_replies": _l("send the answers"),
    "call_out": _l("call the people on duty"),
    "send_mail": _l("send letters to the people on duty"),
    "send_tests": _l("send tests to officers’ own phones"),
    "open_due": _l("open waves that are due"),
    "open_series": _l("make the waves of series"),
    "send": _l("send waves"),
    "simulate_receipts": _l("receipts of the simulator"),
    "apply_receipts": _l("take in receipts"),
    "finish": _l("finish waves"),
    "work_through_uploads": _l("read uploaded lists"),
    "count_lists": _l("count who is on large lists"),
    "expire_members": _l("take people off lists whose time is over"),
    "reconcile": _l("ask after uncertain messages"),
    "take_in": _l("take in what people write"),
    "let_bot_return": _l("let the machine answer again after a person"),
    "tidy_inbox": _l("clear away what the platforms brought"),
    "count_waves": _l("count the messages of waves"),
    "send_report": _l("send the month’s report"),
    "mend_figures": _l("count figures anew after an upgrade"),
    "compare_wordings": _l("compare wordings"),
    "ask_recalled": _l("ask who has the messages of a copy that was put back"),
    "collect_unanswered": _l("gather what was not answered"),
    "replay_answers": _l("try changed answers on past questions"),
    "index_cases": _l("let cases be found by their words"),
    "keep_tokens": _l("renew the tokens of platforms"),
}
#: What the audit's actions mean, besides the steps of waves.
ACTIONS = {
    "campaigns.create": _l("Made a campaign"),
    "campaigns.change": _l("Changed a campaign"),
    "campaigns.close": _l("Closed a campaign"),
    "campaigns.reopen": _l("Opened a campaign again"),
    "series.plan": _l("Planned a series"),
    "series.change": _l("Changed a series"),
    "series.submit": _l("Sent a series for approval"),
    "series.approve": _l("Approved a series"),
    "series.return": _l("Returned a series"),
    "series.pause": _l("Paused a series"),
    "series.resume": _l("Let a series go on"),
    "series.end": _l("Ended a series"),
    "series.missed": _l("A day of a series was left out"),
    "waves.rehearse": _l("Rehearsed a wave"),
    "halts.stop": _l("Stopped everything"),
    "halts.lift": _l("Let everything go on"),
    "recall.hold": _l("Found a copy of the database put back, and stopped everything"),
    "recall.go-on": _l("Let work go on from a copy of the database"),
    "recall.ask": _l("Let a wave of the copy go on, the gateway asked first"),
    "recall.decide": _l("Decided about those who may have a wave’s message already"),
    "areas.load": _l("Loaded the map of communes"),
    "lists.create": _l("Made a list"),
    "lists.delete": _l("Deleted a list"),
    "lists.rename": _l("Renamed a list"),
    "lists.join": _l("Added a person to a list"),
    "lists.leave": _l("Took a person off a list"),
    "lists.until": _l("Changed how long a person stays on a list"),
    "lists.expire": _l("People’s time on a list was over"),
    "lists.revive": _l("Brought numbers out of use back"),
    "consent.add": _l("Added to the opt-out book"),
    "consent.lift": _l("Lifted an opt-out"),
    "consent.export": _l("Downloaded the opt-out book"),
    "lists.import": _l("Uploaded a list"),
    "lists.upload-file": _l("Sent a file to be checked"),
    "lists.drop-file": _l("Dropped a file"),
    "lists.refused-file": _l("Downloaded refused rows"),
    "messages.write": _l("Wrote a message"),
    "messages.test": _l("Sent a test to their own phone"),
    "prices.put": _l("Wrote down a price"),
    "prices.rate": _l("Wrote down a rate of exchange"),
    "agencies.load": _l("Loaded a list of agencies"),
    "duty.add": _l("Put somebody on the call-out list"),
    "duty.change": _l("Changed somebody on the call-out list"),
    "duty.rest": _l("Took somebody off the call-out list"),
    "duty.resume": _l("Put somebody on the call-out list again"),
    "duty.trial": _l("Sent a test to the people on duty"),
    "cases.opened": _l("Opened a case"),
    "cases.read": _l("Read a conversation"),
    "cases.claimed": _l("Took a case"),
    "cases.released": _l("Laid a case down"),
    "cases.handed-over": _l("Handed a case on"),
    "cases.note": _l("Noted something in a case"),
    "cases.replied": _l("Answered a person"),
    "cases.restricted": _l("Kept a case to safeguarding staff"),
    "cases.unrestricted": _l("Opened a case to the desk"),
    "cases.closed": _l("Closed a case"),
    "cases.reopened": _l("Opened a case again"),
    "staff.add": _l("Added a person"),
    "staff.reset": _l("Sent a new sign-in link"),
    "staff.password": _l("Chose a password"),
    "staff.number": _l("Wrote down their own number"),
    "staff.number-forgotten": _l("Had their own number forgotten"),
    "staff.link-used": _l("Used a sign-in link"),
    "staff.sign-in": _l("Signed in"),
    "staff.locked": _l("Locked after wrong passwords"),
}
#: Where somebody said that they want no more messages, or how an officer brought it in.
CHANNELS = {
    **PLATFORMS,
    "gateway": _l("told by the operator"),
    "staff": _l("added by hand"),
    "list": _l("from a file"),
    "stop-page": _l("the page for stopping"),
}
CARRIERS = {"unknown": _l("unknown carrier"), "*": _l("other carriers")}


def install(app: Flask) -> None:
    app.jinja_env.filters["source_day"] = source_day
    app.jinja_env.globals.update(
        STATUSES=STATUSES,
        SKIPPED=SKIPPED,
        LANGUAGES=LANGUAGES,
        READERS=READERS,
        FORMS=FORMS, ROLES=ROLES,
        PLATFORMS=PLATFORMS, GATEWAYS=GATEWAYS, CARRIERS=CARRIERS,
        CHANNELS=CHANNELS,
        TASKS=TASKS,
        ACTIONS={**ACTIONS, **STEPS, **ROUTE_STEPS},
        reason=reason,
        refusal=refusal,
        short_reason=short_reason,
        case_reason=case_reason,
        CASE_EVENTS=CASE_EVENTS,
        OUTCOMES=OUTCOMES,
        KINDS=KINDS,
    )


def refusal(code: str) -> str:
    """Why a row of a list was refused. Some codes are also those of send errors, which say something else."""
    return sentence(f"refused-{code}", reader())


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
