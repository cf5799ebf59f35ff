"""Reading for the cashier: what is open of a customer, what is on account, payments with a filter, and those that are
nobody's yet."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_customer, visible_to
from core.ledger.models import Entry, Kind, Number, Reversal, Side, Source
from core.money import total
from core.payments.models import Payment
from core.tables import plain_order

#: So many instalments are shown to be applied to; past them one searches by folio.
SHOWN = 200


class OpenInstalment(NamedTuple):
    """An instalment with something open now. `instalments`: how many its document has; `days` overdue (below 0: yet
    to fall due)."""

    entry_id: int
    number: str
    kind: str
    instalment: int
    instalments: int
    currency: str
    exchange_rate: Decimal
    issued_on: date
    due_on: date
    days: int
    open: Decimal


class Instalments(NamedTuple):
    """The oldest of them, and how many there are and what they come to in all."""

    rows: list[OpenInstalment]
    found: int
    open: Decimal


def open_instalments(
    session: Session, actor: Actor, *, customer_id: int, currency: str, on: date, text: str = "", limit: int = SHOWN
) -> Instalments:
    """What a customer owes in a currency, the oldest due first; `text` leaves numbers that contain it."""
    actor.require(Permission.VIEW_PORTFOLIO)
    visible_customer(session, actor, customer_id)
    mine = (
        col(Entry.customer_id) == customer_id, col(Entry.currency) == currency, col(Entry.side) == Side.CHARGE,
        col(Entry.open) > 0,
    )  # fmt: skip
    part = aliased(Entry)
    parts = (
        select(func.count())
        .where(col(part.source) == col(Entry.source), col(part.source_id) == col(Entry.source_id))
        .where(col(part.side) == Side.CHARGE)
        .scalar_subquery()
    )
    statement = (
        select(
            col(Entry.id), col(Entry.number), col(Entry.kind), col(Entry.instalment), parts, col(Entry.currency),
            col(Entry.exchange_rate), col(Entry.booked_on), col(Entry.due_on), col(Entry.open),
        )
        .where(*mine)
        .order_by(col(Entry.due_on), col(Entry.booked_on), plain_order(col(Entry.number)), col(Entry.instalment))
        .limit(limit)
    )  # fmt: skip
    if text.strip():
        statement = statement.where(col(Entry.number).icontains(text.strip(), autoescape=True))
    rows = [
        OpenInstalment._make((*facts, due_on, (on - due_on).days, open_))
        for *facts, due_on, open_ in session.execute(statement)
    ]
    found, open_ = session.execute(select(func.count(), total(col(Entry.open))).where(*mine)).one()
    return Instalments(rows, found, open_)


def open_currencies(session: Session, actor: Actor, *, customer_id: int) -> list[str]:
    """The currencies in which a customer owes something now, by name."""
    actor.require(Permission.VIEW_PORTFOLIO)
    visible_customer(session, actor, customer_id)
    statement = select(col(Entry.currency)).where(
        col(Entry.customer_id) == customer_id, col(Entry.side) == Side.CHARGE, col(Entry.open) > 0
    )
    return list(session.scalars(statement.distinct().order_by(col(Entry.currency))))


class OnAccount(NamedTuple):
    """A payment or credit note with something left."""

    number: str
    kind: str
    customer_id: int
    customer_code: str
    customer: str
    exchange_rate: Decimal
    booked_on: date
    currency: str
    amount: Decimal
    left: Decimal


def on_account(
    session: Session, actor: Actor, *, customer_id: int | None = None, kind: Kind | None = None,
    number: str | None = None, limit: int = 1_000,
) -> list[OnAccount]:  # fmt: skip
    """Money and credit notes that customers have in favour now, the oldest first; of one, of one kind, or one."""
    actor.require(Permission.VIEW_PORTFOLIO)
    statement = (
        select(
            col(Entry.number), col(Entry.kind), col(Customer.id), col(Customer.code), col(Customer.legal_name),
            col(Entry.exchange_rate), col(Entry.booked_on), col(Entry.currency), col(Entry.amount), col(Entry.open),
        )
        .join(Customer, col(Customer.id) == col(Entry.customer_id))
        .where(col(Entry.due_on).is_(None), col(Entry.open) > 0, visible_to(actor))
        .order_by(func.coalesce(col(Entry.booked_on), date.max), col(Entry.id))  # no index: SQLite would read all by it
        .limit(limit)
    )  # fmt: skip
    if customer_id is not None:
        visible_customer(session, actor, customer_id)
        statement = statement.where(col(Entry.customer_id) == customer_id)
    if kind is not None:
        statement = statement.where(col(Entry.kind) == kind)
    if number is not None:
        bearer = select(col(Number.source_id)).where(col(Number.number) == number.strip())
        statement = statement.where(
            col(Entry.source_id).in_(bearer), col(Entry.source).in_((Source.PAYMENT, Source.DOCUMENT)),
            col(Entry.instalment) == 0, col(Entry.number) == number.strip(),
        )  # fmt: skip
    return [OnAccount(*row) for row in session.execute(statement)]


def credit_notes_left(session: Session, actor: Actor, *, customer_id: int | None = None) -> list[OnAccount]:
    """Credit notes with something in favour, of one customer or of all that one sees, the oldest first."""
    return on_account(session, actor, customer_id=customer_id, kind=Kind.CREDIT_NOTE)


class Unidentified(NamedTuple):
    """Money received whose customer nobody knows at the date; `days` since it came."""

    number: str
    paid_on: date
    days: int
    amount: Decimal
    currency: str
    method: str | None
    bank_reference: str | None
    account: str | None
    notes: str | None


class Waiting(NamedTuple):
    """What waits to be identified in a currency, and since how many days at most."""

    currency: str
    payments: int
    amount: Decimal
    oldest_days: int


def unidentified(session: Session, actor: Actor, *, as_of: date, text: str = "") -> list[Unidentified]:
    """Payments that were nobody's at the end of `as_of`, not reversed by then, the oldest first."""
    actor.require(Permission.VIEW_UNIDENTIFIED)
    statement = (
        select(
            col(Payment.number), col(Payment.paid_on), col(Payment.amount), col(Payment.currency), col(Payment.method),
            col(Payment.bank_reference), col(Payment.account), col(Payment.notes),
        )
        .where(*_nobodys(as_of, text))
        .order_by(col(Payment.paid_on), col(Payment.id))
    )  # fmt: skip
    return [Unidentified(number, day, (as_of - day).days, *rest) for number, day, *rest in session.execute(statement)]


