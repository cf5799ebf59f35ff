"""Builders for tests: all defaults, so that a test names only what it is about. Amounts are text, as in `"900.00"`."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from zlib import crc32

from sqlalchemy import select
from sqlmodel import Session, col

from core.audit.events import record
from core.auth.actor import Actor, Role, system
from core.clock import now
from core.customers.models import Customer
from core.customers.visibility import code_key
from core.documents.applying import Line
from core.documents.models import Document, DocumentKind
from core.ledger.models import Entry, Kind, MonthLock, Source
from core.ledger.posting import Batch, Item
from core.money import cents, micros
from core.payments.models import Payment
from core.payments.registration import Received

TODAY = date(2026, 3, 31)
_next = count(1)


def an_actor(role: Role = Role.ADMIN, *, name: str = "ana", region: str | None = None, rep: str | None = None) -> Actor:
    """Somebody signed in; an id that no user of the database has unless the test makes one."""
    return Actor(crc32(name.encode()) % 1_000_000, name, role, full_name=name.title(), region=region, sales_rep=rep)


def an_event(session: Session) -> int:
    """The id of an audit event for rows that need one."""
    return record(session, system(), "test.built").id or 0


def a_customer(session: Session, code: str = "", **fields: Any) -> Customer:
    """A customer in pesos at 30 days; `fields` are columns of `Customer`."""
    code = code or f"C{next(_next)}"
    values: dict[str, Any] = {"legal_name": f"Cliente {code}", "terms_days": 30, "search": code.lower(), **fields}
    made = Customer(code=code, code_key=code_key(code), event_id=an_event(session), **values)
    session.add(made)
    session.flush()
    return made


def a_charge(
    session: Session, customer: Customer, *, amount: str = "1000.00", number: str = "", issued_on: date | None = None,
    due_on: date | None = None, overdue_days: int | None = None, instalments: Sequence[tuple[date, str]] = (),
    kind: DocumentKind = DocumentKind.INVOICE, currency: str = "MXN", rate: str = "1", sales_rep: str | None = None,
    po_number: str | None = None,
) -> Document:  # fmt: skip
    """An invoice (or debit note), posted; `overdue_days` counts back from TODAY."""
    due = due_on or (TODAY - timedelta(days=overdue_days) if overdue_days is not None else TODAY)
    issued = issued_on or min(due - timedelta(days=30), TODAY)
    parts = [(day, Decimal(part)) for day, part in instalments] or [(due, Decimal(amount))]
    whole = sum((part for _, part in parts), Decimal("0.00"))
    event = an_event(session)
    made = Document(
        kind=kind, number=number or f"F{next(_next)}", customer_id=customer.id or 0, issued_on=issued,
        due_on=parts[-1][0], total=whole, subtotal=whole, currency=currency, exchange_rate=Decimal(rate),
        sales_rep=sales_rep or customer.sales_rep, po_number=po_number, event_id=event,
    )  # fmt: skip
    session.add(made)
    session.flush()
    batch = Batch(session, event_id=event)
    batch.claim(made.number, Source.DOCUMENT, made.id or 0)
    batch.charges(
        customer_id=customer.id or 0, kind=Kind(kind), source=Source.DOCUMENT, source_id=made.id or 0,
        number=made.number, currency=currency, rate=micros(Decimal(rate)), booked_on=issued,
        instalments=[(day, cents(part)) for day, part in parts],
    )  # fmt: skip
    batch.flush()
    return made


def a_credit_note(
    session: Session, customer: Customer, *, amount: str = "100.00", number: str = "", issued_on: date = TODAY,
    currency: str = "MXN", rate: str = "1",
) -> Document:  # fmt: skip
    """A credit note left in favour of the customer."""
    event = an_event(session)
    made = Document(
        kind=DocumentKind.CREDIT_NOTE, number=number or f"N{next(_next)}", customer_id=customer.id or 0,
        issued_on=issued_on, total=Decimal(amount), subtotal=Decimal(amount), currency=currency,
        exchange_rate=Decimal(rate), event_id=event,
    )  # fmt: skip
    session.add(made)
    session.flush()
    batch = Batch(session, event_id=event)
    batch.claim(made.number, Source.DOCUMENT, made.id or 0)
    _credit(
        batch, customer, Kind.CREDIT_NOTE, Source.DOCUMENT, made.id or 0, made.number, amount, issued_on, currency, rate
    )
    batch.flush()
    return made


def a_payment(
    session: Session, customer: Customer | None, *, amount: str = "100.00", number: str = "", paid_on: date = TODAY,
    method: str = "transfer", currency: str = "MXN", rate: str = "1", reference: str | None = None,
) -> Payment:  # fmt: skip
    """Money received, on the customer's account and not applied; without customer, unidentified."""
    event = an_event(session)
    made = Payment(
        number=number or f"P{next(_next)}", paid_on=paid_on, amount=Decimal(amount), currency=currency,
        exchange_rate=Decimal(rate), method=method, bank_reference=reference, came_unidentified=customer is None,
        event_id=event,
    )  # fmt: skip
    session.add(made)
    session.flush()
    batch = Batch(session, event_id=event)
    batch.claim(made.number, Source.PAYMENT, made.id or 0)
    if customer is not None:
        _credit(
            batch, customer, Kind.PAYMENT, Source.PAYMENT, made.id or 0, made.number, amount, paid_on, currency, rate
        )
    batch.flush()
    return made


