"""Files to import, by the command that users type, and what they leave in the ledger."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from core.audit.models import AuditEvent
from core.db import reading
from core.files import excel
from core.files.table import Column, Sheet
from core.ledger.models import Entry, Side
from core.money import total
from tests.support.command_line import Answer

Load = Callable[..., Answer]
CUSTOMERS = "code,legal_name,terms_days\nC1,Uno,30\nC2,Dos,15\n"


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file: text in UTF-8, bytes as they are, rows as a workbook."""

    def write(name: str, content: str | bytes | list[list[Any]]) -> Path:
        path = tmp_path / name
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            columns = [Column(str(at), str(title)) for at, title in enumerate(content[0])]
            path.write_bytes(excel.workbook(Sheet(title="Hoja", columns=columns, rows=content[1:], heading=False)))
        return path

    return write


@pytest.fixture
def load(cli: Callable[..., Answer], put: Callable[..., Path]) -> Load:
    """`load("documents", "kind,number…", "--rate", "17")` imports a text as a file called rows.csv."""

    def run(kind: str, content: Any, *options: str, name: str = "rows.csv") -> Answer:
        return cli("import", kind, put(name, content), *options)

    return run


@pytest.fixture
def book(database: Any, load: Load) -> Load:
    """An empty database with customers C1 (30 days) and C2 (15 days)."""
    assert load("customers", CUSTOMERS).code == 0
    return load


@pytest.fixture
def balances() -> Callable[[], dict[str, Decimal]]:
    """What is open of each number now; credits negative."""

    def look() -> dict[str, Decimal]:
        with reading() as session:
            rows = session.execute(
                select(col(Entry.number), col(Entry.side), total(col(Entry.open)))
                .where(col(Entry.open) > 0)
                .group_by(col(Entry.number), col(Entry.side))
            ).all()
        return {number: amount if side == Side.CHARGE else -amount for number, side, amount in rows}

    return look


@pytest.fixture
def events() -> Callable[[], int]:
    """How many events the log has."""

    def count() -> int:
        with reading() as session:
            return session.scalar(select(func.count()).select_from(AuditEvent)) or 0

    return count
