"""Sessions, recordings, events, reports.

Revision 0001, the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.String(), primary_key=True),
        sa.Column("vehicle_id", sa.String(), nullable=False),
        sa.Column("first_seen_us", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_us", sa.BigInteger(), nullable=False),
        sa.Column("started_us", sa.BigInteger()),
        sa.Column("ended_us", sa.BigInteger()),
        sa.Column("world", sa.String()),
        sa.Column("driver", sa.String()),
        sa.Column("driver_name", sa.String()),
        sa.Column("seed", sa.BigInteger()),
        sa.Column("assist_level", sa.Integer()),
        sa.Column("rubric", sa.String()),
        sa.Column("language", sa.String()),
        sa.Column("result", sa.String()),
        sa.Column("slot_id", sa.String()),
        sa.Column("duration_s", sa.Float()),
        sa.Column("contacts", sa.Integer()),
        sa.Column("score", sa.Float()),
        sa.Column("passed", sa.Boolean()),
        sa.Column("reported", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_sessions_by_time", "sessions", ["first_seen_us", "session_id"])
    op.create_index("ix_sessions_by_vehicle", "sessions", ["vehicle_id", "first_seen_us"])
    op.create_index("ix_sessions_unreported", "sessions", ["ended_us", "reported"])
    op.create_table(
        "recording_chunks",
        sa.Column("session_id", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("chunk", sa.Integer(), primary_key=True),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("session_id", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("timestamp_us", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_table(
        "reports",
        sa.Column("session_id", sa.String(), primary_key=True),
        sa.Column("rubric", sa.String(), primary_key=True),
        sa.Column("rubric_version", sa.Integer(), primary_key=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("reports", "events", "recording_chunks", "sessions"):
        op.drop_table(table)
