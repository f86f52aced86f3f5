"""Run by Alembic with the connection, and the transaction, that `upgrade` hands in."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
