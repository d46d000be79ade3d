"""Threads, comments, answers, feedback, turns."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _counters()
    _threads()
    _comments()
    _answers()
    _turns()


def downgrade() -> None:
    for table in ("turns", "feedback", "answer_threads", "answers", "comments", "threads", "counters"):
        op.drop_table(table)


def _counters() -> None:
    table = op.create_table(
        "counters",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.bulk_insert(table, [{"name": "revision", "last": 0}, {"name": "unscrubbed", "last": 0}])


def _threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_total", sa.BigInteger()),
        sa.Column("page", sa.JSON()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("first_revision", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("commenters", sa.Integer(), nullable=False),
        sa.Column("unattributed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_threads"),
        sa.UniqueConstraint("first_revision", name="uq_threads_first_revision"),
        sa.CheckConstraint("state IN ('lexical', 'full')", name=op.f("ck_threads_state")),
    )
    op.create_index("ix_threads_source_first_revision", "threads", ["source", "first_revision"])


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("thread_id", sa.String(200), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Text()),
        sa.Column("author_id", sa.Text()),
        sa.Column("author_handle", sa.Text()),
        sa.Column("author_name", sa.Text()),
        sa.Column("author_candidate", sa.JSON()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quoted", sa.JSON()),
        sa.Column("addressed", sa.JSON()),
        sa.Column("quotes", sa.JSON()),
        sa.Column("posted_at", sa.DateTime(timezone=True)),
        sa.Column("edited_at", sa.DateTime(timezone=True)),
        sa.Column("engagement", sa.JSON()),
        sa.Column("url", sa.Text()),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("thread_id", "id", name="pk_comments"),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name="fk_comments_thread_id_threads", ondelete="CASCADE"
        ),
    )
    for column in ("author_id", "author_handle"):
        op.create_index(f"ix_comments_{column}", "comments", [column], postgresql_using="hash")


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("question_key", sa.String(64), nullable=False),
        sa.Column("revisions", sa.Text(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_answers"),
        sa.UniqueConstraint("id", name="uq_answers_id"),
    )
    op.create_index("ix_answers_question_key_number", "answers", ["question_key", "number"])
    op.create_table(
        "answer_threads",
        sa.Column("answer_id", sa.String(200), nullable=False),
        sa.Column("thread_id", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "thread_id", name="pk_answer_threads"),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name="fk_answer_threads_answer_id_answers", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_answer_threads_thread_id_threads"),
    )
    op.create_index("ix_answer_threads_thread_id", "answer_threads", ["thread_id"])
    op.create_table(
        "feedback",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.String(200), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_feedback"),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name="fk_feedback_answer_id_answers", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_feedback_answer_id", "feedback", ["answer_id"])


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("standalone", sa.Text(), nullable=False),
        sa.Column("answer_id", sa.String(200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_turns"),
    )
    op.create_index("ix_turns_conversation_id_number", "turns", ["conversation_id", "number"])
    op.create_index("ix_turns_answer_id", "turns", ["answer_id"])
