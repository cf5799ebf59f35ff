"""Recording what a customer promises to pay, and ending it: withdrawn, or replaced by another promise."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission, Role
from core.customers.models import Customer
from core.customers.visibility import visible_customer, visible_to
from core.documents import checks
from core.documents.models import Document, DocumentKind
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Number, Source
from core.money import cents
from core.policies.settings import company_currency, setting
from core.promises.models import Ending, Promise, PromiseDocument, PromiseEnding, PromiseStatus
from core.promises.pending import Made, Pending
from core.promises.standing import standing

SERIES = "PR"


class PromiseNotFound(DomainError):
    message = N_("No hay una promesa «{number}» entre las que usted puede ver.")


class NotACharge(DomainError):
    message = N_("«{number}» no es una factura ni nota de cargo de este cliente. Quítela o corrija el folio.")


class AnotherCurrency(DomainError):
    message = N_("«{number}» está en {theirs} y la promesa en {ours}. Prometa cada moneda por separado.")


class PromisedBeforeMade(DomainError):
    message = N_("La fecha prometida ({promised_on}) es anterior al día en que se promete ({made_on}). Corríjala.")


class AlreadyPromised(DomainError):
    message = N_(
        "«{document}» ya tiene la promesa «{number}», pendiente hasta el {ends_on}. Reprográmela o retírela primero."
    )


class AlreadyPromisedOnAccount(DomainError):
    message = N_(
        "El cliente ya tiene la promesa a cuenta «{number}», pendiente hasta el {ends_on}. "
        "Reprográmela o retírela primero."
    )


class NotPending(DomainError):
    message = N_("«{number}» ya no está pendiente el {on}: solo se cambia o se retira lo que sigue pendiente.")


class PartOfAgreement(DomainError):
    message = N_("«{number}» es una parcialidad de un convenio. Cambie el convenio, no la promesa.")


class Named(NamedTuple):
    """A document that a promise names."""

    id: int
    number: str
    currency: str


def record_promise(
    session: Session, actor: Actor, *, customer_id: int, amount: Decimal, currency: str | None, made_on: date,
    promised_on: date, documents: Sequence[str] = (), contact: str | None = None, collector: str | None = None,
    notes: str | None = None, submission: str | None = None,
) -> Promise:  # fmt: skip
    """Records a promise; without `documents` (numbers), on account. `currency` blank: that of its documents, else the
    customer's. `contact`: who promised; `collector`: to whom, by default the customer's collector.

    Refused while another promise on one of the documents (or, on account, of the customer and currency) is pending on
    `made_on`. `submission` is the token of a form: the second time it changes nothing and returns the first promise.
    """
    actor.require(Permission.RECORD_PROMISE)
    customer = visible_customer(session, actor, customer_id, lock=True)
    if submission is not None and (done := _already(session, submission)):
        return done
    named = _charges_of(session, customer_id, documents)
    currency = currency or (named[0].currency if named else customer.currency or company_currency(session))
    promise = _planned(
        session, customer=customer, amount=amount, currency=currency, made_on=made_on, promised_on=promised_on,
        named=named,
    )  # fmt: skip
    promise.contact, promise.notes = checks.text(contact, 120), checks.text(notes, 1000)
    promise.collector = collector or (actor.name if actor.role is Role.COLLECTOR else customer.collector)
    promise.submission = submission
    refuse_second(session, promise, named)
    return _write(session, actor, promise, named, "promise.recorded")


def withdraw_promise(session: Session, actor: Actor, *, number: str, on: date, reason: str) -> Promise:
    """Takes a pending promise back from `on`: it counts neither as kept nor as broken."""
    promise = _pending(session, actor, number, on)
    if promise.agreement_id is not None:
        raise PartOfAgreement(number=promise.number)
    reason = checks.reason(reason)
    event = record(
        session, actor, "promise.withdrawn", entity="promise", entity_id=promise.number,
        customer_id=promise.customer_id, on=on, reason=reason,
    )  # fmt: skip
    _end(session, promise, Ending.WITHDRAWN, on, reason, event.id)
    return promise


def reschedule_promise(
    session: Session, actor: Actor, *, number: str, on: date, promised_on: date, amount: Decimal | None = None,
    reason: str | None = None, submission: str | None = None,
) -> Promise:  # fmt: skip
    """Ends a pending promise on `on` and records the one that replaces it: the same documents, another date and, if
    given, another amount. Returns the new one."""
    if submission is not None and (done := _already(session, submission)):
        return done
    old = _pending(session, actor, number, on)
    if old.agreement_id is not None:
        raise PartOfAgreement(number=old.number)
    named = _named_by(session, old)
    promise = _planned(
        session, customer=session.get_one(Customer, old.customer_id), amount=amount or old.amount,
        currency=old.currency, made_on=on, promised_on=promised_on, named=named,
    )  # fmt: skip
    promise.contact, promise.collector, promise.notes = old.contact, old.collector, old.notes
    promise.replaces_id, promise.submission = old.id, submission
    refuse_second(session, promise, named)
    made = _write(session, actor, promise, named, "promise.rescheduled", replaces=old.number, reason=reason)
    _end(session, old, Ending.RESCHEDULED, on, checks.text(reason, 250), made.event_id)
    return made


def refuse_second(session: Session, promise: Promise, named: Sequence[Named]) -> None:
    """Refuses a promise while another is pending on what it promises."""
    documents = {one.id: one.number for one in named}
    pending = Pending(
        session, documents=documents, customers=() if documents else (promise.customer_id,), since=promise.made_on
    )
    found = pending.in_the_way(
        Made(promise.number, promise.customer_id, promise.currency, cents(promise.amount), promise.made_on,
             promise.starts_on, promise.ends_on, frozenset(documents), agreement_id=promise.agreement_id),
        instead_of=promise.replaces_id,
    )  # fmt: skip
    if found is None:
        return
    other, document = found
    if document is None:
        raise AlreadyPromisedOnAccount(number=other.number, ends_on=other.ends_on)
    raise AlreadyPromised(number=other.number, ends_on=other.ends_on, document=documents[document])


def window(session: Session, promised_on: date) -> date:
    """The last day on which money keeps a promise for `promised_on`, by the tolerance of today."""
    return promised_on + timedelta(days=int(setting(session, "promises.tolerance_days")))


def numbers(session: Session, ids: Sequence[int]) -> list[str]:
    """Numbers of our own series for new promises: they follow the ids (`PR-000123`), and step aside where an imported
    promise has that name."""
    found = [f"{SERIES}-{id_:06d}" for id_ in ids]
    taken = set(session.scalars(select(col(Promise.number)).where(col(Promise.number).in_(found))))
    for place, number in enumerate(found):
        for attempt in count(2):
            if found[place] not in taken:
                break
            found[place] = f"{number}-{attempt}"
            taken |= set(session.scalars(select(col(Promise.number)).where(col(Promise.number) == found[place])))
    return found


def _planned(
    session: Session, *, customer: Customer, amount: Decimal, currency: str, made_on: date, promised_on: date,
    named: Sequence[Named],
) -> Promise:  # fmt: skip
    if promised_on < made_on:
        raise PromisedBeforeMade(promised_on=promised_on, made_on=made_on)
    for one in named:
        if one.currency != currency:
            raise AnotherCurrency(number=one.number, theirs=one.currency, ours=currency)
    return Promise(
        number="", customer_id=customer.id or 0, currency=currency, amount=checks.amount(amount), made_on=made_on,
        promised_on=promised_on, starts_on=made_on, ends_on=window(session, promised_on), event_id=0,
    )  # fmt: skip


def _write(
    session: Session, actor: Actor, promise: Promise, named: Sequence[Named], action: str, *,
    replaces: str | None = None, reason: str | None = None,
) -> Promise:  # fmt: skip
    [promise.id] = db.reserve_ids(session, Promise, 1)
    [promise.number] = numbers(session, [promise.id])
    event = record(
        session, actor, action, entity="promise", entity_id=promise.number, customer_id=promise.customer_id,
        amount=promise.amount, currency=promise.currency, promised_on=promise.promised_on,
        documents=[one.number for one in named], replaces=replaces, reason=reason,
    )  # fmt: skip
    promise.event_id = event.id
    session.add(promise)
    session.flush()
    session.add_all(PromiseDocument(promise_id=promise.id, document_id=one.id) for one in named)
    session.flush()
    return promise


def _already(session: Session, submission: str) -> Promise | None:
    return session.scalar(select(Promise).where(col(Promise.submission) == submission))


def _charges_of(session: Session, customer_id: int, numbers_: Sequence[str]) -> list[Named]:
    asked = sorted({number.strip() for number in numbers_ if number.strip()})
    bears = (col(Number.source) == Source.DOCUMENT) & (col(Number.source_id) == col(Document.id))
    found = session.execute(
        select(col(Document.id), col(Document.number), col(Document.currency))
        .join(Number, bears)
        .where(
            col(Number.number).in_(asked), col(Document.customer_id) == customer_id,
            col(Document.kind) != DocumentKind.CREDIT_NOTE,
        )
    )  # fmt: skip
    by_number = {row[1]: Named(*row) for row in found}
    for number in asked:
        if number not in by_number:
            raise NotACharge(number=number)
    return [by_number[number] for number in asked]


def _named_by(session: Session, promise: Promise) -> list[Named]:
    found = session.execute(
        select(col(Document.id), col(Document.number), col(Document.currency))
        .join(PromiseDocument, col(PromiseDocument.document_id) == col(Document.id))
        .where(col(PromiseDocument.promise_id) == promise.id)
        .order_by(col(Document.number))
    )
    return [Named(*row) for row in found]


def _pending(session: Session, actor: Actor, number: str, on: date) -> Promise:
    """The promise of that number, its customer locked; refused unless it is pending on `on`."""
    actor.require(Permission.RECORD_PROMISE)
    found = session.scalar(
        select(Promise)
        .join(Customer, col(Customer.id) == col(Promise.customer_id))
        .where(col(Promise.number) == number, visible_to(actor))
    )
    if found is None:
        raise PromiseNotFound(number=number)
    visible_customer(session, actor, found.customer_id, lock=True)
    its = standing(on, customers=select(col(Customer.id)).where(col(Customer.id) == found.customer_id))
    status = session.scalar(select(its.c.status).where(its.c.promise_id == found.id))
    ended = session.get(PromiseEnding, found.id)  # also one that ends on a later day
    if status != PromiseStatus.PENDING or ended is not None:
        raise NotPending(number=number, on=on)
    return found


def _end(session: Session, promise: Promise, ending: Ending, on: date, reason: str | None, event_id: int) -> None:
    session.add(PromiseEnding(promise_id=promise.id or 0, ending=ending, ended_on=on, reason=reason, event_id=event_id))
    session.flush()
