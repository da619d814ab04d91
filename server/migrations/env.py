"""What Alembic runs: the connection comes from the one who opens the database."""

from __future__ import annotations

from alembic import context

from server.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most things in place; later migrations rebuild the table instead.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
