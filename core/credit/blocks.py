"""Blocks that are in force: set by hand, by the legal stage or by the ERP's file."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from core.credit.models import Block


def in_force(as_of: date) -> ColumnElement[bool]:
    """The condition on `Block` that leaves those in force on `as_of`, both ends included."""
    return and_(col(Block.from_on) <= as_of, or_(col(Block.to_on).is_(None), col(Block.to_on) >= as_of))
