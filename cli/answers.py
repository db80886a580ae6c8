"""`answers`: what may be said here. Each subcommand stands in its own module and is imported when it is asked for."""

from collections.abc import Mapping

from cli.lazy import LazyGroup

#: Subcommand → "module:name", listed by hand.
TABLE: Mapping[str, str] = {
    "status": "cli.answers_adoption:status",
    "adopt": "cli.answers_adoption:adopt",
    "line": "cli.answers_adoption:line",
    "expiring": "cli.answers_changed:expiring",
    "stale": "cli.answers_changed:stale",
    "replay": "cli.answers_changed:replay",
    "unanswered": "cli.answers_unanswered:unanswered",
}


answers = LazyGroup("answers", TABLE, help="Answers of this installation: adopted, checked, changed.")
