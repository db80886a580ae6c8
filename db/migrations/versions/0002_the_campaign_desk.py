"""The campaign desk: limits, zones and arms of waves, series, experiments, links, test messages, counters of lists."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "exchange_rates",
        sa.Column("id", ID, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("vnd", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rates")),
        sa.UniqueConstraint("currency", "valid_from", name=op.f("uq_exchange_rates_currency")),
    )
    op.create_table(
        "halts",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.Text(), nullable=True),
        sa.Column("lifted_by", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_halts")),
    )
    op.create_table(
        "links",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("wave_id", ID, nullable=False),
        sa.Column("arm", sa.Integer(), nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_links")),
    )
    op.create_index("ix_links_wave_id", "links", ["wave_id"], unique=False)
    op.create_table(
        "link_hits",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("hour", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["links.code"], name=op.f("fk_link_hits_code_links"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code", "hour", "kind", name=op.f("pk_link_hits")),
    )
    op.create_table(
        "series",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("campaign_id", ID, nullable=True),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("form", sa.Text(), server_default="vi", nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.Text(), nullable=True),
        sa.Column("days_after", sa.Integer(), nullable=True),
        sa.Column("at_time", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Text(), nullable=True),
        sa.Column("most_people", sa.Integer(), nullable=False),
        sa.Column("daily_quota", sa.Integer(), nullable=True),
        sa.Column("budget_vnd", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("settled", sa.Text(), nullable=True),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("approved_by", ID, nullable=True),
        sa.Column("approved_digest", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_series_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["message_versions.id"], name=op.f("fk_series_version_id_message_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_table(
        "test_sends",
        sa.Column("id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), server_default="to-send", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("by", ID, nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["message_versions.id"], name=op.f("fk_test_sends_version_id_message_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_sends")),
    )
    op.create_index(
        "ix_test_sends_open",
        "test_sends",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'to-send'"),
        postgresql_where=sa.text("status = 'to-send'"),
    )
    op.create_table(
        "experiments",
        sa.Column("wave_id", ID, nullable=False),
        sa.Column("arms", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("smallest", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), server_default="planned", nullable=False),
        sa.Column("stopped_why", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_experiments_wave_id_waves")),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_experiments")),
    )
    op.create_table(
        "rehearsals",
        sa.Column("id", ID, nullable=False),
        sa.Column("wave_id", ID, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_rehearsals_wave_id_waves")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsals")),
    )
    op.create_index("ix_rehearsals_wave_id", "rehearsals", ["wave_id"], unique=False)
    op.create_table(
        "spending",
        sa.Column("wave_id", ID, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("messages", sa.Integer(), server_default="0", nullable=False),
        sa.Column("segments", sa.Integer(), server_default="0", nullable=False),
        sa.Column("vnd", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_spending_wave_id_waves")),
        sa.PrimaryKeyConstraint("wave_id", "day", name=op.f("pk_spending")),
    )
    op.create_table(
        "wave_counts",
        sa.Column("wave_id", ID, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_wave_counts_wave_id_waves")),
        sa.PrimaryKeyConstraint("wave_id", "status", "reason", name=op.f("pk_wave_counts")),
    )
    op.execute(
        "INSERT INTO wave_counts (wave_id, status, reason, n)"
        " SELECT wave_id, status, reason, sum(n) FROM wave_tally GROUP BY wave_id, status, reason"
    )
    op.create_table(
        "wave_previews",
        sa.Column("wave_id", ID, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_wave_previews_wave_id_waves")),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_wave_previews")),
    )
    op.create_index("ix_wave_tally_area", "wave_tally", ["area", "status", "n"], unique=False)
    op.create_index("ix_wave_tally_status", "wave_tally", ["status", "reason", "n"], unique=False)
    op.add_column("campaigns", sa.Column("budget_vnd", sa.BigInteger(), nullable=True))
    op.add_column("campaigns", sa.Column("daily_cap", sa.Integer(), nullable=True))
    op.add_column("campaigns", sa.Column("starts_on", sa.Text(), nullable=True))
    op.add_column("campaigns", sa.Column("ends_on", sa.Text(), nullable=True))
    op.add_column("campaigns", sa.Column("created_by", ID, nullable=True))
    op.add_column("campaigns", sa.Column("closed_at", sa.Text(), nullable=True))
    op.add_column("contacts", sa.Column("dead_at", sa.Text(), nullable=True))
    op.add_column("contacts", sa.Column("dead_wave", ID, nullable=True))
    op.create_index(
        "ix_contacts_dead",
        "contacts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("dead = 1"),
        postgresql_where=sa.text("dead"),
    )
    op.add_column("deliveries", sa.Column("zone", sa.Text(), nullable=True))
    op.add_column("deliveries", sa.Column("arm", sa.SmallInteger(), nullable=True))
    op.add_column("deliveries", sa.Column("vnd", sa.Integer(), nullable=True))
    op.drop_index(op.f("ix_deliveries_queued"), table_name="deliveries", sqlite_where=sa.text("status = 'queued'"))
    op.create_index(
        "ix_deliveries_queued",
        "deliveries",
        ["wave_id", "zone", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_index("ix_audit_object", "audit", ["object", "id"], unique=False)
    op.add_column("approvals", sa.Column("plan", sa.Text(), nullable=True))
    op.add_column("approvals", sa.Column("most", sa.Integer(), nullable=True))
    op.add_column("imports", sa.Column("members_until", sa.Text(), nullable=True))
    op.add_column("imports", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("imports", sa.Column("sample_sealed", sa.LargeBinary(), nullable=True))
    _let_imports_wait_for_their_list()
    op.add_column("lists", sa.Column("people", sa.Integer(), server_default="0", nullable=False))
    op.add_column("lists", sa.Column("newest_at", sa.Text(), nullable=True))
    op.add_column("lists", sa.Column("gone", sa.Integer(), server_default="0", nullable=False))
    op.add_column("lists", sa.Column("figures", sa.Text(), nullable=True))
    op.add_column("lists", sa.Column("figures_at", sa.Text(), nullable=True))
    op.add_column("message_versions", sa.Column("advert", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("message_versions", sa.Column("starter", sa.Text(), nullable=True))
    op.add_column("optouts", sa.Column("number_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("optouts", sa.Column("by", ID, nullable=True))
    op.add_column("staff", sa.Column("number_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("waves", sa.Column("position", sa.Integer(), server_default="0", nullable=False))
    op.add_column("waves", sa.Column("daily_quota", sa.Integer(), nullable=True))
    op.add_column("waves", sa.Column("budget_vnd", sa.BigInteger(), nullable=True))
    op.add_column("waves", sa.Column("on_holidays", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("waves", sa.Column("failure_limit", sa.Integer(), server_default="20", nullable=False))
    op.add_column("waves", sa.Column("seen", sa.Text(), nullable=True))
    op.add_column("waves", sa.Column("link_target", sa.Text(), nullable=True))
    op.add_column("waves", sa.Column("link_base", sa.Text(), nullable=True))
    op.add_column("waves", sa.Column("link_personal", sa.Text(), nullable=True))
    op.add_column("waves", sa.Column("series_id", ID, nullable=True))
    op.add_column("waves", sa.Column("series_day", sa.Text(), nullable=True))
    op.create_index("ix_waves_series", "waves", ["series_id", "series_day"], unique=True)
    op.execute(
        "UPDATE lists SET people = (SELECT count(*) FROM list_members WHERE list_id = lists.id),"
        " newest_at = (SELECT max(joined_at) FROM list_members WHERE list_id = lists.id)"
    )
    if op.get_bind().dialect.name == "sqlite":
        _keep_list_members_in_one_tree()
    op.create_index(
        "ix_list_members_expires_at",
        "list_members",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("expires_at IS NOT NULL"),
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )


def _let_imports_wait_for_their_list() -> None:
    """imports.list_id may be NULL. SQLite writes the whole table anew for that, which would take the refused rows
    along (ON DELETE CASCADE), so they step aside meanwhile.
    """
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute("CREATE TEMPORARY TABLE kept_refusals AS SELECT * FROM import_refusals")
    with op.batch_alter_table("imports") as batch:
        batch.alter_column("list_id", existing_type=ID, nullable=True)
    if sqlite:
        op.execute("INSERT INTO import_refusals SELECT * FROM kept_refusals")
        op.execute("DROP TABLE kept_refusals")


def _keep_list_members_in_one_tree() -> None:
    """Without a row id its key is the table: smaller, and one look instead of two to see whether somebody is on it."""
    op.drop_index("ix_list_members_contact", table_name="list_members")
    op.rename_table("list_members", "former_list_members")
    op.create_table(
        "list_members",
        sa.Column("list_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("joined_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_list_members_contact_id_contacts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["lists.id"], name=op.f("fk_list_members_list_id_lists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list_id", "contact_id", name=op.f("pk_list_members")),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO list_members SELECT * FROM former_list_members ORDER BY list_id, contact_id")
    op.drop_table("former_list_members")
    op.create_index("ix_list_members_contact", "list_members", ["contact_id"], unique=False)
