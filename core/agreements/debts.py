"""What may go into an agreement: the customer's open documents, with the interest that each has run up."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Subquery, and_, func, select
from sqlmodel import Session, col

from core.agreements.models import AgreementDocument
from core.agreements.rules import accrued
from core.agreements.taken import taken
from core.customers.models import Customer
from core.disputes.queries import any_disputes, disputed_items
from core.documents.models import Document, DocumentKind
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Entry, Reversal, Source
from core.ledger.queries import open_items
from core.money import ZERO
from core.promises.models import Promise, PromiseDocument, PromiseStatus
from core.promises.standing import judged, promises_at
from core.tables import plain_order

#: The reason of notes that charge late interest.
LATE_INTEREST = "late_interest"


class NotOpen(DomainError):
    message = N_("«{number}» no está abierto en {currency}. Actualice la lista y elija de nuevo.")


class AlreadyInAgreement(DomainError):
    message = N_("«{document}» ya está en el convenio {number}. Quítelo, o cancele antes ese convenio.")


class PromisePending(DomainError):
    message = N_(
        "«{document}» tiene pendiente la promesa {number}, para el {promised_on}. Retírela antes en Promesas, o quite "
        "el documento del convenio."
    )


class Debt(NamedTuple):
    """An open document: `days` overdue of its oldest instalment (0: not yet due), `interest` accrued on what is overdue
    and not disputed; the promise or agreement that is in the way, if any."""

    document_id: int
    number: str
    kind: str
    issued_on: date
    due_on: date
    days: int
    open: Decimal
    disputed: Decimal
    interest: Decimal
    promise: str | None = None
    promised_on: date | None = None
    agreement: str | None = None


class Rate(NamedTuple):
    """The terms of late interest; it runs from `grace` days after the due date."""

    annual_pct: Decimal
    days_in_year: int
    grace: int = 0


def debts(session: Session, *, customer_id: int, currency: str, as_of: date, rate: Rate) -> list[Debt]:
    """The customer's documents with something open in a currency, the oldest due first.

    Interest runs from the due date and its days of grace, or from the last note that charged the customer interest:
    never twice for a day, and never on such a note itself.
    """
    found: dict[int, Debt] = {}
    charged_on = _interest_charged_on(session, customer_id, currency, as_of)
    for row in _instalments(session, customer_id, currency, as_of):
        days = max(0, (as_of - row.due_on).days)
        since = row.due_on + timedelta(days=rate.grace)
        since = max(since, charged_on) if charged_on else since
        bears = ZERO if row.reason == LATE_INTEREST else row.balance - row.disputed
        interest = accrued(bears, rate.annual_pct, (as_of - since).days, rate.days_in_year)
        one = found.get(row.document_id)
        if one is None:
            found[row.document_id] = Debt(
                row.document_id, row.number, row.kind, row.issued_on, row.due_on, days, row.balance, row.disputed,
                interest,
            )  # fmt: skip
        else:
            found[row.document_id] = one._replace(
                open=one.open + row.balance, disputed=one.disputed + row.disputed, interest=one.interest + interest
            )
    promised, agreed = _promised(session, list(found), as_of), _agreed(session, list(found), as_of)
    return [
        one._replace(
            promise=promised.get(id_, (None, None))[0], promised_on=promised.get(id_, (None, None))[1],
            agreement=agreed.get(id_),
        )
        for id_, one in found.items()
    ]  # fmt: skip


def _instalments(session: Session, customer_id: int, currency: str, as_of: date) -> Sequence[Any]:
    customer = select(col(Customer.id)).where(col(Customer.id) == customer_id)
    item = open_items(session, as_of, customer)
    disputed = disputed_items(as_of, customer) if any_disputes(session, as_of) else _nothing_disputed()
    return session.execute(
        select(
            col(Document.id).label("document_id"), col(Document.number), col(Document.kind), col(Document.issued_on),
            col(Document.reason), item.c.due_on, item.c.balance,
            func.coalesce(disputed.c.disputed, 0, type_=item.c.balance.type).label("disputed"),
        )
        .join(Entry, and_(col(Entry.id) == item.c.entry_id, col(Entry.source) == Source.DOCUMENT))
        .join(Document, col(Document.id) == col(Entry.source_id))
        .outerjoin(disputed, disputed.c.entry_id == item.c.entry_id)
        .where(item.c.due_on.is_not(None), item.c.currency == currency)
        .order_by(item.c.due_on, plain_order(col(Document.number)))
    ).all()  # fmt: skip


def _interest_charged_on(session: Session, customer_id: int, currency: str, as_of: date) -> date | None:
    """The day of the last note that charged all that the customer owed with interest, reversed ones aside."""
    undone = select(col(Reversal.id)).where(
        col(Reversal.source) == Source.DOCUMENT, col(Reversal.source_id) == col(Document.id),
        col(Reversal.document_id).is_(None),
    )  # fmt: skip
    return session.scalar(
        select(func.max(col(Document.issued_on))).where(
            col(Document.customer_id) == customer_id, col(Document.currency) == currency,
            col(Document.kind) == DocumentKind.DEBIT_NOTE, col(Document.reason) == LATE_INTEREST,
            col(Document.applies_to).is_(None), col(Document.issued_on) <= as_of, ~undone.exists(),
        )
    )  # fmt: skip


def _nothing_disputed() -> Subquery:
    return (
        select(col(Entry.id).label("entry_id"), col(Entry.open).label("disputed"))
        .where(col(Entry.id).is_(None))
        .subquery("disputed")
    )


def _promised(session: Session, documents: Sequence[int], as_of: date) -> dict[int, tuple[str, date]]:
    """Promises that are pending on these documents, agreements' aside (those are named by their agreement)."""
    named = select(col(PromiseDocument.promise_id)).where(col(PromiseDocument.document_id).in_(documents))
    its = judged(promises_at(as_of).where(col(Promise.id).in_(named), col(Promise.agreement_id).is_(None)))
    rows = session.execute(
        select(col(PromiseDocument.document_id), its.c.number, its.c.promised_on)
        .join(PromiseDocument, col(PromiseDocument.promise_id) == its.c.promise_id)
        .where(its.c.status == PromiseStatus.PENDING, col(PromiseDocument.document_id).in_(documents))
    )
    return {document_id: (number, promised_on) for document_id, number, promised_on in rows}


def _agreed(session: Session, documents: Sequence[int], as_of: date) -> dict[int, str]:
    """The agreement, proposed or in force, in which each of these documents is."""
    rows = session.execute(taken(as_of).where(col(AgreementDocument.document_id).in_(documents)))
    return {row[0]: row[1] for row in rows}


def total_interest(chosen: Sequence[Debt]) -> Decimal:
    """The late interest of some documents."""
    return sum((one.interest for one in chosen), ZERO)


def total_open(chosen: Sequence[Debt]) -> Decimal:
    """What is open of some documents."""
    return sum((one.open for one in chosen), ZERO)
