"""Alembic migrations. Run through bot.migrate, which hands over the connection."""
