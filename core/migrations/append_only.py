"""Triggers that make the database itself refuse to delete or change what was posted."""

from collections.abc import Sequence

from alembic import op

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def protect(table: str, fixed: Sequence[str]) -> None:
    """Refuses DELETE on `table`, and UPDATE of the columns in `fixed`."""
    columns = ", ".join(fixed)
    if op.get_bind().dialect.name == "sqlite":
        for when, name in (("DELETE", "delete"), (f"UPDATE OF {columns}", "update")):
            op.execute(
                f"CREATE TRIGGER keep_{table}_{name} BEFORE {when} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(_FUNCTION)
    for when, name, each in (
        ("DELETE", "delete", "ROW"), (f"UPDATE OF {columns}", "update", "ROW"), ("TRUNCATE", "truncate", "STATEMENT"),
    ):  # fmt: skip
        op.execute(
            f"CREATE TRIGGER keep_{table}_{name} BEFORE {when} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )
