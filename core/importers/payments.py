"""Kind `payments`: money received, with its customer or without, and the documents that it closes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, select, type_coerce
from sqlmodel import Session, col

from core.auth.actor import Permission
from core.documents.bulk import plan, take_over
from core.errors import DomainError
from core.i18n import N_
from core.importers import customers
from core.importers import fields as f
from core.importers.applying import Applying, written
from core.importers.base import Checker, Kind, Look, State
from core.importers.fields import Field, Named
from core.importers.lookups import Parties, Rates, check_base, conflict, numbers, rows_of
from core.importers.parsing import BadCell, Progress, Row
from core.ledger.models import Entry, Source
from core.payments import bulk
from core.payments.bulk import NewPayment
from core.payments.models import Payment
from core.tables import among

#: With the codes of the SAT's catalogue of forms of payment, which Mexican exports bear.
METHODS = f.closed({
    "cash": ("efectivo", "01"),
    "cheque": ("check", "cheque nominativo", "02"),
    "transfer": ("transferencia", "transferencia electrónica", "transferencia electrónica de fondos", "spei", "wire",
                 "ach", "03"),
    "card": ("tarjeta", "tarjeta de crédito", "tarjeta de débito", "04", "28"),
    "other": ("otro", "otra", "otros", "por definir", "99"),
})  # fmt: skip

FIELDS = (
    Field(name="number", reader=f.code(60), label=N_("Número"), required=True, example="P-2001",
          also=("número", "folio", "número de pago", "no. pago", "recibo", "folio de pago", "payment number",
                "receipt number"),
          told=N_("Único entre pagos, facturas y notas.")),
    f.a_date("date", N_("Fecha"), required=True, example="2026-03-05",
             also=("fecha", "fecha de pago", "fecha pago", "fecha de depósito", "payment date", "fecha compensación",
                   "clear_date", "SettledDate")),
    Field(name="amount", reader=f.spent, label=N_("Importe"), required=True, example="5000.00", is_amount=True,
          also=("importe", "monto", "total", "abono", "abonos", "cobro", "pago", "importe pagado", "payment amount",
                "receipt")),
    Field(name="customer", reader=f.code(40), label=N_("Cliente"), example="C001",
          also=("cliente", "clave cliente", "clave del cliente", "código cliente", "código de cliente", "no. cliente",
                "número de cliente", "clave", "código", "cuenta cliente", "cust_number", "customer id",
                "customer number"),
          told=N_("Vacío: el pago queda por identificar.")),
    Field(name="currency", reader=f.currency, label=N_("Moneda"), example="MXN", also=("moneda", "divisa"),
          told=N_("Clave ISO; vacía, la del cliente.")),
    Field(name="exchange_rate", reader=f.rate, label=N_("Tipo de cambio"), example="",
          also=("tipo de cambio", "T.C.", "paridad", "tipo cambio"),
          told=N_("De la moneda a la de la empresa; vacío, el último de la tabla de tipos de cambio.")),
    Field(name="method", reader=f.choice(METHODS), label=N_("Forma de pago"), example="transferencia", words=METHODS,
          also=("forma de pago", "forma pago", "método", "método de pago", "payment method"),
          told=N_("efectivo, cheque, transferencia, tarjeta u otro.")),
    Field(name="bank_reference", reader=f.text(120), label=N_("Referencia bancaria"), example="",
          also=("referencia bancaria", "referencia", "clave de rastreo", "reference")),
    Field(name="account", reader=f.text(80), label=N_("Cuenta bancaria"), example="",
          also=("cuenta", "cuenta bancaria", "banco", "bank account")),
    Field(name="applies_to", reader=f.applies_to, label=N_("Se aplica a"), example="A-1001:5000.00",
          also=("se aplica a", "aplica a", "facturas", "documentos", "documento", "factura"),
          told=N_("A-1001, o A-1001;A-1002, o A-1001:500.00;A-1002:250.00; vacío, queda como saldo a favor.")),
    Field(name="notes", reader=f.text(1000, multiline=True), label=N_("Notas"), example="",
          also=("notas", "observaciones", "concepto", "comentarios")),
)  # fmt: skip


@dataclass(slots=True)
class PaymentRow(Row):
    """A row of the file, the amount in centavos, the rate in millionths."""

    number: str
    date: date
    amount: int
    customer: str | None
    currency: str | None
    exchange_rate: int | None
    method: str | None
    bank_reference: str | None
    account: str | None
    applies_to: Named | None
    notes: str | None
    made: dict[str, Any] | None = None  # what it says of a customer that does not exist yet


class Known(NamedTuple):
    """A payment that is there, in the words of a row; `customer` None: unidentified."""

    id: int
    customer: int | None
    date: date
    amount: int
    currency: str
    exchange_rate: int
    method: str | None
    bank_reference: str | None
    account: str | None
    applies_to: str | None
    notes: str | None


_KNOWN = select(
    col(Payment.id), col(Entry.customer_id), col(Payment.paid_on), type_coerce(Payment.amount, BigInteger),
    col(Payment.currency), type_coerce(Payment.exchange_rate, BigInteger), col(Payment.method),
    col(Payment.bank_reference), col(Payment.account), col(Payment.applies_to), col(Payment.notes),
).outerjoin(Entry, (col(Entry.source) == Source.PAYMENT) & (col(Entry.source_id) == col(Payment.id)))  # fmt: skip
_COMPARED = ("date", "amount", "currency", "exchange_rate", "method", "bank_reference", "account", "notes")


class Payments(Checker[PaymentRow]):
    """Checks against customers, numbers, rates and open balances; posts into a batch that is written at the end."""

    def __init__(self, look: Look) -> None:
        """What all rows name, looked up at once."""
        super().__init__(look)
        rows: list[PaymentRow] = look.parsed.rows
        spec = look.parsed.spec
        codes = (row.customer for row in rows if row.customer)
        self.parties = Parties(look, codes, create=bool(spec and spec.create_customers))
        self.rates = Rates(look)
        self.bearers = numbers(look.session, (name for row in rows for name in _named(row)))
        ids = {self.bearers[row.number][1] for row in rows if self._is_payment(row.number)}
        found = rows_of(look.session, ids, lambda chunk: _KNOWN.where(among(col(Payment.id), chunk)))
        self.known = {one[0]: Known(*one) for one in found}
        self.batch = plan(look.session)
        named = (name for row in rows if row.number not in self.bearers for name, _ in row.applies_to or ())
        self.applying = Applying(look, self.batch, self.bearers, named)
        waiting = {self.bearers[row.number][1] for row in rows if row.customer and self._is_payment(row.number)}
        self.waiting = self._unidentified(id_ for id_ in waiting if self.known[id_].customer is None)
        self.made: list[NewPayment] = []

    def _is_payment(self, number: str) -> bool:
        return self.bearers.get(number, ("",))[0] == Source.PAYMENT

    def _unidentified(self, ids: Any) -> dict[int, Payment]:
        """Known payments that the file may give a customer."""
        found = rows_of(self.look.session, ids, lambda chunk: select(Payment).where(among(col(Payment.id), chunk)))
        waiting = {one[0].id or 0: one[0] for one in found}
        bulk.prepare_reversals(self.batch, {Source.PAYMENT: waiting}, ())
        return waiting

    def key(self, row: PaymentRow) -> Hashable:
        """The number."""
        return row.number

    def same(self, one: PaymentRow, other: PaymentRow) -> bool:
        """Whether they say the same, the customer however it is spelt."""
        first = self.parties.of(one.customer, one.at) if one.customer else None
        second = self.parties.of(other.customer, other.at) if other.customer else None
        return first is second and super().same(one, replace(other, customer=one.customer, made=one.made))

    def judge(self, row: PaymentRow) -> State:
        """Known and equal, known and different, known and now identified, or new and posted."""
        party = self.parties.of(row.customer, row.at, made=row.made) if row.customer else None
        bearer = self.bearers.get(row.number)
        if bearer is not None:
            return self._repeated(row, party.id if party else None, bearer)
        self.look.check_open("date", row.date)
        if party is None and row.applies_to:
            raise BadCell("applies_to", N_("un pago sin cliente no se puede aplicar; escriba el cliente"))
        currency = row.currency or (self.parties.terms(party, row.made)[0] if party else None)
        currency = currency or self.look.company_currency
        rate = self.rates.of(currency, row.date, row.exchange_rate)
        check_base("amount", row.amount, rate)
        made = NewPayment(
            row.number, party.id if party else None, row.date, row.amount, currency, rate, row.method,
            row.bank_reference, row.account, written(row.applies_to), row.notes,
        )  # fmt: skip
        mark = self.batch.mark()
        bulk.receive(self.batch, made)
        if made.item is not None and row.applies_to:
            try:
                self.applying.apply(row.at, made.item, row.applies_to)
            except BadCell:
                self.batch.back_to(mark)
                raise
        self.made.append(made)
        self.total[currency] += row.amount
        if party is not None:
            self.parties.accept(party, row.made, row.at)
        return State.NEW

    def _repeated(self, row: PaymentRow, customer_id: int | None, bearer: tuple[str, int]) -> State:
        known = self.known.get(bearer[1]) if bearer[0] == Source.PAYMENT else None
        if known is None:
            raise BadCell("number", N_("«{number}» ya es el número de un documento"), number=row.number)
        identified = customer_id is not None and known.customer is None
        if customer_id is not None and not identified and customer_id != known.customer:
            raise BadCell("customer", N_("«{number}» ya existe y es de otro cliente"), number=row.number)
        for name in _COMPARED:
            value = getattr(row, name)
            if value is not None and value != getattr(known, name):
                raise conflict(name, row.number, value, getattr(known, name))
        if row.applies_to and written(row.applies_to) != known.applies_to:
            raise conflict("applies_to", row.number, written(row.applies_to), known.applies_to)
        if not identified:
            return State.REPEATED
        assert customer_id is not None
        self.look.check_open("customer", self.look.today)
        try:
            bulk.put_on_account(self.batch, self.waiting[known.id], customer_id, self.look.today)
        except DomainError as error:
            raise BadCell("customer", error) from error
        return State.UPDATED

    def settle(self) -> list[tuple[PaymentRow, BadCell]]:
        """Nothing turns out bad late; what there is to say of the customers that are made."""
        self.parties.tell()
        return []

    def write(self, session: Session, event_id: int, progress: Progress) -> None:
        """Customers that are made, payments with their entries and applications, identifications."""
        take_over(self.batch, session, event_id)
        if self.parties.new:
            ids = customers.make(session, list(self.parties.new.values()), event_id=event_id)
            for one in self.made:
                one.customer_id = ids.get(one.customer_id or 0, one.customer_id)
        bulk.write_payments(self.batch, self.made, progress)
        self.batch.flush()


def _named(row: PaymentRow) -> list[str]:
    return [row.number, *(number for number, _ in row.applies_to or ())]


KIND = Kind(
    name="payments", title=N_("Pagos"), fields=FIELDS, row=PaymentRow, checker=Payments,
    permission=Permission.IMPORT_BOOKS, made=customers.MADE,
)  # fmt: skip