def unidentified_totals(session: Session, actor: Actor, *, as_of: date, text: str = "") -> list[Waiting]:
    """The same payments added up by currency."""
    actor.require(Permission.VIEW_UNIDENTIFIED)
    rows = session.execute(
        select(col(Payment.currency), func.count(), total(col(Payment.amount)), func.min(col(Payment.paid_on)))
        .where(*_nobodys(as_of, text))
        .group_by(col(Payment.currency))
        .order_by(col(Payment.currency))
    )
    return [Waiting._make((*facts, (as_of - oldest).days)) for *facts, oldest in rows]


def _nobodys(as_of: date, text: str) -> list[ColumnElement[bool]]:
    identified = select(col(Entry.id)).where(
        col(Entry.source) == Source.PAYMENT, col(Entry.source_id) == col(Payment.id), col(Entry.booked_on) <= as_of
    )
    mentioned = [_mentions(text.strip())] if text.strip() else []
    came: ColumnElement[bool] = col(Payment.came_unidentified)  # type: ignore[assignment]  # SQLModel's own wider type
    return [came, col(Payment.paid_on) <= as_of, ~identified.exists(), ~_reversed(as_of), *mentioned]


class Standing(StrEnum):
    """Which payments."""

    ALL = "all"
    LEFT = "left"
    REVERSED = "reversed"


class PaymentRow(NamedTuple):
    """One payment on an account; `left` is what may still be applied."""

    number: str
    paid_on: date
    customer_code: str
    customer: str
    amount: Decimal
    left: Decimal
    currency: str
    method: str | None
    bank_reference: str | None
    is_reversed: bool


def payments(
    session: Session, actor: Actor, *, start: date, end: date, text: str = "", method: str | None = None,
    standing: Standing = Standing.ALL, limit: int | None = None, offset: int = 0,
) -> list[PaymentRow]:  # fmt: skip
    """Payments received from `start` to `end` of the customers one sees, the latest first."""
    actor.require(Permission.VIEW_PORTFOLIO)
    found = _of_customers(
        col(Payment.number), col(Payment.paid_on), col(Customer.code), col(Customer.legal_name), col(Payment.amount),
        col(Entry.open), col(Payment.currency), col(Payment.method), col(Payment.bank_reference), _reversed(date.max),
    ).where(*_asked(actor, start, end, text, method, standing))  # fmt: skip
    latest_first = found.order_by(col(Payment.paid_on).desc(), col(Payment.id).desc())
    rows = session.execute(latest_first.limit(limit).offset(offset))
    return [PaymentRow._make((*row[:-1], bool(row[-1]))) for row in rows]


def how_many_payments(
    session: Session, actor: Actor, *, start: date, end: date, text: str = "", method: str | None = None,
    standing: Standing = Standing.ALL,
) -> int:  # fmt: skip
    """How many `payments` finds in all."""
    actor.require(Permission.VIEW_PORTFOLIO)
    found = _of_customers(func.count()).where(*_asked(actor, start, end, text, method, standing))
    return int(session.scalar(found) or 0)


def _of_customers(*columns: Any) -> Any:
    """Payments that are on an account, with their entry and customer."""
    return (
        select(*columns)
        .select_from(Payment)
        .join(Entry, (col(Entry.source) == Source.PAYMENT) & (col(Entry.source_id) == col(Payment.id)))
        .join(Customer, col(Customer.id) == col(Entry.customer_id))
    )


def _asked(
    actor: Actor, start: date, end: date, text: str, method: str | None, standing: Standing
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(Payment.paid_on).between(start, end), visible_to(actor)]
    if text.strip():
        named = or_(
            col(Customer.legal_name).icontains(text.strip(), autoescape=True), col(Customer.code) == text.strip()
        )
        conditions.append(or_(_mentions(text.strip()), named))
    if method is not None:
        conditions.append(col(Payment.method) == method)
    if standing is not Standing.ALL:
        conditions.append(col(Entry.open) > 0 if standing is Standing.LEFT else _reversed(date.max))
    return conditions


_AMOUNT = re.compile(r"\$?\d{1,13}(\.\d{1,2})?")


def _mentions(text: str) -> ColumnElement[bool]:
    """Payments whose number, reference or notes have this in them, or whose amount it is."""
    plain = text.replace(",", "")
    same = [col(Payment.amount) == Decimal(plain.lstrip("$"))] if _AMOUNT.fullmatch(plain) else []
    columns = (col(Payment.number), col(Payment.bank_reference), col(Payment.notes))
    return or_(*same, *(column.icontains(text, autoescape=True) for column in columns))


def _reversed(as_of: date) -> ColumnElement[bool]:
    return (
        select(col(Reversal.id))
        .where(
            col(Reversal.source) == Source.PAYMENT, col(Reversal.source_id) == col(Payment.id),
            col(Reversal.document_id).is_(None), col(Reversal.reversed_on) <= as_of,
        )
        .exists()
    )  # fmt: skip
