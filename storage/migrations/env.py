"""Runs migrations on the connection that `storage.schema` hands over, inside its transaction."""

from alembic import context

from storage.tables._all import all_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    render_as_batch=context.config.attributes["connection"].dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
