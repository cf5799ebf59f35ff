"""Kind `disputes`: what customers question of their documents, and when it was settled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import BigInteger, select, type_coerce
from sqlmodel import Session, col

from core.auth.actor import Permission
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.disputes.bulk import OPEN, Completed, NewDispute, write_disputes
from core.disputes.models import Dispute, DisputeStep
from core.disputes.reasons import REASONS
from core.documents.models import Document, DocumentKind
from core.i18n import N_
from core.importers import fields as f
from core.importers import values
from core.importers.base import Checker, Kind, Look, State
from core.importers.fields import Field
from core.importers.folding import fold
from core.importers.lookups import Parties, Party, conflict, numbers, rows_of
from core.importers.parsing import BadCell, Progress, Row
from core.importers.specs import Spec
from core.ledger.models import Source
from core.tables import among

_REASONS = {fold(word): key for key, one in REASONS.items() for word in (key, one.label)}


def _reason(cell: str) -> str:
    """A reason of the catalogue by its key or words; any other as written."""
    return _REASONS.get(fold(cell)) or values.text(cell, 250)


FIELDS = (
    Field(name="number", reader=f.code(60), label=N_("Número"), required=True, example="AC-2001",
          also=("número", "número de aclaración", "no. aclaración", "aclaración", "folio de aclaración", "caso",
                "número de caso", "dispute", "dispute number", "case", "case id", "claim number"),
          told=N_("De la aclaración; único entre ellas.")),
    Field(name="customer", reader=f.code(40), label=N_("Cliente"), required=True, example="C001",
          also=("cliente", "clave cliente", "clave del cliente", "código cliente", "código de cliente", "no. cliente",
                "número de cliente", "clave", "código", "cust_number", "customer id", "customer number")),
    Field(name="document", reader=f.number, label=N_("Documento"), required=True, example="A-1001",
          also=("documento", "factura", "folio", "docto", "número de factura", "no. factura", "nº documento",
                "invoice", "invoice number", "disputed item"),
          told=N_("Factura o nota de cargo del mismo cliente.")),
    Field(name="amount", reader=f.spent, label=N_("Importe"), required=True, example="500.00", is_amount=True,
          also=("importe", "monto", "importe en aclaración", "importe disputado", "monto reclamado", "disputed amount",
                "claim amount"),
          told=N_("Lo que se aclara; cuenta a lo más lo que esté abierto.")),
    f.a_date("opened_on", N_("Abierta el"), required=True, example="2026-03-10",
             also=("abierta", "fecha", "fecha de apertura", "fecha de aclaración", "fecha alta", "opened", "open date",
                   "created on", "date")),
    Field(name="reason", reader=lambda _: _reason, label=N_("Motivo"), required=True, example="price",
          also=("motivo", "razón", "causa", "tipo de aclaración", "reason code", "dispute reason"),
          told=N_("Clave o palabras del catálogo; cualquier otro texto se conserva como está.")),
    Field(name="status", reader=f.text(60), label=N_("Estado"), example="",
          also=("estado", "estatus", "situación", "dispute status"),
          told=N_("Se conserva como está; vacío, abierta. No cierra: eso lo hace la fecha de cierre.")),
    f.a_date("closed_on", N_("Cerrada el"), example="",
             also=("cerrada", "fecha de cierre", "fecha cierre", "fecha de solución", "closed", "close date",
                   "resolved on"),
             told=N_("Desde ese día ya no cuenta; vacía, sigue abierta.")),
)  # fmt: skip


@dataclass(slots=True)
class DisputeRow(Row):
    """A row of the file, the amount in centavos; `status` None: open."""

    number: str
    customer: str
    document: str
    amount: int
    opened_on: date
    reason: str
    status: str | None
    closed_on: date | None


class _Paper(NamedTuple):
    id: int
    number: str
    customer_id: int
    currency: str
    kind: str


class _Known(NamedTuple):
    id: int
    customer_id: int
    document_id: int
    amount: int
    opened_on: date
    reason: str
    status: str
    closed_on: date | None


def _tidy(row: DisputeRow, _spec: Spec | None) -> None:
    if row.status is not None and row.status.casefold() == OPEN:
        row.status = None  # what a blank says too
    if row.closed_on is not None and row.closed_on < row.opened_on:
        raise BadCell("closed_on", N_("{closed} es anterior al {opened}, en que se abrió"),
                      closed=row.closed_on, opened=row.opened_on)  # fmt: skip


class Disputes(Checker[DisputeRow]):
    """Disputes that are new, and those that get their status or their end."""

    def __init__(self, look: Look) -> None:
        """Customers, documents and disputes that the rows name."""
        super().__init__(look)
        rows: list[DisputeRow] = look.parsed.rows
        self.parties = Parties(look, (row.customer for row in rows))
        self.papers = _papers(look, (row.document for row in rows))
        self.known, self.had = _known(look, (row.number for row in rows))
        self.new: list[NewDispute] = []
        self.completed: list[Completed] = []

    def key(self, row: DisputeRow) -> Hashable:
        """The number."""
        return row.number

    def judge(self, row: DisputeRow) -> State:
        """New, known, or known and completed."""
        party = self.parties.of(row.customer, row.at)
        paper = self._paper(row, party)
        known = self.known.get(row.number)
        if known is not None:
            return self._again(row, known, party, paper)
        self.new.append(
            NewDispute(row.number, party.id, paper.id, paper.currency, row.amount, row.opened_on, row.reason,
                       row.status, row.closed_on)
        )  # fmt: skip
        self.total[paper.currency] += row.amount
        return State.NEW

    def _paper(self, row: DisputeRow, party: Party) -> _Paper:
        paper = self.papers.get(row.document)
        if paper is None or not DocumentKind(paper.kind).is_charge:
            raise BadCell("document", N_("no hay una factura ni nota de cargo «{number}»"), number=row.document)
        if paper.customer_id != party.id:
            raise BadCell("document", N_("«{number}» es de otro cliente"), number=row.document)
        return paper

    def _again(self, row: DisputeRow, known: _Known, party: Party, paper: _Paper) -> State:
        if known.customer_id != party.id:
            raise BadCell("customer", N_("la aclaración «{number}» ya existe y es de otro cliente"), number=row.number)
        if known.document_id != paper.id:
            raise BadCell("document", N_("la aclaración «{number}» ya existe y es de otro documento"),
                          number=row.number)  # fmt: skip
        for name in ("amount", "opened_on", "reason"):
            if getattr(known, name) != getattr(row, name):
                raise conflict(name, row.number, getattr(row, name), getattr(known, name))
        status = None
        if row.status is not None and row.status not in self.had[known.id]:
            if known.status != OPEN:
                raise conflict("status", row.number, row.status, known.status)
            status = row.status
        if row.closed_on is not None and known.closed_on not in (None, row.closed_on):
            raise conflict("closed_on", row.number, row.closed_on, known.closed_on)
        closed_on = row.closed_on if known.closed_on is None else None
        if status is None and closed_on is None:
            return State.REPEATED
        self.completed.append(Completed(known.id, status, closed_on, known.status))
        return State.UPDATED

    def write(self, session: Session, event_id: int, progress: Progress) -> None:
        """The new ones, and what the others get."""
        write_disputes(session, self.new, self.completed, user_name=self.look.actor.name, event_id=event_id)


def _papers(look: Look, asked: Iterable[str]) -> dict[str, _Paper]:
    """The documents of these numbers whose customers one may see."""
    ids = [id_ for source, id_ in numbers(look.session, asked).values() if source == Source.DOCUMENT]
    found = rows_of(
        look.session, ids,
        lambda chunk: select(
            col(Document.id), col(Document.number), col(Document.customer_id), col(Document.currency),
            col(Document.kind),
        )
        .join(Customer, col(Customer.id) == col(Document.customer_id))
        .where(among(col(Document.id), chunk), visible_to(look.actor)),
    )  # fmt: skip
    return {row.number: _Paper(*row) for row in found}


def _known(look: Look, asked: Iterable[str]) -> tuple[dict[str, _Known], dict[int, set[str]]]:
    """The disputes of these numbers, and every status that each has had: one that a file said before is no news."""
    found = rows_of(
        look.session, asked,
        lambda chunk: select(
            col(Dispute.number), col(Dispute.id), col(Dispute.customer_id), col(Dispute.document_id),
            type_coerce(Dispute.amount, BigInteger), col(Dispute.opened_on), col(Dispute.reason), col(Dispute.status),
            col(Dispute.closed_on),
        ).where(among(col(Dispute.number), chunk)),
    )  # fmt: skip
    known = {number: _Known(*rest) for number, *rest in found}
    had: dict[int, set[str]] = defaultdict(set)
    for one in known.values():
        had[one.id].add(one.status)
    steps = rows_of(
        look.session, [one.id for one in known.values()],
        lambda chunk: select(col(DisputeStep.dispute_id), col(DisputeStep.status)).where(
            among(col(DisputeStep.dispute_id), chunk)
        ),
    )  # fmt: skip
    for dispute_id, status in steps:
        had[dispute_id].add(status)
    return known, had


KIND = Kind(
    name="disputes", title=N_("Aclaraciones"), fields=FIELDS, row=DisputeRow, checker=Disputes,
    permission=Permission.IMPORT_COLLECTION, tidy=_tidy,
)  # fmt: skip
