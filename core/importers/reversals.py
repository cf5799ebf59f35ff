"""Kind `reversals`: undoing a whole payment or document, or what one had applied to one document."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth.actor import Permission
from core.documents.bulk import plan, take_over
from core.errors import DomainError
from core.i18n import N_
from core.importers import fields as f
from core.importers import values
from core.importers.base import Checker, Kind, Look, State
from core.importers.fields import Field
from core.importers.folding import fold
from core.importers.lookups import conflict, rows_of
from core.importers.papers import Paper, Papers
from core.importers.parsing import BadCell, Progress, Row
from core.ledger.models import Reversal, Source
from core.payments import bulk

RETURNED_CHEQUE = "returned_cheque"
_RETURNED = {fold(word) for word in (RETURNED_CHEQUE, "cheque devuelto", "returned check")}


def _reason(cell: str) -> str:
    return RETURNED_CHEQUE if fold(cell) in _RETURNED else values.text(cell, 250)


FIELDS = (
    Field(name="number", reader=f.code(60), label=N_("Número"), required=True, example="P-2001",
          also=("número", "folio", "pago", "recibo", "nota de crédito", "factura"),
          told=N_("Del pago, nota de crédito, factura o nota de cargo que se reversa.")),
    f.a_date("date", N_("Fecha"), required=True, example="2026-03-20",
             also=("fecha", "fecha de reverso", "fecha de reversión", "fecha de cancelación", "reversal date")),
    Field(name="reason", reader=lambda _: _reason, label=N_("Motivo"), required=True, example="cheque devuelto",
          also=("motivo", "razón", "causa", "reason code"),
          told=N_("«cheque devuelto» marca un cheque devuelto; lo demás, con sus palabras.")),
    Field(name="document", reader=f.number, label=N_("Documento"), example="",
          also=("documento", "docto", "documento aplicado"),
          told=N_("Solo para deshacer lo aplicado a ese documento; vacío, se reversa todo.")),
)  # fmt: skip


@dataclass(slots=True)
class ReversalRow(Row):
    """A row of the file."""

    number: str
    date: date
    reason: str
    document: str | None


_IMPORTED = select(
    col(Reversal.source_id), col(Reversal.document_id), col(Reversal.reversed_on), col(Reversal.reason)
).where(col(Reversal.imported))


def _of(imported: Any, ids: list[int]) -> Any:
    return imported.where(col(Reversal.source_id).in_(ids))


class Reversals(Checker[ReversalRow]):
    """Reverses each row in a batch that is written at the end."""

    def __init__(self, look: Look) -> None:
        """The papers that the rows name, with their applications, and what was reversed of them."""
        super().__init__(look)
        self.batch = plan(look.session)
        rows: list[ReversalRow] = look.parsed.rows
        self.papers = Papers(look, self.batch, (name for row in rows for name in (row.number, row.document) if name))
        ids = {source: [one.id for one in self.papers.all() if one.source == source] for source in Source}
        owners = {item.customer_id for paper in self.papers.all() for item in paper.items}
        bulk.prepare_reversals(self.batch, ids, owners)
        self.known: dict[tuple[str, int, int | None, date], str] = {}
        for source in (Source.PAYMENT, Source.DOCUMENT):
            imported = _IMPORTED.where(col(Reversal.source) == source)
            for row in rows_of(look.session, ids[source], partial(_of, imported)):
                self.known[source, row[0], row[1], row[2]] = row[3]

    def key(self, row: ReversalRow) -> Hashable:
        """Number, document and date."""
        return row.number, row.document, row.date

    def judge(self, row: ReversalRow) -> State:
        """Known, or new and reversed."""
        paper = self.papers.get(row.number)
        if paper is None:
            raise BadCell("number", N_("no hay un pago ni un documento «{number}»"), number=row.number)
        document = self._document(row)
        known = self.known.get((paper.source, paper.id, document.id if document else None, row.date))
        if known is not None:
            if known != row.reason:
                raise conflict("reason", row.number, row.reason, known)
            return State.REPEATED
        self.look.check_open("date", row.date)
        mark = self.batch.mark()
        try:
            self._undo(row, paper, document)
        except DomainError as error:
            self.batch.back_to(mark)
            raise BadCell(_column(error), error) from error
        return State.NEW

    def _document(self, row: ReversalRow) -> Paper | None:
        if row.document is None:
            return None
        found = self.papers.get(row.document)
        if found is None or found.is_credit:
            raise BadCell("document", N_("no hay una factura ni nota de cargo «{number}»"), number=row.document)
        return found

    def _undo(self, row: ReversalRow, paper: Paper, document: Paper | None) -> None:
        if document is None:
            since = paper.paid_on or paper.items[0].booked_on
            bulk.reverse(
                self.batch, paper.items, source=paper.source, source_id=paper.id, number=paper.number, on=row.date,
                reason=row.reason, since=since,
            )  # fmt: skip
            return
        if not paper.is_credit:
            raise BadCell("document", N_("«{number}» no es un pago ni una nota de crédito: no aplica nada a otros"),
                          number=row.number)  # fmt: skip
        if not paper.items:
            raise bulk.NothingApplied(number=paper.number, document=document.number)
        bulk.undo(self.batch, paper.items[0], document.id, document.number, on=row.date, reason=row.reason)

    def write(self, session: Session, event_id: int, progress: Progress) -> None:
        """The reversals, what they undo and what closes the papers."""
        take_over(self.batch, session, event_id)
        self.batch.flush()


def _column(error: DomainError) -> str:
    if isinstance(error, bulk.ReversedTooEarly):
        return "date"
    return "document" if isinstance(error, bulk.NothingApplied) else "number"


KIND = Kind(
    name="reversals", title=N_("Reversos"), fields=FIELDS, row=ReversalRow, checker=Reversals,
    permission=Permission.IMPORT_REVERSALS,
)  # fmt: skip
