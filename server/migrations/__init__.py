"""The database's history, run by Alembic when a `Database` is opened."""
