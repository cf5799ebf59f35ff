"""Kind `documents`: invoices, debit notes and credit notes, with their instalments and what they are applied to."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, select, type_coerce
from sqlmodel import Session, col

from core.auth.actor import Permission
from core.documents import bulk
from core.documents.bulk import NewDocument
from core.documents.models import Document, DocumentKind
from core.i18n import N_, amount
from core.importers import customers, values
from core.importers import fields as f
from core.importers.applying import Applying, written
from core.importers.base import Checker, Kind, Look, State
from core.importers.credit_lines import gather
from core.importers.fields import Field, Named
from core.importers.lookups import Parties, Rates, check_base, conflict, numbers, rows_of
from core.importers.notices import DUE_BEFORE_ISSUE
from core.importers.parsing import MISSING, BadCell, Progress, Row
from core.importers.specs import Spec
from core.ledger.models import Entry, Source
from core.money import cents, from_cents
from core.policies.settings import amount_setting
from core.tables import among

WORDS = f.closed({
    "invoice": ("factura", "fac", "ingreso", "I"),  # I and E: the types of a CFDI
    "debit_note": ("nota de cargo", "nota de débito", "cargo"),
    "credit_note": ("nota de crédito", "nota crédito", "credit memo", "egreso", "E"),
})  # fmt: skip

FIELDS = (
    Field(name="kind", reader=f.choice(WORDS), label=N_("Tipo"), required=True, example="factura", words=WORDS,
          also=("tipo", "tipo de documento", "tipo documento", "document type"),
          told=N_("factura, nota de cargo o nota de crédito.")),
    Field(name="number", reader=f.number, label=N_("Folio"), required=True, example="A-1001",
          also=("folio", "factura", "número de factura", "no. factura", "documento", "número de documento",
                "no. documento", "nº documento", "docto", "número", "invoice", "invoice number", "invoice no", "doc_id",
                "document number", "Invoice/CM #"),
          told=N_("Único entre facturas, notas y pagos; sin «:» ni «;».")),
    Field(name="customer", reader=f.code(40), label=N_("Cliente"), required=True, example="C001",
          also=("cliente", "clave cliente", "clave del cliente", "código cliente", "código de cliente", "no. cliente",
                "número de cliente", "clave", "código", "cuenta", "account", "cust_number", "customerID", "customer id",
                "customer number",
                "customer no", "customer code"),
          told=N_("La clave del cliente, que ya debe existir.")),
    f.a_date("issue_date", N_("Fecha de emisión"), required=True, example="2026-03-01",
             also=("fecha de emisión", "fecha emisión", "fecha factura", "fecha de factura", "F. emisión", "fecha",
                   "fecha documento", "fecha de documento", "invoice date", "posting_date", "document date",
                   "doc. date", "date")),
    Field(name="total", reader=f.signed, label=N_("Total"), required=True, example="11600.00", is_amount=True,
          also=("importe", "monto", "cargo", "importe total", "monto total", "amount", "total amount", "invoice amount",
                "saldo", "adeudo", "pendiente", "por cobrar", "balance", "open amount", "total_open_amount"),
          told=N_("Con impuestos, en positivo también en notas de crédito.")),
    f.a_date("due_date", N_("Vencimiento"), example="2026-03-31",
             also=("vencimiento", "fecha de vencimiento", "fecha vencimiento", "vence", "F. vto.", "due date",
                   "due_in_date", "net due date", "vencimiento neto"),
             told=N_("Vacío: la presentación, o la emisión, más los días de crédito del cliente.")),
    f.a_date("presented_date", N_("Fecha de presentación"), example="",
             also=("fecha de presentación", "presentación", "fecha contrarecibo", "fecha de contrarecibo"),
             told=N_("El día en que el cliente la recibió a revisión.")),
    Field(name="subtotal", reader=f.signed, label=N_("Subtotal"), example="10000.00", is_amount=True,
          also=("importe sin iva", "neto", "net amount"), told=N_("Vacío: el total menos el impuesto.")),
    Field(name="tax", reader=f.signed, label=N_("Impuesto"), example="1600.00", is_amount=True,
          also=("impuesto", "impuestos", "iva", "ivu", "sales tax")),
    Field(name="currency", reader=f.currency, label=N_("Moneda"), example="MXN",
          also=("moneda", "divisa", "document currency"), told=N_("Clave ISO; vacía, la del cliente.")),
    Field(name="exchange_rate", reader=f.rate, label=N_("Tipo de cambio"), example="",
          also=("tipo de cambio", "T.C.", "paridad", "tipo cambio"),
          told=N_("De la moneda a la de la empresa; vacío, el último de la tabla de tipos de cambio.")),
    Field(name="sales_rep", reader=f.text(80), label=N_("Asesor de ventas"), example="",
          also=("vendedor", "asesor", "asesor de ventas", "agente", "sales rep", "salesperson"),
          told=N_("Vacío: el del cliente en este momento.")),
    Field(name="uuid", reader=lambda _: _uuid, label=N_("Folio fiscal (UUID)"), example="", also=("folio fiscal",)),
    Field(name="po_number", reader=f.text(60), label=N_("Orden de compra"), example="",
          also=("orden de compra", "pedido", "purchase order", "customerpono", "po", "o.c.")),
    Field(name="applies_to", reader=f.applies_to, label=N_("Se aplica a"), example="",
          also=("se aplica a", "aplica a", "documento relacionado", "factura relacionada", "referencia a factura",
                "invoice reference"),
          told=N_("Solo notas de crédito: A-1001, o A-1001;A-1002, o A-1001:500.00;A-1002:250.00.")),
    Field(name="instalments", reader=f.instalments, label=N_("Parcialidades"), example="",
          also=("parcialidades",), dates_in=f.instalment_dates,
          told=N_("2026-04-30:30.00;2026-05-30:50.00; deben sumar el total.")),
    Field(name="notes", reader=f.text(1000, multiline=True), label=N_("Notas"), example="",
          also=("notas", "observaciones", "concepto", "referencia", "comentarios")),
)  # fmt: skip


def _uuid(cell: str) -> str:
    return values.text(cell, 36).upper()


@dataclass(slots=True)
class DocumentRow(Row):
    """A row of the file, amounts in centavos, the rate in millionths."""

    kind: str
    number: str
    customer: str
    issue_date: date
    total: int
    due_date: date | None
    presented_date: date | None
    subtotal: int | None
    tax: int | None
    currency: str | None
    exchange_rate: int | None
    sales_rep: str | None
    uuid: str | None
    po_number: str | None
    applies_to: Named | None
    instalments: tuple[tuple[date, int], ...] | None
    notes: str | None
    made: dict[str, Any] | None = None  # what it says of a customer that does not exist yet
    lines: tuple[int, ...] = ()  # the further rows that make this one

    @property
    def is_credit(self) -> bool:
        """Whether it is a credit note."""
        return self.kind == DocumentKind.CREDIT_NOTE


_AMOUNTS = ("total", "subtotal", "tax")


def tidy(row: DocumentRow, spec: Spec | None) -> None:
    """What the row alone shows: signs, what belongs to charges only, sums."""
    if spec is not None and spec.credits == "negative" and row.total < 0:
        row.kind = DocumentKind.CREDIT_NOTE.value
    if not row.kind:
        raise BadCell("kind", MISSING)
    if row.is_credit:
        row.total = abs(row.total)
        row.subtotal = None if row.subtotal is None else abs(row.subtotal)
        row.tax = None if row.tax is None else abs(row.tax)
        if row.instalments:
            raise BadCell("instalments", N_("una nota de crédito no tiene parcialidades; deje la celda vacía"))
    else:
        for name in _AMOUNTS:
            if (getattr(row, name) or 0) < 0:
                raise BadCell(name, N_("«{value}» es negativo; los importes se escriben en positivo"),
                              value=amount(from_cents(getattr(row, name))))  # fmt: skip
        if spec is not None and spec.credit_lines:
            row.applies_to = None
        if row.applies_to:
            raise BadCell(
                "applies_to", N_("solo una nota de crédito se aplica a otros documentos; deje la celda vacía")
            )
    if row.subtotal is None and (row.tax or 0) > row.total:
        raise BadCell("tax", N_("el impuesto {tax} es mayor que el total {total}"),
                      tax=from_cents(row.tax or 0), total=from_cents(row.total))  # fmt: skip
    parts = sum(part for _, part in row.instalments or ())
    if row.instalments and parts != row.total:
        raise BadCell("instalments", N_("las parcialidades suman {sum} y el total es {total}"),
                      sum=from_cents(parts), total=from_cents(row.total))  # fmt: skip


class Known(NamedTuple):
    """A document that is there, in the words of a row."""

    id: int
    kind: str
    number: str
    customer: int
    issue_date: date
    total: int
    due_date: date | None
    presented_date: date | None
    subtotal: int
    tax: int | None
    currency: str
    exchange_rate: int
    sales_rep: str | None
    uuid: str | None
    po_number: str | None
    applies_to: str | None
    notes: str | None


_KNOWN = select(
    col(Document.id), col(Document.kind), col(Document.number), col(Document.customer_id), col(Document.issued_on),
    type_coerce(Document.total, BigInteger), col(Document.due_on), col(Document.presented_on),
    type_coerce(Document.subtotal, BigInteger), type_coerce(Document.tax, BigInteger), col(Document.currency),
    type_coerce(Document.exchange_rate, BigInteger), col(Document.sales_rep), col(Document.uuid),
    col(Document.po_number), col(Document.applies_to), col(Document.notes),
)  # fmt: skip
_COMPARED = ("kind", "issue_date", "total", "presented_date", "subtotal", "tax", "currency", "exchange_rate",
             "sales_rep", "uuid", "po_number", "notes")  # fmt: skip


class Documents(Checker[DocumentRow]):
    """Checks against customers, numbers, rates and open balances; posts into a batch that is written at the end."""

    def __init__(self, look: Look) -> None:
        """What all rows name, looked up at once."""
        super().__init__(look)
        rows: list[DocumentRow] = look.parsed.rows
        spec = look.parsed.spec
        session = look.session
        self.parties = Parties(look, (row.customer for row in rows), create=bool(spec and spec.create_customers))
        self.rates = Rates(look)
        self.limit = None if look.actor.is_system else amount_setting(session, "approval.credit_note")
        bearers = numbers(session, (number for row in rows for number in _named(row)))
        self.bearers = bearers
        ids = {bearers[row.number][1] for row in rows if bearers.get(row.number, ("",))[0] == Source.DOCUMENT}
        found = rows_of(session, ids, lambda chunk: _KNOWN.where(among(col(Document.id), chunk)))
        self.known = {one[0]: Known(*one) for one in found}
        self.parts = self._instalments(rows)
        bearing = select(col(Document.uuid), col(Document.number))
        uuids = (row.uuid for row in rows if row.uuid)
        self.uuids = dict(rows_of(session, uuids, lambda chunk: bearing.where(among(col(Document.uuid), chunk))))
        self.batch = bulk.plan(session)
        credits_ = [row for row in rows if row.applies_to and row.number not in bearers]
        self.applying = Applying(
            look, self.batch, bearers, (name for row in credits_ for name, _ in row.applies_to or ())
        )
        self.made: list[NewDocument] = []
        self.presented: list[tuple[date, int]] = []

    def _instalments(self, rows: list[DocumentRow]) -> dict[int, list[tuple[date, int]]]:
        """The instalments of known documents that the file repeats with theirs."""
        asked = [self.bearers[row.number][1] for row in rows if row.instalments and row.number in self.bearers]
        parts: dict[int, list[tuple[date, int]]] = {}
        found = rows_of(
            self.look.session, asked,
            lambda chunk: select(col(Entry.source_id), col(Entry.due_on), type_coerce(Entry.amount, BigInteger))
            .where(col(Entry.source) == Source.DOCUMENT, among(col(Entry.source_id), chunk)),
        )  # fmt: skip
        for id_, due_on, cents_ in found:
            parts.setdefault(id_, []).append((due_on, cents_))
        return parts

    def ordered(self, rows: list[DocumentRow]) -> Iterable[DocumentRow]:
        """Charges before credit notes, each in the order of the file."""
        return sorted(rows, key=lambda row: row.is_credit)

    def key(self, row: DocumentRow) -> Hashable:
        """The number."""
        return row.number

    def same(self, one: DocumentRow, other: DocumentRow) -> bool:
        """Whether they say the same, the customer however it is spelt."""
        spelt = self.parties.of(one.customer, one.at) is self.parties.of(other.customer, other.at)
        return spelt and super().same(one, replace(other, customer=one.customer, made=one.made, lines=one.lines))

    def lines(self, row: DocumentRow) -> Iterable[int]:
        """The further lines of a credit."""
        return row.lines

    def judge(self, row: DocumentRow) -> State:
        """Known and equal, known and different, or new and posted."""
        party = self.parties.of(row.customer, row.at, made=row.made)
        bearer = self.bearers.get(row.number)
        if bearer is not None:
            return self._repeated(row, party.id, bearer)
        self.look.check_open("issue_date", row.issue_date)
        if row.uuid and row.uuid in self.uuids:
            raise BadCell("uuid", N_("el folio fiscal «{uuid}» ya es de «{number}»"),
                          uuid=row.uuid, number=self.uuids[row.uuid])  # fmt: skip
        currency, terms_days, sales_rep = self.parties.terms(party, row.made)
        currency = row.currency or currency or self.look.company_currency
        rate = self.rates.of(currency, row.issue_date, row.exchange_rate)
        self._check_amount(row, rate)
        due_on = self._due_on(row, terms_days)
        made = NewDocument(
            DocumentKind(row.kind), row.number, party.id, row.issue_date, row.total,
            row.total - (row.tax or 0) if row.subtotal is None else row.subtotal, currency, rate, due_on,
            row.presented_date, row.tax, row.sales_rep or sales_rep, row.uuid, row.po_number,
            written(row.applies_to), None, row.notes,
        )  # fmt: skip
        mark = self.batch.mark()
        bulk.issue(self.batch, made, row.instalments or ())
        if not row.is_credit:
            self.applying.offer(row.number, made.items)
        elif row.applies_to:
            try:
                self.applying.apply(row.at, made.items[0], row.applies_to)
            except BadCell:
                self.batch.back_to(mark)
                raise
        self._accept(row, made)
        self.parties.accept(party, row.made, row.at)
        return State.NEW

    def _accept(self, row: DocumentRow, made: NewDocument) -> None:
        self.made.append(made)
        if row.uuid:
            self.uuids[row.uuid] = row.number
        self.total[made.currency] += made.total

    def _check_amount(self, row: DocumentRow, rate: int) -> None:
        base = check_base("total", row.total, rate)
        if row.is_credit and self.limit is not None and base > cents(self.limit):
            raise BadCell("total", N_("pasa de {limit}: regístrela en pantalla, donde otra persona la aprueba"),
                          limit=self.limit)  # fmt: skip

    def _due_on(self, row: DocumentRow, terms_days: int) -> date | None:
        if row.is_credit:
            return row.due_date
        if row.instalments:
            first, last = row.instalments[0][0], row.instalments[-1][0]
        else:
            first = last = row.due_date or (row.presented_date or row.issue_date) + timedelta(days=terms_days)
        if first < row.issue_date:
            self.look.notices.add(DUE_BEFORE_ISSUE, row.at)
        return last

    # ---------------------------------------------------------------- what is there already
    def _repeated(self, row: DocumentRow, customer_id: int, bearer: tuple[str, int]) -> State:
        source, id_ = bearer
        known = self.known.get(id_)
        if source != Source.DOCUMENT or known is None:
            raise BadCell("number", N_("«{number}» ya es el número de un pago"), number=row.number)
        if customer_id != known.customer:
            raise BadCell("customer", N_("«{number}» ya existe y es de otro cliente"), number=row.number)
        presented = row.presented_date if known.presented_date is None else None
        for name in _COMPARED:
            value = getattr(row, name)
            if name == "tax" and known.tax is None and value == known.total - known.subtotal:
                continue  # never written, but said all the same
            if value is not None and value != getattr(known, name) and not (name == "presented_date" and presented):
                raise conflict(name, row.number, value, getattr(known, name))
        if row.applies_to and written(row.applies_to) != known.applies_to:
            raise conflict("applies_to", row.number, written(row.applies_to), known.applies_to)
        if row.instalments:
            parts = sorted(self.parts.get(id_, []))
            if list(row.instalments) != parts:
                raise conflict("instalments", row.number, row.instalments, parts)
        elif row.due_date is not None and row.due_date != known.due_date:
            raise conflict("due_date", row.number, row.due_date, known.due_date)
        if presented is None:
            return State.REPEATED
        self.presented.append((presented, id_))
        return State.UPDATED

    def settle(self) -> list[tuple[DocumentRow, BadCell]]:
        """Nothing turns out bad late; what there is to say of the customers that are made."""
        self.parties.tell()
        return []

    def write(self, session: Session, event_id: int, progress: Progress) -> None:
        """Customers that are made, documents with their entries and applications, presentations."""
        bulk.take_over(self.batch, session, event_id)
        if self.parties.new:
            ids = customers.make(session, list(self.parties.new.values()), event_id=event_id)
            for one in self.made:
                one.customer_id = ids.get(one.customer_id, one.customer_id)
        bulk.write_documents(self.batch, self.made, progress)
        self.batch.flush()
        bulk.set_presented(session, self.presented)


def _named(row: DocumentRow) -> list[str]:
    return [row.number, *(number for number, _ in row.applies_to or ())]


KIND = Kind(
    name="documents", title=N_("Facturas y notas"), fields=FIELDS, row=DocumentRow, checker=Documents,
    permission=Permission.IMPORT_BOOKS, tidy=tidy, gather=gather, made=customers.MADE,
)  # fmt: skip
