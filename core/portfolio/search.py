"""Search from anywhere: customers by name, code or RFC, documents and payments by folio, as far as one sees them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission, Role
from core.customers.models import Customer
from core.customers.queries import search_customers
from core.customers.visibility import sees_all, visible_to
from core.documents.models import Document, DocumentKind
from core.i18n import N_, _, day, money
from core.ledger.models import Entry, Kind, Number, Source
from core.payments.models import Payment

#: A folio is searched from so many signs on: fewer are a part of nearly every number.
SHORTEST_FOLIO = 3
_LAST_SIGN = "\U0010ffff"
KINDS = {
    DocumentKind.INVOICE: N_("Factura"),
    DocumentKind.DEBIT_NOTE: N_("Nota de cargo"),
    DocumentKind.CREDIT_NOTE: N_("Nota de crédito"),
}


class Hit(NamedTuple):
    """One thing found. `kind`: customer, document, payment (on an account) or unidentified; `key`: code or number."""

    kind: str
    key: str
    title: str
    detail: str


def search(session: Session, actor: Actor, text: str, limit: int = 12) -> list[Hit]:
    """What `actor` sees of what was typed: customers first, then folios that begin so; at most `limit`."""
    typed = text.strip()
    found: list[Hit] = []
    for source in (_customers, _documents, _payments, _unidentified):
        if len(found) < limit:
            found += source(session, actor, typed, limit - len(found))
    return found


def _customers(session: Session, actor: Actor, text: str, limit: int) -> list[Hit]:
    rows = search_customers(session, actor, text, limit=limit)
    return [Hit("customer", row.code, row.legal_name, " · ".join(filter(None, (row.code, row.tax_id)))) for row in rows]


def _documents(session: Session, actor: Actor, text: str, limit: int) -> list[Hit]:
    wanted = (
        select(
            col(Document.number), col(Document.kind), col(Document.issued_on), col(Document.total),
            col(Document.currency), col(Customer.legal_name),
        )
        .join(Customer, col(Customer.id) == col(Document.customer_id))
        .where(visible_to(actor))
    )  # fmt: skip
    rows = _by_folio(session, actor, wanted, col(Document.number), Source.DOCUMENT, col(Document.id), text, limit)
    return [
        Hit("document", number, number, " · ".join((_(KINDS[DocumentKind(kind)]), day(on), money(total, cur), name)))
        for number, kind, on, total, cur, name in rows
    ]


def _payments(session: Session, actor: Actor, text: str, limit: int) -> list[Hit]:
    wanted = (
        select(
            col(Entry.number), col(Entry.booked_on), col(Entry.amount), col(Entry.currency), col(Customer.legal_name)
        )
        .join(Customer, col(Customer.id) == col(Entry.customer_id))
        .where(visible_to(actor), col(Entry.source) == Source.PAYMENT, col(Entry.kind) == Kind.PAYMENT)
    )
    rows = _by_folio(session, actor, wanted, col(Entry.number), Source.PAYMENT, col(Entry.source_id), text, limit)
    return [
        Hit("payment", number, number, " · ".join((_("Pago"), day(on), money(amount, currency), name)))
        for number, on, amount, currency, name in rows
    ]


def _unidentified(session: Session, actor: Actor, text: str, limit: int) -> list[Hit]:
    if not actor.may(Permission.VIEW_UNIDENTIFIED):
        return []
    entry = select(col(Entry.id)).where(
        col(Entry.source) == Source.PAYMENT, col(Entry.source_id) == col(Payment.id), col(Entry.instalment) == 0
    )
    wanted = select(
        col(Payment.number), col(Payment.paid_on), col(Payment.amount), col(Payment.currency)
    ).where(col(Payment.came_unidentified), ~entry.exists())  # fmt: skip
    rows = _by_folio(session, actor, wanted, col(Payment.number), Source.PAYMENT, col(Payment.id), text, limit)
    return [
        Hit("unidentified", number, number, " · ".join((_("Pago por identificar"), day(on), money(amount, currency))))
        for number, on, amount, currency in rows
    ]


def _by_folio(
    session: Session,
    actor: Actor,
    wanted: Select[*tuple[Any, ...]],
    number: Any,
    source: Source,
    id_: Any,
    text: str,
    limit: int,
) -> list[Any]:
    """The rows whose number begins with `text`, in its order.

    Who sees all, or a region, finds them through the series of numbers; who sees few customers, through those.
    """
    if len(text) < SHORTEST_FOLIO:
        return []
    if sees_all(actor) or actor.role is Role.MANAGER:
        wanted = wanted.join(Number, (col(Number.source) == source) & (col(Number.source_id) == id_))
        number = col(Number.number)
    return list(session.execute(wanted.where(begins(number, text)).order_by(number).limit(limit)))


def begins(column: Any, text: str) -> ColumnElement[bool]:
    """The condition that a number begins with `text`, as typed or in capitals or small letters; an index serves it."""
    spellings: tuple[Callable[[str], str], ...] = (str, str.upper, str.lower)
    starts = {spell(text) for spell in spellings}
    return or_(false(), *((column >= start) & (column < start + _LAST_SIGN) for start in sorted(starts)))
