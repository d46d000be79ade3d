"""What threads come to: one digest a thread, gone with it and with every change of it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("thread_id", sa.String(200), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("made_with", sa.String(200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("thread_id", name="pk_digests"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_digests_thread_id_threads", ondelete="CASCADE"),
    )


def downgrade() -> None:
    op.drop_table("digests")
