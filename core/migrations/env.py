"""Alembic's entry: one history of the schema for SQLite and PostgreSQL."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import text
from sqlmodel.sql.sqltypes import AutoString

from core import db, schema
from core.money import Money, Percent, Rate
from core.tables import Moment


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Our column types as the plain ones that the database keeps."""
    if kind == "type" and isinstance(item, (Money, Rate, Percent)):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.Text()"
    return False


def run() -> None:
    """Runs the migrations that are missing on the engine handed over by core.schema."""
    engine = context.config.attributes["engine"]
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        context.configure(
            connection=connection, target_metadata=schema.metadata,
            render_as_batch=connection.dialect.name == "sqlite", render_item=render_item,
            transactional_ddl=True,  # SQLite too: we say BEGIN ourselves, so all that is missing comes at once or not
        )  # fmt: skip
        with context.begin_transaction():
            if connection.dialect.name != "sqlite":  # one after the other; SQLite has one writer anyway
                connection.execute(text(f"SELECT pg_advisory_xact_lock({db.BOOK})"))
            context.run_migrations()


run()
