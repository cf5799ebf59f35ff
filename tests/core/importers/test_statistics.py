"""After a large file the planner knows the tables by what is in them."""

import pytest
from sqlalchemy import text

from core.db import reading

HEADER = "kind,number,customer,issue_date,total\n"


def listed(count: int, prefix: str = "F") -> str:
    return HEADER + "".join(f"invoice,{prefix}{one},C1,2026-03-01,100.00\n" for one in range(count))


def entries_known() -> int:
    with reading() as session:
        found = session.scalar(text("SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = 'ledger_entry'"))
        return found or 0


@pytest.mark.backend("sqlite")
def test_the_planner_looks_again_when_a_file_brings_much_and_not_for_a_few_rows(book, monkeypatch):
    monkeypatch.setattr("core.importers.base._LARGE", 20)
    with reading() as session:
        assert session.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")) == 0
    book("documents", listed(30))
    assert entries_known() == 30
    book("documents", listed(5, "G"))
    assert entries_known() == 30
    book("documents", listed(25, "H"))
    assert entries_known() == 60
