"""The search by words over everything: empty tables, which are filled when the database is opened."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COUNTERS = ("searched", "terms", "documents", "analyser")


def upgrade() -> None:
    op.create_table(
        "searched",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.String(200), nullable=False),
        sa.Column("comment_id", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text()),
        sa.Column("author_handle", sa.Text()),
        sa.Column("posted_at", sa.DateTime(timezone=True)),
        sa.Column("terms", sa.Text().with_variant(ARRAY(sa.Text()), "postgresql")),
        sa.PrimaryKeyConstraint("number", name="pk_searched"),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name="fk_searched_thread_id_threads", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_searched_thread_id_comment_id", "searched", ["thread_id", "comment_id"])
    for column in ("author_id", "author_handle"):
        op.create_index(f"ix_searched_{column}", "searched", [column], postgresql_using="hash")
    op.create_index("ix_searched_posted_at", "searched", ["posted_at"])
    op.create_index("ix_comments_thread_id_position", "comments", ["thread_id", "position"])
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("last", sa.BigInteger))
    op.bulk_insert(counters, [{"name": name, "last": 0} for name in COUNTERS])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX ix_searched_terms ON searched USING gin (terms)")
    else:
        # Without content: the words are in `comments`. Our analyser has made the terms; any mark may stand in one.
        op.execute(
            "CREATE VIRTUAL TABLE words USING fts5(terms, content='', tokenize=\"ascii tokenchars '@#$%+.,&-_'''\")"
        )
        op.execute("CREATE VIRTUAL TABLE words_seen USING fts5vocab('words', 'row')")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute("DROP TABLE words_seen")
        op.execute("DROP TABLE words")
    op.drop_index("ix_comments_thread_id_position", "comments")
    op.drop_table("searched")
    for name in COUNTERS:
        op.execute(f"DELETE FROM counters WHERE name = '{name}'")  # noqa: S608 - a constant