def pay(
    session: Session, customer: Customer, charge: Document, *, amount: str, paid_on: date = TODAY, number: str = ""
) -> Payment:
    """A payment applied to a document, the oldest instalment first."""
    made = a_payment(
        session, customer, amount=amount, paid_on=paid_on, number=number,
        currency=charge.currency, rate=str(charge.exchange_rate),
    )  # fmt: skip
    batch = Batch(session, event_id=an_event(session))
    [credit] = batch.load_of(Source.PAYMENT, [made.id or 0])[made.id or 0]
    batch.spread(credit, batch.load_of(Source.DOCUMENT, [charge.id or 0])[charge.id or 0], paid_on)
    batch.flush()
    return made


def a_closed_month(session: Session, month: str) -> None:
    """Nothing may be dated in `month` (`2026-03`) or before any more."""
    session.add(MonthLock(closes=1, month=month, user_name="system", at=now()))
    record(session, system(), "month.closed", entity="month", entity_id=month)
    session.flush()


def entries_of(session: Session, paper: Document | Payment) -> list[Entry]:
    """What a paper posted, as it stands now: instalments by due date, or its credit."""
    source = Source.DOCUMENT if isinstance(paper, Document) else Source.PAYMENT
    statement = select(Entry).where(col(Entry.source) == source, col(Entry.source_id) == paper.id)
    fresh = statement.order_by(col(Entry.instalment)).execution_options(populate_existing=True)
    return list(session.scalars(fresh))


def line(session: Session, document: Document, amount: str, *, instalment: int = 1, close: bool = False) -> Line:
    """What a payment or credit note is to close of an instalment."""
    return Line(entries_of(session, document)[instalment - 1].id or 0, Decimal(amount), close)


def received(customer: Customer | None, amount: str = "100.00", **facts: Any) -> Received:
    """A transfer in pesos of TODAY, to be registered."""
    values = {"paid_on": TODAY, "currency": "MXN", "method": "transfer", **facts}
    return Received(customer_id=customer.id if customer else None, amount=Decimal(amount), **values)


def customer_of(session: Session, code: str) -> Customer:
    """The customer of a code."""
    return session.scalars(select(Customer).where(col(Customer.code) == code)).one()


def _credit(
    batch: Batch, customer: Customer, kind: Kind, source: Source, source_id: int, number: str, amount: str, on: date,
    currency: str, rate: str,
) -> Item:  # fmt: skip
    return batch.credit(
        customer_id=customer.id or 0, kind=kind, source=source, source_id=source_id, number=number, currency=currency,
        rate=micros(Decimal(rate)), booked_on=on, amount=cents(Decimal(amount)),
    )  # fmt: skip
