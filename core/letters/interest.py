"""Late interest of a period: how much each overdue document bears, day by day, and who pays it.

Domain rule R8: the agreed rate, else the setting (6 % a year, Código de Comercio 362); simple, on what is open; actual
days over 360 or 365; from the day after due and the grace; without what is disputed; no interest on interest. In Puerto
Rico only an agreed rate counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select, union
from sqlmodel import Session, col

from core.agreements.taken import documents_in_force
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.disputes.models import Dispute
from core.documents.models import Document
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Application, Entry, Source
from core.letters.models import AgreedRate, LateInterest
from core.letters.segments import Span, spans
from core.money import ZERO, cents, from_cents, rounded, total
from core.policies.settings import setting
from core.portfolio.scope import EVERYTHING, Scope, customers_in
from core.tables import among

Query = Select[*tuple[Any, ...]]
#: The reason of debit notes for late interest; they bear none themselves.
REASON = "late_interest"
_DAY = timedelta(days=1)
#: Where only a contract gives a right to interest.
_BY_CONTRACT = ("PR",)


class PeriodNotValid(DomainError):
    message = N_("El periodo va de un día a otro posterior, de un año como máximo, y no pasa de hoy.")


class DocumentInterest(NamedTuple):
    """What an instalment bears: its segments, and their sum."""

    document_id: int
    number: str
    due_on: date
    spans: list[Span]
    amount: Decimal


class InterestRow(NamedTuple):
    """What a customer bears in one currency from `start` to `end`; `total` = interest + tax. `small`: below the
    minimum, so it is not charged."""

    customer_id: int
    customer: str
    name: str
    currency: str
    start: date
    end: date
    documents: list[DocumentInterest]
    interest: Decimal
    tax: Decimal
    total: Decimal
    small: bool


class _Terms(NamedTuple):
    """The company's terms: rate in ten-thousandths of a per cent, days of the year, grace, least amount, tax."""

    rate: int
    days_in_year: int
    grace: timedelta
    minimum: Decimal
    tax_pct: Decimal


def proposal(
    session: Session, actor: Actor, *, start: date, end: date, today: date, scope: Scope = EVERYTHING
) -> list[InterestRow]:
    """What each customer whom `actor` sees bears from `start` to `end`, both included; by code and currency.

    Days that were charged or waived already are left out. Raises PeriodNotValid.
    """
    actor.require(Permission.CHARGE_INTEREST)
    if not start <= end <= today or (end - start).days > 366:
        raise PeriodNotValid
    terms = _terms(session)
    items = _items(session, start, end, terms, customers_in(session, actor, scope))
    if not items:
        return []
    history = _History(session, items, start, end, terms)
    found: dict[tuple[int, str], list[DocumentInterest]] = defaultdict(list)
    for item in items:
        one = history.interest(item)
        if one.amount:
            found[item.customer_id, item.currency].append(one)
    people = _people(session, {customer for customer, _currency in found})
    rows = [
        _row(people[customer], currency, history.first_day(customer, currency), end, documents, terms)
        for (customer, currency), documents in found.items()
    ]
    return sorted(rows, key=lambda row: (row.customer, row.currency))


def sums(rows: Sequence[InterestRow]) -> list[tuple[str, Decimal, Decimal]]:
    """Interest and total of each currency."""
    return [
        (
            currency, sum((row.interest for row in rows if row.currency == currency), ZERO),
            sum((row.total for row in rows if row.currency == currency), ZERO),
        )
        for currency in sorted({row.currency for row in rows})
    ]  # fmt: skip


def _row(
    customer: Any, currency: str, start: date, end: date, documents: list[DocumentInterest], terms: _Terms
) -> InterestRow:
    interest = from_cents(sum(cents(one.amount) for one in documents))
    tax = rounded(interest * terms.tax_pct / 100)
    documents = sorted(documents, key=lambda one: (one.due_on, one.number))
    return InterestRow(
        customer.id, customer.code, customer.legal_name, currency, start, end, documents, interest, tax,
        interest + tax, interest < terms.minimum,
    )  # fmt: skip


def _terms(session: Session) -> _Terms:
    return _Terms(
        int(Decimal(setting(session, "interest.annual_pct")).scaleb(4)),
        int(setting(session, "interest.days_in_year")),
        timedelta(days=int(setting(session, "interest.grace_days"))),
        Decimal(setting(session, "interest.minimum")),
        Decimal(setting(session, "interest.tax_pct")),
    )


def _people(session: Session, ids: Iterable[int]) -> dict[int, Any]:
    found = session.execute(
        select(col(Customer.id), col(Customer.code), col(Customer.legal_name)).where(among(col(Customer.id), [*ids]))
    )
    return {row.id: row for row in found}


def _items(session: Session, start: date, end: date, terms: _Terms, customers: Query | None) -> Sequence[Any]:
    """The instalments that may have been overdue with something open within the period: what is open now, and what was
    closed since it began."""
    last_due = end - _DAY - terms.grace
    open_now = select(col(Entry.id)).where(col(Entry.open) > 0, col(Entry.due_on) <= last_due)
    closed_since = select(col(Application.charge_id)).where(
        col(Application.applied_on) >= start, col(Application.due_on) <= last_due
    )
    either = union(open_now, closed_since).subquery("either")
    agreed = documents_in_force(end).subquery("agreed")  # their interest was agreed, or waived, with the plan
    found: Query = (
        select(
            col(Entry.id).label("entry_id"), col(Entry.customer_id), col(Entry.currency), col(Entry.number),
            col(Entry.source_id).label("document_id"), col(Entry.booked_on), col(Entry.due_on), col(Entry.amount),
            col(Entry.instalment), col(Customer.country),
        )
        .join(either, either.c.id == col(Entry.id))
        .join(Document, and_(col(Entry.source) == Source.DOCUMENT, col(Document.id) == col(Entry.source_id)))
        .join(Customer, col(Customer.id) == col(Entry.customer_id))
        .where(col(Entry.booked_on) <= end, func.coalesce(Document.reason, "") != REASON)
        .where(col(Document.id).not_in(select(agreed.c.document_id)))
        .order_by(col(Entry.source_id), col(Entry.instalment))
    )  # fmt: skip
    if customers is not None:
        found = found.where(col(Entry.customer_id).in_(customers))
    return session.execute(found).all()


