"""The numbers of many papers at once; one paper claims its own through the batch."""

from collections.abc import Iterable

from sqlmodel import Session

from core import db
from core.ledger.models import Number, Source


def claim_many(session: Session, source: Source, papers: Iterable[tuple[str, int]]) -> None:
    """Gives each paper `(number, id)` its number. They were looked up before, and nobody else writes meanwhile."""
    rows = ((number, source.value, id_) for number, id_ in papers)
    db.insert_many(session, Number, ("number", "source", "source_id"), rows)
