"""Alembic's entry: runs the migrations on the engine that `cloud.store.database` hands over."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

from cloud.store import tables

assert tables.SessionRow.metadata is SQLModel.metadata

with context.config.attributes["engine"].begin() as connection:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