class _History:
    """What happened to the instalments, and to the rates of their customers, as far as the period needs it."""

    def __init__(self, session: Session, items: Sequence[Any], start: date, end: date, terms: _Terms) -> None:
        self.start, self.end, self.terms = start, end, terms
        self.applied = _applied(session, [item.entry_id for item in items], end)
        self.disputes = _disputes(session, {item.document_id for item in items}, end)
        self.instalments: dict[int, list[Any]] = defaultdict(list)
        for item in items:
            self.instalments[item.document_id].append(item)
        self.rates = _rates(session, end)
        self.done = _done(session, start, end)

    def first_day(self, customer_id: int, currency: str) -> date:
        """The first day of the period that was not charged or waived before."""
        done = self.done.get((customer_id, currency))
        return max(self.start, done + _DAY) if done else self.start

    def interest(self, item: Any) -> DocumentInterest:
        """What an instalment bears."""
        agreed = self.rates.get(item.customer_id, {})
        usual = 0 if item.country in _BY_CONTRACT else self.terms.rate
        changes = [*self.applied.get(item.entry_id, {}), item.booked_on, *agreed]
        for dispute in self.disputes.get(item.document_id, ()):
            changes += [dispute.opened_on, *([dispute.closed_on] if dispute.closed_on else [])]
            changes += [day for one in self.instalments[item.document_id] for day in self.applied.get(one.entry_id, {})]
        start = max(self.first_day(item.customer_id, item.currency), item.due_on + self.terms.grace + _DAY)
        found = spans(
            start=start, end=self.end, balance=lambda day: self.asked(item, day),
            rate=lambda day: _in_force(agreed, day, usual), changes=changes, days_in_year=self.terms.days_in_year,
        )  # fmt: skip
        amount = from_cents(sum(cents(one.amount) for one in found))
        return DocumentInterest(item.document_id, item.number, item.due_on, found, amount)

    def open(self, item: Any, day: date) -> int:
        """Centavos open of an instalment at the end of a day."""
        if item.booked_on > day:
            return 0
        moved = self.applied.get(item.entry_id, {})
        return cents(item.amount) - sum(amount for on, amount in moved.items() if on <= day)

    def asked(self, item: Any, day: date) -> int:
        """Open less disputed: the disputes of its document together, at most what is open, oldest instalment first."""
        left = self.open(item, day)
        disputed = sum(
            cents(one.amount)
            for one in self.disputes.get(item.document_id, ())
            if one.opened_on <= day and (one.closed_on is None or one.closed_on > day)
        )
        for other in self.instalments[item.document_id] if disputed else ():
            if other.instalment < item.instalment:
                disputed = max(0, disputed - self.open(other, day))
        return max(0, left - disputed)


def _applied(session: Session, entries: Sequence[int], end: date) -> dict[int, dict[date, int]]:
    a = Application
    found: Any = session.execute(
        select(col(a.charge_id), col(a.applied_on), total(a.amount))
        .where(among(col(a.charge_id), entries), col(a.applied_on) <= end)
        .group_by(col(a.charge_id), col(a.applied_on))
    )
    moved: dict[int, dict[date, int]] = defaultdict(dict)
    for entry, on, amount in found:
        moved[entry][on] = cents(amount)
    return moved


def _disputes(session: Session, documents: Iterable[int], end: date) -> dict[int, list[Any]]:
    found = session.execute(
        select(col(Dispute.document_id), col(Dispute.amount), col(Dispute.opened_on), col(Dispute.closed_on)).where(
            among(col(Dispute.document_id), [*documents]), col(Dispute.opened_on) <= end
        )
    )
    by_document: dict[int, list[Any]] = defaultdict(list)
    for one in found:
        by_document[one.document_id].append(one)
    return by_document


def _rates(session: Session, end: date) -> dict[int, dict[date, int]]:
    r = AgreedRate
    found = session.execute(select(col(r.customer_id), col(r.from_on), col(r.annual_pct)).where(col(r.from_on) <= end))
    rates: dict[int, dict[date, int]] = defaultdict(dict)
    for customer, on, pct in found:
        rates[customer][on] = int(pct.scaleb(4))
    return rates


def _in_force(agreed: dict[date, int], day: date, usual: int) -> int:
    began = max((on for on in agreed if on <= day), default=None)
    return usual if began is None else agreed[began]


def _done(session: Session, start: date, end: date) -> dict[tuple[int, str], date]:
    """The last day charged or waived of each customer and currency, as far as it reaches into the period."""
    one = LateInterest
    found = session.execute(
        select(col(one.customer_id), col(one.currency), func.max(col(one.to_on)))
        .where(or_(col(one.from_on).between(start, end), col(one.to_on).between(start, end),
                   and_(col(one.from_on) <= start, col(one.to_on) >= end)))
        .group_by(col(one.customer_id), col(one.currency))
    )  # fmt: skip
    return {(customer, currency): last for customer, currency, last in found}
