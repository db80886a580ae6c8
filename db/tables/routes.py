"""The routing table, and how the gateways in it fare."""

from sqlalchemy import Column, Float, Integer, Table, Text

from db.tables.base import metadata
from db.types import Id, UtcText

#: Through which gateway whose messages go, for waves "by the routing table". carrier, language NULL = any. Of the
#: routes that fit a person those with the lowest position come first, and share by weight; see campaigns.routes.
routes = Table(
    "routes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("carrier", Text),
    Column("language", Text),
    Column("gateway", Text, nullable=False),
    Column("weight", Integer, nullable=False, server_default="100"),
)

#: How each gateway of a route fares, see campaigns.health. `weight` is 0 (sick) to 1. `taken` and `troubled` count
#: messages since `updated_at`, `last_id` is a delivery that it accepted since then; `probes`: JSON [[delivery, when]].
gateway_health = Table(
    "gateway_health",
    metadata,
    Column("gateway", Text, primary_key=True),
    Column("weight", Float, nullable=False, server_default="1"),
    #: What pulled it down last: errors | slow | settings.
    Column("why", Text),
    Column("updated_at", UtcText, nullable=False),
    Column("taken", Integer, nullable=False, server_default="0"),
    Column("troubled", Integer, nullable=False, server_default="0"),
    Column("last_id", Id),
    Column("probes", Text, nullable=False, server_default="[]"),
    #: Seconds until a receipt, and the share of messages whose receipt takes much longer, on a usual day.
    Column("usual_seconds", Float),
    Column("usual_late", Float),
)
