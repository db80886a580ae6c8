"""The bot's counters by whole months too, beside days and weeks."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OF_DAYS = """
    INSERT INTO bot_days (day, platform, what, key, n)
    SELECT 'm' || substr(day, 1, 7), platform, what, key, sum(n) FROM bot_days WHERE day < 'a'
    GROUP BY 'm' || substr(day, 1, 7), platform, what, key
"""
OF_AREAS = """
    INSERT INTO topic_areas (day, area, topic, n)
    SELECT 'm' || substr(day, 1, 7), area, '', sum(n) FROM topic_areas WHERE day < 'a'
    GROUP BY 'm' || substr(day, 1, 7), area
"""


def upgrade() -> None:
    op.execute(OF_DAYS)
    op.execute(OF_AREAS)
