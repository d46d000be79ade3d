"""What alembic runs to migrate: on the connection that corpus.records.database hands it, within that one
transaction."""

from alembic import context

from corpus.records.schema import VERSION_TABLE, metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    # Alembic takes SQLite's DDL to be outside transactions. Ours begins its own, so a killed migration leaves nothing.
    transactional_ddl=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
