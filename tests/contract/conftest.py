"""Books with two customers in pesos at 30 days: C1 (region NORTE, rep V1) and C2 (region SUR, rep V2)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.helpers import Book
from tests.support.command_line import Answer
from tests.support.databases import Database

CUSTOMERS = """
    code,legal_name,terms_days,region,sales_rep
    C1,Cliente Uno,30,NORTE,V1
    C2,Cliente Dos,30,SUR,V2
"""


@pytest.fixture
def empty_book(database: Database, cli: Callable[..., Answer], tmp_path: Path) -> Book:
    """Books without any customer."""
    return Book(cli, tmp_path)


@pytest.fixture
def book(empty_book: Book) -> Book:
    empty_book.customers(CUSTOMERS)
    return empty_book
