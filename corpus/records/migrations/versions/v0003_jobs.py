"""Jobs: what is being read in, and which threads came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("stop", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_jobs"),
        sa.UniqueConstraint("id", name="uq_jobs_id"),
    )
    op.create_table(
        "job_threads",
        sa.Column("job_id", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "place", name="pk_job_threads"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_job_threads_job_id_jobs", ondelete="CASCADE"),
    )
    op.create_index("ix_job_threads_thread_id", "job_threads", ["thread_id"])


def downgrade() -> None:
    for table in ("job_threads", "jobs"):
        op.drop_table(table)
