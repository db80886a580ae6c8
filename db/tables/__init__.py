"""Every table, one module a room. Columns and keys only; what is done with them stands in the rooms' stores.

Status columns hold words, not numbers, so that a person with a database shell can read them; the words and their
order are defined in the room's model.
"""

from db.tables.answers import agencies, agency_lists, answer_adoptions, answer_replays, answer_versions, line_checks
from db.tables.base import metadata
from db.tables.bots import arrivals, conversations, platform_tokens, turns
from db.tables.desk import alerts, case_events, case_words, cases, duty
from db.tables.figures import (
    bot_days,
    optout_days,
    response_counts,
    responses,
    topic_areas,
    wave_figures,
    wave_topics,
)
from db.tables.learning import hard_questions, outside_lines, question_groups
from db.tables.messages import campaigns, link_hits, links, message_versions, messages, test_sends
from db.tables.people import (
    areas,
    contacts,
    import_refusals,
    imports,
    list_members,
    lists,
    optouts,
    stop_codes,
)
from db.tables.routes import gateway_health, routes
from db.tables.staff import audit, sign_in_links, staff
from db.tables.system import allowances, job_runs, keepsakes, receipts, workers
from db.tables.waves import (
    approvals,
    control_looks,
    deliveries,
    exchange_rates,
    experiments,
    halts,
    prices,
    recalled_waves,
    rehearsals,
    series,
    spending,
    wave_counts,
    wave_previews,
    wave_tally,
    waves,
)

__all__ = [
    "agencies",
    "agency_lists",
    "alerts",
    "allowances",
    "answer_adoptions",
    "answer_replays",
    "answer_versions",
    "approvals",
    "areas",
    "arrivals",
    "audit",
    "bot_days",
    "campaigns",
    "case_events",
    "case_words",
    "cases",
    "contacts",
    "control_looks",
    "conversations",
    "deliveries",
    "duty",
    "exchange_rates",
    "experiments",
    "gateway_health",
    "halts",
    "hard_questions",
    "import_refusals",
    "imports",
    "job_runs",
    "keepsakes",
    "line_checks",
    "link_hits",
    "links",
    "list_members",
    "lists",
    "message_versions",
    "messages",
    "metadata",
    "optout_days",
    "optouts",
    "outside_lines",
    "platform_tokens",
    "prices",
    "question_groups",
    "recalled_waves",
    "receipts",
    "rehearsals",
    "response_counts",
    "responses",
    "routes",
    "series",
    "sign_in_links",
    "spending",
    "staff",
    "stop_codes",
    "test_sends",
    "topic_areas",
    "turns",
    "wave_counts",
    "wave_figures",
    "wave_previews",
    "wave_tally",
    "wave_topics",
    "waves",
    "workers",
]
