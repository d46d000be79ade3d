"""What was forgotten, so that it stays so: keyed hashes alone, and the key of this database."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forgotten",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_forgotten"),
    )
    salts = op.create_table(
        "salts",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_salts"),
    )
    op.bulk_insert(salts, [{"name": "forgotten", "salt": secrets.token_hex(32)}])


def downgrade() -> None:
    op.drop_table("salts")
    op.drop_table("forgotten")
