"""Statement of account of a customer in one currency: what moved the balance, and how old it is at the end."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal, select, type_coerce
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import customer_by_code
from core.documents.models import Document
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Entry, Side, Source
from core.money import ZERO, Money, total, zero
from core.payments.models import Payment
from core.policies.settings import buckets, company_currency
from core.portfolio.aging import AgingRow, aging
from core.portfolio.buckets import names
from core.portfolio.scope import Scope
from core.tables import plain_order


class PeriodBackwards(DomainError):
    message = N_("El periodo empieza el {start} y termina antes, el {end}. Cambie una de las fechas.")


class StatementLine(NamedTuple):
    """One movement: a document (all its instalments), a payment, a reversal… One of `charge` and `credit` is 0.00."""

    date: date
    kind: str
    document: str
    reference: str | None
    charge: Decimal
    credit: Decimal
    balance: Decimal  # after this line


class Statement(NamedTuple):
    """`start` None: from the beginning. `aging`: what was open at `end`, zeros if nothing was; `buckets` its names."""

    customer: str
    name: str
    tax_id: str | None
    language: str
    currency: str
    start: date | None
    end: date
    opening: Decimal
    lines: list[StatementLine]
    charges: Decimal
    credits: Decimal
    closing: Decimal
    buckets: list[str]
    aging: AgingRow


def statement(
    session: Session, actor: Actor, *, customer: str, end: date, start: date | None = None, currency: str | None = None
) -> Statement:
    """The account of the customer of that code. Without currency, the customer's; without start, from the beginning.

    Opening and closing are the aging totals of the day before `start` and of `end`. Raises CustomerNotFound,
    PeriodBackwards.
    """
    actor.require(Permission.VIEW_PORTFOLIO)
    found = customer_by_code(session, actor, customer)
    if start is not None and start > end:
        raise PeriodBackwards(start=start, end=end)
    currency = currency or found.currency or company_currency(session)
    account = and_(col(Entry.customer_id) == found.id, col(Entry.currency) == currency, col(Entry.booked_on) <= end)
    opening, charges, credits_, closing = _sums(session, account, start)
    return Statement(
        found.code, found.legal_name, found.tax_id, found.language or "es", currency, start, end, opening,
        _lines(session, account, start, opening), charges, credits_, closing, names(buckets(session)),
        _aging(session, actor, found, currency, end),
    )  # fmt: skip


def currencies_of(session: Session, actor: Actor, customer: str) -> list[str]:
    """The currencies in which a customer has an account, its own first."""
    actor.require(Permission.VIEW_PORTFOLIO)
    found = customer_by_code(session, actor, customer)
    own = found.currency or company_currency(session)
    used = session.scalars(select(col(Entry.currency)).where(col(Entry.customer_id) == found.id).distinct())
    return [own, *sorted(set(used) - {own})]


def _sums(session: Session, account: ColumnElement[bool], start: date | None) -> tuple[Decimal, ...]:
    """Opening balance, charges and credits of the period, closing balance."""
    within = literal(True) if start is None else col(Entry.booked_on) >= start
    is_charge = col(Entry.side) == Side.CHARGE

    def of(condition: ColumnElement[bool]) -> ColumnElement[Decimal]:
        return total(case((condition, col(Entry.amount)), else_=zero()))

    def balance(condition: ColumnElement[bool]) -> ColumnElement[Decimal]:
        return of(and_(condition, is_charge)) - of(and_(condition, ~is_charge))

    before = ~within if start is not None else literal(False)
    columns = (balance(before), of(and_(within, is_charge)), of(and_(within, ~is_charge)), balance(literal(True)))
    return tuple(session.execute(select(*(type_coerce(one, Money()) for one in columns)).where(account)).one())


def _lines(session: Session, account: ColumnElement[bool], start: date | None, opening: Decimal) -> list[StatementLine]:
    """Within a day charges first, then by number."""
    paper: list[Any] = [Entry.booked_on, Entry.side, Entry.kind, Entry.number, Entry.source, Entry.source_id]
    moved = select(*paper, total(Entry.amount).label("amount")).where(account)
    if start is not None:
        moved = moved.where(col(Entry.booked_on) >= start)
    m = moved.group_by(*paper).subquery("moved").c
    credits_last = case((m.side == Side.CHARGE, 0), else_=1)
    order = (m.booked_on, credits_last, plain_order(m.number), m.source, m.source_id)
    charge = case((m.side == Side.CHARGE, m.amount), else_=zero())
    credit = case((m.side == Side.CREDIT, m.amount), else_=zero())
    running: Any = func.sum(charge - credit).over(order_by=order)
    reference = func.coalesce(Document.po_number, Payment.bank_reference)
    found = session.execute(
        select(
            m.booked_on, m.kind, m.number, reference, type_coerce(charge, Money()), type_coerce(credit, Money()),
            type_coerce(running + literal(opening, Money()), Money()),
        )
        .outerjoin(Document, and_(m.source == Source.DOCUMENT, col(Document.id) == m.source_id))
        .outerjoin(Payment, and_(m.source == Source.PAYMENT, col(Payment.id) == m.source_id))
        .order_by(*order)
    )  # fmt: skip
    return [StatementLine(*row) for row in found]


def _aging(session: Session, actor: Actor, customer: Customer, currency: str, end: date) -> AgingRow:
    limits = buckets(session)
    found = aging(session, actor, as_of=end, limits=limits, scope=Scope(customer=customer.code, currency=currency))
    nothing = (ZERO,) * (len(limits) + 2)
    none = AgingRow(customer.code, customer.legal_name, currency, nothing, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)
    return next(iter(found.rows), none)
