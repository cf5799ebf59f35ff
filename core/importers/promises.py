"""Kind `promises`: what customers promised to pay, when, and for which documents."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, select, type_coerce
from sqlmodel import Session, col

from core.auth.actor import Permission, Role
from core.documents.models import Document, DocumentKind
from core.i18n import N_
from core.importers import fields as f
from core.importers.base import Checker, Kind, Look, State
from core.importers.fields import Field, Read, Reading
from core.importers.lookups import Parties, Party, conflict, numbers, rows_of
from core.importers.parsing import BadCell, Progress, Row
from core.ledger.models import Source
from core.policies.settings import setting
from core.promises.bulk import NewPromise, write_promises
from core.promises.models import Promise, PromiseDocument
from core.promises.owed import Owed
from core.promises.pending import Made, Pending
from core.tables import among

MORE_THAN_OPEN = N_("Promesas por más de lo que estaba abierto ese día: {n} ({rows}). Se cargan así: {what}.")


def _documents(_: Reading) -> Read:
    return lambda cell: tuple(sorted({f.a_number(part) for part in f.parts(cell)}))


FIELDS = (
    Field(name="number", reader=f.code(60), label=N_("Número"), required=True, example="PR-1",
          also=("número", "folio", "promesa", "número de promesa", "folio de promesa", "promise", "promise number")),
    Field(name="customer", reader=f.code(40), label=N_("Cliente"), required=True, example="C001",
          also=("cliente", "clave cliente", "clave del cliente", "código cliente", "código de cliente", "no. cliente",
                "número de cliente", "clave", "código", "cust_number", "customer id", "customer number")),
    Field(name="amount", reader=f.spent, label=N_("Importe"), required=True, example="5000.00", is_amount=True,
          also=("importe", "monto", "importe prometido", "monto prometido", "amount promised")),
    f.a_date("made_on", N_("Fecha en que prometió"), required=True, example="2026-03-02",
             also=("fecha", "fecha de la promesa", "fecha de registro", "prometió el", "made on", "promise date")),
    f.a_date("promised_on", N_("Fecha prometida"), required=True, example="2026-03-09",
             also=("fecha prometida", "fecha compromiso", "fecha de compromiso", "prometido para", "para el",
                   "fecha de pago prometida", "promised on", "promised date")),
    Field(name="currency", reader=f.currency, label=N_("Moneda"), example="MXN", also=("moneda", "divisa"),
          told=N_("Clave ISO; vacía, la de sus documentos o la del cliente.")),
    Field(name="documents", reader=_documents, label=N_("Documentos"), example="A-1001;A-1002",
          also=("documentos", "facturas", "documento", "factura", "invoices", "invoice"),
          told=N_("Folios separados por «;»; vacío, a cuenta.")),
    Field(name="contact", reader=f.text(120), label=N_("Quién prometió"), example="",
          also=("quién prometió", "contacto", "persona", "promised by")),
)  # fmt: skip


@dataclass(slots=True)
class PromiseRow(Row):
    """A row of the file, the amount in centavos, the documents in order of number."""

    number: str
    customer: str
    amount: int
    made_on: date
    promised_on: date
    currency: str | None
    documents: tuple[str, ...] | None
    contact: str | None


class Charge(NamedTuple):
    """A document that a row may name."""

    id: int
    number: str
    customer_id: int
    currency: str
    kind: str


class Known(NamedTuple):
    """A promise that is there, in the words of a row."""

    id: int
    customer_id: int
    amount: int
    made_on: date
    promised_on: date
    currency: str
    contact: str | None


_KNOWN = select(
    col(Promise.number), col(Promise.id), col(Promise.customer_id), type_coerce(Promise.amount, BigInteger),
    col(Promise.made_on), col(Promise.promised_on), col(Promise.currency), col(Promise.contact),
)  # fmt: skip
_COMPARED = ("amount", "made_on", "promised_on", "currency", "contact")


class Promises(Checker[PromiseRow]):
    """Takes the rows in order of the day on which they were promised, each against all that were promised before."""

    def __init__(self, look: Look) -> None:
        """What all rows name, looked up at once."""
        super().__init__(look)
        rows: list[PromiseRow] = look.parsed.rows
        self.parties = Parties(look, (row.customer for row in rows))
        self.theirs = {row.at: self._party(row) for row in rows}  # in the order of the file, which notices go by
        self.charges = _charges(look.session, (number for row in rows for number in row.documents or ()))
        found = rows_of(
            look.session, (row.number for row in rows), lambda chunk: _KNOWN.where(among(col(Promise.number), chunk))
        )
        self.known = {number: Known(*facts) for number, *facts in found}
        self.named = _named(look.session, [one.id for one in self.known.values()])
        since = min((row.made_on for row in rows), default=look.today)
        documents = [one.id for one in self.charges.values()]
        on_account = (self.theirs[row.at] for row in rows if not row.documents)
        customers = {party.id for party in on_account if isinstance(party, Party)}
        self.pending = Pending(look.session, documents=documents, customers=customers, since=since)
        self.owed = Owed(look.session, documents=documents, customers=customers, since=since)
        self.tolerance = timedelta(days=int(setting(look.session, "promises.tolerance_days")))
        self.collector = look.actor.name if look.actor.role is Role.COLLECTOR else None
        self.made: list[NewPromise] = []
        self.more_than_open: dict[int, str] = {}  # rows to their numbers

    def _party(self, row: PromiseRow) -> Party | BadCell:
        try:
            return self.parties.of(row.customer, row.at)
        except BadCell as error:
            return error

    def ordered(self, rows: list[PromiseRow]) -> Iterable[PromiseRow]:
        """By the day on which they were promised, then as written."""
        return sorted(rows, key=lambda row: row.made_on)

    def key(self, row: PromiseRow) -> Hashable:
        """The number."""
        return row.number

    def same(self, one: PromiseRow, other: PromiseRow) -> bool:
        """Whether they say the same, the customer however it is spelt."""
        return self.theirs[one.at] is self.theirs[other.at] and super().same(one, replace(other, customer=one.customer))

    def judge(self, row: PromiseRow) -> State:
        """Known and equal, known and different, or new and taken unless another is in its way."""
        party = self.theirs[row.at]
        if isinstance(party, BadCell):
            raise party
        if row.number in self.known:
            return self._repeated(row, party, self.known[row.number])
        if row.promised_on < row.made_on:
            raise BadCell("promised_on", N_("{promised_on} es anterior al día en que se prometió ({made_on})"),
                          promised_on=row.promised_on, made_on=row.made_on)  # fmt: skip
        charges = [self._charge(number, party) for number in row.documents or ()]
        made = Made(
            row.number, party.id, self._currency(row, party, charges), row.amount, row.made_on, row.made_on,
            row.promised_on + self.tolerance, frozenset(one.id for one in charges),
        )  # fmt: skip
        self._refuse_second(made, charges)
        if made.amount > self.owed.at(made):
            self.more_than_open[row.at] = row.number
        self.pending.add(made)
        self.made.append(NewPromise(made, row.promised_on, row.contact, self.collector))
        self.total[made.currency] += made.amount
        return State.NEW

    def _charge(self, number: str, party: Party) -> Charge:
        found = self.charges.get(number)
        if found is None or found.customer_id != party.id or found.kind == DocumentKind.CREDIT_NOTE:
            raise BadCell("documents", N_("este cliente no tiene una factura ni nota de cargo «{number}»"),
                          number=number)  # fmt: skip
        return found

    def _currency(self, row: PromiseRow, party: Party, charges: list[Charge]) -> str:
        theirs = {one.currency for one in charges}
        currency = row.currency or (theirs.pop() if len(theirs) == 1 else None)
        currency = currency or party.currency or self.look.company_currency
        for one in charges:
            if one.currency != currency:
                raise BadCell("documents", N_("«{number}» está en {theirs} y la promesa en {ours}"),
                              number=one.number, theirs=one.currency, ours=currency)  # fmt: skip
        return currency

    def _refuse_second(self, made: Made, charges: list[Charge]) -> None:
        found = self.pending.in_the_way(made)
        if found is None:
            return
        other, document = found
        if document is None:
            raise BadCell("number", N_("el cliente ya tenía la promesa a cuenta «{number}», pendiente el {on}"),
                          number=other.number, on=made.made_on)  # fmt: skip
        named = next(one.number for one in charges if one.id == document)
        raise BadCell("documents", N_("«{document}» ya tenía la promesa «{number}», pendiente el {on}"),
                      document=named, number=other.number, on=made.made_on)  # fmt: skip

    def _repeated(self, row: PromiseRow, party: Party, known: Known) -> State:
        if known.customer_id != party.id:
            raise BadCell("number", N_("«{number}» ya existe y es de otro cliente"), number=row.number)
        for name in _COMPARED:
            value = getattr(row, name)
            if value is not None and value != getattr(known, name):
                raise conflict(name, row.number, value, getattr(known, name))
        if row.documents and row.documents != self.named.get(known.id, ()):
            raise conflict("documents", row.number, ";".join(row.documents), ";".join(self.named.get(known.id, ())))
        return State.REPEATED

    def settle(self) -> list[tuple[PromiseRow, BadCell]]:
        """Nothing turns out bad late; what is told, in the order of the file."""
        for at, number in sorted(self.more_than_open.items()):
            self.look.notices.add(MORE_THAN_OPEN, at, what=number)
        return []

    def write(self, session: Session, event_id: int, progress: Progress) -> None:
        """The promises and the documents that they name."""
        write_promises(session, self.made, event_id=event_id)


def _charges(session: Session, asked: Iterable[str]) -> dict[str, Charge]:
    bearers = numbers(session, asked)
    ids = [id_ for source, id_ in bearers.values() if source == Source.DOCUMENT]
    facts = select(
        col(Document.id), col(Document.number), col(Document.customer_id), col(Document.currency), col(Document.kind)
    )
    found = rows_of(session, ids, lambda chunk: facts.where(among(col(Document.id), chunk)))
    return {row[1]: Charge(*row) for row in found}


def _named(session: Session, promise_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The numbers of the documents of promises, in order."""
    facts = select(col(PromiseDocument.promise_id), col(Document.number)).join(
        Document, col(Document.id) == col(PromiseDocument.document_id)
    )
    found: dict[int, list[str]] = {}
    for promise_id, number in rows_of(
        session, promise_ids, lambda chunk: facts.where(among(col(PromiseDocument.promise_id), chunk))
    ):
        found.setdefault(promise_id, []).append(number)
    return {promise_id: tuple(sorted(named)) for promise_id, named in found.items()}


KIND = Kind(
    name="promises", title=N_("Promesas de pago"), fields=FIELDS, row=PromiseRow, checker=Promises,
    permission=Permission.IMPORT_COLLECTION,
)  # fmt: skip
