"""The words for what happens to waves: why they rest, what they wait for, what was done with them."""

from flask_babel import lazy_gettext as _l

#: Why a wave rests, besides an officer's own words and the codes of send errors.
RESTING = {
    "gateway-missing": _l("its gateway is not set up"),
    "approval-void": _l("something changed after it was approved; it needs approval again"),
    "budget-used": _l("the budget is used up"),
    "price-missing": _l("it has a budget, and a price is missing to keep it"),
    "too-many-failures": _l("too many messages failed"),
    "copy-put-back": _l("it stood in a copy of the database that was put back"),
    "series-over": _l("its series was ended"),
    "series-day-over": _l("it had not begun when its day was over"),
}

#: What to do about a wave that rests by itself.
MENDING = {
    "gateway-missing": _l("Let the administrator set it up (see the settings), then let the wave go on."),
    "approval-void": _l("Edit it and send it for approval again."),
    "budget-used": _l("Another officer than the author may raise the budget; then let it go on. Or stop it for good."),
    "copy-put-back": _l("See the page “A copy was put back”: there it goes on, after the gateway was asked."),
    "price-missing": _l("Write the price down among the prices, then let it go on."),
    "too-many-failures": _l(
        "Look at the reasons below. When the list is wrong, stop it for good; when the provider was in trouble, let it"
        " go on."
    ),
}

#: What a wave waits for by itself; %(until)s is when it goes on.
WAITING = {
    "starts": _l("Begins %(until)s."),
    "quiet-hours": _l("It is night where its readers are: goes on %(until)s."),
    "holiday": _l("It is a public holiday: goes on %(until)s."),
    "closing": _l("Too late in the day to begin: begins %(until)s."),
    "quota": _l("Today’s messages are used up: goes on %(until)s."),
    "halted": _l("Everything is stopped: it goes on when somebody lets it."),
}

#: The limits a wave is held to.
LIMITS = {
    "wave-budget": _l("Budget of the wave"),
    "campaign-budget": _l("Budget of the campaign"),
    "daily-quota": _l("Messages a day"),
    "daily-cap": _l("Messages a day of the campaign"),
}

#: The parts of a plan, as an approver is told what changed.
PLAN = {
    "name": _l("Name"),
    "campaign_id": _l("Campaign"),
    "audience": _l("Who gets it"),
    "version_id": _l("Message"),
    "form": _l("Which Vietnamese"),
    "starts_at": _l("Begins"),
    "daily_quota": _l("Messages a day"),
    "on_holidays": _l("Also on public holidays"),
    "ignore_quiet_hours": _l("Also between 22:00 and 07:00"),
    "gateway": _l("Gateway"),
    "rate": _l("Messages a second"),
    "budget_vnd": _l("Budget"),
    "failure_limit": _l("Pauses itself at"),
    "link_target": _l("Where its link leads"),
    "link_personal": _l("Follows single people’s openings, because"),
    "control": _l("Control group"),
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
    "waves.limits": _l("Limits changed"),
    "waves.rehearse": _l("Rehearsed"),
    "waves.finish": _l("All handed over"),
}
