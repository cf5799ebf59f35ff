"""Builders of the collector's work; days are counted from TODAY."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlmodel import Session

from core.auth.actor import Actor, system
from core.collections.models import Channel, Contact
from core.collections.reasons import ReasonRow, background, reasons, waits
from core.collections.worklist import Candidate, View, worklist
from core.credit.blocks import set_block
from core.credit.models import BlockCode
from core.customers.models import Customer
from core.promises.models import Promise
from core.promises.recording import record_promise
from tests.build import TODAY, an_event

_minute = count(0)


def days(number: int) -> date:
    """A day so many days from TODAY; negative: before."""
    return TODAY + timedelta(days=number)


def a_contact(
    session: Session, customer: Customer, *, on: date = TODAY, at: datetime | None = None, **fields: Any
) -> Contact:
    """A call that reached nobody, at noon; each a minute after the one made before."""
    moment = at or datetime.combine(on, time(18), UTC) + timedelta(minutes=next(_minute) % 300)
    values: dict[str, Any] = {"channel": Channel.CALL, "outcome": "no_answer", "collector": "ana", **fields}
    made = Contact(customer_id=customer.id or 0, at=moment, contacted_on=on, event_id=an_event(session), **values)
    session.add(made)
    session.flush()
    return made


def a_promise(
    session: Session, customer: Customer, *, amount: str = "100.00", made: int = -10, promised: int = 0,
    documents: tuple[str, ...] = (), currency: str = "MXN",
) -> Promise:  # fmt: skip
    """A promise made and promised so many days from TODAY."""
    return record_promise(
        session, system(), customer_id=customer.id or 0, amount=Decimal(amount), currency=currency,
        made_on=days(made), promised_on=days(promised), documents=documents,
    )  # fmt: skip


def a_block(session: Session, customer: Customer, code: BlockCode, reason: str = "Cheque sin fondos") -> None:
    """A block in force since ten days."""
    set_block(session, system(), customer_id=customer.id or 0, code=code, from_on=days(-10), reason=reason)


def listed(session: Session, actor: Actor | None = None, *, as_of: date = TODAY, **asked: Any) -> list[Candidate]:
    """The rows of the list (of a `view`)."""
    return worklist(session, actor or system(), as_of=as_of, **asked).rows


def codes(session: Session, actor: Actor | None = None, **asked: Any) -> list[str]:
    """Who is in the list, in its order."""
    return [row.code for row in listed(session, actor, **asked)]


def why(session: Session, customer: Customer, *, as_of: date = TODAY) -> dict[str, ReasonRow]:
    """The reasons of a customer in the list, by code; empty: it is not there."""
    rows = [row for row in listed(session, as_of=as_of) if row.code == customer.code]
    known = background(session, rows, as_of)
    return {one.code: one for row in rows for one in reasons(row, as_of, known)}


def waiting(session: Session, customer: Customer, *, as_of: date = TODAY) -> tuple[str, str] | None:
    """Why a customer stands aside: the code and the sentence; None: it does not."""
    rows = [row for row in listed(session, as_of=as_of, view=View.WAITING) if row.code == customer.code]
    known = background(session, rows, as_of)
    return next(((str(row.aside), waits(row, as_of, known)) for row in rows), None)
