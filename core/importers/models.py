"""Named layouts: how the columns of a company's own export become ours."""

from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from core.tables import Table


class Layout(Table, table=True):
    """One layout that a user saved; the ready ones are in `layouts.py`."""

    __tablename__ = "import_layout"

    name: str = Field(primary_key=True, max_length=60)
    kind: str = Field(max_length=30)
    spec: dict[str, Any] = Field(sa_type=JSON)
