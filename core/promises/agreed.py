"""The promises of a payment agreement: one an instalment, their windows one after the other."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from sqlalchemy import select
from sqlmodel import Session, col

from core import db
from core.auth.actor import Actor
from core.customers.visibility import visible_customer
from core.documents import checks
from core.documents.models import Document
from core.errors import DomainError
from core.i18n import N_
from core.promises.models import Ending, Promise, PromiseDocument, PromiseEnding, PromiseStatus
from core.promises.recording import Named, numbers, refuse_second, window
from core.promises.standing import judged, promises_at


class InstalmentsOutOfOrder(DomainError):
    message = N_("Las parcialidades deben ir en fechas distintas, cada una después de la anterior.")


def record_instalments(
    session: Session, actor: Actor, *, agreement_id: int, customer_id: int, currency: str, documents: Sequence[int],
    made_on: date, instalments: Sequence[tuple[date, Decimal]], event_id: int,
) -> list[Promise]:  # fmt: skip
    """One promise for each (date, amount), as part of the command that approved the agreement and has its event.

    Each window begins the day after the previous one's. `documents`: ids of charges of the customer; none: on account.
    Refused while another promise, not of this agreement, is pending on them.
    """
    days = [day for day, _ in instalments]
    if any(later <= earlier for earlier, later in pairwise([made_on - timedelta(days=1), *days])):
        raise InstalmentsOutOfOrder
    customer = visible_customer(session, actor, customer_id, lock=True)
    named = _named(session, documents)
    ids = db.reserve_ids(session, Promise, len(instalments))
    made, starts_on = [], made_on
    for id_, number, (day, amount) in zip(ids, numbers(session, ids), instalments, strict=True):
        promise = Promise(
            id=id_, number=number, customer_id=customer_id, currency=currency, amount=checks.amount(amount),
            made_on=made_on, promised_on=day, starts_on=starts_on, ends_on=window(session, day),
            collector=customer.collector, agreement_id=agreement_id, event_id=event_id,
        )  # fmt: skip
        made.append(promise)
        starts_on = promise.ends_on + timedelta(days=1)
    if made:
        refuse_second(session, made[0], named)
    session.add_all(made)
    session.flush()
    session.add_all(PromiseDocument(promise_id=id_, document_id=one.id) for id_ in ids for one in named)
    session.flush()
    return made


def withdraw_instalments(session: Session, *, agreement_id: int, on: date, reason: str, event_id: int) -> int:
    """Withdraws what is still pending on `on` of an agreement that ends, as part of the command that ends it; returns
    how many."""
    its = judged(promises_at(on).where(col(Promise.agreement_id) == agreement_id, col(Promise.made_on) <= on))
    ended = select(col(PromiseEnding.promise_id))
    pending = session.scalars(
        select(its.c.promise_id).where(its.c.status == PromiseStatus.PENDING, its.c.promise_id.not_in(ended))
    ).all()
    session.add_all(
        PromiseEnding(promise_id=id_, ending=Ending.WITHDRAWN, ended_on=on, reason=checks.text(reason, 250),
                      event_id=event_id)
        for id_ in pending
    )  # fmt: skip
    session.flush()
    return len(pending)


def _named(session: Session, documents: Sequence[int]) -> list[Named]:
    found = session.execute(
        select(col(Document.id), col(Document.number), col(Document.currency))
        .where(col(Document.id).in_(documents))
        .order_by(col(Document.number))
    )
    return [Named(*row) for row in found]
