"""Kind `applications`: what of a payment or credit note closes what of a document, and when."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from core.auth.actor import Permission
from core.documents.bulk import Item, plan, take_over
from core.i18n import N_
from core.importers import fields as f
from core.importers.base import Checker, Kind, Look, State
from core.importers.fields import Field
from core.importers.papers import Papers
from core.importers.parsing import BadCell, Progress, Row
from core.ledger.models import Side
from core.money import from_cents
from core.payments import bulk

FIELDS = (
    Field(name="source", reader=f.code(60), label=N_("Pago o nota de crédito"), required=True, example="P-2001",
          also=("origen", "pago", "recibo", "nota de crédito", "número de pago", "folio de pago", "receipt")),
    Field(name="document", reader=f.number, label=N_("Documento"), required=True, example="A-1001",
          also=("documento", "factura", "folio", "docto", "número de factura", "invoice", "invoice number")),
    Field(name="amount", reader=f.spent, label=N_("Importe"), required=True, example="500.00", is_amount=True,
          also=("importe", "monto", "importe aplicado", "abono", "amount applied")),
    f.a_date("date", N_("Fecha"), example="",
             also=("fecha", "fecha de aplicación", "fecha aplicación", "application date"),
             told=N_("Vacía: la más tardía entre la del pago y la del documento; una anterior no se acepta.")),
)  # fmt: skip


@dataclass(slots=True)
class ApplicationRow(Row):
    """A row of the file, the amount in centavos."""

    source: str
    document: str
    amount: int
    date: date | None


class Applications(Checker[ApplicationRow]):
    """Applies each row in a batch that is written at the end."""

    def __init__(self, look: Look) -> None:
        """The papers that the rows name, with all their applications."""
        super().__init__(look)
        self.batch = plan(look.session)
        rows: list[ApplicationRow] = look.parsed.rows
        self.papers = Papers(look, self.batch, (name for row in rows for name in (row.source, row.document)))
        self._found: tuple[Item, list[Item], date]
        self._last = 0  # the row that it was found for

    def key(self, row: ApplicationRow) -> Hashable:
        """Source, document and the day that counts."""
        _credit, _charges, on = self._meant(row)
        return row.source, row.document, on

    def same(self, one: ApplicationRow, other: ApplicationRow) -> bool:
        """Whether they apply the same."""
        return one.amount == other.amount

    def _meant(self, row: ApplicationRow) -> tuple[Item, list[Item], date]:
        """The credit, the charges and the day; looked up once for a row, which is asked for its key and then judged."""
        if row.at != self._last:
            credit, charges = self._credit(row), self._charges(row)
            self._found = credit, charges, self._day(row, credit, charges)
            self._last = row.at
        return self._found

    def _credit(self, row: ApplicationRow) -> Item:
        paper = self.papers.get(row.source)
        if paper is None or not paper.is_credit:
            raise BadCell("source", N_("no hay un pago ni una nota de crédito «{number}»"), number=row.source)
        if not paper.items:
            raise BadCell("source", N_("«{number}» no tiene cliente todavía; identifíquelo primero"), number=row.source)
        return paper.items[0]

    def _charges(self, row: ApplicationRow) -> list[Item]:
        paper = self.papers.get(row.document)
        if paper is None or not paper.items or paper.items[0].side != Side.CHARGE:
            raise BadCell("document", N_("no hay una factura ni nota de cargo «{number}»"), number=row.document)
        return paper.items

    def _day(self, row: ApplicationRow, credit: Item, charges: list[Item]) -> date:
        earliest = max(credit.booked_on, charges[0].booked_on)
        if row.date is not None and row.date < earliest:
            raise BadCell("date", N_("{date} es anterior al {earliest}, en que ya existen los dos"),
                          date=row.date, earliest=earliest)  # fmt: skip
        return row.date or earliest

    def judge(self, row: ApplicationRow) -> State:
        """Known, or new and applied."""
        credit, charges, on = self._meant(row)
        if charges[0].customer_id != credit.customer_id:
            raise BadCell("document", N_("«{number}» es de otro cliente"), number=row.document)
        if charges[0].currency != credit.currency:
            raise BadCell("document", N_("«{number}» está en {theirs} y aquí se aplica {ours}"),
                          number=row.document, theirs=charges[0].currency, ours=credit.currency)  # fmt: skip
        known = sum(
            move.amount for move in credit.moves
            if move.imported and move.undoes is None and move.on == on and move.charge in charges
        )  # fmt: skip
        if known == row.amount:
            return State.REPEATED
        if known:
            raise BadCell("amount", N_("ya se aplicaron {known} de «{source}» a «{document}» en esa fecha"),
                          known=from_cents(known), source=row.source, document=row.document)  # fmt: skip
        self.look.check_open("date", on)
        if (left := credit.available(on)) < row.amount:
            raise BadCell("amount", N_("a «{source}» le quedan {left} por aplicar al {on}"),
                          source=row.source, left=from_cents(left), on=on)  # fmt: skip
        mark = self.batch.mark()
        fitted = bulk.apply_exactly(self.batch, credit, charges, row.amount, on)
        if fitted < row.amount:
            self.batch.back_to(mark)
            raise BadCell("amount", N_("«{document}» solo tiene {fitted} abiertos al {on}"),
                          document=row.document, fitted=from_cents(fitted), on=on)  # fmt: skip
        self.total[credit.currency] += row.amount
        return State.NEW

    def write(self, session: Session, event_id: int, progress: Progress) -> None:
        """The applications."""
        take_over(self.batch, session, event_id)
        self.batch.flush()


KIND = Kind(
    name="applications", title=N_("Aplicaciones de pagos"), fields=FIELDS, row=ApplicationRow, checker=Applications,
    permission=Permission.IMPORT_BOOKS,
)  # fmt: skip
